"""What lies on a stick: blocks, segments, manifests, notes (SPEC.md, "Sticks")."""

from byte_reader import ByteReader, Refused
from bundles import body, header
from people import member
from primitives import blake2b, check_signature, h
from records import frontier, receipt

MARKER = bytes.fromhex("895341540D0A1A0A")
OPENING, MEMBER, RECEIPT, BUNDLE, MANIFEST, NOTE = range(1, 7)
SMALL_BLOCK_MAX = 2 * 1024 * 1024


def block(r):
    """The next block as (kind, content); `r` stands at its marker."""
    if r.take(8) != MARKER:
        r.refuse("no block")
    head = r.take(5)
    if r.take(8) != h("satchel block head", head)[:8]:
        r.refuse("a damaged block head")
    content = r.take(int.from_bytes(head[1:], "little"))
    if r.take(32) != h("satchel block", head + content):
        r.refuse("a damaged block")
    return head[0], content


def only_block(data, kind):
    r = ByteReader(data, "E-STICK")
    found, content = block(r)
    if found != kind:
        r.refuse("a block of another kind")
    r.end()
    return content


def segment(data, under, certificates):
    """The bundles of a segment, each proven. `certificates`: raw ones that the reader has beforehand."""
    known = {one["number"]: one for one in (member(raw, under) for raw in certificates)}
    r = ByteReader(data, "E-STICK")
    if data[:8] != MARKER:
        r.refuse("nothing of ours")
    out = {"writer": None, "receipts": [], "bundles": []}
    while r.left():
        kind, content = block(r)
        if (kind == OPENING) != (out["writer"] is None):
            r.refuse("an opening that is not the first")
        c = ByteReader(content, "E-STICK")
        if kind == OPENING:
            if int.from_bytes(c.take(8), "big") != under["campaign"]:
                raise Refused("E-CAMPAIGN")
            one = out["writer"] = member(c.rest(), under)
            known[one["number"]] = one
        elif kind == MEMBER:
            one = member(c.rest(), under)
            known[one["number"]] = one
        elif kind == RECEIPT:
            out["receipts"].append(receipt(c.rest(), under))
        elif kind == BUNDLE:
            out["bundles"].append(carried_bundle(c, known))
        else:
            r.refuse("a block that belongs elsewhere")
    return out


def carried_bundle(c, known):
    previous_root, raw = c.take(32), c.sized()
    node = ByteReader(raw[2:]).varint()
    if node not in known:
        raise Refused("E-PEER-NOT-ENROLLED")
    head = header(raw, known[node]["sign"], previous_root)
    return {"header": head, "previous_root": previous_root, "chunks": body(c.rest(), head)}


def manifest(data):
    r = ByteReader(only_block(data, MANIFEST), "E-STICK")
    said_writer, said_generation = r.take(4), r.take(8)
    list_hash = r.take(32)
    if list_hash != h("satchel stick list", said_writer + said_generation + r.data[r.at:]):
        r.refuse("another list")
    out = {"writer": int.from_bytes(said_writer, "little"), "generation": int.from_bytes(said_generation, "little"), "segments": []}
    for _ in range(r.count(37)):
        one = {"counter": r.varint(), "size": r.varint(), "hash": r.take(32), "receipt": (r.varint(), r.varint()), "ranges": []}
        for _ in range(r.count(19)):
            log = tuple(int.from_bytes(r.take(n), "big") for n in (4, 8, 4, 1))
            first, last = r.varint(), r.varint()
            if log[3] > 3 or not 1 <= first <= last:
                r.refuse("a range that cannot be")
            one["ranges"].append((log, first, last))
        out["segments"].append(one)
    r.end()
    return out


def note(data, under, certificates):
    known = {one["number"]: one for one in (member(raw, under) for raw in certificates)}
    content = only_block(data, NOTE)
    r = ByteReader(content, "E-STICK")
    out = {"reader": r.u32()}
    try:
        out["frontier"] = frontier(r.sized())
    except Refused:
        r.refuse("no frontier")
    out["damaged"] = [r.take(32) for _ in range(r.count(32))]
    said = content[:r.at]
    signature = r.take(64)
    r.end()
    if out["reader"] not in known:
        raise Refused("E-PEER-NOT-ENROLLED")
    check_signature(known[out["reader"]]["sign"], "satchel stick note", under["campaign"].to_bytes(8, "big") + said, signature)
    return out


def file_hash(data):
    return blake2b(data)
