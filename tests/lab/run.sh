#!/usr/bin/env bash
# Satchel over an emulated line. README.md explains; run.sh --help lists the options. Exit 77: this machine has no laboratory.
exec python3 -B "$(dirname "${BASH_SOURCE[0]}")/run.py" "$@"
