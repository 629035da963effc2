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
