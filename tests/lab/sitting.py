"""A sitting: loads are made once, then each profile and tool is measured in turn."""

import json
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import carriers
import measure
import profiles
import report
from campaign import SATCHEL, Campaign
from network import BUILD, SKIPPED, why_not


def add_options(parser):
    parser.add_argument("--photos", type=int, help="portraits to send (default: the profile's)")
    parser.add_argument("--seed", type=int, default=1, help="of the portraits, the losses and the outages (default 1)")
    parser.add_argument("--limit", type=float, help="seconds after which a delivery is given up (default: generous)")
    parser.add_argument("--congestion", help="TCP's congestion control in both namespaces (default: this kernel's)")
    parser.add_argument("--jobs", type=int, default=1, help="profiles measured side by side, each on its own line (default 1)")
    parser.add_argument("--keep", metavar="DIR", help="work in this new folder and leave the nodes' homes there")
    parser.add_argument("--sync-args", default="", help="more arguments for `satchel sync`")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def skip_unless_possible():
    reason = why_not()
    if reason is not None:
        print(f"skipped: no line laboratory on this machine: {reason}", file=sys.stderr)
        sys.exit(SKIPPED)
    for program in (BUILD / "lab/line_emulator", SATCHEL, BUILD / "bin/satchel-roster", BUILD / "bin/satchel-portraits"):
        if not program.exists():
            print(f"not built: {program.name} (cmake --workflow --preset dev)", file=sys.stderr)
            sys.exit(1)


def _say(text):
    print(text, file=sys.stderr, flush=True)


def hold(names, tools, arguments):
    """The exit code. Standard output gets the table or the document, standard error what is going on."""
    known = profiles.load()
    counts = {name: arguments.photos or known[name].photos for name in names}
    options = {"congestion": arguments.congestion, "limit_s": arguments.limit, "keep": bool(arguments.keep),
               "sync_args": arguments.sync_args.split()}
    with tempfile.TemporaryDirectory(prefix="satchel-lab.") as temporary:
        folder = Path(arguments.keep).resolve() if arguments.keep else Path(temporary)
        if arguments.keep:
            folder.mkdir(parents=True)
        _say(f"making a campaign of {max(counts.values())} portraits (seed {arguments.seed})")
        campaign = Campaign(folder / "campaign", arguments.seed, max(counts.values()))
        loads = {count: campaign.load(count) for count in sorted(set(counts.values()))}
        once = {}
        for count, load in loads.items():
            for tool in tools:
                once[tool, count] = measure.perfect_bytes(tool, load, folder, options)

        def of_profile(name):
            place = folder / name
            place.mkdir()
            out = []
            for tool in tools:
                _say(f"{name}: {tool.name}, {counts[name]} portraits")
                out.append(measure.measure(tool, known[name], arguments.seed, loads[counts[name]], place, options,
                                           once[tool, counts[name]]))
                _say(report.table(out[-1:]).splitlines()[-1])
            return out

        with ThreadPoolExecutor(arguments.jobs) as pool:
            rows = [row for of_one in pool.map(of_profile, names) for row in of_one]
    if arguments.json:
        print(json.dumps({"schema": "satchel.lab/1", "measurements": rows}, ensure_ascii=False))
    else:
        print(report.table(rows))
        print("\n".join(report.notes(rows)))
    ours = [row for row in rows if row["tool"] == carriers.Satchel.name]
    return 0 if all(row["finished"] and not row["faults"] for row in ours) else 1
