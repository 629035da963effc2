#!/usr/bin/env bash
# lab.sh ROOT BINARY SCENARIO…: a real Asterisk, SIPp as phones and provider, and Belwacht beside them, in namespaces of their own with loopback only.
# A scenario is a function of scenarios.sh, such as burst_http. Each prints: accept: live: NAME | what was seen | time | ok. What is started lives in the
# PID namespace of this script and ends with it, however it ends; what is written lies in a tmpfs over ROOT/lab and is gone then.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
if [ "${LIVE_INSIDE:-}" = "" ]; then
  exec env LIVE_INSIDE=yes unshare --net --mount --pid --fork --kill-child --mount-proc bash "$here/lab.sh" "$@"
fi
trap 'exit 130' INT TERM
root=$1 binary=$2
shift 2
lab=$root/lab run=$root/lab/run
export LC_ALL=C TZ=UTC
set -e
ip link set lo up
mount -t tmpfs -o size=600m tmpfs "$lab"
mkdir -p "$root/proc" "$root/dev"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mkdir -p "$lab"/{run,ast,lib,spool,data,log/cdr-csv}
cp -r "$here/etc" "$here/sipp" "$lab/"
cp "$binary" "$lab/belwacht"
for ((i = 0; i < 1000; i++)); do printf '\x1e\x0b\x0b\x1e\x9e\x8b\x8b\x9e'; done >"$lab/tone.ulaw"
set +e

# ------------------------------------------------------------------ programs of the root
in_root() { chroot "$root" "$@" </dev/null; }
cli() { in_root /usr/sbin/asterisk -C /lab/etc/asterisk.conf -rx "$*" 2>&1; }
bw() { in_root /lab/belwacht "$@"; }
db() { cli database put "$@" >/dev/null; }
undb() { cli database deltree "$1" >/dev/null; }

# until SECONDS COMMAND…: waits until it succeeds.
until_() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.05
  done
}

die() {
  echo "accept: live: $*" >&2
  tail -n 20 "$run/belwacht.log" "$lab/log/full.log" >&2 2>/dev/null
  exit 1
}

asterisk_up() {
  chroot "$root" /usr/sbin/asterisk -f -C /lab/etc/asterisk.conf </dev/null >"$run/asterisk.out" 2>&1 &
  booted() { cli core waitfullybooted | grep -q fully; }
  until_ 60 booted || die "Asterisk did not start: $(tail -n 3 "$run/asterisk.out")"
}

# connect FLAG…: what an owner does, and what it writes into Asterisk's configuration.
connect() {
  bw connect asterisk --yes --etc /lab/etc --secrets /lab/secrets --name hoofdkantoor --no-database --no-reload "$@" >"$run/connect.out" 2>&1 ||
    die "connect failed: $(tail -n 3 "$run/connect.out")"
  [ ! -e "$lab/ast/asterisk.ctl" ] || cli dialplan reload >/dev/null
}

# ------------------------------------------------------------------ Belwacht
guard=0

# configure WAYS…: ask (by HTTP and FastAGI), ami, records.
configure() {
  cat >"$lab/belwacht.yaml" <<Y
version: 1
organisation: {name: Voorbeeld BV, country: NL, timezone: Europe/Amsterdam, office_hours: "mon-sun 00:00-24:00"}
mode: enforce
trunks: [PJSIP/trunk]
data: /lab/data
control: {socket: /lab/run/control.sock}
Y
  [ $# -gt 0 ] || return 0
  printf 'pbx:\n  - name: hoofdkantoor\n    kind: asterisk\n' >>"$lab/belwacht.yaml"
  local w
  for w in "$@"; do
    case $w in
      ask) echo '    ask: {listen: "127.0.0.1:4574", fastagi: "127.0.0.1:4575", secret_file: /lab/secrets/ask.secret, when_down: pass}' ;;
      ami) echo '    ami: {address: "127.0.0.1:5038", user: belwacht, secret_file: /lab/secrets/ami.secret, tls: false}' ;;
      records) echo '    records: {file: /lab/log/cdr-csv/Master.csv}' ;;
    esac >>"$lab/belwacht.yaml"
  done
}

