#!/usr/bin/env bash
# fuzz.sh TIME: runs every fuzz target so long (60s) or so often (2000x). What it finds stays in the package's testdata/fuzz and is
# from then on a test.
set -u
cd "$(dirname "$0")/.." || exit 1
time=${1:-60s}
code=0
out=$(mktemp)
trap 'rm -f "$out"' EXIT
while IFS=: read -r file target; do
  package=./$(dirname "$file")
  if go test -vet=off -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 1s -parallel 2 "$package" >"$out" 2>&1; then
    echo "fuzz: $package $target $time ok"
  else
    echo "fuzz: $package $target FAILED"
    cat "$out"
    code=1
  fi
done < <(grep -roH --include='*_test.go' '^func Fuzz[A-Za-z0-9_]*' . | sed 's/^\.\///; s/:func /:/' | sort)
exit $code
