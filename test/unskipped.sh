#!/usr/bin/env bash
# unskipped.sh COMMAND…: runs tests of which none may skip: in the acceptance what cannot be tried has failed.
set -uo pipefail
out=$(mktemp)
trap 'rm -f "$out"' EXIT
"$@" 2>&1 | tee "$out" || exit 1
if grep -qE '^\s*--- SKIP' "$out"; then
  echo "acceptance: a test was skipped; see above for what it needs" >&2
  exit 1
fi
