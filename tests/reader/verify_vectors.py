#!/usr/bin/env python3
"""Reads protocol/vectors with a reader written from SPEC.md alone, and verifies each one: what must be taken is taken and means what
its inputs say, what must be refused is refused with the code that stands there.

    python3 tests/reader/verify_vectors.py protocol/vectors
"""

import pathlib
import sys

import beacons
import bundles
import datagrams
import facts
import link
import people
import records
import sticks
from byte_reader import Refused
from noise import Handshake
from primitives import box_public, sign_public
from vector_file import cases


def same(what, got, wanted):
    if got != wanted:
        raise AssertionError(f"{what}: read {got!r}, the inputs say {wanted!r}")


def under(case):
    return people.founding(case.raw("founding"))


def ints(row):
    return tuple(int(x) for x in row)


# Each function gives (reader of the bytes of any case, check of what was read from the case that succeeds).

def founding(case):
    def check(got):
        same("name", got["name"], case.text("name"))
        same("hub's key", got["hub_sign"], sign_public(case.raw("hub_sign_seed")))
        same("hub's box key", got["hub_box"], box_public(case.raw("hub_box_secret")))
        same("recovery key", got["recovery_box"], box_public(case.raw("recovery_box_secret")))
        same("salt", got["salt"], int.from_bytes(case.raw("random"), "big"))
    return people.founding, check


def member(case):
    def check(got):
        same("number, role, name", (got["number"], got["role"], got["name"]),
             (case.number("number"), case.number("role"), case.text("name")))
        same("key", got["sign"], sign_public(case.raw("node_sign_seed")))
    return lambda raw: people.member(raw, under(case)), check


def profile(case):
    def check(got):
        same("profile", got, {"version": case.number("version"), "toml": case.raw("toml")})
    return lambda raw: people.profile(raw, under(case)), check


def key_file(case):
    def check(got):
        same("secrets", got, {"sign_seed": case.raw("node_sign_seed"), "box_secret": case.raw("node_box_secret"),
                              "store_key": case.raw("store_key")})
    passphrase = case.text("passphrase") if case.has("passphrase") else None
    return lambda raw: people.key_file(raw, passphrase), check


def request(case):
    def check(got):
        same("request", (got["role"], got["name"], got["sign"]),
             (case.number("role"), case.text("name"), sign_public(case.raw("node_sign_seed"))))
    return people.request, check


def card(case):
    def check(got):
        for key in ("group_key", "code_key", "index_key"):
            same(key, got[key], case.raw(key))
        same("others", got["others"], [people.member(raw, got["founding"]) for raw in case.all_raw("other")])
    return lambda raw: people.card(raw, case.raw("node_box_secret"), sign_public(case.raw("node_sign_seed"))), check


def run(case):
    def check(got):
        same("run", (got["log"], got["first"], got["previous"], got["bodies"]),
             (ints(case.rows("log")[0]), case.number("first"), case.raw("previous"), case.all_raw("body")))
    return lambda raw: records.run(raw, sign_public(case.raw("author_sign_seed"))), check


def frontier(case):
    def check(got):
        same("positions", got, {ints(row)[:4]: int(row[4]) for row in case.rows("log")})
    return records.frontier, check


def receipt(case):
    def check(got):
        same("receipt", (got["hub_incarnation"], got["epoch"], got["version"]),
             (case.number("hub_incarnation"), case.number("epoch"), case.number("version")))
        same("logs", got["logs"], {ints(row)[:4]: ints(row)[4:6] for row in case.rows("log")})
        for author, tag in got["tags"].items():
            rows = [(*author, int(row[3]), got["logs"][ints(row[:4])][0], bytes.fromhex(row[4]))
                    for row in case.rows("root") if ints(row[:2]) == author]
            same("tag", tag, records.receipt_tag(rows))
    return lambda raw: records.receipt(raw, under(case)), check


def high_water(case):
    def check(got):
        incarnation = int.from_bytes(case.raw("random"), "big")
        same("incarnation", (got["incarnation"], got["epoch"]), (incarnation, 1))
        wanted = {}
        for node, audience, lane, position in (ints(row) for row in case.rows("log")):
            wanted[(node, incarnation, audience, lane)] = position
        same("positions", got["positions"], wanted)
    return records.high_water, check


