"""What people would take instead, from Debian: rsync over ssh, Syncthing, NNCP. Each is set up and tried again as a person's script would."""

import http.client
import json
import re
import shutil
import socket
import subprocess
import time
import xml.etree.ElementTree as xml
from pathlib import Path

import carriers
from carriers import TRY_AGAIN_S
from network import HUB_IP, SITE_IP


def _run(*command):
    done = subprocess.run([str(part) for part in command], check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]}: exit {done.returncode}: {done.stderr.strip()}")
    return done.stdout


class FileCarrier(carriers.Carrier):
    """Carries the load's plain files into a folder at the hub; delivered once they all lie there with equal bytes."""

    programs = ()
    look_every_s = 0.2

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.there = self.folder / "there"
        self.there.mkdir()

    def arrived(self):
        pairs = [(path, self.there / path.name) for path in self.load.files.iterdir()]
        if not all(there.is_file() and there.stat().st_size == here.stat().st_size for here, there in pairs):
            return False
        return all(there.read_bytes() == here.read_bytes() for here, there in pairs)

    def wait_until_arrived(self, limit):
        """False when the moment `limit` came first."""
        while time.monotonic() < limit:
            if self.arrived():
                return True
            time.sleep(self.look_every_s)
        return False

    def faults(self):
        self.close()
        return [] if self.arrived() else ["the files at the hub are not those of the load"]


class Rsync(FileCarrier):
    """`rsync -a --partial` over ssh in a loop. A dead line is noticed by ssh's and rsync's own time limits of 60 s."""

    name = "rsync"
    programs = ("rsync", "ssh", "sshd", "ssh-keygen")

    def set_up(self):
        self._key, host_key = self.folder / "key", self.folder / "host_key"
        for path in (self._key, host_key):
            _run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path)
        (self.folder / "known_hosts").write_text(f"{HUB_IP} " + host_key.with_suffix(".pub").read_text())
        config = self.folder / "sshd_config"
        config.write_text(f"ListenAddress {HUB_IP}\nHostKey {host_key}\nAuthorizedKeysFile {self._key}.pub\nStrictModes no\n"
                          "UsePAM no\nPermitRootLogin prohibit-password\nPidFile none\n")
        Path("/run/sshd").mkdir(exist_ok=True)
        with (self.folder / "sshd.log").open("w") as log:
            self.children.append(self.network.start("hub", [shutil.which("sshd"), "-D", "-e", "-f", config], stderr=log))
        limit = time.monotonic() + 20
        while "listening" not in (self.folder / "sshd.log").read_text():
            if time.monotonic() > limit:
                raise RuntimeError("sshd does not run")
            time.sleep(0.05)

    def _once(self, limit_s):
        ssh = (f"ssh -F none -i {self._key} -o UserKnownHostsFile={self.folder}/known_hosts -o BatchMode=yes -o ConnectTimeout=30 "
               "-o ServerAliveInterval=15 -o ServerAliveCountMax=4")
        done = self.network.run("site", ["rsync", "-a", "--partial", "--timeout=60", "-e", ssh, f"{self.load.files}/",
                                         f"root@{HUB_IP}:{self.there}/"], limit_s)
        return done is not None and done.returncode == 0

    def deliver(self, limit_s):
        limit = time.monotonic() + limit_s
        while time.monotonic() < limit:
            if self._once(limit - time.monotonic()):
                return True
            time.sleep(TRY_AGAIN_S)
        return False

    def again(self, limit_s):
        return 0 if self._once(limit_s) else None


