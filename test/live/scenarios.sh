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
