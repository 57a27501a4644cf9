"""run.sh: Satchel over one line, or over all of them."""

import argparse
import sys

import carriers
import profiles
import sitting


def main():
    known = profiles.load()
    parser = argparse.ArgumentParser(prog="run.sh", description="Satchel over an emulated line: what it takes, as a table.")
    parser.add_argument("profile", nargs="*", choices=[*known, []], help="one or more of " + ", ".join(known))
    parser.add_argument("--sample", action="store_true", help="all six profiles, one after the other")
    sitting.add_options(parser)
    arguments = parser.parse_args()
    names = list(profiles.JUDGED) if arguments.sample else arguments.profile
    if not names:
        parser.error("which profile? (or --sample)")
    sitting.skip_unless_possible()
    return sitting.hold(names, [carriers.Satchel], arguments)


if __name__ == "__main__":
    sys.exit(main())
