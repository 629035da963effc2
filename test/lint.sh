#!/usr/bin/env bash
# The linters: gofmt, go vet, staticcheck. Prints what is wrong and nothing else.
set -u
cd "$(dirname "$0")/.." || exit 1
code=0
unformatted=$(gofmt -l .)
if [ -n "$unformatted" ]; then
  echo "not formatted; run gofmt -w on:"
  echo "$unformatted"
  code=1
fi
go build ./... || code=1
go vet ./... || code=1
go tool staticcheck ./... || code=1
exit $code
