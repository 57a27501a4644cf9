"""What is said and how far it has come: run, frontier, receipt, high-water file (SPEC.md, "Records", "How far")."""

from byte_reader import ByteReader, Refused
from people import NOBODY, version_one
from primitives import ZERO32, check_signature, h

HUB_AUDIENCE, EVERYONE = 0, 0xFFFFFFFF
RUN_RECORDS_MAX = 4096
BODY_MAX = 64 * 1024
POSITIONS_MAX = 65536


def log_bytes(log):
    node, incarnation, audience, lane = log
    return node.to_bytes(4, "big") + incarnation.to_bytes(8, "big") + audience.to_bytes(4, "big") + bytes([lane])


def record_id(log, seq, previous, body):
    return h("satchel record", log_bytes(log) + seq.to_bytes(8, "big") + previous + body)


def run(data, author_key):
    r = ByteReader(data)
    version_one(r)
    log = (r.varint(NOBODY - 1), r.u64(), r.varint(EVERYONE), r.u8())
    if log[3] > 1:
        r.refuse("a lane without records")
    first = r.varint()
    if first == 0:
        r.refuse("number 0")
    previous = ZERO32 if first == 1 else r.take(32)
    count = r.count(2)
    if count == 0:
        r.refuse("no record")
    if count > RUN_RECORDS_MAX:
        raise Refused("E-LIMIT")
    bodies = []
    for _ in range(count):
        body = r.sized(BODY_MAX)
        if not body:
            r.refuse("an empty body")
        bodies.append(body)
    signature = r.take(64)
    r.end()
    last = previous
    for i, body in enumerate(bodies):
        last = record_id(log, first + i, last, body)
    check_signature(author_key, "satchel record signature", last, signature)
    return {"log": log, "first": first, "previous": previous, "bodies": bodies, "last_id": last}


class AuthorRows:
    """Authors in ascending order; the node as the difference to the row before."""

    def __init__(self):
        self.last = None

    def take(self, r):
        node = (self.last[0] if self.last else 0) + r.varint(NOBODY)
        incarnation = r.u64()
        if node >= NOBODY or incarnation == 0 or (self.last and (node, incarnation) <= self.last):
            r.refuse("authors out of order")
        self.last = (node, incarnation)
        return self.last


def frontier(data):
    r = ByteReader(data)
    positions = {}
    rows = AuthorRows()
    for _ in range(r.count(12)):
        author = rows.take(r)
        before = None
        groups = r.count(3)
        if groups == 0:
            r.refuse("an author without a group")
        for _ in range(groups):
            code = r.varint(2**32 - 1)
            audience = (code - 1) % 2**32
            if before is not None and audience <= before:
                r.refuse("audiences out of order")
            before = audience
            lanes = r.u8()
            if lanes == 0 or lanes > 15:
                r.refuse("no lane, or one that does not exist")
            for lane in range(4):
                if lanes >> lane & 1:
                    position = r.varint()
                    if position == 0:
                        r.refuse("position 0")
                    positions[(*author, audience, lane)] = position
                    if len(positions) > POSITIONS_MAX:
                        raise Refused("E-LIMIT")
    r.end()
    return positions


def high_water(data):
    r = ByteReader(data)
    if r.take(18) != b"satchel-high-water":
        r.refuse("no high-water file")
    version_one(r)
    if len(data) < 32 or h("satchel high water", data[:-32]) != data[-32:]:
        r.refuse("damaged")
    out = {"incarnation": r.u64(), "epoch": r.u32()}
    out["positions"] = frontier(data[r.at:-32])
    return out


def receipt_tag(rows):
    """rows: (node, incarnation, lane, stored, root) of one author, by lane."""
    said = b"".join(node.to_bytes(4, "big") + life.to_bytes(8, "big") + bytes([lane]) + stored.to_bytes(8, "big") + root
                    for node, life, lane, stored, root in rows)
    return h("satchel receipt tag", said)[:4]


def log_tag(rows):
    """rows: ((node, incarnation, audience, lane, seq), root) of the hub's logs, ascending."""
    said = b"".join(node.to_bytes(4, "big") + life.to_bytes(8, "big") + audience.to_bytes(4, "big") + bytes([lane]) + seq.to_bytes(8, "big") + root
                    for (node, life, audience, lane, seq), root in rows)
    return h("satchel log tag", said)[:4]


def receipt(data, under):
    r = ByteReader(data)
    version_one(r)
    campaign = r.u64()
    out = {"hub_incarnation": r.u64(), "epoch": r.varint(2**32 - 1), "version": r.varint(), "logs": {}, "tags": {}}
    rows = AuthorRows()
    for _ in range(r.count(15)):
        author = rows.take(r)
        lanes = r.u8()
        named, lags = lanes & 15, lanes >> 4
        if named == 0 or lags & ~named:
            r.refuse("lanes that are not named")
        for lane in range(4):
            if named >> lane & 1:
                stored = opened = r.varint()
                if stored == 0:
                    r.refuse("nothing stored")
                if lags >> lane & 1:
                    lag = r.varint()
                    if not 1 <= lag <= stored:
                        r.refuse("a lag that cannot be")
                    opened -= lag
                out["logs"][(*author, HUB_AUDIENCE, lane)] = (stored, opened)
        out["tags"][tuple(author)] = r.take(4)
    said = data[:r.at]
    signature = r.take(64)
    r.end()
    if campaign != under["campaign"]:
        raise Refused("E-CAMPAIGN")
    check_signature(under["hub_sign"], "satchel receipt", said, signature)
    return out
