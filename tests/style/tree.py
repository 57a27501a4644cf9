"""The project's files and C++ text without comments and strings: what every style check starts from."""

import re
from pathlib import Path

LAYERS = ("core", "protocol", "node", "cli", "examples", "tests")
CODE_SUFFIXES = {".h", ".cpp", ".def", ".capnp"}
TEXT_SUFFIXES = CODE_SUFFIXES | {".py", ".sh", ".txt", ".md", ".toml", ".json", ".cmake", ".js", ".css", ".html", ""}
SKIPPED_FOLDERS = {".git", "__pycache__", "satchel-demo", "planted"}


def files(root, suffixes, folders=LAYERS):
    """Paths below `root`, as repository paths, sorted; build folders and planted violations are left out."""
    found = []
    for folder in folders:
        for path in (Path(root) / folder).rglob("*"):
            parts = path.relative_to(root).parts
            if any(part in SKIPPED_FOLDERS or part.startswith("build") for part in parts):
                continue
            if path.is_file() and path.suffix in suffixes:
                found.append("/".join(parts))
    return sorted(found)


def top_files(root, suffixes):
    """Files that lie in the root itself or in .ci."""
    found = []
    for folder in (Path(root), Path(root) / ".ci"):
        if folder.is_dir():
            found += [str(p.relative_to(root)) for p in folder.iterdir() if p.is_file() and p.suffix in suffixes]
    return sorted(found)


def read(root, path):
    return (Path(root) / path).read_text(encoding="utf-8", errors="replace")


_NOISE = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<tag>[^(\s]*)\(.*?\)(?P=tag)"|"(?:\\.|[^"\\\n])*"|(?<![0-9A-Fa-f])\'(?:\\.|[^\'\\\n])*\'',
    re.DOTALL)


def bare(text):
    """C++ without comments, and with every string emptied; line numbers stay as they were."""

    def blank(match):
        found = match.group(0)
        lines = "\n" * found.count("\n")
        return lines if found.startswith("/") else '""' + lines

    return _NOISE.sub(blank, text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1
