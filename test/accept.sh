#!/usr/bin/env bash
# accept.sh PART: the full acceptance of a part: the tests of all packages that look at the data set. It needs the set, and a test that skips is a failure.
set -u
cd "$(dirname "$0")/.." || exit 1
if [ -z "${BELWACHT_CORPUS:-}" ] || [ ! -d "$BELWACHT_CORPUS" ]; then
  echo "belwacht: the acceptance needs the data set: BELWACHT_CORPUS=FOLDER make accept-$1" >&2
  exit 1
fi
BELWACHT_CORPUS=$(cd "$BELWACHT_CORPUS" && pwd) # tests run in their own folders
export BELWACHT_CORPUS BELWACHT_ACCEPT="$1"
bash test/need.sh go gcc || exit 1
out=$(mktemp)
trap 'rm -f "$out"' EXIT
start=$SECONDS
mapfile -t packages < <(grep -rl --include='*_test.go' BELWACHT_CORPUS . | xargs -n1 dirname | sort -u)
go test -count=1 -timeout 29m -v "${packages[@]}" >"$out" 2>&1
code=$?
grep -E '^(accept:|score:|\s+\S+_test.go:[0-9]+: (accept|score):)' "$out"
grep -E '^\s*--- (FAIL|SKIP)' -A4 "$out"
if grep -qE '^\s*--- SKIP' "$out"; then
  echo "accept: tests skipped; here nothing may"
  code=1
fi
echo "accept: $1 took $((SECONDS - start)) s"
grep -E '^(ok|FAIL|panic:)' "$out"
exit $code
