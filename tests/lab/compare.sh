#!/usr/bin/env bash
# Satchel, rsync over ssh, Syncthing and NNCP over the same emulated lines. README.md explains; compare.sh --help lists the options.
# Exit 77: this machine has no laboratory.
exec python3 -B "$(dirname "${BASH_SOURCE[0]}")/compare.py" "$@"
