"""Sealed bundles: payload, body, header (SPEC.md, "Payload", "Sealing", "Bundle header")."""

from byte_reader import ByteReader, Refused
from people import NOBODY, version_one
from primitives import agree, box_public, check_signature, h, open_chacha, open_xchacha
from records import EVERYONE, HUB_AUDIENCE, log_bytes

CIPHERTEXT_MAX = 48 * 1024 * 1024
TAG = 16
ITEMS_MAX = 1024
STANZAS_MAX = 8


def payload(data):
    r = ByteReader(data)
    out = {"runs": [], "blobs": []}  # a blob with its kind: 2 plain, 3 a JPEG in the form of a JPEG XL
    if not data:
        r.refuse("nothing")
    while r.left():
        kind = r.u8()
        if kind not in (1, 2, 3):
            raise Refused("E-VERSION")
        item = r.sized()
        if kind == 1 and out["blobs"]:
            r.refuse("a run behind a blob")
        if kind == 1:
            out["runs"].append(item)
        else:
            out["blobs"].append((kind, item))
        if len(out["runs"]) + len(out["blobs"]) > ITEMS_MAX:
            raise Refused("E-LIMIT")
    return out


def header(data, author_key, previous_root):
    r = ByteReader(data)
    version_one(r)
    shape = r.u8()
    node, incarnation = r.varint(NOBODY - 1), r.u64()
    kind_of_audience = shape >> 4 & 3
    if shape >> 7 or shape >> 2 & 3 == 3 or kind_of_audience == 3 or incarnation == 0:
        r.refuse("a shape that does not exist")
    if kind_of_audience == 2:
        audience = r.varint(NOBODY - 1)
        if audience == HUB_AUDIENCE:
            r.refuse("the hub has a shape of its own")
    else:
        audience = (HUB_AUDIENCE, EVERYONE)[kind_of_audience]
    out = {"log": (node, incarnation, audience, shape & 3), "chunk": (16, 32, 64)[shape >> 2 & 3] * 1024,
           "urgent": bool(shape >> 6 & 1)}
    out["seq"], out["length"], out["root"] = r.varint(), r.varint(), r.take(32)
    if out["seq"] == 0 or out["length"] <= TAG:
        r.refuse("number 0, or no byte")
    if out["length"] > CIPHERTEXT_MAX:
        raise Refused("E-LIMIT")
    if 0 < out["length"] % out["chunk"] <= TAG:
        r.refuse("a last chunk without a byte")
    stanzas = r.u8()
    if stanzas == 0:
        r.refuse("no recipient")
    if stanzas > STANZAS_MAX:
        raise Refused("E-LIMIT")
    out["ephemeral"], out["stanzas"] = r.take(32), []
    for _ in range(stanzas):
        kind = r.u8()
        if kind > 1:
            r.refuse("a kind of recipient that does not exist")
        out["stanzas"].append((kind, r.take(4), r.take(48)))
    said = data[:r.at]
    signature = r.take(64)
    r.end()
    if node != 0 and audience != HUB_AUDIENCE:
        r.refuse("only the hub writes to others")
    check_signature(author_key, "satchel bundle", said + previous_root, signature)
    return out


def bundle_id(head):
    return log_bytes(head["log"]) + head["seq"].to_bytes(8, "big")


def content_key(head, box_secret=None, group_key=None):
    """The content key that one of the stanzas holds for this secret; None when there is none."""
    public = box_public(box_secret) if box_secret else b""
    for kind, hint, wrapped in head["stanzas"]:
        if kind == 0 and box_secret and hint == h("satchel hint", head["ephemeral"] + public)[:4]:
            w = h("satchel wrap", head["ephemeral"] + public + bundle_id(head), agree(box_secret, head["ephemeral"]))
        elif kind == 1 and group_key and hint == h("satchel group hint", head["ephemeral"], group_key)[:4]:
            w = h("satchel group wrap", head["ephemeral"] + bundle_id(head), group_key)
        else:
            continue
        key = open_chacha(w, 0, b"", wrapped)
        if key is not None:
            return key
    return None


def body(data, head):
    """The chunks of a body, each proven. Needs no key."""
    size, length = head["chunk"], head["length"]
    count = -(-length // size)
    list_size = 32 * count if count > 1 else 0
    if len(data) != list_size + length:
        raise Refused("E-HASH", "another length than the header's")
    ciphertext = data[list_size:]
    chunks = [ciphertext[i:i + size] for i in range(0, length, size)]
    hashes = [h("satchel chunk", chunk) for chunk in chunks]
    if h("satchel root", b"".join(hashes)) != head["root"] or (count > 1 and data[:list_size] != b"".join(hashes)):
        raise Refused("E-HASH")
    return chunks


def open_body(chunks, key):
    out = []
    for i, chunk in enumerate(chunks):
        nonce = i.to_bytes(8, "little") + bytes(15) + bytes([i + 1 == len(chunks)])
        plain = open_xchacha(key, nonce, b"", chunk)
        if plain is None:
            raise Refused("E-SEAL")
        out.append(plain)
    return b"".join(out)


def blob_hash(blob):
    return h("satchel blob", blob)
