"""protocol/vectors/*.txt: fields as `name: value`; the case that succeeds first, then, each behind an empty line, the refusals."""


class Case:
    def __init__(self, lines):
        self.fields = {}
        for line in lines:
            name, _, value = line.partition(":")
            self.fields.setdefault(name.strip(), []).append(value.strip())

    def has(self, name):
        return name in self.fields

    def text(self, name):
        return self.fields[name][0]

    def number(self, name):
        return int(self.fields[name][0])

    def raw(self, name):
        return bytes.fromhex(self.fields[name][0])

    def all_raw(self, name):
        return [bytes.fromhex(value) for value in self.fields.get(name, [])]

    def all_text(self, name):
        return self.fields.get(name, [])

    def rows(self, name):
        return [tuple(value.split()) for value in self.fields.get(name, [])]

    @property
    def expect(self):
        return self.text("expect")


def cases(path):
    """The success case (with the inputs of all) and the list of refusals."""
    blocks = [block.splitlines() for block in path.read_text(encoding="utf-8").strip().split("\n\n")]
    first, *others = [Case(block) for block in blocks]
    if first.expect != "success":
        raise ValueError(f"{path.name}: the first case does not succeed")
    return first, others
