#!/usr/bin/env bash
# fuzz.sh TIME: runs every fuzz target so long (60s) or so often (2000x), two at a time. What it finds stays in the package's testdata/fuzz and is
# from then on a test.
set -u
cd "$(dirname "$0")/.." || exit 1
export FUZZ_TIME=${1:-60s}

# target FILE:NAME: runs one, and prints a line, or all that it said where it failed.
target() {
  local package name out
  package=./$(dirname "${1%%:*}")
  name=${1##*:}
  if out=$(go test -vet=off -run '^$' -fuzz "^$name\$" -fuzztime "$FUZZ_TIME" -fuzzminimizetime 1s -parallel 1 "$package" 2>&1); then
    echo "fuzz: $package $name $FUZZ_TIME ok"
  else
    printf 'fuzz: %s %s FAILED\n%s\n' "$package" "$name" "$out"
    return 1
  fi
}
export -f target

grep -roH --include='*_test.go' '^func Fuzz[A-Za-z0-9_]*' . | sed 's/^\.\///; s/:func /:/' | sort |
  xargs -P 2 -I '{}' bash -c 'target "$1"' _ '{}' || exit 1
