#!/usr/bin/env bash
# All that `make test` does, with the time that each part took. It ends with go test's own closing lines, and fails if any part did.
set -u
cd "$(dirname "$0")/.." || exit 1
bash test/need.sh go || exit 1
bash test/need.sh chromium || echo "the tests in a browser are skipped"
bash test/need.sh mariadbd postgres || echo "the tests beside them are skipped"
bash test/need.sh fail2ban-regex promtool aiosmtpd rsyslogd webhook || echo "the tests beside them are skipped"
failed=""
took=""
out=$(mktemp)
trap 'rm -f "$out"' EXIT

# part NAME COMMAND…: runs a part; its output is shown as it comes.
part() {
  local name=$1 start=$SECONDS
  shift
  echo "== $name"
  "$@" || failed="$failed, $name"
  took="$took$(printf '%6d s  %s' $((SECONDS - start)) "$name")"$'\n'
}

part "the console's assets" bash web/ui/make.sh
part "build and lint" bash test/lint.sh
part "race detector" bash test/race.sh
part "beside a real Asterisk" bash test/live_smoke.sh
part "fuzz targets, a moment each" bash test/fuzz.sh 2000x

echo "== tests"
start=$SECONDS
go test -vet=off -count=1 -timeout 15m ./... >"$out" 2>&1 # the linters have vetted all of it
code=$?
took="$took$(printf '%6d s  %s' $((SECONDS - start)) tests)"$'\n'
echo "== time of each part"
printf '%s' "$took"
cat "$out"
if [ -n "$failed" ]; then
  echo "make test: failed in: ${failed#, }"
  exit 1
fi
exit $code
