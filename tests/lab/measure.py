"""One carrier, one line, one load: what it took."""

import time

import carriers
import profiles
from network import Network

NOTHING_TO_DO_LIMIT_S = 180


def time_limit_s(profile, load):
    """Generous: five times what a perfect carrier needs, and two minutes."""
    return 5 * profile.ideal_s(load.photo_bytes) + 120


def _wire(counters, before=None):
    def bytes_of(document, way):
        return document[way]["wire"]["bytes"] if document else 0
    return {way: bytes_of(counters, way) - bytes_of(before, way) for way in ("up", "down")}


def _dropped(counters):
    return {way: {cause: counters[way][cause]["packets"] for cause in ("queue_full", "lost", "outage")} for way in ("up", "down")}


def perfect_bytes(carrier_class, load, folder, options):
    """Bytes within TCP and UDP that the site sends on a line without fault. What it sends beyond these, it sends again."""
    perfect = profiles.load()["perfect"]
    with Network(perfect, 1, folder, options["congestion"]) as network:
        carrier = carrier_class(network, load, folder / "perfect", options)
        try:
            carrier.set_up()
            network.begin()
            if not carrier.deliver(300):
                raise RuntimeError(f"{carrier.name} does not deliver even on a perfect line")
            return network.counters()["up"]["payload_bytes"]
        finally:
            carrier.close()
            carriers.remove(folder / "perfect")


def measure(carrier_class, profile, seed, load, folder, options, once_bytes):
    """A dictionary; see README.md for what its figures mean."""
    limit_s = options.get("limit_s") or time_limit_s(profile, load)
    figures = {"tool": carrier_class.name, "profile": profile.name, "seed": seed, "photos": load.photos,
               "photo_bytes": load.photo_bytes, "record_bytes": load.record_bytes, "limit_s": round(limit_s)}
    with Network(profile, seed, folder, options["congestion"]) as network:
        carrier = carrier_class(network, load, folder / carrier_class.name, options)
        try:
            carrier.set_up()
            figures["congestion"] = network.congestion()
            network.begin()
            begun = time.monotonic()
            figures["finished"] = carrier.deliver(limit_s)
            figures["seconds"] = round(time.monotonic() - begun, 2)
            counters = network.counters()
            figures.update(_delivery_figures(profile, load, counters, once_bytes, figures["finished"]))
            if figures["finished"]:
                time.sleep(2 + profile.round_trip_ms / 500)  # what is still under way belongs to the delivery
                before = network.counters()
                figures["nothing_to_do_bytes"] = carrier.again(NOTHING_TO_DO_LIMIT_S)
                time.sleep(0.2 + profile.round_trip_ms / 1000)
                after = _wire(network.counters(), before)
                figures["nothing_to_do_wire_bytes"] = after["up"] + after["down"]
                figures["told"] = carrier.told()
                figures["faults"] = carrier.faults()
        finally:
            carrier.close()
            if not options.get("keep"):
                carriers.remove(folder / carrier_class.name)
    return figures


def _delivery_figures(profile, load, counters, once_bytes, finished):
    usable = profile.usable_bytes(counters["up_s"])
    wire = _wire(counters)
    return {
        "line_up_s": round(counters["up_s"], 2),
        "wire_up_bytes": wire["up"],
        "wire_down_bytes": wire["down"],
        "usable_bytes": round(usable),
        "share": round(load.photo_bytes / usable, 4) if finished else None,
        "filled": round(once_bytes / usable, 4) if finished else None,
        "once_bytes": once_bytes,
        "again_bytes": max(0, counters["up"]["payload_bytes"] - once_bytes) if finished else None,
        "dropped_packets": _dropped(counters),
        "late_most_s": counters["late_most_s"],
    }
