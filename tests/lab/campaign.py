"""A campaign by the real program: a hub and a site whose students are captured, and the files that every tool has to carry."""

import csv
import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from network import BUILD, ROOT, stop

SATCHEL = BUILD / "bin/satchel"
SITE_NAME = "东村教学点"
STEP_LIMIT_S = 120


def ask(home, *arguments, accepted=(0,)):
    """The answer of one command, as JSON."""
    done = subprocess.run([SATCHEL, "--home", home, "--no-input", "--json", *map(str, arguments)], capture_output=True, text=True,
                          timeout=STEP_LIMIT_S, check=False, stdin=subprocess.DEVNULL)
    if done.returncode not in accepted:
        raise RuntimeError(f"satchel {arguments[0]}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return json.loads(done.stdout.splitlines()[0]) if done.stdout else {}


def start_run(command):
    """A node that runs, once it has said that it does; and its first line."""
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, stdin=subprocess.DEVNULL,
                             start_new_session=True)
    line = child.stdout.readline()
    if not line:
        raise RuntimeError(f"satchel run ended with exit {child.wait()}")
    return child, json.loads(line)


@dataclass(frozen=True)
class Load:
    """What is to be carried: a site and a hub with so many students captured and nothing sent, and the same as plain files."""
    folder: Path
    photos: int

    @property
    def files(self):
        """For each student the untouched original, the standard picture and the record as a line of text."""
        return self.folder / "files"

    @property
    def photo_bytes(self):
        return sum(path.stat().st_size for path in self.files.glob("*.jpg"))

    @property
    def record_bytes(self):
        return sum(path.stat().st_size for path in self.files.glob("*.txt"))

    def copy_homes(self, to):
        for node in ("site", "hub"):
            shutil.copytree(self.folder / node, Path(to) / node)


class Campaign:
    """Set up once for a sitting; loads of several sizes are stations on the way of one site."""

    def __init__(self, folder, seed, photos_most):
        self.folder = Path(folder)
        self._seed = seed
        self._site = self.folder / "site"
        self._hub = self.folder / "hub"
        self._originals = {}  # student number (学号): its original
        self._portrait = 0
        self.folder.mkdir(parents=True, exist_ok=True)
        self._found(photos_most)

    def _found(self, students):
        ask(self._hub, "hub", "init", "--profile", ROOT / "examples/profiles/default.toml", "--name", "hub")
        request, card, roster = self.folder / "site.request", self.folder / "site.card", self.folder / "roster.csv"
        ask(self._site, "site", "init", "--name", SITE_NAME, "--out", request)
        ask(self._hub, "hub", "enroll", request, "--out", card)
        ask(self._site, "join", card)
        subprocess.run([BUILD / "bin/satchel-roster", "--seed", str(self._seed), "--students", str(students), "--sites", SITE_NAME,
                        "--out", roster], check=True, stdout=subprocess.DEVNULL)
        ask(self._hub, "roster", "import", roster)
        ask(self._hub, "code", "issue", "--out", self.folder / "codes")
        stick = self.folder / "stick"
        stick.mkdir()
        ask(self._hub, "stick", "write", stick)
        ask(self._site, "stick", "read", stick)
        self._codes = sorted((self.folder / "codes").glob("*.png"))

    def _next_portrait(self):
        folder = self.folder / "portraits"
        subprocess.run([BUILD / "bin/satchel-portraits", "--out", folder, "--seed", str(self._seed * 1000 + self._portrait),
                        "--count", "1"], check=True, stdout=subprocess.DEVNULL)
        path = folder / f"person-{self._seed * 1000 + self._portrait}-0.jpg"
        self._portrait += 1
        return path

    def _capture_until(self, photos):
        while len(self._originals) < photos:
            code = self._codes[len(self._originals)]
            for _ in range(20):  # a drawn portrait that the check refuses is replaced by the next one
                picture = self._next_portrait()
                answer = ask(self._site, "capture", "--code", code, "--photo", picture, "--submit", accepted=(0, 6))
                if answer.get("submitted"):
                    break
            else:
                raise RuntimeError("no drawn portrait passes the check")
            self._originals[code.stem] = picture

    def load(self, photos):
        """Sizes must grow from call to call."""
        self._capture_until(photos)
        load = Load(self.folder / f"load-{photos}", photos)
        if not load.folder.exists():
            load.folder.mkdir()
            for node, home in (("site", self._site), ("hub", self._hub)):
                shutil.copytree(home, load.folder / node, ignore=shutil.ignore_patterns("*.sock", "*.socket"))
            self._lay_out_files(load)
        return load

    def _lay_out_files(self, load):
        """Lets a copy of the site deliver to a copy of the hub, and takes the standard pictures and records from its export."""
        rehearsal = load.folder / "rehearsal"
        load.copy_homes(rehearsal)
        hub, about = start_run([SATCHEL, "--home", rehearsal / "hub", "--no-input", "--json", "run", "--listen", "127.0.0.1:0"])
        try:
            ask(rehearsal / "site", "sync", "--peer", about["listen"], "--until-done", "--deadline", "100s")
            waiting = ask(rehearsal / "hub", "review", "list")["waiting"]
            ask(rehearsal / "hub", "review", "approve", *[one["student"] for one in waiting])
            ask(rehearsal / "hub", "export", "--out", rehearsal / "export")
        finally:
            stop(hub)
        load.files.mkdir()
        with open(rehearsal / "export/manifest.csv", encoding="utf-8-sig", newline="") as manifest:
            rows = sorted(csv.DictReader(manifest), key=lambda row: row["学号"])
        if len(rows) != load.photos:
            raise RuntimeError(f"{len(rows)} of {load.photos} portraits came out of the rehearsal")
        for number, row in enumerate(rows):
            student = row["学号"].strip('="')
            shutil.copy(self._originals[student], load.files / f"{number:03}-original.jpg")
            shutil.copy(rehearsal / "export" / row["标准照片文件"], load.files / f"{number:03}-standard.jpg")
            (load.files / f"{number:03}-record.txt").write_text("\t".join(row.values()) + "\n", encoding="utf-8")
        shutil.rmtree(rehearsal)
