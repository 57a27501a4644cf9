"""One page about how the portrait rules do on a set of pictures. See report.sh."""

import argparse
import csv
import html
import json
import os
import pathlib
import subprocess
import sys

PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".heic"}
LEVELS = ("pass", "advice", "fail", "unknown")


def gather(inputs):
    """Paths in order, and for the labelled ones the set of codes that a right judge names."""
    paths, labels = [], {}
    for given in map(pathlib.Path, inputs):
        if given.is_dir():
            paths += sorted(p for p in given.rglob("*") if p.suffix.lower() in PICTURES)
        elif given.suffix.lower() == ".csv":
            with given.open(encoding="utf-8-sig", newline="") as rows:
                for row in csv.reader(rows):
                    if len(row) < 2 or row[0] in ("path", "file"):
                        continue
                    path = given.parent / row[0]
                    paths.append(path)
                    labels[str(path)] = {code for code in row[1].split() if code != "-"}
        else:
            paths.append(given)
    return [str(p) for p in paths], labels


def judge(arguments, paths, out):
    """One document a picture, in order."""
    documents = []
    for first in range(0, len(paths), 50):
        part = paths[first:first + 50]
        command = [arguments.satchel, "check", "--json", "--explain", "--overlay", str(out / f"seen{first}.png")]
        for option in ("face_model", "profile"):
            if getattr(arguments, option):
                command += ["--" + option.replace("_", "-"), getattr(arguments, option)]
        done = subprocess.run(command + part, capture_output=True, text=True, check=False)
        lines = [json.loads(line) for line in done.stdout.splitlines() if line.strip()]
        if len(lines) != len(part):
            sys.exit(f"satchel check answered {len(lines)} of {len(part)} pictures: {done.stderr.strip()[:400]}")
        documents += lines
    return documents


def findings_of(document):
    return [f for part in ("findings", "unseen", "passed") for f in document.get(part, [])]


def histogram(values, limits):
    """A small picture of the numbers, the rule's limits as lines."""
    if not values:
        return ""
    low, high = min(values), max(values)
    span = (high - low) or 1
    bins = [0] * 30
    for value in values:
        bins[min(29, int((value - low) / span * 30))] += 1
    top = max(bins)
    bars = "".join(f'<rect x="{i * 6}" y="{40 - 38 * n / top:.1f}" width="5" height="{38 * n / top:.1f}"/>' for i, n in enumerate(bins) if n)
    lines = "".join(f'<line x1="{(l - low) / span * 180:.1f}" x2="{(l - low) / span * 180:.1f}" y1="0" y2="40"/>'
                    for l in limits if l is not None and low <= l <= high)
    return f'<svg width="182" height="42">{bars}{lines}</svg><br><small>{low:.4g} … {high:.4g}</small>'


def badness(finding):
    """How far outside its limit a number lies, as a share of the limit."""
    value, (low, high) = finding["value"], finding["limit"]
    if value is None:
        return 0
    over = value - high if high is not None and value > high else low - value if low is not None and value < low else 0
    scale = max(abs(v) for v in (low, high, 1e-6) if v is not None)
    return over / scale


def rule_rows(judged, labels):
    named = set().union(*labels.values()) if labels else set()  # a code that no label names was not looked for
    rules = {}
    for path, document in judged:
        for finding in findings_of(document):
            rule = rules.setdefault(finding["code"], {"source": finding.get("source_en", ""), "measure": finding["measure"], "seen": []})
            rule["seen"].append((path, finding))
    rows = []
    for code, rule in rules.items():
        seen = rule["seen"]
        counts = {level: sum(f["level"] == level for _, f in seen) for level in LEVELS}
        values = [f["value"] for _, f in seen if f["value"] is not None]
        told = [(path, f) for path, f in seen if code in named and path in labels and f["level"] != "unknown"]
        wrong = [(path, f) for path, f in told if (f["level"] in ("fail", "advice")) != (code in labels[path])]
        missed = sum(code in labels[path] for path, _ in wrong)
        worst = sorted((s for s in seen if s[1]["level"] in ("fail", "advice")), key=lambda s: -badness(s[1]))[:4]
        rows.append((code, rule, counts, values, seen[0][1]["limit"], told, wrong, missed, worst))
    return rows


