"""What carries a load over a line. Each carrier is set up, delivers, finds nothing to do, and is closed."""

import json
import shutil
import time
from pathlib import Path

from campaign import SATCHEL, ask
from network import HUB_IP, stop

TRY_AGAIN_S = 1  # what a person's script sleeps between two tries


class Carrier:
    """One tool between the two ends of one network, for one load."""

    name = ""

    def __init__(self, network, load, folder, options):
        self.network = network
        self.load = load
        self.folder = Path(folder)
        self.options = options
        self.folder.mkdir(parents=True)
        self.children = []

    def set_up(self):
        """Starts what waits at the hub. Nothing goes over the line yet."""

    def deliver(self, limit_s):
        """True once all of the load is at the hub and the tool says so; False when the limit came first."""
        raise NotImplementedError

    def again(self, limit_s):
        """Meets once more with nothing to do. Application bytes both ways, 0 when the tool does not tell, or None when it failed."""
        raise NotImplementedError

    def faults(self):
        """Ends what runs, and tells what is wrong at the hub; empty when all of the load is there with equal bytes."""
        raise NotImplementedError

    def close(self):
        """Ends what runs."""
        for child in reversed(self.children):
            stop(child)
        self.children.clear()

    def told(self):
        """Figures of the tool's own, to be shown beside what was measured."""
        return {}


class Satchel(Carrier):
    """The site's `satchel sync --until-done` against the hub's `satchel run`: done when the hub's receipts cover everything."""

    name = "satchel"
    port = 7420

    def set_up(self):
        self.load.copy_homes(self.folder)
        self._standard = {path.read_bytes() for path in self.load.files.glob("*-standard.jpg")}
        self._answers = []
        said = self.folder / "hub.out"
        with said.open("w") as out:
            hub = self.network.start("hub", [SATCHEL, "--home", self.folder / "hub", "--no-input", "--json", "run", "--listen",
                                             f"0.0.0.0:{self.port}"], stdout=out)
        self.children.append(hub)
        limit = time.monotonic() + 30
        while not said.read_text():
            if hub.poll() is not None or time.monotonic() > limit:
                raise RuntimeError("the hub does not run")
            time.sleep(0.02)

    def _sync(self, limit_s, *more):
        done = self.network.run("site", [SATCHEL, "--home", self.folder / "site", "--no-input", "--json", "sync", "--peer",
                                         f"{HUB_IP}:{self.port}", "--deadline", f"{max(int(limit_s), 1)}s", *more,
                                         *self.options.get("sync_args", [])], limit_s + 30)
        answer = json.loads(done.stdout.splitlines()[0]) if done and done.stdout else {}
        self._answers.append(answer)
        return done, answer

    def deliver(self, limit_s):
        limit = time.monotonic() + limit_s
        while time.monotonic() < limit:
            done, answer = self._sync(limit - time.monotonic(), "--until-done")
            if done is not None and done.returncode == 0 and answer.get("outcome") == "done":
                return True
            time.sleep(TRY_AGAIN_S)
        return False

    def again(self, limit_s):
        done, answer = self._sync(limit_s)
        if done is None or done.returncode != 0:
            return None
        return answer["sent_bytes"] + answer["received_bytes"]

    def faults(self):
        self.close()
        found = []
        for node in ("site", "hub"):
            opened = ask(self.folder / node, "status")["students"]["opened_at_hub"]
            if opened != self.load.photos:
                found.append(f"the {node} shows {opened} of {self.load.photos} as opened at the hub")
        verified = ask(self.folder / "hub", "log", "verify", accepted=(0, 9))
        if verified["faults"]:
            found.append(f"the hub's log: {verified['faults']}")
        ask(self.folder / "hub", "review", "list", "--pictures", self.folder / "pictures")
        arrived = {path.read_bytes() for path in (self.folder / "pictures").glob("*.jpg")}
        if arrived != self._standard:
            found.append("the standard pictures at the hub are not those of the load")
        return found

    def told(self):
        delivering = [one for one in self._answers if one][:-1]
        return {"meetings": sum(one.get("meetings", 0) for one in delivering),
                "sent_bytes": sum(one.get("sent_bytes", 0) for one in delivering),
                "received_bytes": sum(one.get("received_bytes", 0) for one in delivering),
                "carrier": delivering[-1].get("carrier", "tcp") if delivering else None}


def remove(folder):
    shutil.rmtree(folder, ignore_errors=True)
