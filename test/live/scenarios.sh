# The scenarios, in bash, read by lab.sh. Each plays calls, and says what it saw and what must be true.

range() { printf 'SEQUENTIAL\n' >"$run/range.csv"; printf '%s\n' "$@" >>"$run/range.csv"; }
# burst EXT PREFIX COUNT: so many short calls to one range, eight at once
burst() {
  range $(seq -w 0 $(($3 - 1)))
  call "burst$1" "$1" "$2" uac-auth-rtp-range -inf /lab/run/range.csv -d 1000 -m "$3" -r 8 -l 8
  finish "burst$1"
}

scenario_burst_http() {
  guarded ask
  burst 201 002526155525 30
  local no yes
  no=$(final burst201 403) yes=$(dialled 002526155525)
  see "of 30 calls of 201 to Somalia $no got 403 before the trunk dialled, $yes were dialled"
  want "every call refused or dialled" is $((no + yes)) 30
  want "most refused" least "$no" 24
}

scenario_burst_fastagi() {
  connect --fastagi
  guarded ask
  burst 201 002526155526 30
  local no yes
  no=$(final burst201 403) yes=$(dialled 002526155526)
  see "of 30 calls of 201 to Somalia $no got 403 before the trunk dialled, $yes were dialled"
  want "every call refused or dialled" is $((no + yes)) 30
  want "most refused" least "$no" 24
  connect
}

# ended PREFIX: milliseconds from dialling to the end of calls that did not come to be answered, sorted
ended() { legs provider | awk -F, -v n="$1" 'index($4, n) == 1 && $7 == "" && $8 != "" { printf "%d\n", ($8 - $6) * 1000 }' | sort -n; }

scenario_burst_ami() {
  guarded ami
  db lab round 1
  burst 201 002526155527 30
  local no worst
  no=$(ended 002526155527 | wc -l) worst=$(ended 002526155527 | tail -n 1)
  see "30 calls of 201 to Somalia, nobody asks: $no ended while they rang, the slowest ${worst:-none} ms after its dial start"
  want "most ended" least "$no" 24
  want "within a second" most "${worst:-9999}" 1000
  want "the phones got 403" is "$(final burst201 403)" "$no"
  cp "$run/status.json" /tmp/
}

# accounts NUMBER: whose calls to it were judged, and how
accounts() { judged | grep -F "\"+${1#00}\"" | sed -n 's/.*"account":"\([^"]*\)".*"decision":"\([^"]*\)".*/\1 \2/p' | sort | uniq -c | awk '{ print $2, $3, $1 }'; }

# way NAME ACCOUNT NUMBER: what way_NAME sends to a range where the account's own calls are refused already is refused or ended, once and as the account's
way() {
  local got
  quiet
  "way_$1" "$3"
  quiet
  got=$(accounts "$3")
  see "$1: $got"
  want "$1: refused once, as a call of $2" [ "$got" = "$2 refuse 1" ]
  want "$1: the far end never answered" is "$(legs provider | awk -F, -v n="$3" '$4 == n && $7 != ""' | wc -l)" 0
}
way_forward() {
  db CF 205 "$1"
  call caller 201 205 uac-auth-rtp -d 2000
  finish caller
  undb CF
}
way_forward_optimised() {
  db lab optimise 1
  way_forward "$1"
  cli database del lab optimise >/dev/null
}
way_forward_from_outside() {
  db CF 205 "$1"
  inbound outsider 31612345617 31201230205 uac-rtp -d 2000
  finish outsider
  undb CF
}
way_forward_unanswered() {
  db CFU 205 "$1"
  phone phone205 205 uas-noanswer
  ready
  inbound outsider 31612345637 31201230205 uac-rtp -d 2000
  finish outsider phone205
  undb CFU
}
way_302() {
  phone phone204 204 uas-302 -key forward "$1"
  ready
  call caller 201 204 uac-auth-rtp -d 2000
  finish caller phone204
}
way_transfer() {
  phone phone201 201 uas-refer -d 1000 -key refer "$1"
  ready
  call caller 202 201 uac-auth-rtp -d 4000
  finish caller phone201
}
way_transfer_of_outsider() {
  phone phone203 203 uas-refer -d 1000 -key refer "$1"
  ready
  inbound outsider 31612345615 31201230203 uac-rtp -d 4000
  finish outsider phone203
}
way_ring_group() {
  db lab outside "$1"
  phone phone202 202 uas-noanswer
  ready
  call caller 201 402 uac-auth-cancel
  finish caller phone202
  cli database del lab outside >/dev/null
}
way_follow_me() {
  db FM 202 "$1"
  phone phone202 202 uas-noanswer
  ready
  inbound outsider 31612345613 31201230202 uac-cancel
  finish outsider phone202
  undb FM
}
way_subroutine() {
  call caller 201 "6$1" uac-auth-rtp -d 2000
  finish caller
}

ways() { # ACCOUNT that a group's number outside is charged to
  local e
  for e in 201 202 203 204 205; do burst $e "0025261${e}550" 6; done
  way forward 205 00252612055571
  way forward_optimised 205 00252612055572
  way forward_from_outside 205 00252612055573
  way forward_unanswered 205 00252612055574
  way 302 204 00252612045575
  way transfer 201 00252612015576
  way transfer_of_outsider 203 00252612035577
  way ring_group "$1" 00252612015578
  way follow_me 202 00252612025579
  way subroutine 201 00252612015580
}