def fact_verdict(case):
    def check(got):
        wanted = {name: case.number(name) for name in ("student", "review_epoch", "boot_id", "mono_ms", "wall_ms")}
        wanted |= {"approved": bool(case.number("approved")), "undone": bool(case.number("undone")), "submission": case.raw("submission"),
                   "reason": case.text("reason"), "note": case.text("note"), "by": case.text("by")}
        same("verdict", got, wanted)
    return facts.verdict, check


def fact_unlock(case):
    def check(got):
        wanted = {name: case.number(name) for name in ("student", "attempts", "review_epoch", "boot_id", "mono_ms", "wall_ms")}
        same("unlock", got, wanted | {"submission": case.raw("submission"), "note": case.text("note")})
    return facts.unlock, check


def fact_profile(case):
    return facts.profile, lambda got: same("profile", got, {"signed": case.raw("signed")})


def about(case, named):
    return {name: case.number(name) for name in ("student", "boot_id", "mono_ms", "wall_ms")} | {named: case.raw(named)}


def fact_discard(case):
    return facts.discard, lambda got: same("discard", got, about(case, "capture"))


def fact_withdrawal(case):
    return facts.withdrawal, lambda got: same("withdrawal", got, about(case, "submission"))


def fact_resolution(case):
    def check(got):
        same("resolution", got, about(case, "chosen") | {
            "dismissed": case.all_raw("dismissed"), "note": case.text("note"), "review_epoch": case.number("review_epoch")})
    return facts.resolution, check


def fact_second_look(case):
    wanted = about(case, "submission") | {name: case.number(name) for name in ("approved", "seed")}
    wanted |= {name: case.text(name) for name in ("reason", "by")}
    return facts.second_look, lambda got: same("second look", got, wanted)


def fact_national(case):
    wanted = about(case, "submission") | {name: case.number(name) for name in ("result", "version")}
    return facts.national, lambda got: same("national result", got, wanted | {"reason": case.text("reason")})


def fact_case(case):
    wanted = {name: case.number(name) for name in ("student", "closed", "due_ms", "version", "boot_id", "mono_ms", "wall_ms")}
    return facts.case_step, lambda got: same("case", got, wanted | {name: case.text(name) for name in ("owner", "next")})


def fact_index(case):
    def check(got):
        same("index", got, {"version": case.number("version"), "entries": [tuple(ints(row)) for row in case.rows("entry")]})
    return facts.index, check


def fact_timetable(case):
    def check(got):
        slots = [(room, name, *ints(times)) for room, name, times in
                 zip(case.all_text("room"), case.all_text("class"), case.rows("times"))]
        same("timetable", got, {"version": case.number("version"), "slots": slots})
    return facts.timetable, check


def when(case):
    return {name: case.number(name) for name in ("student", "boot_id", "mono_ms", "wall_ms")}


def fact_proof(case):
    return facts.proof, lambda got: same("proof", got, about(case, "submission") | {
        "right": case.number("right") == 1, "fields": case.all_text("field"), "note": case.text("note"),
        "epoch": case.number("epoch")})


def fact_errata(case):
    return facts.errata, lambda got: same("errata", got, when(case) | {
        "closed": case.number("closed") == 1, "fields": case.all_text("field"), "note": case.text("note"),
        "epoch": case.number("epoch")})


def fact_delivery(case):
    return facts.delivery, lambda got: same("delivery", got, about(case, "submission"))


def fact_purge(case):
    return facts.purge, lambda got: same("purge", got, when(case) | {"scope": case.number("scope")})


def fact_purged(case):
    return facts.purged, lambda got: same("purged", got, when(case) | {
        "scope": case.number("scope"), "destroyed": case.all_raw("destroyed"), "bytes": case.number("size"),
        "rows": case.number("rows")})


def fact_code_revocation(case):
    names = ("student", "below", "boot_id", "mono_ms", "wall_ms")
    return facts.code_revocation, lambda got: same("code revocation", got, {name: case.number(name) for name in names})


def fact_foreign_code(case):
    def check(got):
        same("foreign code", got, about(case, "digest") | {
            "sealed": case.raw("sealed"), "sealed_recovery": case.raw("sealed_recovery"), "reason": case.text("reason")})
    return facts.foreign_code, check


