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
accounts() {
  judged | grep -F "\"+${1#00}\"" | sed -n 's/.*"account":"\([^"]*\)".*"decision":"\([^"]*\)".*/\1 \2/p' | sort | uniq -c | awk '{ print $2, $3, $1 }'
}

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
way_queue() {
  db lab outside "$1"
  phone phone202 202 uas-noanswer
  ready
  inbound outsider 31612345619 31201230241 uac-cancel
  finish outsider phone202
  cli database del lab outside >/dev/null
}
# keys DIGITS: the scenario of a phone that answers, and after two seconds presses them
keys() {
  local wait=2000 seq
  sed '/<pause\/>/,$d' "$here/sipp/uas-refer.xml"
  for ((seq = 1; seq <= ${#1}; seq++)); do
    cat <<X
  <pause milliseconds="$wait"/>
  <send retrans="500"><![CDATA[
    INFO [\$contact] SIP/2.0
    Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
    From: [\$to];tag=[pid]t[call_number]
    To: [\$from]
    Call-ID: [call_id]
    CSeq: $seq INFO
    Contact: <sip:[ext]@[local_ip]:[local_port]>
    Max-Forwards: 70
    Content-Type: application/dtmf-relay
    Content-Length: [len]

    Signal=${1:seq-1:1}
    Duration=100
  ]]></send>
  <recv response="200"/>
X
    wait=150
    [ $seq != 2 ] || wait=1000 # the dial tone of the second line
  done
  echo '  <pause/>'
  sed '1,/<pause\/>/d; /REFER \[/,$d' "$here/sipp/uas-refer.xml" | sed '$d'
  sed -n '/BYE \[/,$p' "$here/sipp/uas-refer.xml" | sed "1i\\  <send retrans=\"500\"><![CDATA[" | sed "s/CSeq: 2 BYE/CSeq: $seq BYE/"
}
way_attended_transfer_by_keys() {
  keys "*2$1" >"$lab/sipp/keys.xml"
  phone phone201 201 keys -d 3000
  ready
  call caller 202 201 uac-auth-rtp -d 9000
  finish caller phone201
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
  way attended_transfer_by_keys 201 00252612015581
  way queue 203 00252612035582
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

tag() { grep -a -A40 '^SIP/2.0 200' "$run/$1.msg" | sed -n "s/^$2:.*;tag=\([^ ;\r]*\).*/\1/p" | head -n 1; }
# Who joins a caller with a call of his own and hangs up has it still: it is one call, known, and can be ended.
scenario_attended_transfer() {
  guarded ask ami
  call line1 201 0032470000011 uac-auth-rtp -d 30000 -cid_str 'line1-%r@%s'
  answered() { bw calls --socket /lab/run/control.sock --json >"$run/calls.json" && grep -q '"answered"' "$run/calls.json"; }
  want "the first line is answered" until_ 10 answered
  local id
  id=$(sed -n 's/^Call-ID: *\([^\r]*\).*/\1/p' "$run/line1.msg" | head -n 1)
  phone line2 201 uas-refer -d 1000 -key refer 0032470000011 -key replaces "?Replaces=${id/@/%40}%3Bto-tag%3D$(tag line1 To)%3Bfrom-tag%3D$(tag line1 From)"
  ready
  call caller 202 201 uac-auth-rtp -d 20000
  finish line1 line2
  sleep 1
  bw calls --socket /lab/run/control.sock --json >"$run/calls.json"
  want "the call goes on" grep -q '"answered"' "$run/calls.json"
  want "it is 201's" grep -q '"account": *"201"' "$run/calls.json"
  want "it was judged once" is "$(judged | grep -c '"number":"+32470000011"')" 1
  want "it runs once" is "$(grep -c '"id":' "$run/calls.json")" 1
  see "201 is gone, 202 and the number talk: $(grep -o '"account": *"[^"]*"' "$run/calls.json" | sort | uniq -c | tr -s ' ')"
  local from=$EPOCHREALTIME
  id=$(grep -o '"id": *"[^"]*"' "$run/calls.json" | head -n 1 | cut -d'"' -f4)
  bw end "$id" --socket /lab/run/control.sock >"$run/end.out" 2>&1 || bad+=("it cannot be ended: $(cat "$run/end.out")")
  gone() { [ "$(legs provider | awk -F, '$4 == "0032470000011" && $8 != ""' | wc -l)" = 1 ]; }
  want "it ends" until_ 3 gone
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
  db lab round 1
  pass "panic, not asked"
  undb lab
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
  burst 201 0025261555290 6
  see "calls to Somalia refused: $(final burst201 403) of 6"
  want "it refuses on" least "$(final burst201 403)" 4
  unguarded
  umount "$lab/data"
}

scenario_emergency_load() {
  guarded ask ami
  sip load 127.0.0.202 5062 uac-auth -s 002526155530 -key from 202 -key name Toestel -key secret fake-password-202 -key agent Yealink \
    -timeout 30 -m 300 -r 30 -l 100 -d 300
  sleep 2
  local i
  for i in 1 2 3; do pass "among 30 calls a second"; done
  finish load
  see "$(final load 403) of 300 refused"
}

# setup PREFIX: milliseconds from the phone's first INVITE to the trunk's, of each call, sorted
setup() {
  { for e in 201 202 203 204 205; do legs "work$e"; done; legs provider; } |
    awk -F, '$2 == "caller" { at[$4 "/" $5] = $6 } $2 == "called" { to[$4 "/" $5] = $6 } END { for (k in at) if (k in to) printf "%.1f\n", (to[k] - at[k]) * 1000 }' | sort -n
}
quantile() { awk -v q="$1" '{ a[NR] = $1 } END { print a[int((NR - 1) * q) + 1] }'; }
# work: five people call whom they call every week, ten calls each
work() {
  range 00 04 11 13 17 02 08 15 06 19
  local e
  for e in 201 202 203 204 205; do
    local prefix=06123456
    [ $e != 203 ] || prefix=0201234
    [ $e != 204 ] || prefix=00324700000
    [ $e != 203 ] || range 000 004 011 013 017 002 008 015 006 019
    call "work$e" $e $prefix uac-auth-rtp-range -inf /lab/run/range.csv -d 1000 -m 10 -r 1 -rp 1500 -l 2
    sleep 0.3
    [ $e != 203 ] || range 00 04 11 13 17 02 08 15 06 19
  done
  finish work201 work202 work203 work204 work205
}
scenario_innocent() {
  guarded ask ami
  work
  local e good=0
  for e in 201 202 203 204 205; do good=$((good + $(final work$e 200))); done
  setup >"$run/with"
  see "50 calls as every week: $good answered, $(count guard_refused) refused"
  want "all are answered" is "$good" 50
  want "none is refused" is "$(count guard_refused)" 0
  want "all were asked of" is "$(count ask_asked)" 50
  want "each is one call" is "$(count guard_attempts)" 50
  want "nothing went round" is "$(($(count guard_unasked) + $(count guard_bypassed)))" 0
  kill "${leg_pid[provider]}"
  wait "${leg_pid[provider]}" 2>/dev/null
  sip provider 127.0.0.100 5060 uas-answer -rtp_echo -key ext provider
  ready
  db lab round 1
  work
  setup >"$run/without"
  local added
  added=$(awk -v a="$(quantile 0.5 <"$run/with")" -v b="$(quantile 0.5 <"$run/without")" 'BEGIN { printf "%.1f", a - b }')
  see "from phone to trunk $(quantile 0.5 <"$run/with") ms (p95 $(quantile 0.95 <"$run/with")), without a guard $(quantile 0.5 <"$run/without") ms: $added ms more"
  want "less than 50 ms more" awk -v a="$added" 'BEGIN { exit !(a < 50) }'
}

scenario_refused_is_told() {
  guarded ask ami
  burst 201 0025261555310 4
  call refused 201 00252615553199 uac-auth
  finish refused
  want "403" is "$(final refused 403)" 1
  local reason code heard
  reason=$(grep -a -A15 '^SIP/2.0 403' "$run/refused.msg" | tr -d '\r' | grep -i '^Reason:' | head -n 1)
  want "a reason" [ "$reason" = "Reason: Q.850;cause=21" ]
  code=$(judged | grep '"number":"+252615553199"' | sed -n 's/.*"reference":"\([^"]*\)".*/\1/p')
  connect --say privacy-incorrect # any sentence: it is the owner's
  call told 201 00252615553198 uac-auth-rtp
  finish told
  connect
  heard=$(grep -a 'SayAlpha(' "$lab/log/full.log" | sed -n 's/.*SayAlpha("PJSIP\/201-[^"]*", "\([A-Z0-9]*\)").*/\1/p' | tail -n 1)
  see "403, $reason; with --say early media (183) and $heard spelled in $(legs told | awk -F, '{ printf "%.1f", $8 - $6 }') s, then $(legs told | cut -d, -f10)"
  want "after the sentence 403" is "$(final told 403)" 1
  want "early media" grep -qa '^SIP/2.0 183' "$run/told.msg"
  want "the code that is heard is the log's" [ "$heard" = "$(judged | grep '"number":"+252615553198"' | sed -n 's/.*"reference":"\([^"]*\)".*/\1/p')" ]
  bw why "$code" --socket /lab/run/control.sock >"$run/why.out" 2>&1 || bad+=("why fails")
  see "belwacht why $code: $(head -n 1 "$run/why.out" | cut -c1-160)"
  want "it says why" grep -qE '252|Somalia' "$run/why.out"
}

# spelled DIALLED yes|no: whether the guard lets it out
spelled() {
  db lab spelled "$1"
  db lab passed -
  cli channel originate Local/s@spelled/n application Wait 1 >/dev/null
  judged_() { ! cli database get lab passed | grep -q 'Value: -' && cli core show channels count | grep -q '^0 active channels'; }
  until_ 5 judged_
  want "$1 goes out: $2" grep -q "Value: $2" <<<"$(cli database get lab passed)"
}

scenario_when_down() {
  unguarded
  connect --when-down pass
  call a 201 0032470000003 uac-auth -d 200
  call b 202 0612345603 uac-auth -d 200
  finish a b
  see "pass, stopped: abroad $(final a 200) of 1 goes out, at home $(final b 200) of 1"
  want "pass lets all pass" is "$(($(final a 200) + $(final b 200)))" 2
  connect --when-down refuse_abroad
  call a 201 0032470000003 uac-auth -d 200
  call b 202 0612345603 uac-auth -d 200
  finish a b
  see "refuse_abroad, stopped: abroad $(final a 403) of 1 gets 403, at home $(final b 200) of 1 goes out"
  want "abroad is refused" is "$(final a 403)" 1
  want "home goes out" is "$(final b 200)" 1
  pass "refuse_abroad"
  spelled tel:112 yes
  spelled TEL:112 yes
  spelled sip:112@pbx.example yes
  spelled 'sips:112@[2001:db8::1]:5061' yes
  spelled urn:service:sos yes
  spelled urn:service:sos.fire yes
  spelled tel:1120 no
  spelled sip:112@a@b no
  spelled tel:+32470000003 no
  spelled 112x no
  see "refuse_abroad, nobody answers: tel:112, sip:112@host and urn:service:sos go out, what only looks like them does not"
  guarded ask
  call a 201 0032470000003 uac-auth -d 200
  finish a
  want "with a verdict it passes" is "$(final a 200)" 1
  kill -STOP "$guard"
  call a 201 0032470000004 uac-auth -d 200
  finish a
  see "stalled: abroad $(final a 403) of 1 gets 403 after $(legs a | awk -F, '{ printf "%d", ($8 - $6) * 1000 }') ms"
  want "stalled, abroad is refused" is "$(final a 403)" 1
  kill -CONT "$guard"
  connect --when-down pass
}

scenario_round_the_hook() {
  guarded ask ami
  burst 201 0025261555320 4
  call round 201 700252615553299 uac-auth -d 3000
  finish round
  see "refused by evidence, and dialled by a context of the owner's own: ended $(ended 00252615553299 | head -n 1) ms after its dial start; holes counted: $(count guard_unasked)"
  want "it never was answered" is "$(legs provider | awk -F, '$4 == "00252615553299" && $7 != ""' | wc -l)" 0
  want "it was ended within a second" most "$(ended 00252615553299 | head -n 1)" 1000
  want "the hole is counted" least "$(count guard_unasked)" 1
  want "and logged" has feed.unasked
}

scenario_wrong_secret() {
  connect
  guarded ask
  cp "$lab/secrets/ask.conf" "$run/ask.conf"
  sed -i 's/key=[^&]*/key=WRONG-SECRET-OF-SOMEBODY/' "$lab/secrets/ask.conf"
  cli dialplan reload >/dev/null
  call a 201 0612345605 uac-auth -d 200
  finish a
  see "no verdict, the owner's when_down (pass) holds: $(final a 200) of 1 goes out; counted: $(count ask_wrong_secret)"
  want "counted" is "$(count ask_wrong_secret)" 1
  want "no question was taken" is "$(count ask_asked)" 0
  want "an alarm" has ask.wrong-secret
  want "the secret is in no log" [ "$(grep -c WRONG-SECRET "$run/belwacht.log")" = 0 ]
  cp "$run/ask.conf" "$lab/secrets/ask.conf"
  cli dialplan reload >/dev/null
}

# What runs is known again after a kill, and panic ends it; the call to 112 that runs beside it goes on.
scenario_panic_ends_what_runs() {
  guarded ask ami
  call abroad 201 0032470000006 uac-auth -d 20000
  call help 203 112 uac-auth -d 20000
  runs() { bw calls --socket /lab/run/control.sock --json >"$run/calls.json" 2>/dev/null && grep -q '"answered"' "$run/calls.json"; }
  want "it runs" until_ 5 runs
  kill -KILL "$guard"
  wait "$guard" 2>/dev/null
  start
  want "it is known after a kill" until_ 5 runs
  see "after kill -9 the running call is known, holes $(count guard_unasked)"
  want "what ran before is no hole" is "$(count guard_unasked)" 0
  local from=$EPOCHREALTIME
  bw panic on --end --socket /lab/run/control.sock >"$run/panic.out" 2>&1 || bad+=("no panic: $(cat "$run/panic.out")")
  gone() { [ "$(legs provider | awk -F, '$4 == "0032470000006" && $8 != ""' | wc -l)" = 1 ]; }
  want "the call abroad is ended" until_ 5 gone
  see "panic on --end: abroad ended after $(legs provider | awk -F, -v a="$from" '$4 == "0032470000006" { printf "%d", ($8 - a) * 1000 }') ms"
  sleep 2
  want "112 goes on" is "$(legs provider | awk -F, '$4 == "112" && $7 != "" && $8 == ""' | wc -l)" 1
  see "112 goes on: $(legs provider | awk -F, '$4 == "112" && $7 != "" && $8 == ""' | wc -l) of 1"
  cli channel request hangup all >/dev/null
  finish abroad help
}

# A call for help that the PBX sends to a number abroad, found by a Belwacht that starts with nothing remembered: it goes on when calls abroad are ended.
scenario_help_taken_up() {
  guarded ask ami
  call help 203 6112 uac-auth -d 20000
  call abroad 201 60032470000107 uac-auth -d 20000
  runs() { bw calls --socket /lab/run/control.sock --json >"$run/calls.json" 2>/dev/null && grep -q '"answered"' "$run/calls.json" && logged '"number":"112".*"cause":"emergency"'; }
  talks() { [ "$(legs provider | awk -F, 'index($4, "00324700001") == 1 && $7 != ""' | wc -l)" = 2 ]; }
  want "both run" until_ 5 talks
  kill -KILL "$guard"
  wait "$guard" 2>/dev/null
  guarded ask ami
  want "both are found, and what they are" until_ 5 runs
  bw panic on --end --socket /lab/run/control.sock >"$run/panic.out" 2>&1 || bad+=("no panic: $(cat "$run/panic.out")")
  gone() { [ "$(legs provider | awk -F, '$4 == "0032470000107" && $8 != ""' | wc -l)" = 1 ]; }
  want "the call abroad is ended" until_ 5 gone
  sleep 2
  local on
  on=$(legs provider | awk -F, '$4 == "0032470000112" && $7 != "" && $8 == ""' | wc -l)
  see "found after a start with nothing remembered: abroad ended, 112 that was sent abroad goes on: $on of 1"
  want "help goes on" is "$on" 1
  cli channel request hangup all >/dev/null
  finish abroad help
}

# Question, feed and record tell of the same calls: each is one.
scenario_every_way_is_one_call() {
  : >"$lab/log/cdr-csv/Master.csv"
  guarded ask ami records
  call a 201 0032470000007 uac-auth-rtp -d 1000
  finish a
  call a 201 60032470000008 uac-auth-rtp -d 1000
  finish a
  db lab optimise 1
  db CF 205 0032470000009
  call a 202 205 uac-auth-rtp -d 2000
  finish a
  undb CF
  phone phone201 201 uas-refer -d 1000 -key refer 0032470000010
  ready
  call a 202 201 uac-auth-rtp -d 5000
  finish a phone201
  quiet
  records() { [ "$(count guard_records)" -ge 5 ]; }
  until_ 10 records
  local out
  out=$(judged | grep -c '"number":"+32')
  see "4 calls abroad, judged $out times; $(count ask_asked) questions, $(count guard_records) records, holes $(($(count guard_unasked) + $(count guard_unseen)))"
  want "each is judged once" is "$out" 4
  want "records came" least "$(count guard_records)" 4
  want "nobody missed one" is "$(($(count guard_unasked) + $(count guard_unseen) + $(count guard_bypassed)))" 0
}

# The manager interface over TLS, with a certificate that signs itself, as Asterisk's own script makes.
scenario_manager_over_tls() {
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=pbx -keyout "$lab/key.pem" -out "$lab/cert.pem" >"$run/openssl.out" 2>&1 || bad+=("no certificate")
  cp "$lab/etc/manager.conf" "$run/manager.conf"
  sed -i '/^enabled = yes/a tlsenable = yes\ntlsbindaddr = 127.0.0.1:5039\ntlscertfile = /lab/cert.pem\ntlsprivatekey = /lab/key.pem' "$lab/etc/manager.conf"
  cli module reload manager >/dev/null
  local way
  for way in ', ca_file: /lab/cert.pem' ', unchecked: true' ''; do
    unguarded
    configure ami
    sed -i "s/127.0.0.1:5038/127.0.0.1:5039/; s#tls: false#tls: true$way#" "$lab/belwacht.yaml"
    rm -rf "$lab"/data/*
    bw config check /lab/belwacht.yaml >"$run/check.out" 2>&1 || bad+=("config check: $(cat "$run/check.out")")
    chroot "$root" /lab/belwacht run --config /lab/belwacht.yaml </dev/null >>"$run/belwacht.log" 2>&1 &
    guard=$!
    until_ 30 answers || bad+=("it does not start")
    if [ "$way" != '' ]; then
      want "connected with$way" until_ 15 connected
    else
      refused() { answers && grep -q 'certificate' "$run/status.json" "$run/belwacht.log"; }
      want "a certificate that nobody knows is not believed" until_ 15 refused
      ! connected || bad+=("it connected without knowing the certificate")
      see "without ca_file: $(grep -o 'x509: [^"]*' "$run/belwacht.log" | head -n 1 | cut -c1-80)"
    fi
  done
  unguarded
  cp "$run/manager.conf" "$lab/etc/manager.conf"
  cli module reload manager >/dev/null
}

# Far networks that decline one call after another: told, and told apart from what fails. Nobody is refused for it.
scenario_declined() {
  guarded ami
  db lab round 1
  kill "${leg_pid[provider]}"
  wait "${leg_pid[provider]}" 2>/dev/null
  sip provider 127.0.0.100 5060 uas-603 -key ext provider
  ready
  range 00 04 11 13 17 02 08 15 06 19
  local e
  for e in 201 202 203 204 205; do call "phone$e" $e 00324700000 uac-auth-rtp-range -inf /lab/run/range.csv -d 100 -m 6 -r 2 -l 2; done
  finish phone201 phone202 phone203 phone204 phone205
  told() { grep -aqs '"far.refusals"' "$lab"/data/*; }
  want "far networks refuse more than usual" until_ 10 told
  see "30 calls abroad declined with 603: $(grep -aho '[0-9]* calls within an hour' "$lab"/data/* | head -n 1)"
}

# What make test plays.
smoke() {
  guarded ask ami
  burst 201 002526155540 12
  see "of 12 calls to Somalia $(final burst201 403) refused"
  want "refused" least "$(final burst201 403)" 9
  call known 201 0032470000003 uac-auth -d 200
  finish known
  want "an innocent call passes" is "$(final known 200)" 1
  kill -STOP "$guard"
  pass "stalled"
  kill -CONT "$guard"
}

# What README says to a newcomer, and what he gets wrong: each mistake is told with what to do.
scenario_newcomer() {
  unguarded
  rm -rf "$lab/new" "$lab"/data/*
  mkdir -p "$lab/new"
  local own=(--etc /lab/etc --secrets /lab/new/asterisk --config /lab/new/belwacht.yaml --name hoofdkantoor --no-database --no-reload)
  bw connect asterisk --undo --yes --etc /lab/etc --secrets /lab/secrets --no-database --no-reload >"$run/undone.out" 2>&1
  bw connect asterisk --yes "${own[@]}" >"$run/new.out" 2>&1 || bad+=("connect: $(tail -n 2 "$run/new.out")")
  want "connect says what is done" grep -q '^Done: ' "$run/new.out"
  want "and how to take it back" grep -q 'connect asterisk --undo' "$run/new.out"
  printf 'data: /lab/data\ncontrol: {socket: /lab/run/control.sock}\ntrunks: [PJSIP/trunk]\n' >>"$lab/new/belwacht.yaml"
  cli dialplan reload >/dev/null
  cli module reload manager >/dev/null
  bw config check /lab/new/belwacht.yaml >"$run/check.out" 2>&1 || bad+=("config check: $(cat "$run/check.out")")
  chroot "$root" /lab/belwacht run --config /lab/new/belwacht.yaml </dev/null >>"$run/belwacht.log" 2>&1 &
  guard=$!
  want "it runs" until_ 30 answers
  want "it reaches the manager" until_ 15 connected
  doctor() { bw doctor --config /lab/new/belwacht.yaml --etc /lab/etc "$@" >"$run/doctor.out" 2>&1; }
  doctor
  want "the manager logs in" grep -q '^ok .*logs in to Asterisk' "$run/doctor.out"
  bw status --socket /lab/run/control.sock >"$run/said.out" 2>&1
  see "$(tr '\n' ' ' <"$run/said.out" | tr -s ' ' | grep -o 'Guarded since.*')"
  want "guarded since, by, not yet" grep -q 'Guarded since' "$run/said.out"
  call known 201 0612345601 uac-auth -d 200
  finish known
  want "a call passes and was asked of" [ "$(final known 200)" = 1 ]
  want "asked" least "$(count ask_asked)" 1

  # mistakes, one at a time
  mistake() { # NAME SED-EXPRESSION WHAT-IS-SAID
    cp "$lab/new/belwacht.yaml" "$run/good.yaml"
    sed -i "$2" "$lab/new/belwacht.yaml"
    doctor
    see "$1: $(grep -E '^(wrong|warning)' "$run/doctor.out" | grep -E "$3" | head -n 1 | tr -s ' ' | cut -c1-150)"
    want "$1 is told" grep -qE "$3" "$run/doctor.out"
    cp "$run/good.yaml" "$lab/new/belwacht.yaml"
  }
  mistake "a wrong address" 's/127.0.0.1:5038/127.0.0.1:5039/' 'not reached|not answer'
  mistake "another program's port" 's/127.0.0.1:5038/127.0.0.1:4574/' 'is no Asterisk manager|not reached'
  mistake "a wrong user" 's/user: belwacht/user: nobody/' 'refuses user'
  mistake "a file that is not there" 's#/lab/new/ami.secret#/lab/new/absent.secret#' 'absent.secret'
  chmod 0644 "$lab/new/ami.secret"
  mistake "a secret that all can read" 's/^$//' 'ami.secret'
  chmod 0600 "$lab/new/ami.secret"
  sed -i 's/^write=call,reporting/write=reporting/' "$lab/new/asterisk/manager.conf"
  cli module reload manager >/dev/null
  mistake "no rights" 's/^$//' 'may not do|needs write'
  unguarded
  bw connect asterisk --undo --yes "${own[@]}" >"$run/undone.out" 2>&1 || bad+=("undo: $(tail -n 2 "$run/undone.out")")
  connect
  cli module reload manager >/dev/null
}