# train makes the memory of an office: sixty days of calls at this hour of the day, so that the acceptance is the same whenever it is run.
train() {
  configure
  awk -v now="$(date +%s)" 'BEGIN {
    srand(7); n = 0
    for (day = 60; day >= 1; day--) for (i = 0; i < 30; i++) at[n++] = now - day * 86400 + int((i / 30 - 0.5) * 4 * 3600)
    for (i = 0; i < n; i++) {
      ext = 201 + int(rand() * 6); len = 30 + int(rand() * 240); r = rand()
      if (r < 0.5) to = "06123456" sprintf("%02d", int(rand() * 40)); else if (r < 0.8) to = "0201234" sprintf("%03d", int(rand() * 40))
      else to = "00324700000" sprintf("%02d", int(rand() * 20))
      s = strftime("%Y-%m-%d %H:%M:%S", at[i]); a = strftime("%Y-%m-%d %H:%M:%S", at[i] + 6); e = strftime("%Y-%m-%d %H:%M:%S", at[i] + 6 + len)
      printf "\"%s\",\"%s\",\"%s\",\"internal\",\"\"\"X\"\" <%s>\",\"PJSIP/%s-%08x\",\"PJSIP/trunk-%08x\",\"Dial\",\"PJSIP/%s@trunk,60,T\",", \
        ext, ext, to, ext, ext, 2 * i, 2 * i + 1, to
      printf "\"%s\",\"%s\",\"%s\",%d,%d,\"ANSWERED\",\"DOCUMENTATION\",\"%d.%d\",\"\"\n", s, a, e, len + 6, len, at[i], i
    }
  }' >"$lab/history.csv"
  bw replay --config /lab/belwacht.yaml --times utc --state /lab/trained --json /lab/history.csv >"$run/train.out" 2>&1 || die "no memory: $(cat "$run/train.out")"
}

answers() { bw status --socket /lab/run/control.sock --json >"$run/status.json" 2>/dev/null; }
# count NAME: a count of the status.
count() {
  answers
  grep -o "\"$1\": *[0-9]*" "$run/status.json" | head -n 1 | grep -o '[0-9]*$' || echo 0
}
connected() { answers && grep -q '"feed": *"connected' "$run/status.json"; }