def fact_foreign_answer(case):
    def check(got):
        same("foreign answer", got, about(case, "digest") | {name: case.number(name) for name in ("confirmed", "source", "epoch")})
    return facts.foreign_answer, check


def payload(case):
    def check(got):
        blobs = [(2, blob) for blob in case.all_raw("blob")] + [(3, blob) for blob in case.all_raw("jpeg_xl")]
        same("items", got, {"runs": case.all_raw("run"), "blobs": blobs})
    return bundles.payload, check


def header_reader(case):
    key, previous_root = sign_public(case.raw("author_sign_seed")), case.raw("previous_root")
    return lambda raw: bundles.header(raw, key, previous_root)


def bundle_header(case):
    def check(got):
        same("log and seq", (got["log"], got["seq"]), (ints(case.rows("log")[0]), case.number("seq")))
        same("urgent", got["urgent"], case.number("urgent") == 1)
        for secret in case.all_raw("recipient_box_secret"):
            same("content key", bundles.content_key(got, secret), case.raw("random")[:32])
        same("a stranger's key", bundles.content_key(got, bytes(31) + b"\x01"), None)
    return header_reader(case), check


def bundle_body(case):
    head = header_reader(case)(cases(VECTORS / "bundle-header.txt")[0].raw("bytes"))

    def check(chunks):
        key = bundles.content_key(head, case.all_raw("recipient_box_secret")[0])
        same("payload", bundles.open_body(chunks, key), case.raw("payload"))
    return lambda raw: bundles.body(raw, head), check


def stick_segment(case):
    def check(got):
        same("bundles", len(got["bundles"]), 1)
        bundle = got["bundles"][0]
        key = bundles.content_key(bundle["header"], case.all_raw("recipient_box_secret")[0])
        same("payload", bundles.open_body(bundle["chunks"], key), case.raw("payload"))
        same("receipts", got["receipts"], [records.receipt(case.raw("receipt"), under(case))])
    return lambda raw: sticks.segment(raw, under(case), [case.raw("hub")]), check


def stick_manifest(case):
    def check(got):
        same("writer, generation", (got["writer"], got["generation"]), (case.number("writer"), case.number("generation")))
        wanted = [(bytes.fromhex(row[0]), *ints(row[1:])) for row in case.rows("segment")]
        same("segments", [(s["hash"], s["counter"], s["size"], *s["receipt"]) for s in got["segments"]], wanted)
        ranges = [(*log, first, last) for s in got["segments"] for log, first, last in s["ranges"]]
        same("ranges", ranges, [ints(row) for row in case.rows("range")])
    return sticks.manifest, check


def stick_note(case):
    def check(got):
        same("frontier", got["frontier"], {ints(row)[:4]: int(row[4]) for row in case.rows("log")})
        same("damaged", got["damaged"], case.all_raw("damaged"))
    return lambda raw: sticks.note(raw, under(case), [case.raw("reader_certificate")]), check


def beacon(case):
    def check(got):
        same("kind, node, port", (got["kind"], got["node"], got["port"]), (beacons.ANSWER, case.number("node"), case.number("port")))
        same("echo", got["echo"], case.raw("echo"))
    return lambda raw: beacons.beacon(raw, case.raw("group_key"), under(case)["campaign"]), check


def hello(case):
    def check(got):
        same("who", (got["node"], got["role"], got["receipt"]),
             (case.number("node"), case.number("role"), ints(case.rows("receipt")[0])))
        hops, full = ints(case.rows("way")[0])
        same("way", got["way"], {"hops": hops, "full": [lane for lane in range(4) if full >> lane & 1]})
        same("memory", got["memory"], case.raw("memory"))
        same("news", got["news"], {"raised": dict(ints(row) for row in case.rows("raised")),
                                   "fresh": {ints(row)[:4]: int(row[4]) for row in case.rows("fresh")}})
        same("partials", got["partials"], [ints(row) for row in case.rows("partial")])
        same("beyond", [log + (first, count) for log, first, count in got["beyond"]], [ints(row) for row in case.rows("beyond")])
        same("certificate", got["certificate"], case.raw("certificate"))
        same("messages", got["messages"], link.messages(case.raw("messages")))
    return link.hello, check


