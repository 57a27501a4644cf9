#!/usr/bin/env bash
# tests/portrait/report.sh PICTURE|FOLDER|LABELS.csv … [--out DIR] [--face-model FILE] [--profile FILE]
# Judges all pictures with build/bin/satchel and writes DIR/index.html: for each rule how often it passed, advised, refused and could
# not tell, its numbers, and the worst pictures with overlays. With labels (CSV: path,codes; codes with blanks between, "-" for a
# good picture; paths from the CSV's folder) also how often each rule that a label names was wrong in either direction. The
# page shows the pictures: keep it where they may lie.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
exec python3 "$here/report.py" --satchel "${SATCHEL:-$here/../../build/bin/satchel}" "$@"
