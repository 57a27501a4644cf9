"""Packets of the datagram carrier (SPEC.md, "Datagram carrier")."""

from byte_reader import ByteReader, Refused

MAX = 1232
OPEN, PASS, CARRY, GONE, CHALLENGE, RESPONSE = 1, 2, 3, 4, 5, 6
BY_ANSWERER, ACK, DATA, MORE, FIN_OR_ASKS = 0x08, 0x10, 0x20, 0x40, 0x80
RUNS_MAX = 12


def u24(r):
    return int.from_bytes(r.take(3), "little")


def between(r, least, most):
    value = r.varint()
    if not least <= value <= most:
        r.refuse(f"{value} is not from {least} to {most}")
    return value


def ack(r):
    out = {"newest": r.u16(), "waited": between(r, 0, 0xFFFF), "whole": u24(r), "run": between(r, 1, 0x7FFF), "runs": []}
    count = r.u8()
    if count > RUNS_MAX:
        r.refuse("too many runs")
    for _ in range(count):
        missing = between(r, 1, 0x7FFF)
        out["runs"].append((missing, between(r, 1, 0x7FFF)))
    return out


def packet(data):
    r = ByteReader(data)
    first = r.u8()
    kind, flags = first & 7, first & ~7
    if len(data) > MAX or not OPEN <= kind <= RESPONSE:
        r.refuse("no packet")
    out = {"kind": kind, "by_answerer": bool(flags & BY_ANSWERER), "id": r.u64()}
    if kind == OPEN:
        if r.u8() != 1:
            raise Refused("E-VERSION")
        out["pass"] = r.take(16)
    elif kind == PASS:
        out["pass"] = r.take(16)
    elif kind in (CHALLENGE, RESPONSE):
        out["token"] = r.u64()
    if kind in (OPEN, CARRY):
        out["number"] = r.u16()
        if flags & ACK:
            out["ack"] = ack(r)
        if flags & DATA:
            out.update(offset=u24(r), data=r.rest(), fin=bool(flags & FIN_OR_ASKS))
            if not out["data"] and not out["fin"]:
                r.refuse("nothing in it")
    elif flags & ~BY_ANSWERER:
        r.refuse("flags")
    if (kind == OPEN and out["by_answerer"]) or (kind == PASS and not out["by_answerer"]):
        r.refuse("from the wrong side")
    r.end()
    return out
