"""Figures as lines for people."""

COLUMNS = (
    ("profile", lambda f: f["profile"]),
    ("tool", lambda f: f["tool"]),
    ("photos", lambda f: f"{f['photos']}"),
    ("seconds", lambda f: f"{f['seconds']:.0f}" if f["finished"] else f"> {f['limit_s']}"),
    ("line up s", lambda f: f"{f['line_up_s']:.0f}"),
    ("photo kB", lambda f: f"{f['photo_bytes'] / 1000:.0f}"),
    ("wire up kB", lambda f: f"{f['wire_up_bytes'] / 1000:.0f}"),
    ("wire down kB", lambda f: f"{f['wire_down_bytes'] / 1000:.0f}"),
    ("share", lambda f: _share(f["share"])),
    ("filled", lambda f: _share(f["filled"])),
    ("again kB", lambda f: f"{f['again_bytes'] / 1000:.1f}" if f["finished"] else "–"),
    ("nothing B", lambda f: _nothing(f)),
)


def _share(value):
    return "–" if value is None else f"{100 * value:.1f} %"


def _nothing(figures):
    if not figures["finished"]:
        return "–"
    told = figures["nothing_to_do_bytes"]
    wire = figures["nothing_to_do_wire_bytes"]
    return f"failed ({wire})" if told is None else f"{told} ({wire})" if told else f"({wire})"


def table(rows):
    """In Markdown. Bytes for "nothing to do" are the application's, and in brackets those of the IP packets both ways."""
    cells = [[title for title, _ in COLUMNS]] + [[show(row) for _, show in COLUMNS] for row in rows]
    widths = [max(len(line[i]) for line in cells) for i in range(len(COLUMNS))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |" for line in cells]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def notes(rows):
    """What a reader must know beside the table."""
    out = ["TCP's congestion control where a tool chooses none: " + ", ".join(sorted({row["congestion"] for row in rows}))]
    for row in rows:
        where = f"{row['profile']}, {row['tool']}"
        if not row["finished"]:
            out.append(f"{where}: not finished within {row['limit_s']} s")
        if "carrier" in row.get("told", {}):
            out.append(f"{where}: by {row['told']['carrier']}, meetings until all was delivered: {row['told']['meetings']}")
        for fault in row.get("faults", []):
            out.append(f"{where}: {fault}")
        if row["late_most_s"] > 0.05:
            out.append(f"{where}: this machine was busy; a packet came {1000 * row['late_most_s']:.0f} ms late")
    return out
