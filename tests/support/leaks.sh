#!/usr/bin/env bash
# leaks.sh PROGRAM: all its tests in one process, with leak detection. The other sanitizer runs go without: LeakSanitizer of GCC 12 itself
# crashes once in a thousand or two of processes ("Tracer caught signal 11"), which says nothing of the program. Here that is tried again.
set -uo pipefail
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for _ in 1 2 3; do
  ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=1" "$1" >"$log" 2>&1
  status=$?
  [[ $status -ne 0 ]] && grep -q "LeakSanitizer has encountered a fatal error" "$log" && continue
  break
done
[[ $status -eq 0 ]] || cat "$log"
exit "$status"