# guarded WAYS…: a Belwacht with the trained memory and nothing else, by these ways.
guarded() {
  unguarded
  configure "$@"
  rm -rf "$lab"/data/*
  cp "$lab/trained" "$lab/data/memory-$(date +%s000)"
  start
}
start() {
  chroot "$root" /lab/belwacht run --config /lab/belwacht.yaml --log-pii </dev/null >>"$run/belwacht.log" 2>&1 &
  guard=$!
  until_ 30 answers || die "Belwacht did not start"
  ! grep -q '^ *ami:' "$lab/belwacht.yaml" || until_ 15 connected || die "Belwacht did not reach the manager interface: $(cat "$run/status.json")"
}
unguarded() {
  [ "$guard" = 0 ] || {
    kill -CONT "$guard"
    kill -TERM "$guard"
    wait "$guard"
  } 2>/dev/null
  guard=0
}

# ------------------------------------------------------------------ SIP
declare -A leg_pid
# sip LEG ADDRESS PORT SCENARIO [OPTION…]: a SIPp
sip() {
  local leg=$1 addr=$2 port=$3 sc=$4
  shift 4
  rm -f "$run/$leg".{msg,err}
  chroot "$root" /usr/bin/sipp 127.0.0.1:5060 -sf "/lab/sipp/$sc.xml" -i "$addr" -p "$port" -mi "$addr" -mp $((port + 10000)) \
    -nostdin -trace_msg -message_file "/lab/run/$leg.msg" -trace_err -error_file "/lab/run/$leg.err" "$@" </dev/null >"$run/$leg.out" 2>&1 &
  leg_pid[$leg]=$!
}
# call LEG EXT NUMBER SCENARIO [OPTION…]: a phone calls
call() {
  local leg=$1 ext=$2 num=$3 sc=$4
  shift 4
  sip "$leg" "127.0.0.$ext" 5062 "$sc" -s "$num" -key from "$ext" -key name "Toestel" -key secret "fake-password-$ext" -key agent "Yealink SIP-T46U 108.86.0.20" \
    -timeout 30 -m 1 "$@"
}
# phone LEG EXT SCENARIO [OPTION…]: a phone waits for a call
phone() {
  local leg=$1 ext=$2 sc=$3
  shift 3
  sip "$leg" "127.0.0.$ext" 5060 "$sc" -rtp_echo -key ext "$ext" -key replaces "" -timeout 30 -m 1 "$@"
}
# inbound LEG CALLER DID SCENARIO [OPTION…]: the provider hands a call in
inbound() {
  local leg=$1 from=$2 did=$3 sc=$4
  shift 4
  sip "$leg" 127.0.0.100 5062 "$sc" -s "$did" -key from "$from" -key name "" -key agent "Provider SBC" -timeout 30 -m 1 "$@"
}
finish() { # LEG…: until these have ended; a phone whose call was ended ends with an error
  local l
  for l in "$@"; do wait "${leg_pid[$l]}" 2>/dev/null; done
}
ready() { sleep 0.4; } # SIPp needs a moment to listen
# legs LEG: leg,role,call-id,dialled,from,start,answer,end,seconds,final
legs() { [ ! -s "$run/$1.msg" ] || awk -v leg="$1" -f "$here/legs.awk" "$run/$1.msg"; }
# dialled NUMBER: how many calls to it reached the provider
dialled() { legs provider | awk -F, -v n="$1" '$2 == "called" && index($4, n) == 1' | wc -l; }
# final LEG CODE: how many calls of a leg ended so
final() { legs "$1" | awk -F, -v c="$2" '$2 == "caller" && $10 == c' | wc -l; }
quiet() {
  none() { cli core show channels count | grep -q '^0 active channels'; }
  until_ 20 none || cli channel request hangup all >/dev/null
  until_ 5 none
}

# ------------------------------------------------------------------ judging
bad=() seen=()
see() { seen+=("$*"); }
# want WHAT COMMAND…: what must be true
want() {
  local what=$1
  shift
  "$@" || bad+=("$what")
}
is() { [ "$1" -eq "$2" ]; }
least() { [ "$1" -ge "$2" ]; }
most() { [ "$1" -le "$2" ]; }
# logged PATTERN: whether the log has such a line since the scenario began
logged() { tail -n "+$((log_at + 1))" "$run/belwacht.log" | grep -q -- "$1"; }
judged() { tail -n "+$((log_at + 1))" "$run/belwacht.log" | grep '"call.judged"'; }
has() { until_ 5 logged "$1"; }

failed=0
play() {
  local name=${1#scenario_} from=$EPOCHREALTIME verdict=ok
  bad=() seen=() leg_pid=()
  touch "$run/belwacht.log"
  log_at=$(wc -l <"$run/belwacht.log")
  sip provider 127.0.0.100 5060 uas-answer -rtp_echo -key ext provider
  ready
  "$1"
  quiet
  kill "${leg_pid[provider]}" 2>/dev/null
  wait "${leg_pid[provider]}" 2>/dev/null
  undb CF && undb CFU && undb FM && undb lab
  [ ${#bad[@]} = 0 ] || verdict="FAILED: $(IFS=\;; echo "${bad[*]}")"
  printf 'accept: live: %s | %s | %.1f s | %s\n' "${name//_/ }" "$(IFS=\;; echo "${seen[*]}")" "$(awk -v a="$from" -v b="$EPOCHREALTIME" 'BEGIN { print b - a }')" "$verdict"
  [ -z "${LIVE_KEEP:-}" ] || { mkdir -p "$LIVE_KEEP/$name" && cp -r "$run" "$lab/log" "$lab/belwacht.yaml" "$LIVE_KEEP/$name/"; }
  [ "$verdict" = ok ] || failed=1
}

. "$here/scenarios.sh"
[ $# -gt 0 ] || set -- $(declare -F | sed -n 's/^declare -f scenario_//p')
connect
train
asterisk_up
for s in "$@"; do play "scenario_$s"; done
unguarded
exit $failed
