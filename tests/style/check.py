#!/usr/bin/env python3
"""check.py NAME ROOT: one style check over the project; every fault is a line, and the exit code says whether there was one.
Exit code 77 means that this machine cannot tell."""

import sys

import codes
import coroutines
import layering
import texts

CHECKS = {
    "layering": layering.check,
    "coroutines": coroutines.check,
    "sizes": texts.check_sizes,
    "words": texts.check_words,
    "readmes": texts.check_readmes,
    "codes": codes.check,
    "format": texts.check_format,
}


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in CHECKS:
        print(f"usage: check.py {'|'.join(CHECKS)} ROOT", file=sys.stderr)
        return 2
    faults = CHECKS[sys.argv[1]](sys.argv[2])
    if faults is None:
        print("skipped: the package clang-format-14 is not installed (.ci/install-packages --lint)")
        return 77
    print("\n".join(faults) if faults else "nothing found")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
