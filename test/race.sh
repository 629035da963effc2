#!/usr/bin/env bash
# The race detector on the packages that many goroutines use at once. It needs cgo; the product does not.
set -u
cd "$(dirname "$0")/.." || exit 1
bash test/need.sh gcc || exit 1
packages=$(go list ./... | grep -E '/(app|ask|calendar|count|detect|ingest|number|pbx|profile|rule|terminal)(/|$)' | grep -v '/gen$')
[ -n "$packages" ] || exit 1
# shellcheck disable=SC2086
CGO_ENABLED=1 go test -race -short -count=1 -timeout 10m $packages
