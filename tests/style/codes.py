"""Every code that a person may be shown has a test that reaches it: its name stands in a test, or the name of the enumerator does."""

import re
from pathlib import Path

import tree

# Catalogue → how its lines name a code: an enumerator (where there is one), and the code.
CATALOGUES = {
    "core/base/codes.def": r'SATCHEL_CODE\((?P<name>\w+), "(?P<code>E-[A-Z0-9-]+)"',
    "core/campaign/profile_faults.def": r'SATCHEL_PROFILE_FAULT\((?P<name>\w+), "(?P<code>P-[A-Z0-9-]+)"',
    "core/campaign/row_messages.cpp": r'RowMessage\{(?P<name>)"(?P<code>R-[A-Z0-9-]+)"',
    "core/campaign/timetable.cpp": r'SlotMessage\{(?P<name>)"(?P<code>T-[A-Z0-9-]+)"',
    "core/campaign/reasons.cpp": r'RejectReason\{(?P<name>)"(?P<code>R-[A-Z0-9-]+)"',
    "core/portrait/catalogue.def": r'SATCHEL_MESSAGE\((?P<name>)"(?P<code>[A-Z]-[A-Z0-9-]+)"',
    "node/doctor.def": r'SATCHEL_FINDING\((?P<name>\w+), "(?P<code>D-[A-Z0-9-]+)"',
}

# What only another machine shows. Each says which; one that a test reaches after all does not belong here.
ELSEWHERE = {
    "E-TOO-FEW-PEOPLE": "a face model, which is not in the tree",
}


def _spoken(root):
    return "\n".join(tree.read(root, path) for path in tree.files(root, {".cpp", ".h", ".csv", ".py"}, ("tests",))
                     if not path.startswith("tests/style/"))


def check(root, elsewhere=None):
    elsewhere = ELSEWHERE if elsewhere is None else elsewhere
    tests = _spoken(root)
    codes = set(re.findall(r"(?<![\w-])[A-Z]-[A-Z0-9-]*[A-Z0-9]", tests))
    names = set(re.findall(r"::(\w+)", tests))
    faults = []
    known = set()
    for path, pattern in CATALOGUES.items():
        if not (Path(root) / path).is_file():
            continue
        for match in re.finditer(pattern, tree.read(root, path)):
            code, name = match["code"], match["name"]
            known.add(code)
            reached = name in names if path.endswith("profile_faults.def") else code in codes or (name and name in names)
            if not reached and code not in elsewhere:
                faults.append(f"{path}: no test reaches {code}")
            if reached and code in elsewhere:
                faults.append(f"tests/style/codes.py: {code} is reached by a test and needs no excuse")
    faults += [f"tests/style/codes.py: {code} is no code" for code in sorted(set(elsewhere) - known) if known]
    return sorted(set(faults))
