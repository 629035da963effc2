#!/usr/bin/env bash
# accept_live.sh [SCENARIO…]: the acceptance beside a real Asterisk 22 with SIPp as phones and provider. It needs root, for namespaces of its own; nothing
# skips. LIVE_KEEP=FOLDER keeps what a scenario that failed has logged.
set -u
cd "$(dirname "$0")/.." || exit 1
bash test/need.sh go unshare ip awk || exit 1
[ "$(id -u)" = 0 ] || { echo "belwacht: the acceptance beside Asterisk makes network namespaces; run it as root" >&2; exit 1; }
start=$SECONDS
go build -trimpath -o bin/belwacht ./cmd/belwacht || exit 1
root=$(bash test/live/asterisk.sh) || exit 1
bash test/live/lab.sh "$root" "$PWD/bin/belwacht" "$@"
code=$?
echo "accept: live took $((SECONDS - start)) s"
exit $code