class Syncthing(FileCarrier):
    """Two running Syncthings over TCP, a send-only and a receive-only folder; reconnects by itself every 10 s at most. Both have
    scanned before the line begins; delivering begins when the site's stops pausing the hub."""

    name = "syncthing"
    programs = ("syncthing",)
    port = 22000

    def set_up(self):
        homes = {where: self.folder / where for where in ("site", "hub")}
        for home in homes.values():
            _run("syncthing", "generate", "--home", home, "--no-default-folder", "--skip-port-probing")
        self._ids = {where: _run("syncthing", "--home", home, "--device-id").strip() for where, home in homes.items()}
        for where, home in homes.items():
            self._configure(where, home / "config.xml")
            with (self.folder / f"{where}.log").open("w") as log:
                self.children.append(self.network.start(where, ["syncthing", "serve", "--home", home, "--no-browser", "--no-restart"],
                                                        stdout=log, stderr=log))
        limit = time.monotonic() + 60
        while not all(self._is_ready(where) for where in homes):
            if time.monotonic() > limit:
                raise RuntimeError("Syncthing does not run")
            time.sleep(0.1)

    def _configure(self, where, path):
        tree = xml.parse(path)
        root = tree.getroot()
        for device in root.findall("device"):
            root.remove(device)
        folder = xml.SubElement(root, "folder", id="load", path=str(self.load.files if where == "site" else self.there),
                                type="sendonly" if where == "site" else "receiveonly", rescanIntervalS="3600",
                                fsWatcherEnabled="false")
        # Neither side writes a marker into the files that the other tools read, too.
        xml.SubElement(folder, "markerName").text = "." if where == "hub" else next(self.load.files.iterdir()).name
        for other, identity in self._ids.items():
            xml.SubElement(folder, "device", id=identity)
            device = xml.SubElement(root, "device", id=identity, name=other, compression="metadata")
            xml.SubElement(device, "address").text = f"tcp://{HUB_IP if other == 'hub' else SITE_IP}:{self.port}"
            xml.SubElement(device, "paused").text = "true" if where == "site" and other == "hub" else "false"
        settings = {"globalAnnounceEnabled": "false", "localAnnounceEnabled": "false", "relaysEnabled": "false",
                    "natEnabled": "false", "urAccepted": "-1", "crashReportingEnabled": "false", "autoUpgradeIntervalH": "0",
                    "startBrowser": "false", "reconnectionIntervalS": "10",
                    "listenAddress": f"tcp://{HUB_IP}:{self.port}" if where == "hub" else f"tcp://127.0.0.1:{self.port}"}
        options = root.find("options")
        for name, value in settings.items():
            for old in options.findall(name):
                options.remove(old)
            xml.SubElement(options, name).text = value
        root.find("gui/address").text = str(self.folder / f"{where}.socket")
        self._api_key = getattr(self, "_api_key", {})
        self._api_key[where] = root.find("gui/apikey").text
        tree.write(path)

    def _ask(self, where, method, path, body=None):
        connection = _UnixHttp(self.folder / f"{where}.socket")
        try:
            connection.request(method, path, body=json.dumps(body) if body is not None else None,
                               headers={"X-API-Key": self._api_key[where], "Content-Type": "application/json"})
            text = connection.getresponse().read()
            return json.loads(text) if text else None
        finally:
            connection.close()

    def _is_ready(self, where):
        try:
            state = self._ask(where, "GET", "/rest/db/status?folder=load")
        except (OSError, http.client.HTTPException, ValueError):
            return False
        files = len(list(self.load.files.iterdir())) if where == "site" else 0
        return state.get("state") == "idle" and state.get("localFiles", -1) >= files

    def _pause_hub(self, paused):
        self._ask("site", "PATCH", f"/rest/config/devices/{self._ids['hub']}", {"paused": paused})

    def deliver(self, limit_s):
        self._pause_hub(False)
        return self.wait_until_arrived(time.monotonic() + limit_s)

    def again(self, limit_s):
        """Leaves and comes back: a running Syncthing keeps its connection, and pings each 90 s."""
        self._pause_hub(True)
        time.sleep(2)
        self._pause_hub(False)
        limit = time.monotonic() + limit_s
        while time.monotonic() < limit:
            if self._ask("site", "GET", "/rest/system/connections")["connections"][self._ids["hub"]]["connected"]:
                time.sleep(3 + 4 * self.network.profile.round_trip_ms / 1000)  # both indexes are told
                return 0
            time.sleep(0.2)
        return None


class _UnixHttp(http.client.HTTPConnection):
    """Reaches a server from outside its network namespace."""

    def __init__(self, path):
        super().__init__("localhost", timeout=10)
        self._path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


class Nncp(FileCarrier):
    """`nncp-file` for each file, then `nncp-call` in a loop; the hub runs `nncp-daemon` and tosses each second."""

    name = "nncp"
    programs = ("nncp-cfgnew", "nncp-file", "nncp-call", "nncp-daemon", "nncp-toss")
    port = 5400

    def set_up(self):
        texts = {where: _run("nncp-cfgnew", "-nocomments") for where in ("site", "hub")}
        for where, other in (("site", "hub"), ("hub", "site")):
            fields = dict(re.findall(r"(id|exchpub|signpub|noisepub): (\w+)", texts[other]))
            more = f"addrs: {{line: \"{HUB_IP}:{self.port}\"}}" if other == "hub" else f"incoming: \"{self.there}\""
            neighbour = "".join(f"      {name}: {value}\n" for name, value in fields.items())
            text = re.sub(r"/var/spool/nncp", str(self.folder / f"{where}.spool"), texts[where])
            text = text.replace("  neigh: {\n", f"  neigh: {{\n    {other}: {{\n{neighbour}      {more}\n    }}\n", 1)
            (self.folder / f"{where}.spool").mkdir()
            (self.folder / f"{where}.hjson").write_text(text)
        for path in sorted(self.load.files.iterdir()):
            _run("nncp-file", "-quiet", "-noprogress", "-cfg", self.folder / "site.hjson", path, "hub:")
        for command in (["nncp-daemon", "-bind", f"{HUB_IP}:{self.port}"], ["nncp-toss", "-cycle", "1"]):
            self.children.append(self.network.start("hub", [command[0], "-quiet", "-noprogress", "-cfg", self.folder / "hub.hjson",
                                                            *command[1:]], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        time.sleep(1)

    def _call(self):
        return self.network.start("site", ["nncp-call", "-quiet", "-noprogress", "-cfg", self.folder / "site.hjson", "hub"],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def deliver(self, limit_s):
        limit = time.monotonic() + limit_s
        while time.monotonic() < limit:
            call = self._call()
            self.children.append(call)
            while call.poll() is None and time.monotonic() < limit:
                if self.arrived():
                    return True
                time.sleep(self.look_every_s)
            if self.wait_until_arrived(min(limit, time.monotonic() + TRY_AGAIN_S)):
                return True
        return False

    def again(self, limit_s):
        """A whole call; it ends by itself after 10 s of silence."""
        for child in self.children[2:]:
            child.wait()  # the call that delivered
        call = self._call()
        try:
            return 0 if call.wait(limit_s) == 0 else None
        except subprocess.TimeoutExpired:
            return None


OTHERS = (Rsync, Syncthing, Nncp)
