"""Bytes from outside, taken one field at a time. Whatever does not fit raises Refused with a stable code."""

U64_MAX = 2**64 - 1


class Refused(Exception):
    """The bytes are not what SPEC.md says; `code` is the code that a node would give."""

    def __init__(self, code, why=""):
        super().__init__(f"{code} {why}".strip())
        self.code = code


class ByteReader:
    """Takes fields from the front of `data`. `code` is what a field that is not there is refused with."""

    def __init__(self, data, code="E-MALFORMED"):
        self.data, self.at, self.code = bytes(data), 0, code

    def refuse(self, why):
        raise Refused(self.code, why)

    def left(self):
        return len(self.data) - self.at

    def take(self, n):
        if n > self.left():
            self.refuse("cut")
        self.at += n
        return self.data[self.at - n:self.at]

    def rest(self):
        return self.take(self.left())

    def u8(self):
        return self.take(1)[0]

    def u16(self):
        return int.from_bytes(self.take(2), "little")

    def u32(self):
        return int.from_bytes(self.take(4), "little")

    def u64(self):
        return int.from_bytes(self.take(8), "little")

    def varint(self, most=U64_MAX):
        """LEB128 in its shortest form."""
        value = shift = 0
        while True:
            byte = self.u8()
            value |= (byte & 0x7F) << shift
            if not byte & 0x80:
                if byte == 0 and shift:
                    self.refuse("a number in more bytes than it needs")
                break
            shift += 7
            if shift > 63:
                self.refuse("a number over 64 bits")
        if value > most:
            self.refuse(f"{value} is over {most}")
        return value

    def sized(self, most=None, over="E-LIMIT"):
        n = self.varint()
        if most is not None and n > most:
            raise Refused(over, f"{n} bytes, {most} at most")
        return self.take(n)

    def count(self, size_least):
        """A number of things of at least so many bytes each: bounded by the bytes that are here."""
        n = self.varint()
        if n * size_least > self.left():
            self.refuse("more things than bytes")
        return n

    def text(self, most, least=1):
        raw = self.sized()
        if not least <= len(raw) <= most:
            self.refuse("a text of the wrong length")
        try:
            words = raw.decode("utf-8")
        except UnicodeDecodeError:
            self.refuse("not UTF-8")
        if any(ord(c) < 0x20 or ord(c) == 0x7F for c in words):
            self.refuse("a control character")
        return words

    def end(self):
        if self.left():
            self.refuse("bytes behind the end")


def varint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def sized(data):
    return varint(len(data)) + data
