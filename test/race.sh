#!/usr/bin/env bash
# The race detector on the packages that many goroutines use at once. It needs cgo; the product does not. store/sqlite is left out: with the detector in it
# SQLite takes minutes, and what is concurrent there is the queue of package store.
set -u
cd "$(dirname "$0")/.." || exit 1
bash test/need.sh gcc || exit 1
packages=$(go list ./... | grep -E '/(alert|app|ask|calendar|control|count|detect|feed|ingest|login|notify|number|pbx|profile|reach|rule|store|terminal)(/|$)' | grep -vE '/gen$|/store/sqlite')
[ -n "$packages" ] || exit 1
# shellcheck disable=SC2086
CGO_ENABLED=1 go test -vet=off -race -short -count=1 -timeout 10m $packages
