"""What is said on the local network (SPEC.md, "Beacon")."""

from byte_reader import ByteReader, Refused
from primitives import h, open_xchacha

SIZE = 63
CALL, ANSWER = 1, 2


def beacon(data, group_key, campaign):
    r = ByteReader(data)
    if len(data) != SIZE:
        r.refuse("another length")
    nonce = r.take(24)
    plain = open_xchacha(h("satchel beacon", b"", group_key), nonce, campaign.to_bytes(8, "little"), r.rest())
    if plain is None:
        raise Refused("E-SEAL")
    c = ByteReader(plain)
    out = {"kind": c.u8(), "node": c.u32(), "port": c.u16(), "echo": c.take(16)}
    c.end()
    if out["kind"] not in (CALL, ANSWER):
        raise Refused("E-VERSION", "kind of beacon")
    if (out["echo"] != bytes(16)) != (out["kind"] == ANSWER):
        c.refuse("echo")
    return out
