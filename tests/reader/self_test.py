#!/usr/bin/env python3
"""Plants faults in copies of the vectors; verify_vectors.py must find each.

    python3 tests/reader/self_test.py protocol/vectors
"""

import pathlib
import re
import subprocess
import sys
import tempfile


def first_bytes_changed(text):
    """The last byte of the case that succeeds."""
    return re.sub(r"(?m)^(bytes: .*?)(..)$", lambda m: m[1] + f"{int(m[2], 16) ^ 1:02x}", text, count=1)


def a_refusal_made_true(text):
    """The bytes that succeed stand where a refusal is expected."""
    good = re.search(r"(?m)^bytes: (.*)$", text)[1]
    return re.sub(r"(?m)^(case: .*\nexpect: .*\nbytes:).*$", lambda m: f"{m[1]} {good}", text, count=1)


def another_code(text):
    return text.replace("expect: E-SIGNATURE", "expect: E-HASH", 1)


def another_meaning(text):
    return re.sub(r"(?m)^epoch: .*$", "epoch: 77", text, count=1)


PLANTED = [("receipt.txt", first_bytes_changed), ("bundle-body.txt", first_bytes_changed), ("run.txt", a_refusal_made_true),
           ("frontier.txt", a_refusal_made_true), ("member.txt", another_code), ("receipt.txt", another_meaning)]


def run(folder):
    program = pathlib.Path(__file__).with_name("verify_vectors.py")
    return subprocess.run([sys.executable, "-B", program, folder], capture_output=True, text=True, check=False)


def main(source):
    missed = 0
    for name, plant in PLANTED:
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder)
            for path in source.glob("*.txt"):
                (copy / path.name).write_bytes(path.read_bytes())
            text = (copy / name).read_text(encoding="utf-8")
            planted = plant(text)
            if planted == text:
                raise SystemExit(f"{plant.__name__} changes nothing in {name}")
            (copy / name).write_text(planted, encoding="utf-8")
            done = run(copy)
            caught = done.returncode != 0 and f"{name.removesuffix('.txt')}: FAILED" in done.stdout
            print(f"{name}, {plant.__name__}: {'caught' if caught else 'MISSED'}")
            missed += not caught
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder)
        (copy / "new-format.txt").write_text("expect: success\nbytes: 00\n", encoding="utf-8")
        missed += run(copy).returncode == 0
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
