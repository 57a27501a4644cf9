"""Two network namespaces joined by line_emulator. Needs root, /dev/net/tun and iproute2."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("SATCHEL_BUILD", ROOT / "build"))
SITE_IP = "10.77.0.1"
HUB_IP = "10.77.0.2"
MTU = 1400
SKIPPED = 77


def why_not():
    """Why this machine can have no laboratory; None when it can."""
    if os.geteuid() != 0:
        return "it needs root (network namespaces, TUN devices)"
    for program in ("ip", "nsenter", "sysctl"):
        if shutil.which(program) is None:
            return f"the program {program} is missing (.ci/install-packages --lab)"
    try:
        os.close(os.open("/dev/net/tun", os.O_RDWR))
    except OSError as error:
        return f"no TUN devices here: {error}"
    name = f"lab{os.getpid()}probe"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        return f"no network namespaces here: {made.stderr.strip()}"
    subprocess.run(["ip", "netns", "delete", name], check=False)
    return None


def _quiet(*command):
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)


class Network:
    """A site's and a hub's namespace and the line between them, fresh: nothing that TCP learnt before is left."""

    _made = 0

    def __init__(self, profile, seed, folder, congestion=None):
        Network._made += 1
        stem = f"lab{os.getpid()}n{Network._made}"
        self.profile = profile
        self.spaces = {"site": stem + "s", "hub": stem + "h"}
        self._counters = Path(folder) / f"{stem}.line.json"
        self._line = None
        self._children = []
        try:
            for space in self.spaces.values():
                _quiet("ip", "netns", "add", space)
                self._set(space, "net.ipv6.conf.all.disable_ipv6", 1)
                self._set(space, "net.ipv6.conf.default.disable_ipv6", 1)
                if congestion is not None:
                    self._set(space, "net.ipv4.tcp_congestion_control", congestion)
                _quiet("ip", "-n", space, "link", "set", "lo", "up")
            self._line = subprocess.Popen([
                str(BUILD / "lab/line_emulator"), "--site", self.spaces["site"] + "/line", "--hub", self.spaces["hub"] + "/line",
                "--counters", str(self._counters), "--seed", str(seed), *profile.arguments()])
            self._wait_for_snapshot(0)
            for where, address in (("site", SITE_IP), ("hub", HUB_IP)):
                _quiet("ip", "-n", self.spaces[where], "link", "set", "line", "mtu", MTU, "txqueuelen", 2000, "up")
                _quiet("ip", "-n", self.spaces[where], "address", "add", address + "/24", "dev", "line")
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    @staticmethod
    def _set(space, name, value):
        _quiet("nsenter", f"--net=/run/netns/{space}", "sysctl", "-qw", f"{name}={value}")

    def congestion(self):
        """TCP's congestion control for who chooses none."""
        shown = subprocess.run(self.inside("site", ["sysctl", "-n", "net.ipv4.tcp_congestion_control"]), capture_output=True,
                               text=True, check=True)
        return shown.stdout.strip()

    def _document(self):
        try:
            return json.loads(self._counters.read_text())
        except FileNotFoundError:
            return {"snapshot": -1}

    def _wait_for_snapshot(self, number):
        limit = time.monotonic() + 20
        while True:
            document = self._document()
            if document["snapshot"] >= number:
                return document
            if self._line.poll() is not None or time.monotonic() > limit:
                raise RuntimeError("the line emulator does not answer")
            time.sleep(0.005)

    def counters(self):
        """What the line has carried and dropped since it began."""
        before = self._document()["snapshot"]
        self._line.send_signal(signal.SIGUSR1)
        return self._wait_for_snapshot(before + 1)

    def begin(self):
        """Time 0 of the outages, counters 0: so every tool meets the same weather."""
        before = self._document()["snapshot"]
        self._line.send_signal(signal.SIGUSR2)
        self._wait_for_snapshot(before + 1)

    def inside(self, where, command):
        """`command`, to be run in the namespace of "site" or "hub"."""
        return ["nsenter", f"--net=/run/netns/{self.spaces[where]}", "--", *[str(part) for part in command]]

    def run(self, where, command, limit_s, **options):
        """Its end, or None when the limit came first; then it is killed."""
        child = self.start(where, command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
        try:
            out, err = child.communicate(timeout=max(limit_s, 0.1))
            return subprocess.CompletedProcess(command, child.returncode, out, err)
        except subprocess.TimeoutExpired:
            stop(child, hard=True)
            child.communicate()
            return None

    def start(self, where, command, **options):
        options.setdefault("stdin", subprocess.DEVNULL)
        child = subprocess.Popen(self.inside(where, command), start_new_session=True, **options)
        self._children.append(child)
        return child

    def close(self):
        for child in self._children:
            stop(child, hard=True)
        if self._line is not None:
            stop(self._line)
        for space in self.spaces.values():
            self._end_what_is_left(space)
            subprocess.run(["ip", "netns", "delete", space], stderr=subprocess.DEVNULL, check=False)

    @staticmethod
    def _end_what_is_left(space):
        """Servers leave their session when they turn into daemons; all that is in a namespace of ours was started here."""
        listed = subprocess.run(["ip", "netns", "pids", space], capture_output=True, text=True, check=False)
        for pid in listed.stdout.split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)


def stop(child, hard=False):
    """Ends a program with all that it started."""
    if child.poll() is not None:
        return
    if hard:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    else:
        child.terminate()
    try:
        child.wait(20)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
