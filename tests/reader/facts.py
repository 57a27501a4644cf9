"""Record bodies: packed Cap'n Proto with a Fact of protocol/schema/fact.capnp as its root. Reads the framing, the packing and the
pointers (capnproto.org/encoding.html), and of the kinds of fact what is said of a
student or the campaign after a picture was submitted."""

import struct

from byte_reader import ByteReader, Refused

TRAVERSAL_WORDS_MAX = 1024 * 1024 // 8
# The kinds of fact by number, as the schema's union has them.
KINDS = ("roster", "capture", "submission", "verdict", "export", "member", "revocation", "unlock", "profile", "discard",
         "withdrawal", "resolution", "index", "timetable", "second look",
         "national", "case step", "proof", "errata", "delivery", "purge", "purged", "code revocation", "foreign code", "foreign answer")
FACT_KINDS = len(KINDS)
CODE_REVOCATION, FOREIGN_CODE, FOREIGN_ANSWER = (KINDS.index(name) for name in KINDS[-3:])
SEALED_CODE_MAX = 4096
ANSWER_SOURCES = 3
VERDICT, UNLOCK, PROFILE, DISCARD, WITHDRAWAL, RESOLUTION, INDEX, TIMETABLE = 3, 7, 8, 9, 10, 11, 12, 13
SECOND_LOOK, NATIONAL, CASE_STEP = 14, 15, 16
PROOF, ERRATA, DELIVERY, PURGE, PURGED = 17, 18, 19, 20, 21
FIELDS_MAX, DESTROYED_MAX = 32, 512
DISMISSED_MAX, INDEX_MAX, SLOTS_MAX = 64, 2000, 500
PROFILE_MAX = 62 * 1024
TEXT_MAX = 1000
CODE_MAX = 40
STUDENT_BITS = 50


def unpack(packed):
    """Packed bytes to words: a tag byte says which of the next eight bytes are not zero."""
    r, out = ByteReader(packed), bytearray()
    while r.left():
        tag = r.u8()
        out += bytes(r.u8() if tag >> i & 1 else 0 for i in range(8))
        if tag == 0:
            out += bytes(8 * r.u8())
        elif tag == 0xFF:
            out += r.take(8 * r.u8())
        if len(out) > 8 * TRAVERSAL_WORDS_MAX:
            raise Refused("E-LIMIT")
    return bytes(out)


class Message:
    """The segments of one message. A pointer is (segment, word)."""

    def __init__(self, data):
        r = ByteReader(unpack(data))
        count = r.u32() + 1
        if count > 512:
            r.refuse("too many segments")
        sizes = [r.u32() for _ in range(count)]
        if count % 2 == 0:
            r.u32()
        self.segments = [r.take(8 * size) for size in sizes]
        r.end()

    def word(self, segment, at):
        if segment >= len(self.segments) or not 0 <= at < len(self.segments[segment]) // 8:
            raise Refused("E-MALFORMED", "a pointer out of the message")
        return int.from_bytes(self.segments[segment][8 * at:8 * at + 8], "little")

    def follow(self, segment, at):
        """What the pointer at this word leads to: (pointer word, segment, first word), far pointers followed."""
        pointer = self.word(segment, at)
        if pointer & 3 != 2:
            offset = (pointer & 0xFFFFFFFF) >> 2
            if offset >= 1 << 29:
                offset -= 1 << 30
            return pointer, segment, at + 1 + offset
        far_segment, pad = pointer >> 32, (pointer & 0xFFFFFFFF) >> 3
        if pointer & 4 == 0:
            inner = self.word(far_segment, pad)
            if inner & 3 == 2:
                raise Refused("E-MALFORMED", "a far pointer to a far pointer")
            return self.follow(far_segment, pad)
        landing, tag = self.word(far_segment, pad), self.word(far_segment, pad + 1)
        return tag, landing >> 32, (landing & 0xFFFFFFFF) >> 3

    def struct(self, segment, at):
        pointer, segment, first = self.follow(segment, at)
        if pointer == 0:
            return Struct(self, segment, 0, 0, 0)
        if pointer & 3:
            raise Refused("E-MALFORMED", "no struct")
        data, pointers = pointer >> 32 & 0xFFFF, pointer >> 48
        if data + pointers:
            self.word(segment, first), self.word(segment, first + data + pointers - 1)
        return Struct(self, segment, first, data, pointers)


