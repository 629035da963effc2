#!/usr/bin/env bash
# accept_records.sh: the acceptance of reading call records as they come. A MariaDB with asteriskcdrdb of three million rows is read in with progress;
# then rows are written, far back as well, while server and reader are killed; each row is handed on once and within seconds. Nothing skips.
set -u
cd "$(dirname "$0")/.." || exit 1
bash test/need.sh go mariadbd postgres || exit 1
out=$(mktemp)
trap 'rm -f "$out"' EXIT
start=$SECONDS
BELWACHT_ACCEPT=records go test -count=1 -timeout 29m -v ./feed ./ingest/... ./app/records -run 'Accept|Follow|Refused|Keeper|Grow|Rotated|Late|Past|Gone|Folder|Position|Seen' >"$out" 2>&1
code=$?
grep -E '^accept:' "$out"
grep -E '^\s*--- (FAIL|SKIP)' -A4 "$out"
if grep -qE '^\s*--- SKIP' "$out"; then
  echo "accept: tests skipped; here nothing may"
  code=1
fi
if ! grep -q '^accept: .*: 0 missing, 0 doubled' "$out"; then
  echo "accept: rows are missing or doubled, or the acceptance did not get so far"
  code=1
fi
echo "accept: records took $((SECONDS - start)) s"
grep -E '^(ok|FAIL|panic:)' "$out"
exit $code
