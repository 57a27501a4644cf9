"""The lines of profiles.toml."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

JUDGED = ("2g", "edge-lossy", "sat", "3g-flaky", "dsl", "village")


@dataclass(frozen=True)
class Profile:
    name: str
    up_bps: int
    down_bps: int
    round_trip_ms: float
    loss: float
    queue_ms: float
    photos: int
    burst: float = 0
    jitter_ms: float = 0
    outage_up_s: float = 0
    outage_down_s: float = 0
    outage_random: bool = False

    def arguments(self):
        """As line_emulator takes them."""
        return [str(part) for part in (
            "--up-rate", self.up_bps, "--down-rate", self.down_bps,
            "--up-queue", int(self.up_bps * self.queue_ms / 8000), "--down-queue", int(self.down_bps * self.queue_ms / 8000),
            "--delay", self.round_trip_ms / 2, "--jitter", self.jitter_ms, "--up-loss", self.loss, "--down-loss", self.loss,
            "--burst", self.burst, "--up-time", self.outage_up_s, "--down-time", self.outage_down_s,
            "--random-outages", int(self.outage_random))]

    def usable_bytes(self, up_s):
        """What the line can carry from the site to the hub in so many seconds of being up: capacity × (1 − loss)."""
        return self.up_bps / 8 * (1 - self.loss) * up_s

    def ideal_s(self, payload_bytes):
        """Seconds in the mean that a perfect carrier without any overhead would take."""
        share_up = self.outage_up_s / (self.outage_up_s + self.outage_down_s) if self.outage_up_s else 1
        return payload_bytes / (self.usable_bytes(1) * share_up)


def load():
    text = (Path(__file__).parent / "profiles.toml").read_text(encoding="utf-8")
    return {name: Profile(name=name, **fields) for name, fields in tomllib.loads(text).items()}
