"""How two nodes meet: frames, hello, messages (SPEC.md, "Link and session")."""

from byte_reader import ByteReader, Refused
from people import RELAY, version_one
from primitives import h
from records import frontier

LINK_NAME = "Noise_IKpsk2_25519_ChaChaPoly_BLAKE2b"
GREETING_MAX = 63585
HELLO_MAX = 49152
HELLO_MESSAGES_MAX = 14336
SEALED_MAX = 18432 + 16
PARTIALS_MAX = 256
BEYOND_MAX, BEYOND_RUNS_MAX = 4096, 512
TAG_LIVES_MAX = 32
WHO, I_AM, FIRST, SECOND, ALERT, DESCRIBE = range(1, 7)


def prologue(campaign, group_key):
    return b"satchel link" + bytes([1]) + campaign + h("satchel link prologue", b"", group_key)


def psk(group_key):
    return h("satchel link psk", b"", group_key)


def frame(data, most):
    r = ByteReader(data)
    n = r.u16()
    if n == 0 or n > most:
        raise Refused("E-LIMIT")
    content = r.take(n)
    r.end()
    return content


def news(data):
    """What has been added to a remembered frontier: {index: by how much}, and the frontier of new logs."""
    r = ByteReader(data)
    raised, index = {}, -1
    for _ in range(r.count(2)):
        index += 1 + r.varint()
        by = r.varint()
        if by == 0:
            r.refuse("raised by nothing")
        raised[index] = by
    return {"raised": raised, "fresh": frontier(r.rest())}


def beyond(r):
    """Bundles that are whole beyond a gap: (log, first, count), logs in order, runs in order and apart."""
    out, bundles, last = [], 0, None
    logs = r.varint()
    for _ in range(logs):
        log = (r.varint(2**32 - 1), r.u64(), r.varint(2**32 - 1), r.u8())
        if log[3] > 3 or (last is not None and log <= last):
            r.refuse("a log out of place")
        last, at, runs = log, 0, r.varint()
        for _ in range(runs):
            gap, count = r.varint(), r.varint()
            bundles += count
            if gap == 0 or count == 0 or bundles > BEYOND_MAX or len(out) == BEYOND_RUNS_MAX:
                r.refuse("a run that cannot be")
            out.append((log, at + gap, count))
            at += gap + count
        if runs == 0:
            r.refuse("a log without a run")
    if logs == 0:
        r.refuse("nothing beyond a gap")
    return out


def way(r):
    """Hops to the hub (15: never heard of it), and lanes of others for which there is no room."""
    byte = r.u8()
    return {"hops": byte & 15, "full": [lane for lane in range(4) if byte >> 4 >> lane & 1]}


def hello(data):
    if len(data) > GREETING_MAX:
        raise Refused("E-LIMIT")
    r = ByteReader(data)
    version_one(r)
    shape = r.u8()
    has_news = bool(shape & 64)
    if shape & 3 > RELAY or (shape & 32 and not has_news) or (has_news and not shape & 4):
        r.refuse("a shape that does not exist")
    out = {"role": shape & 3, "whole": bool(shape & 4), "nothing": bool(shape & 16), "node": r.varint(2**32 - 1),
           "receipt": (r.varint(2**32 - 1), r.varint()), "way": way(r), "memory": r.take(16) if shape & 32 else None, "partials": []}
    said = r.sized()
    count = r.varint()
    if count > PARTIALS_MAX:
        raise Refused("E-LIMIT")
    for _ in range(count):
        one = (r.varint(2**32 - 1), r.u64(), r.varint(2**32 - 1), r.u8(), r.varint(), r.varint())
        if one[3] > 3 or one[4] == 0:
            r.refuse("a bundle that cannot be")
        out["partials"].append(one)
    out["beyond"] = beyond(r) if shape & 128 else []
    out["certificate"] = r.sized() if shape & 8 else b""
    if shape & 8 and not out["certificate"]:
        r.refuse("a certificate of no byte")
    if r.at > HELLO_MAX or r.left() > HELLO_MESSAGES_MAX:
        raise Refused("E-LIMIT")
    out["messages"] = messages(r.rest()) if r.left() else []
    out["news" if has_news else "frontier"] = news(said) if has_news else frontier(said)
    return out


def messages(plain):
    """The messages of one frame, each as a dictionary with its `kind`."""
    r, out = ByteReader(plain), []
    if not plain:
        r.refuse("nothing")
    while r.left():
        kind = r.u8()
        b = ByteReader(r.sized())
        out.append(message(kind, b))
        b.end()
    return out


def code_id(raw, r):
    if not 1 <= len(raw) <= 40:
        r.refuse("no code")
    return raw.decode("ascii")


def flag(r):
    value = r.u8()
    if value > 1:
        r.refuse("a flag is 0 or 1")
    return bool(value)


def message(kind, b):
    if kind == 1:
        return {"kind": "receipt", "last": flag(b), "way": way(b), "bytes": b.rest()}
    if kind == 2:
        return {"kind": "member", "certificate": b.rest()}
    if kind == 3:
        return {"kind": "frontier", "last": flag(b), "frontier": frontier(b.rest())}
    if kind == 4:
        out = {"kind": "bundle"}
        has_previous = flag(b)
        out["offset"] = b.varint()
        out["previous_root"] = b.take(32) if has_previous else None
        out["header"] = b.rest()
        return out
    if kind == 5:
        stream = b.u8()
        out = {"kind": "data", "lane": stream & 3, "foreign": bool(stream & 4), "urgent": bool(stream & 8),
               "offset": b.varint(), "bytes": b.rest()}
        if stream > 15 or not out["bytes"]:
            b.refuse("data of nothing")
        return out
    if kind in (6, 10):
        return {"kind": "accept" if kind == 6 else "back", "ref": b.varint(), "offset": b.varint()}
    if kind in (7, 9):
        return {"kind": "skip" if kind == 7 else "previous", "ref": b.varint()}
    if kind == 8:
        return {"kind": "refuse", "ref": b.varint(), "code": code_id(b.rest(), b)}
    if kind == 11:
        refs = []
        while b.left():
            refs.append(b.varint())
        if not refs:
            b.refuse("stored of nothing")
        return {"kind": "stored", "refs": refs}
    if kind in (12, 13, 14):
        return {"kind": {12: "done", 13: "ping", 14: "pong"}[kind]}
    if kind == 16:
        return {"kind": "way", "way": way(b)}
    if kind == 18:
        return {"kind": "show", "frontier": frontier(b.rest())}
    if kind == 17:
        tags = [b.take(4)]
        while b.left():
            tags.append(b.take(4))
        if len(tags) > TAG_LIVES_MAX:
            b.refuse("more lives than are told")
        return {"kind": "tag", "tags": tags}
    if kind == 15:
        return {"kind": "bye", "code": code_id(b.rest(), b)}
    b.refuse("a kind of message that does not exist")
