"""The arrows of the house, read from the includes: who may use whom, and which one folder opens the door to each library."""

import re

import tree

# What a folder may include besides itself; the longest folder that fits a path decides.
BASE = {"core/base"}
CRYPTO = BASE | {"core/crypto"}
RECORD = CRYPTO | {"core/store", "core/record"}
CAMPAIGN = RECORD | {"core/campaign"}
MAY_USE = {
    "core/base": set(),
    "core/crypto": BASE,
    "core/store": BASE,
    "core/record": RECORD,
    "core/campaign": CAMPAIGN,
    "core/export": CAMPAIGN | {"core/export"},
    "core/portrait": CRYPTO,
    "core/code": CRYPTO,
    "core/transcode": BASE,
    "protocol": {"core", "protocol"},
    "node": {"core", "protocol", "node"},
    "cli": {"core", "node", "cli"},
    "examples": {"core", "protocol", "node", "cli", "examples"},
    "tests": {"core", "protocol", "node", "cli", "examples", "tests"},
}

# Library, the includes that belong to it, the only places that may name them. Tests may look behind every door.
EVERYWHERE_ELSE = ("tests/", "examples/")
DOORS = [
    ("libsodium", r"sodium(\.h|/)", ("core/crypto/", "node/system_rng.cpp")),
    ("RocksDB", r"rocksdb/", ("core/store/rocks_", "core/store/value_log.cpp")),
    ("OpenCV", r"opencv2?/", ("core/portrait/", "examples/portraits/", "cli/camera/")),
    ("glibc", r"malloc\.h", ("node/heap.cpp",)),
    ("libjpeg", r"(jpeglib|jerror|turbojpeg|jmorecfg)\.h", ("core/portrait/", "examples/portraits/")),
    ("libpng", r"(png|pngconf)\.h", ("core/portrait/", "examples/portraits/")),
    ("FreeType", r"(ft2build\.h|freetype)", ("core/portrait/", "examples/portraits/")),
    ("fontconfig", r"fontconfig/", ("core/portrait/", "examples/portraits/")),
    ("libwebp", r"webp/", ("core/portrait/webp_decode.cpp",)),
    ("Little CMS", r"lcms2\.h", ("core/portrait/colour_profile.cpp",)),
    ("libheif", r"libheif/", ("core/portrait/heif_library.h",)),
    ("libjxl", r"jxl/", ("core/transcode/",)),
    ("the loader of libraries", r"dlfcn\.h", ("core/base/shared_library.cpp",)),
    ("ZXing", r"ZXing/", ("core/code/",)),
    ("Cap'n Proto", r"(capnp|kj)/|.*\.capnp\.h", ("protocol/body/",)),
    ("Boost.Asio", r"boost/asio", ("node/",)),
    ("Boost.Beast", r"boost/beast", ("node/",)),
    ("Boost.JSON", r"boost/json", ("node/", "cli/") + EVERYWHERE_ELSE),
    ("Boost.System", r"boost/system", ("node/",)),
    ("toml++", r"toml\+\+/|toml\.hpp", ("core/campaign/",)),
    ("pugixml", r"pugixml", ("core/campaign/xlsx_rows.cpp",)),
    ("libzip", r"zip\.h", ("core/campaign/xlsx_rows.cpp", "core/export/zip_file.cpp")),
    ("iconv", r"iconv\.h", ("core/campaign/text_encoding.cpp",)),
    ("Pango and Cairo", r"(pango|cairo)", ("node/papers/",)),
    ("libxlsxwriter", r"xlsxwriter", ("node/papers/",)),
    ("libcsv", r"csv\.h", ("core/campaign/", "core/export/")),
    ("CLI11", r"CLI/", ("cli/", "examples/")),
    ("spdlog", r"spdlog/", ("node/", "cli/")),
    ("fmt", r"fmt/", ("node/", "cli/") + EVERYWHERE_ELSE),
    ("Catch2", r"catch2/", ("tests/",)),
    ("RapidCheck", r"rapidcheck", ("tests/",)),
    ("POSIX", r"(sys|linux|arpa|netinet|net)/|(unistd|fcntl|poll|signal|spawn|termios|dirent|netdb|ifaddrs)\.h",
     ("node/", "cli/") + EVERYWHERE_ELSE),
]
STANDARD = re.compile(r"[a-z_0-9]+$")