class Struct:
    def __init__(self, message, segment, first, data, pointers):
        self.message, self.segment, self.first, self.data, self.pointers = message, segment, first, data, pointers

    def number(self, form, offset):
        size = struct.calcsize(form)
        if offset + size > 8 * self.data:
            return 0
        begin = 8 * self.first + offset
        return struct.unpack("<" + form, self.message.segments[self.segment][begin:begin + size])[0]

    def bit(self, n):
        return bool(self.number("B", n // 8) >> n % 8 & 1)

    def child(self, n):
        if n >= self.pointers:
            return Struct(self.message, 0, 0, 0, 0)
        return self.message.struct(self.segment, self.first + self.data + n)

    def data_at(self, n):
        if n >= self.pointers:
            return b""
        pointer, segment, first = self.message.follow(self.segment, self.first + self.data + n)
        if pointer == 0:
            return b""
        size = pointer >> 35
        if pointer & 3 != 1 or pointer >> 32 & 7 != 2:
            raise Refused("E-MALFORMED", "no list of bytes")
        if size:
            self.message.word(segment, first), self.message.word(segment, first + (size + 7) // 8 - 1)
        return self.message.segments[segment][8 * first:8 * first + size]

    def list_at(self, n):
        """(element size code, count or words, segment, first word) of the list that a pointer leads to; None for none."""
        if n >= self.pointers:
            return None
        pointer, segment, first = self.message.follow(self.segment, self.first + self.data + n)
        if pointer == 0:
            return None
        if pointer & 3 != 1:
            raise Refused("E-MALFORMED", "no list")
        return pointer >> 32 & 7, pointer >> 35, segment, first

    def data_list_at(self, n, most):
        found = self.list_at(n)
        if found is None:
            return []
        code, count, segment, first = found
        if code != 6:
            raise Refused("E-MALFORMED", "no list of pointers")
        if count > most:
            raise Refused("E-LIMIT", "too long a list")
        holder = Struct(self.message, segment, first, 0, count)
        return [holder.data_at(i) for i in range(count)]

    def structs_at(self, n, most):
        found = self.list_at(n)
        if found is None:
            return []
        code, _, segment, first = found
        if code != 7:
            raise Refused("E-MALFORMED", "no list of structs")
        tag = self.message.word(segment, first)
        count, data, pointers = (tag & 0xFFFFFFFF) >> 2, tag >> 32 & 0xFFFF, tag >> 48
        if tag & 3:
            raise Refused("E-MALFORMED", "no list of structs")
        if count > most:
            raise Refused("E-LIMIT", "too long a list")
        size = data + pointers
        if count * size:
            self.message.word(segment, first + count * size)
        return [Struct(self.message, segment, first + 1 + i * size, data, pointers) for i in range(count)]

    def text_at(self, n, most):
        raw = self.data_at(n)
        if not raw:
            return ""
        if raw[-1] != 0 or len(raw) - 1 > most:
            raise Refused("E-MALFORMED" if raw[-1] else "E-LIMIT", "no text")
        try:
            return raw[:-1].decode("utf-8")
        except UnicodeDecodeError:
            raise Refused("E-MALFORMED", "not UTF-8") from None


def fact(data):
    """(number of the kind, its struct)."""
    if not data:
        raise Refused("E-MALFORMED", "nothing")
    root = Message(data).struct(0, 0)
    kind = root.number("H", 0)
    if kind >= FACT_KINDS:
        raise Refused("E-VERSION")
    return kind, root.child(0)


def moment(s):
    return {"boot_id": s.number("Q", 0), "mono_ms": s.number("q", 8), "wall_ms": s.number("q", 16)}


def verdict(data):
    kind, s = fact(data)
    if kind != VERDICT:
        raise Refused("E-MALFORMED", "no verdict")
    submission = s.data_at(0)
    if len(submission) != 32 or s.number("Q", 0) >> STUDENT_BITS:
        raise Refused("E-MALFORMED", "a verdict on nothing")
    return {"student": s.number("Q", 0), "approved": s.bit(64), "undone": s.bit(65), "review_epoch": s.number("Q", 16), "submission": submission,
            "reason": s.text_at(1, CODE_MAX), "note": s.text_at(2, TEXT_MAX), "by": s.text_at(4, TEXT_MAX), **moment(s.child(3))}


def unlock(data):
    kind, s = fact(data)
    if kind != UNLOCK:
        raise Refused("E-MALFORMED", "no unlock")
    submission = s.data_at(0)
    if len(submission) != 32 or s.number("Q", 0) >> STUDENT_BITS:
        raise Refused("E-MALFORMED", "an unlock of nothing")
    return {"student": s.number("Q", 0), "attempts": s.number("I", 8), "review_epoch": s.number("Q", 16), "submission": submission,
            "note": s.text_at(1, TEXT_MAX), **moment(s.child(2))}


def profile(data):
    kind, s = fact(data)
    if kind != PROFILE:
        raise Refused("E-MALFORMED", "no profile")
    if len(s.data_at(0)) > PROFILE_MAX:
        raise Refused("E-LIMIT", "a profile that is too long")
    return {"signed": s.data_at(0)}


def about(data, kind, what):
    """(struct, the 32 bytes that its first pointer names) of a fact about one record of a student."""
    got, s = fact(data)
    if got != kind:
        raise Refused("E-MALFORMED", "no " + what)
    if len(s.data_at(0)) != 32 or s.number("Q", 0) >> STUDENT_BITS:
        raise Refused("E-MALFORMED", "a %s of nothing" % what)
    return s, s.data_at(0)


def discard(data):
    s, capture = about(data, DISCARD, "discard")
    return {"student": s.number("Q", 0), "capture": capture, **moment(s.child(1))}


def withdrawal(data):
    s, submission = about(data, WITHDRAWAL, "withdrawal")
    return {"student": s.number("Q", 0), "submission": submission, **moment(s.child(1))}


def resolution(data):
    s, chosen = about(data, RESOLUTION, "resolution")
    dismissed = s.data_list_at(1, DISMISSED_MAX)
    if any(len(one) != 32 for one in dismissed):
        raise Refused("E-MALFORMED", "a resolution against nothing")
    return {"student": s.number("Q", 0), "chosen": chosen, "dismissed": dismissed, "note": s.text_at(2, TEXT_MAX),
            "review_epoch": s.number("Q", 8), **moment(s.child(3))}


def second_look(data):
    s, submission = about(data, SECOND_LOOK, "second look")
    return {"student": s.number("Q", 0), "submission": submission, "approved": int(s.bit(64)), "reason": s.text_at(1, CODE_MAX),
            "by": s.text_at(2, TEXT_MAX), "seed": s.number("Q", 16), **moment(s.child(3))}


def national(data):
    s, submission = about(data, NATIONAL, "national result")
    result = s.number("H", 8)
    if result > 2:
        raise Refused("E-MALFORMED", "a result that is none")
    return {"student": s.number("Q", 0), "submission": submission, "result": result, "reason": s.text_at(1, TEXT_MAX),
            "version": s.number("Q", 16), **moment(s.child(2))}


def case_step(data):
    kind, s = fact(data)
    if kind != CASE_STEP or s.number("Q", 0) >> STUDENT_BITS:
        raise Refused("E-MALFORMED", "no step of a case")
    return {"student": s.number("Q", 0), "closed": int(s.bit(64)), "owner": s.text_at(0, TEXT_MAX), "next": s.text_at(1, TEXT_MAX),
            "due_ms": s.number("q", 16), "version": s.number("Q", 24), **moment(s.child(2))}


def index(data):
    kind, s = fact(data)
    if kind != INDEX:
        raise Refused("E-MALFORMED", "no index")
    entries = []
    for one in s.structs_at(0, INDEX_MAX):
        if one.number("Q", 0) >> STUDENT_BITS:
            raise Refused("E-MALFORMED", "an entry of nobody")
        entries.append((one.number("Q", 0), one.number("I", 8), *(int(one.bit(96 + n)) for n in range(3))))
    return {"version": s.number("Q", 0), "entries": entries}


def timetable(data):
    kind, s = fact(data)
    if kind != TIMETABLE:
        raise Refused("E-MALFORMED", "no timetable")
    slots = [(one.text_at(0, TEXT_MAX), one.text_at(1, TEXT_MAX), one.number("q", 0), one.number("q", 8))
             for one in s.structs_at(0, SLOTS_MAX)]
    return {"version": s.number("Q", 0), "slots": slots}


def about_student(data, kind, what):
    got, s = fact(data)
    if got != kind or s.number("Q", 0) >> STUDENT_BITS:
        raise Refused("E-MALFORMED", "no " + what)
    return s


def texts(s, n):
    raw = s.data_list_at(n, FIELDS_MAX)
    if any(not one or one[-1] != 0 or len(one) - 1 > CODE_MAX for one in raw):
        raise Refused("E-MALFORMED", "no text")
    return [one[:-1].decode("utf-8") for one in raw]


def scope(s):
    if not 1 <= s.number("B", 8) <= 3:
        raise Refused("E-MALFORMED", "no scope")
    return s.number("B", 8)


def proof(data):
    s, submission = about(data, PROOF, "proof")
    return {"student": s.number("Q", 0), "submission": submission, "right": s.bit(64), "fields": texts(s, 1),
            "note": s.text_at(2, TEXT_MAX), "epoch": s.number("Q", 16), **moment(s.child(3))}


def errata(data):
    s = about_student(data, ERRATA, "errata")
    return {"student": s.number("Q", 0), "closed": s.bit(64), "fields": texts(s, 0), "note": s.text_at(1, TEXT_MAX),
            "epoch": s.number("Q", 16), **moment(s.child(2))}


def delivery(data):
    s, submission = about(data, DELIVERY, "delivery")
    return {"student": s.number("Q", 0), "submission": submission, **moment(s.child(1))}


def purge(data):
    s = about_student(data, PURGE, "purge")
    return {"student": s.number("Q", 0), "scope": scope(s), **moment(s.child(0))}


def purged(data):
    s = about_student(data, PURGED, "purged")
    destroyed = s.data_list_at(0, DESTROYED_MAX)
    if any(len(one) != 32 for one in destroyed):
        raise Refused("E-MALFORMED", "a picture of nothing")
    return {"student": s.number("Q", 0), "scope": scope(s), "destroyed": destroyed, "bytes": s.number("Q", 16),
            "rows": s.number("I", 12), **moment(s.child(1))}


def code_revocation(data):
    kind, s = fact(data)
    if kind != CODE_REVOCATION:
        raise Refused("E-MALFORMED", "no code revocation")
    if s.number("Q", 0) >> STUDENT_BITS:
        raise Refused("E-MALFORMED", "the codes of nobody")
    return {"student": s.number("Q", 0), "below": s.number("Q", 8), **moment(s.child(0))}


def foreign_code(data):
    s, digest = about(data, FOREIGN_CODE, "foreign code")
    sealed, recovery = s.data_at(1), s.data_at(2)
    if max(len(sealed), len(recovery)) > SEALED_CODE_MAX:
        raise Refused("E-LIMIT", "a code that is too long")
    return {"student": s.number("Q", 0), "digest": digest, "sealed": sealed, "sealed_recovery": recovery,
            "reason": s.text_at(3, TEXT_MAX), **moment(s.child(4))}


def foreign_answer(data):
    s, digest = about(data, FOREIGN_ANSWER, "foreign answer")
    source = s.number("H", 10)
    if source >= ANSWER_SOURCES:
        raise Refused("E-MALFORMED", "an answer of nobody")
    return {"student": s.number("Q", 0), "digest": digest, "confirmed": int(s.bit(64)), "source": source,
            "epoch": s.number("Q", 16), **moment(s.child(1))}
