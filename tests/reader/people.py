"""Who belongs: founding, certificate, profile, key file, request, card (SPEC.md, "Who belongs")."""

from byte_reader import ByteReader, Refused
from primitives import argon2id, check_signature, h, open_box, open_xchacha, box_public, take_box_key

HUB, SITE, RELAY = 0, 1, 2
NOBODY = 0xFFFFFFFF
PROFILE_MAX = 256 * 1024
REQUEST_MAX = 1024
CARD_MAX = 2 * 1024 * 1024
CARD_OTHERS_MAX = 4096


def version_one(r):
    if r.u8() != 1:
        raise Refused("E-VERSION")


def founding(data):
    r = ByteReader(data)
    version_one(r)
    out = {"hub_sign": r.take(32), "hub_box": take_box_key(r), "recovery_box": take_box_key(r), "salt": r.u64(), "name": r.text(200)}
    said = data[:r.at]
    signature = r.take(64)
    r.end()
    check_signature(out["hub_sign"], "satchel founding", said, signature)
    out["campaign"] = int.from_bytes(h("satchel founding", said)[:8], "big")
    return out


def member(data, under):
    r = ByteReader(data)
    version_one(r)
    campaign = r.u64()
    out = {"number": r.varint(NOBODY - 1), "role": r.u8()}
    if out["role"] > RELAY or (out["role"] == HUB) != (out["number"] == 0):
        r.refuse("a role that does not fit the number")
    out["sign"], out["box"], out["name"] = r.take(32), take_box_key(r), r.text(100)
    said = data[:r.at]
    signature = r.take(64)
    r.end()
    if campaign != under["campaign"]:
        raise Refused("E-CAMPAIGN")
    check_signature(under["hub_sign"], "satchel member", said, signature)
    return out


def profile(data, under):
    r = ByteReader(data)
    version_one(r)
    campaign = r.u64()
    out = {"version": r.varint(), "toml": r.sized(PROFILE_MAX)}
    said = data[:r.at]
    signature = r.take(64)
    r.end()
    if campaign != under["campaign"]:
        raise Refused("E-CAMPAIGN")
    check_signature(under["hub_sign"], "satchel profile", said, signature)
    return out


def key_file(data, passphrase=None):
    r = ByteReader(data, "E-KEY-FILE")
    if r.take(11) != b"satchel-key":
        r.refuse("no key file")
    version_one(r)
    if h("satchel key file", data[:-32]) != data[-32:]:
        r.refuse("damaged")
    lock, memory, passes, salt = r.u8(), r.u32(), r.u32(), r.take(16)
    head = data[:r.at]
    nonce, sealed = r.take(24), r.take(96 + 16)
    r.take(32)
    r.end()
    if lock == 0 and (memory, passes) == (0, 0):
        key = h("satchel key file, no passphrase", salt)
    elif lock == 1 and 8 <= memory <= 256 * 1024 and 1 <= passes <= 16:
        key = argon2id(passphrase.encode(), salt, memory, passes)
    else:
        r.refuse("a lock that does not exist")
    plain = open_xchacha(key, nonce, head, sealed)
    if plain is None:
        raise Refused("E-KEY-PASSPHRASE" if lock else "E-KEY-FILE")
    return {"sign_seed": plain[:32], "box_secret": plain[32:64], "store_key": plain[64:]}


def request(data):
    r = ByteReader(data, "E-REQUEST")
    if len(data) > REQUEST_MAX or r.take(16) != b"satchel-request\n":
        r.refuse("no request")
    version_one(r)
    out = {"role": r.u8(), "name": r.text(100), "sign": r.take(32), "box": take_box_key(r)}
    said = data[:r.at]
    signature = r.take(64)
    r.end()
    if out["role"] not in (SITE, RELAY):
        r.refuse("a role that nobody may ask for")
    check_signature(out["sign"], "satchel request", said, signature, "E-REQUEST")
    return out


def card(data, own_box_secret, own_sign_public):
    r = ByteReader(data, "E-CARD")
    if len(data) > CARD_MAX or r.take(13) != b"satchel-card\n":
        r.refuse("no card")
    version_one(r)
    addressee = r.take(32)
    if h("satchel card", data[:-32]) != data[-32:]:
        r.refuse("damaged")
    if addressee != h("satchel card addressee", box_public(own_box_secret)):
        raise Refused("E-CARD-NOT-OURS")
    plain = open_box(own_box_secret, "satchel card", data[r.at:-32])
    if plain is None:
        r.refuse("does not open")
    try:
        return card_contents(plain, own_box_secret, own_sign_public)
    except Refused as refused:
        raise Refused(refused.code if refused.code == "E-CARD-NOT-OURS" else "E-CARD") from None


def card_contents(plain, own_box_secret, own_sign_public):
    r = ByteReader(plain)
    out = {"founding": founding(r.sized())}
    under = out["founding"]
    out["hub"] = member(r.sized(), under)
    out["member"] = member(r.sized(), under)
    count = r.count(1)
    if count > CARD_OTHERS_MAX:
        r.refuse("too many certificates")
    out["others"] = [member(r.sized(), under) for _ in range(count)]
    out["profile"] = profile(r.sized(), under)
    out["group_key"], out["code_key"], out["index_key"] = r.take(32), r.take(32), r.take(32)
    said = plain[:r.at]
    signature = r.take(64)
    r.end()
    check_signature(under["hub_sign"], "satchel card", said, signature)
    hub = out["hub"]
    if (hub["role"], hub["sign"], hub["box"]) != (HUB, under["hub_sign"], under["hub_box"]):
        r.refuse("another hub's certificate")
    if (out["member"]["sign"], out["member"]["box"]) != (own_sign_public, box_public(own_box_secret)):
        raise Refused("E-CARD-NOT-OURS")
    return out