# core and protocol are handed time, randomness and threads; they own none.
NOT_IN_THE_MACHINES = [
    (r"#\s*include\s*<(thread|random|future|iostream|fstream|filesystem|stop_token)>", "such header"),
    (r"\b(system_clock|steady_clock|high_resolution_clock)\b", "a clock of its own"),
    (r"\bstd::j?thread\b|\bpthread_\w+", "a thread"),
    (r"(?<![\w.>:])(?:std::|::)?(time|clock|gettimeofday|clock_gettime|localtime|gmtime|mktime)\s*\(", "a clock of its own"),
    (r"\brandombytes_\w+|\bstd::random_device\b|(?<![\w.>])(?:std::)?s?rand\s*\(|\bgetrandom\s*\(", "a random source of its own"),
    (r"\bsetlocale\b|\bstd::locale\b", "the locale"),
]
# The store's engine is files.
ALLOWED_SOURCES = {f"core/store/rocks_{name}.cpp": "such header" for name in ("open", "replay", "store")}

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:<([^>\n]+)>|"([^"\n]+)")', re.MULTILINE)


def folder_rule(path):
    fitting = [folder for folder in MAY_USE if path.startswith(folder + "/")]
    return max(fitting, key=len) if fitting else None


def _within(path, folders):
    return any(path.startswith(folder + "/") for folder in folders)


def _check_own_include(path, target):
    rule = folder_rule(path)
    if rule is None or target.startswith(rule + "/") or _within(target, MAY_USE[rule]):
        return None
    if not target.startswith(tree.LAYERS):
        return f'"{target}" is no repository path'
    return f"{rule} may not use {target}"


def _check_foreign_include(path, target):
    for library, pattern, places in DOORS:
        if re.match(pattern, target):
            if path.startswith(places) or path.startswith("tests/"):
                return None
            return f"<{target}>: {library} is used only in {', '.join(places)}"
    if STANDARD.match(target):
        return None
    return None if path.startswith(EVERYWHERE_ELSE) else f"<{target}> has no door in tests/style/layering.py"


def check(root):
    """One sentence for each include that goes against the arrows."""
    faults = []
    uses = {}
    for path in tree.files(root, {".h", ".cpp"}):
        text = tree.read(root, path)
        for match in _INCLUDE.finditer(text):
            foreign, own = match.groups()
            if own and not own.endswith(".capnp.h"):
                fault = _check_own_include(path, own)
                uses.setdefault(path.rsplit("/", 1)[0], set()).add(own.rsplit("/", 1)[0])
            else:
                fault = _check_foreign_include(path, foreign or own)
            if fault:
                faults.append(f"{path}:{tree.line_of(text, match.start())}: {fault}")
        if path.startswith(("core/", "protocol/")):
            faults += _check_machine(path, tree.bare(text))
    return faults + _circles(uses)


def _check_machine(path, text):
    faults = []
    for pattern, what in NOT_IN_THE_MACHINES:
        if ALLOWED_SOURCES.get(path) == what:
            continue
        for match in re.finditer(pattern, text):
            faults.append(f"{path}:{tree.line_of(text, match.start())}: core and protocol have no {what}: {match.group(0).strip()}")
    return faults


def _circles(uses):
    """Folders that use each other, in whatever number of steps."""
    faults = []
    for start in sorted(uses):
        reached, open_ends = set(), [f for f in uses[start] if f != start]
        while open_ends:
            folder = open_ends.pop()
            if folder == start:
                faults.append(f"{start} comes back to itself through its includes")
                break
            if folder not in reached:
                reached.add(folder)
                open_ends += [f for f in uses.get(folder, ()) if f != folder]
    return faults
