#!/bin/sh
# fetch.sh: takes the list of common passwords anew, in the version that package.json names, and writes list.txt.
set -eu
cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cp package.json "$tmp"
npm install --prefix "$tmp" --ignore-scripts --no-audit --no-fund --silent
go run . "$tmp/node_modules/@zxcvbn-ts/language-common/src/passwords.json" own.txt > "$tmp/list.txt"
mv "$tmp/list.txt" list.txt
chmod 644 list.txt
