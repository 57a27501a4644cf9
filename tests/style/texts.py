"""Checks of plain text: sizes, unfinished work, traces of a machine, folder READMEs, formatting."""

import re
import shutil
import subprocess
from pathlib import Path

import tree

LINES_MAX = 450
LINES_MAX_TESTS = 600

# Written in halves so that this file does not find itself.
_UNFINISHED = re.compile(r"\b(?:" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")
_PROMISES = re.compile(r"\b(?:" + "|".join(("stu" + "b", "place" + "holder", "for n" + "ow")) + r")\b(?!=)", re.IGNORECASE)
_STRING = re.compile(r'"(?:\\.|[^"\\])*"')
_MACHINE = re.compile(r"(?<![\w.])/(?:wor" + r"k|ho" + r"me|ro" + r"ot)/(?!\$)[\w.]")


def check_sizes(root):
    faults = []
    for path in tree.files(root, tree.CODE_SUFFIXES | {".py", ".sh"}):
        lines = tree.read(root, path).count("\n")
        most = LINES_MAX_TESTS if path.startswith("tests/") else LINES_MAX
        if lines > most:
            faults.append(f"{path}: {lines} lines, at most {most}: it holds more than one idea")
    return faults


def check_words(root):
    faults = []
    for path in tree.files(root, tree.TEXT_SUFFIXES) + tree.top_files(root, tree.TEXT_SUFFIXES):
        if path == "LICENSE":
            continue
        is_code = Path(path).suffix in tree.CODE_SUFFIXES
        for number, line in enumerate(tree.read(root, path).splitlines(), 1):
            spoken = _STRING.sub("", line) if is_code else line  # what a user is told may well say so
            for pattern, text, what in ((_UNFINISHED, spoken, "unfinished work"), (_PROMISES, spoken, "a promise"),
                                        (_MACHINE, line, "a path of one machine")):
                match = pattern.search(text)
                if match:
                    faults.append(f"{path}:{number}: {what}: {match.group(0)}")
    return faults


def check_readmes(root):
    """Every folder of the libraries and the top folders say what they are for."""
    folders = {layer for layer in tree.LAYERS if (Path(root) / layer).is_dir()}
    for path in tree.files(root, {".h", ".cpp"}, ("core", "protocol", "node", "cli")):
        folders.add(path.rsplit("/", 1)[0])
    return [f"{folder}: no README.md" for folder in sorted(folders) if not (Path(root) / folder / "README.md").is_file()]


def check_format(root):
    """None when this machine has no clang-format 14 to ask."""
    program = shutil.which("clang-format-14")
    if program is None:
        return None
    paths = tree.files(root, {".h", ".cpp"})
    if not paths:
        return []
    answer = subprocess.run([program, "--dry-run", "--ferror-limit=1", *paths], cwd=root, capture_output=True, text=True, check=False)
    return sorted(set(re.findall(r"^(\S+?:\d+):\d+: \w+: code should be clang-formatted", answer.stderr, re.MULTILINE)))
