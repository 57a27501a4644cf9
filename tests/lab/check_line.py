"""check_line.py [PROFILE]...: floods each line with real packets and pings across it: what was asked for beside what was measured."""

import re
import subprocess
import sys
import tempfile

import profiles
import sitting
from network import HUB_IP, Network

PACKET = 1000
HEADERS = 28
SECONDS = 8
PORT = 9

RECEIVE = f"""
import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("{HUB_IP}", {PORT}))
print("ready", flush=True)
s.settimeout(30)
came = []
try:
    while True:
        s.recv(2000)
        came.append(time.monotonic())
        s.settimeout(4)
except TimeoutError:
    print((len(came) - 1) / (came[-1] - came[0]) if len(came) > 1 else 0)
"""

# At twice the line's rate, so that its queue is always full.
SEND = f"""
import socket, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
pause, begun, n = float(sys.argv[1]), time.monotonic(), 0
while time.monotonic() < begun + {SECONDS}:
    s.sendto(bytes({PACKET}), ("{HUB_IP}", {PORT}))
    n += 1
    time.sleep(max(0, begun + n * pause - time.monotonic()))
"""


def check(profile):
    with tempfile.TemporaryDirectory() as folder, Network(profile, 1, folder) as network:
        network.begin()
        receiver = network.start("hub", [sys.executable, "-c", RECEIVE], stdout=subprocess.PIPE, text=True)
        receiver.stdout.readline()
        network.run("site", [sys.executable, "-c", SEND, (PACKET + HEADERS) * 8 / profile.up_bps / 2], SECONDS + 20)
        received = float(receiver.communicate()[0]) * (PACKET + HEADERS) * 8
        up = network.counters()["up"]
        round_trip = "–"
        if not profile.outage_up_s:
            pinged = network.run("site", ["ping", "-c", "10", "-i", "0.3", "-q", HUB_IP], 60)
            found = re.search(r"= ([\d.]+)/([\d.]+)/", pinged.stdout)
            round_trip = found.group(2) if found else "no answer"
        lost = up["lost"]["packets"] / up["wire"]["packets"]
        print(f"{profile.name:10}  up {profile.up_bps} × (1 − {profile.loss}) = {profile.up_bps * (1 - profile.loss):.0f} bit/s, "
              f"measured {received:.0f}  ·  loss {profile.loss:.3f}, measured {lost:.3f}  ·  round trip {profile.round_trip_ms} ms "
              f"and two pings' sending, measured {round_trip} ms")


if __name__ == "__main__":
    sitting.skip_unless_possible()
    for name in sys.argv[1:] or ("2g", "edge-lossy", "sat", "3g-flaky", "dsl"):
        check(profiles.load()[name])
