#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test through ctest. Works from any directory, as root or with sudo.
#   ./tests/run.sh                  all tests of the ordinary build (folder build)
#   ./tests/run.sh --sanitize       all tests under the address and undefined-behaviour sanitizers (folder build-asan)
#   ./tests/run.sh --filter REGEX   only the tests whose name matches
set -euo pipefail

preset=dev
filter=()
while [[ $# -gt 0 ]]; do
  case "$1" in
    --sanitize) preset=asan ;;
    --filter)
      [[ $# -ge 2 ]] || { echo "--filter needs a regular expression" >&2; exit 2; }
      filter=(--tests-regex "$2"); shift ;;
    -h|--help) sed -n '2,5s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "usage: tests/run.sh [--sanitize] [--filter REGEX]" >&2; exit 2 ;;
  esac
  shift
done

cd "$(dirname "${BASH_SOURCE[0]}")/.."
.ci/install-packages
cmake --preset "$preset"
cmake --build --preset "$preset" --parallel 2
ctest --preset "$preset" "${filter[@]}"