def frame(case):
    def check(got):
        same("kinds", [one["kind"] for one in got], ["receipt", "frontier", "bundle", "data", "data", "accept", "skip", "refuse", "previous",
                                                     "back", "stored", "done", "ping", "pong", "way", "tag", "show", "bye"])
        same("receipt", got[0], {"kind": "receipt", "last": True, "way": {"hops": 1, "full": [3]}, "bytes": case.raw("data")})
        row = ints(case.rows("frontier")[0])
        same("frontier", got[1]["frontier"], {row[:4]: row[4]})
        same("bundle", got[2], {"kind": "bundle", "offset": 300, "previous_root": case.raw("previous_root"),
                                "header": case.raw("header")})
        data = {"kind": "data", "lane": 2, "foreign": False, "urgent": False, "offset": 300, "bytes": case.raw("data")}
        same("data", got[3], data)
        same("urgent data", got[4], data | {"lane": 1, "foreign": True, "urgent": True, "offset": 0})
        same("stored", got[10]["refs"], [0, 1, 300])
        same("way", got[14], {"kind": "way", "way": {"hops": 2, "full": [3]}})
        same("show", got[16]["frontier"], got[1]["frontier"])
        at, root = ints(case.rows("frontier")[0]), case.raw("previous_root")
        same("tag", got[15], {"kind": "tag", "tags": [records.log_tag([(at, root)])]})
    return link.messages, check


def datagram(case):
    def check(got):
        same("connection", got["id"], case.number("connection"))
        same("number", got["number"], case.number("number"))
        ack = [int(x) for x in case.text("ack").split()]
        runs = list(zip(ack[4::2], ack[5::2]))
        same("ack", got["ack"], {"newest": ack[0], "waited": ack[1], "whole": ack[2], "run": ack[3], "runs": runs})
        same("data", (got["offset"], got["data"], got["fin"]), (case.number("offset"), case.raw("data"), True))
    return datagrams.packet, check


def noise_vector(case):
    """A whole handshake and the transport messages behind it, both sides, from the public collection."""
    plains, sealed = case.all_raw("payload"), case.all_raw("ciphertext")
    psk = case.raw("psk") if case.has("psk") else None
    sides = [Handshake(case.text("protocol_name"), case.raw("prologue"), initiator, case.raw(who + "_static"),
                       case.raw(who + "_ephemeral"), case.raw("resp_public"), psk)
             for initiator, who in ((True, "init"), (False, "resp"))]
    same("first", sides[0].write_first(plains[0]), sealed[0])
    same("first, read", sides[1].read_first(sealed[0]), plains[0])
    if case.has("hash_after_first"):
        same("hash after the first", sides[0].h, case.raw("hash_after_first"))
    same("second", sides[1].write_second(plains[1]), sealed[1])
    same("second, read", sides[0].read_second(sealed[1]), plains[1])
    ours, theirs = sides[0].split(), sides[1].split()
    for i in range(2, len(plains)):
        same(f"message {i}", ours[i % 2].seal(b"", plains[i]), sealed[i])
        same(f"message {i}, read", theirs[i % 2].open(b"", sealed[i]), plains[i])


def link_exchange(case):
    group_key = case.raw("group_key")
    same("prologue", link.prologue(case.raw("campaign"), group_key), case.raw("prologue"))
    same("psk", link.psk(group_key), case.raw("psk"))
    hub = Handshake(link.LINK_NAME, case.raw("prologue"), False, case.raw("hub_static"), case.raw("hub_ephemeral"),
                    case.raw("hub_public"), case.raw("psk"))
    site = Handshake(link.LINK_NAME, case.raw("prologue"), True, case.raw("site_static"), case.raw("site_ephemeral"),
                     case.raw("hub_public"), case.raw("psk"))
    first = link.frame(case.raw("first_frame"), link.GREETING_MAX)
    same("first", bytes([link.FIRST]) + site.write_first(case.raw("site_hello")), first)
    same("site's hello", hub.read_first(first[1:]), case.raw("site_hello"))
    same("site's key", hub.rs, case.raw("site_public"))
    second = link.frame(case.raw("second_frame"), link.GREETING_MAX)
    same("second", bytes([link.SECOND]) + hub.write_second(case.raw("hub_hello")), second)
    same("hub's hello", site.read_second(second[1:]), case.raw("hub_hello"))
    hellos = link.hello(case.raw("site_hello")), link.hello(case.raw("hub_hello"))
    same("who", [(one["node"], one["role"]) for one in hellos], [(1, people.SITE), (0, people.HUB)])
    done = link.frame(case.raw("done_frame"), link.SEALED_MAX)
    same("done", hub.split()[0].open(b"", done), case.raw("done_plain"))
    same("done, read", link.messages(case.raw("done_plain")), [{"kind": "done"}])
    wanted = {"message_data": "data", "message_stored": "stored", "message_refuse": "refuse", "message_back": "back"}
    for name, kind in wanted.items():
        same(name, [one["kind"] for one in link.messages(case.raw(name))], [kind])