def cell(text):
    return f"<td>{text}</td>"


def page(judged, unread, labels, overlays):
    refused = sum(d["verdict"] == "fail" for _, d in judged)
    lines = ["<!doctype html><meta charset='utf-8'><title>Portrait rules</title><style>body{font:14px sans-serif;margin:2em}"
             "td,th{border:1px solid #ccc;padding:4px 8px;vertical-align:top;text-align:left}table{border-collapse:collapse}"
             "svg rect{fill:#47a}svg line{stroke:#c22;stroke-width:2}img{width:420px;margin:4px}</style>",
             f"<h1>Portrait rules on {len(judged)} pictures</h1>",
             f"<p>{refused} refused, {sum(d['verdict'] == 'advice' for _, d in judged)} with advice, "
             f"{sum(d['verdict'] == 'pass' for _, d in judged)} passed, {len(unread)} not readable, {len(labels)} labelled.</p>",
             "<table><tr><th>rule</th><th>pass</th><th>advice</th><th>fail</th><th>cannot tell</th><th>rejection rate</th>"
             "<th>errors of those told (missed + false)</th><th>numbers and limits</th><th>source</th></tr>"]
    rows = rule_rows(judged, labels)
    for code, rule, counts, values, limits, told, wrong, missed, _ in rows:
        total = sum(counts.values())
        error = f"{len(wrong)} of {len(told)} ({missed} + {len(wrong) - missed})" if told else "–"
        lines.append("<tr>" + cell(f"<b>{code}</b><br><small>{html.escape(rule['measure'])}</small>") +
                     "".join(cell(counts[level]) for level in LEVELS) + cell(f"{counts['unknown'] / total:.0%}") + cell(error) +
                     cell(histogram(values, limits)) + cell(html.escape(rule["source"])) + "</tr>")
    lines.append("</table>")
    for code, _, _, _, _, _, wrong, _, worst in rows:
        shown = wrong[:6] or worst
        if not shown:
            continue
        lines.append(f"<h2>{code}: {'wrong' if wrong else 'furthest outside'}</h2>")
        for path, finding in shown:
            name = html.escape(os.path.basename(path))
            lines.append(f"<a href='{overlays[path]}'><img loading='lazy' src='{overlays[path]}' title='{name} {finding['value']}'></a>")
    if unread:
        lines.append("<h2>Not readable</h2><ul>" + "".join(
            f"<li>{html.escape(os.path.basename(path))}: {html.escape(d['error'].get('code', ''))} {html.escape(d['error'].get('en', ''))}</li>"
            for path, d in unread) + "</ul>")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(prog="report.sh")
    parser.add_argument("inputs", nargs="+")
    parser.add_argument("--out", default="portrait-report")
    parser.add_argument("--face-model", default="")
    parser.add_argument("--profile", default="")
    parser.add_argument("--satchel", required=True, help=argparse.SUPPRESS)
    arguments = parser.parse_intermixed_args()
    paths, labels = gather(arguments.inputs)
    if not paths:
        sys.exit("no pictures there")
    out = pathlib.Path(arguments.out)
    out.mkdir(parents=True, exist_ok=True)
    documents = judge(arguments, paths, out)
    pairs = list(zip(paths, documents))
    unread = [(p, d) for p, d in pairs if "error" in d]
    judged = [(p, d) for p, d in pairs if "error" not in d]
    overlays = {p: os.path.basename(d.get("overlay", "")) for p, d in judged}
    (out / "index.html").write_text(page(judged, unread, labels, overlays), encoding="utf-8")
    print(f"{len(judged)} pictures judged, {len(unread)} not readable: {out / 'index.html'}")


if __name__ == "__main__":
    main()
