"""Every code that a person may be shown has a test that reaches it: its name stands in a test, or the name of the enumerator does."""

import re
from pathlib import Path

import tree

# Catalogue → how its lines name a code: an enumerator (where there is one), and the code.
CATALOGUES = {
    "core/base/codes.def": r'SATCHEL_CODE\((?P<name>\w+), "(?P<code>E-[A-Z0-9-]+)"',
    "core/base/codes_scan.def": r'SATCHEL_CODE\((?P<name>\w+), "(?P<code>E-[A-Z0-9-]+)"',
    "core/campaign/profile_faults.def": r'SATCHEL_PROFILE_FAULT\((?P<name>\w+), "(?P<code>P-[A-Z0-9-]+)"',
    "core/campaign/row_messages.cpp": r'RowMessage\{(?P<name>)"(?P<code>R-[A-Z0-9-]+)"',
    "core/campaign/timetable.cpp": r'SlotMessage\{(?P<name>)"(?P<code>T-[A-Z0-9-]+)"',
    "core/campaign/reasons.cpp": r'RejectReason\{(?P<name>)"(?P<code>R-[A-Z0-9-]+)"',
    "core/portrait/catalogue.def": r'SATCHEL_MESSAGE\((?P<name>)"(?P<code>[A-Z]-[A-Z0-9-]+)"',
    "core/portrait/guide.cpp": r'HintWords\{Hint::(?P<name>\w+), "(?P<code>H-[A-Z0-9-]+)"',
    "core/portrait/replace.cpp": r'\{GroundChange::(?P<name>\w+), "(?P<code>G-[A-Z0-9-]+)"',
    "core/portrait/station.cpp": r'(?P<name>)"(?P<code>S-[A-Z0-9-]+)"',
    "core/portrait/checklist.def": r'SATCHEL_CHECK_ITEM\((?P<name>)"(?P<code>C-[A-Z0-9-]+)"',
    "node/doctor.def": r'SATCHEL_FINDING\((?P<name>\w+), "(?P<code>D-[A-Z0-9-]+)"',
}

# What stands in these is a code that a test hands in, passes on or counts, not one that came out.
GIVING = ("tests/support/", "tests/vectors/", "tests/sim/", "tests/bench/", "tests/fuzz/", "tests/lab/", "tests/style/")
# A line in which a test's own fake gives the code.
GIVES = re.compile(r"\breturn (core::|satchel::)*Code::|\bfail_from_write\(")


def _spoken(root):
    """What the tests say, without what they only give."""
    paths = [path for path in tree.files(root, {".cpp", ".h", ".csv", ".py"}, ("tests",)) if not path.startswith(GIVING)]
    return "\n".join(line for path in paths for line in tree.read(root, path).splitlines() if not GIVES.search(line))


def check(root):
    tests = _spoken(root)
    codes = set(re.findall(r"(?<![\w-])[A-Z]-[A-Z0-9-]*[A-Z0-9]", tests))
    names = set(re.findall(r"::(\w+)", tests))
    faults = set()
    for path, pattern in CATALOGUES.items():
        if not (Path(root) / path).is_file():
            continue
        for match in re.finditer(pattern, tree.read(root, path)):
            code, name = match["code"], match["name"]
            reached = name in names if path.endswith("profile_faults.def") else code in codes or (name and name in names)
            if not reached:
                faults.add(f"{path}: no test reaches {code}")
    return sorted(faults)