READERS = {
    "founding": founding, "member": member, "profile": profile, "key-file": key_file, "key-file-passphrase": key_file,
    "request": request, "card": card, "run": run, "frontier": frontier, "receipt": receipt, "high-water": high_water,
    "fact-verdict": fact_verdict, "fact-unlock": fact_unlock, "fact-profile": fact_profile, "fact-discard": fact_discard,
    "fact-proof": fact_proof, "fact-errata": fact_errata, "fact-delivery": fact_delivery, "fact-purge": fact_purge,
    "fact-purged": fact_purged,
    "fact-withdrawal": fact_withdrawal, "fact-resolution": fact_resolution, "fact-index": fact_index,
    "fact-second-look": fact_second_look, "fact-national": fact_national, "fact-case": fact_case,
    "fact-timetable": fact_timetable, "fact-code-revocation": fact_code_revocation, "fact-foreign-code": fact_foreign_code,
    "fact-foreign-answer": fact_foreign_answer, "payload": payload, "bundle-header": bundle_header,
    "bundle-header-urgent": bundle_header, "bundle-body": bundle_body,
    "stick-segment": stick_segment, "stick-manifest": stick_manifest, "stick-note": stick_note, "hello": hello, "frame": frame,
    "beacon": beacon, "datagram": datagram,
}
WHOLE = {"noise-ik": noise_vector, "noise-ikpsk2": noise_vector, "link-exchange": link_exchange}


# No signature or hash of their own: a changed byte may be another true value.
UNSEALED = {"frontier", "payload", "fact-verdict", "fact-unlock", "fact-profile", "fact-discard", "fact-proof", "fact-errata",
            "fact-delivery", "fact-purge", "fact-purged", "fact-withdrawal", "fact-resolution",
            "fact-index", "fact-timetable", "fact-second-look", "fact-national", "fact-case",
            "fact-code-revocation", "fact-foreign-code", "fact-foreign-answer", "hello", "frame", "datagram"}


def refuses_every_changed_byte(read, raw):
    """Each byte of what succeeds, changed on its own."""
    for i in range(len(raw)):
        try:
            read(raw[:i] + bytes([raw[i] ^ 0x40]) + raw[i + 1:])
        except Refused:
            continue
        raise AssertionError(f"byte {i} changed, and taken")


def verify_file(path):
    """The number of cases that were looked at."""
    first, refusals = cases(path)
    if path.stem in WHOLE:
        WHOLE[path.stem](first)
        return 1
    if path.stem not in READERS:
        raise AssertionError("no reader for this format")
    read, check = READERS[path.stem](first)
    check(read(first.raw("bytes")))
    if path.stem not in UNSEALED:
        refuses_every_changed_byte(read, first.raw("bytes"))
    for case in refusals:
        try:
            read(case.raw("bytes"))
        except Refused as refused:
            if refused.code != case.expect:
                raise AssertionError(f"{case.text('case')}: refused with {refused}, not {case.expect}") from None
        else:
            raise AssertionError(f"{case.text('case')}: taken, and must be refused with {case.expect}")
    return 1 + len(refusals)


def main():
    faults = 0
    for path in sorted(VECTORS.glob("*.txt")):
        try:
            print(f"{path.stem}: {verify_file(path)} cases")
        except (AssertionError, Refused, KeyError, IndexError, ValueError) as trouble:
            faults += 1
            print(f"{path.stem}: FAILED: {type(trouble).__name__}: {trouble}")
    missing = sorted((set(READERS) | set(WHOLE)) - {path.stem for path in VECTORS.glob("*.txt")})
    if missing:
        faults += 1
        print("no vectors for: " + ", ".join(missing))
    return 1 if faults else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    VECTORS = pathlib.Path(sys.argv[1])
    sys.exit(main())
