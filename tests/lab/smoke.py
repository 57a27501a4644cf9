"""The laboratory end to end, in seconds: Satchel delivers over an emulated line and every figure hangs together. Exit 77 where this
machine can have no laboratory."""

import json
import subprocess
import sys
from pathlib import Path

PHOTOS = 2
LIMIT_S = 200


def main():
    run = Path(__file__).parent / "run.sh"
    done = subprocess.run([run, "perfect", "--photos", str(PHOTOS), "--json"], capture_output=True, text=True, timeout=LIMIT_S,
                          check=False)
    print(done.stdout, done.stderr)
    if done.returncode != 0:
        return done.returncode
    (figures,) = json.loads(done.stdout)["measurements"]
    claims = {
        "it finished, and the hub has what the site sent": figures["finished"] and not figures["faults"],
        "the load is what was asked for": figures["photos"] == PHOTOS and figures["photo_bytes"] > 100_000,
        "what arrived went over the line": figures["wire_up_bytes"] > figures["once_bytes"] > figures["photo_bytes"] / 2,
        "no more was carried than the line can": figures["wire_up_bytes"] <= figures["usable_bytes"],
        "nothing was dropped": not any(count for way in figures["dropped_packets"].values() for count in way.values()),
        "a meeting with nothing to do was carried, too": figures["nothing_to_do_wire_bytes"] > figures["nothing_to_do_bytes"] > 0,
    }
    for claim, holds in claims.items():
        print("holds" if holds else "FAILS", "·", claim)
    return 0 if all(claims.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