scenario_ways_ask() {
  guarded ask ami
  ways 201 # the dial plan does not know which group rang: who began it answers
  want "nothing went round the question" is "$(count guard_bypassed)" 0
}
scenario_ways_ami() {
  guarded ami
  db lab round 1
  ways 402
}

# A call that talks when its Local channel has been optimised away: it is known, by the account that sends it, and can be ended.
scenario_optimised() {
  guarded ask ami
  db lab optimise 1
  db CF 205 0032470000005
  call caller 201 205 uac-auth-rtp -d 8000
  locals() { cli core show channels concise | grep -c '^Local/'; }
  talks() { bw calls --socket /lab/run/control.sock --json >"$run/calls.json" && grep -q '"answered"' "$run/calls.json"; }
  want "the call is known" until_ 10 talks
  sleep 1
  see "Local channels left: $(locals)"
  want "the Local channels are gone" is "$(locals)" 0
  want "it is 205's" grep -q '"account": *"205"' "$run/calls.json"
  want "it was judged once" is "$(judged | grep -c '"number":"+32470000005"')" 1
  local id from=$EPOCHREALTIME
  id=$(grep -o '"id": *"[^"]*"' "$run/calls.json" | head -n 1 | cut -d'"' -f4)
  bw end "$id" --socket /lab/run/control.sock >"$run/end.out" 2>&1 || bad+=("it cannot be ended: $(cat "$run/end.out")")
  none() { cli core show channels count | grep -q '^0 active channels'; }
  want "it ends" until_ 3 none
  see "ended $(awk -v a="$from" -v b="$EPOCHREALTIME" 'BEGIN { printf "%d", (b - a) * 1000 }') ms after belwacht end"
  finish caller
}

# emergency LEG EXT: 112 is dialled and answered
emergency() {
  legs provider >"$run/before"
  local before
  before=$(awk -F, '$4 == "112" && $7 != ""' "$run/before" | wc -l)
  call "$1" "$2" 112 uac-auth -d 300
  finish "$1"
  [ "$(legs provider | awk -F, '$4 == "112" && $7 != ""' | wc -l)" -gt "$before" ]
}
# delay LEG: milliseconds from the phone's INVITE to the trunk's, of its last call to 112
delay() {
  local to
  to=$(legs provider | awk -F, '$4 == "112" { t = $6 } END { print t }')
  legs "$1" | awk -F, -v to="$to" '{ printf "%d ms", (to - $6) * 1000 }'
}
pass() { # STATE: 203 calls 112 in it
  if emergency phone203 203; then see "$1: answered, dialled after $(delay phone203)"; else
    see "$1: NOT answered"
    bad+=("112 does not pass: $1")
  fi
}

scenario_emergency() {
  guarded ask ami
  bw locks add 203 --why "locked for the test" --socket /lab/run/control.sock >"$run/lock.out" 2>&1 || bad+=("no lock: $(cat "$run/lock.out")")
  pass "locked extension"
  call locked 203 0612345601 uac-auth -d 300
  finish locked
  want "the lock holds for others" is "$(final locked 403)" 1
  bw panic on --socket /lab/run/control.sock >"$run/panic.out" 2>&1 || bad+=("no panic: $(cat "$run/panic.out")")
  pass "panic"
  call abroad 201 0032470000001 uac-auth -d 300
  finish abroad
  want "panic stops calls abroad" is "$(final abroad 403)" 1
  kill -STOP "$guard"
  pass "stalled"
  kill -CONT "$guard"
  kill -KILL "$guard"
  wait "$guard" 2>/dev/null
  guard=0
  pass "killed"
  start
  pass "started again"
  call after 203 0612345602 uac-auth -d 300
  finish after
  want "the lock holds after a kill" is "$(final after 403)" 1
  unguarded
  pass "stopped"
}

scenario_emergency_full_disk() {
  unguarded
  mount -t tmpfs -o size=4m tmpfs "$lab/data"
  guarded ask ami
  head -c 8M /dev/zero >"$lab/data/fill" 2>/dev/null
  bw locks add 204 --socket /lab/run/control.sock >"$run/lock.out" 2>&1 && bad+=("a lock on a full disk was acknowledged")
  see "a lock: $(tail -n 1 "$run/lock.out" | cut -c1-120)"
  pass "disk full"
  burst 201 002526155529 6
  see "calls to Somalia refused: $(final burst201 403) of 6"
  want "it refuses on" least "$(final burst201 403)" 4
  unguarded
  umount "$lab/data"
}

scenario_emergency_load() {
  guarded ask ami
  sip load 127.0.0.202 5062 uac-auth -s 002526155530 -key from 202 -key name Toestel -key secret fake-password-202 -key agent Yealink -timeout 30 -m 300 -r 30 -l 100 -d 300
  sleep 2
  local i
  for i in 1 2 3; do pass "among 30 calls a second"; done
  finish load
  see "$(final load 403) of 300 refused"
}
