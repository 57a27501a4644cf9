"""compare.sh: Satchel and what people would take instead, on the same lines with the same load."""

import argparse
import os
import shutil
import sys

import carriers
import others
import profiles
import sitting


def main():
    known = profiles.load()
    tools = {tool.name: tool for tool in (carriers.Satchel, *others.OTHERS)}
    parser = argparse.ArgumentParser(prog="compare.sh", description="Satchel, rsync over ssh, Syncthing and NNCP with the same portraits "
                                     "and records over the same emulated lines, as a table.")
    parser.add_argument("--profiles", default=",".join(profiles.JUDGED), help="split by commas (default: all six)")
    parser.add_argument("--tools", default=",".join(tools), help="split by commas (default: all four)")
    sitting.add_options(parser)
    arguments = parser.parse_args()
    names, chosen = arguments.profiles.split(","), arguments.tools.split(",")
    for what, asked, there in (("profile", names, known), ("tool", chosen, tools)):
        for name in asked:
            if name not in there:
                parser.error(f"no such {what}: {name} (there are {', '.join(there)})")
    sitting.skip_unless_possible()
    os.environ["PATH"] += os.pathsep + "/usr/sbin"
    missing = [program for name in chosen for program in getattr(tools[name], "programs", ()) if shutil.which(program) is None]
    if missing:
        print(f"not installed: {', '.join(missing)} (.ci/install-packages --lab)", file=sys.stderr)
        return 1
    return sitting.hold(names, [tools[name] for name in chosen], arguments)


if __name__ == "__main__":
    sys.exit(main())
