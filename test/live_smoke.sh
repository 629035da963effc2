#!/usr/bin/env bash
# A burst and a call to 112 beside a real Asterisk, for make test: seconds once Asterisk is unpacked, a minute before. Where Asterisk or namespaces cannot be
# had it skips and says why; make accept-live, which plays all, does not.
set -u
cd "$(dirname "$0")/.." || exit 1
skip() {
  echo "skipped: $*"
  exit 0
}
[ "$(id -u)" = 0 ] || skip "namespaces of one's own need root"
unshare --net --mount --pid --fork true 2>/dev/null || skip "this machine lets nobody make namespaces"
root=$(timeout 240 bash test/live/asterisk.sh 2>&1) || skip "no Asterisk: $(tail -n 1 <<<"$root")"
root=$(tail -n 1 <<<"$root")
go build -o bin/belwacht ./cmd/belwacht || exit 1 # as the tests build, so that little is compiled twice
exec bash test/live/lab.sh "$root" "$PWD/bin/belwacht" smoke
