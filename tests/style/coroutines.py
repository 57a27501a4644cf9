"""The shapes that GCC 12.2 compiles wrongly around co_await: braced aggregates, capturing lambdas, ?: (see the style page,
"Coroutines"), and coroutines that are lambdas. Statements are found by a small reading of the brackets, not by a compiler."""

import re

import tree

_TOKEN = re.compile(r"[A-Za-z_]\w*|::|->|\S")
_BLOCK_AFTER = {")", "else", "do", "try", "const", "noexcept", "override", "final", "mutable", ";", "{", "}", ":"}
_BLOCK_HEADS = {"namespace", "class", "struct", "union", "enum", "extern"}
_LAMBDA_BEFORE = {"(", ",", "=", "return", "{", ";", "}", "&&", "co_await", "co_return", "?", ":"}


class _Reader:
    def __init__(self, text):
        self.text = text
        self.tokens = [(m.group(0), m.start()) for m in _TOKEN.finditer(text)]
        self.at = 0
        self.faults = []  # (offset, sentence)

    def word(self, index):
        return self.tokens[index][0] if 0 <= index < len(self.tokens) else ""

    def read_block(self):
        """Reads statements up to the closing brace of this block; true when one of them suspends."""
        suspends = False
        while self.at < len(self.tokens) and self.word(self.at) != "}":
            suspends |= self.read_statement()
        self.at += 1
        return suspends

    def read_statement(self):
        """One statement, or the head of a block with its block. True when it suspends, itself or inside its block."""
        shape = {"co_await": None, "suspends": False, "braces": False, "capture": False, "question": False}
        start, depth = self.at, 0
        inner = False
        while self.at < len(self.tokens):
            word, offset = self.tokens[self.at]
            if word in "([" and not (word == "[" and self.read_lambda(shape)):
                depth += 1
            elif word in ")]" and len(word) == 1:
                depth -= 1
            elif word == ";" and depth <= 0:
                self.at += 1
                break
            elif word == "}" and depth <= 0:
                break
            elif word == "{":
                if depth <= 0 and self.opens_block(start):
                    self.at += 1
                    inner = self.read_block()
                    break
                shape["braces"] = True
                depth += 1
            elif word == "}":
                depth -= 1
            elif word == "co_await":
                shape["co_await"] = offset
                shape["suspends"] = True
            elif word == "co_return":
                shape["suspends"] = True
            elif word == "?":
                shape["question"] = True
            self.at += 1
        self.judge(shape)
        return shape["suspends"] or inner

    def opens_block(self, start):
        head = [self.word(i) for i in range(start, self.at)]
        if not head or head[0] in _BLOCK_HEADS or (head[0] == "template" and _BLOCK_HEADS & set(head)):
            return True
        if head[-1] in _BLOCK_AFTER:
            return "=" not in head or "operator" in head or head[0] in ("if", "for", "while", "switch")
        if "->" in head and ")" in head:  # a function with its result type behind
            return "=" not in head
        return ":" in head and ")" in head and head[-1] in ("}", ")")  # the end of a constructor's list

    def read_lambda(self, shape):
        """At "[": when it opens a lambda, reads past its body and notes it. False: an index or an attribute."""
        before = self.word(self.at - 1)
        if self.word(self.at + 1) == "[" or before not in _LAMBDA_BEFORE:
            return False
        end = self.skip("[", "]", self.at)
        captures = end - self.at > 2
        offset = self.tokens[self.at][1]
        body = end
        if self.word(body) == "(":
            body = self.skip("(", ")", body)
        while self.word(body) not in ("{", ";", "", ")", "}"):
            body += 1
        if self.word(body) != "{":
            return False
        self.at = body + 1
        if self.read_block():
            self.faults.append((offset, "a coroutine is a named function, never a lambda"))
        self.at -= 1  # on the closing brace, which the caller steps over
        shape["capture"] |= captures
        return True

    def skip(self, opening, closing, index):
        depth = 0
        while index < len(self.tokens):
            depth += (self.word(index) == opening) - (self.word(index) == closing)
            index += 1
            if depth == 0:
                break
        return index

    def judge(self, shape):
        if shape["co_await"] is None:
            return
        for key, sentence in (("braces", "braces in a statement with co_await: build the value in the line above"),
                              ("capture", "a capturing lambda in a statement with co_await: name it in the line above"),
                              ("question", "?: in a statement with co_await: use if")):
            if shape[key]:
                self.faults.append((shape["co_await"], sentence))


def faults_in(text):
    """(line, sentence) for each bad shape in a C++ text."""
    stripped = tree.bare(text)
    stripped = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda m: "\n" * m.group(0).count("\n"), stripped, flags=re.MULTILINE)
    reader = _Reader(stripped)
    while reader.at < len(reader.tokens):
        reader.read_block()
    return [(tree.line_of(stripped, offset), sentence) for offset, sentence in sorted(reader.faults)]


def check(root):
    faults = []
    for path in tree.files(root, {".h", ".cpp"}):
        text = tree.read(root, path)
        if "co_await" in text or "co_return" in text:
            faults += [f"{path}:{line}: {sentence}" for line, sentence in faults_in(text)]
    return faults
