package ingest

import (
	"fmt"
	"time"
)

// ZoneVotes finds out which clock a file was written by: the uniqueid of an Asterisk channel begins with the epoch second at which it was
// made, and the first row of a channel starts in that second or just after. Transfers start later and do not vote.
type ZoneVotes struct {
	zone         *time.Location
	votes, local int
	utc, both    int
	other        map[int64]int // offsets that are neither, in seconds
	foreign      int64         // the first of them
}

// NewZoneVotes begins a vote; zone is the organisation's.
func NewZoneVotes(zone *time.Location) ZoneVotes { return ZoneVotes{zone: zone} }

// Foreign says whether votes were for a zone that is neither the organisation's nor UTC.
func (b *ZoneVotes) Foreign() bool { return len(b.other) > 0 }

// Plain says whether there are votes and each fits one zone only.
func (b *ZoneVotes) Plain() bool { return b.votes > 0 && b.both == 0 }

// slack is how many seconds after its channel was made a first row may start.
const slack = 10

// Add counts one row: its start on the file's clock and the epoch of its uniqueid.
func (b *ZoneVotes) Add(naive, epoch int64) {
	_, o := time.Unix(epoch, 0).In(b.zone).Zone()
	off, diff := int64(o), naive-epoch
	local, utc := diff-off >= -2 && diff-off <= slack, diff >= -2 && diff <= slack
	switch {
	case local && utc:
		b.both++
	case local:
		b.local++
	case utc:
		b.utc++
	default:
		near, ok := Aligned(diff)
		if !ok {
			return
		}
		if b.other == nil {
			b.other, b.foreign = map[int64]int{}, near
		}
		b.other[near]++
	}
	b.votes++
}

// Aligned is the quarter of an hour that a difference of clocks is, in seconds; false where it is none, as after a transfer, or no zone's.
func Aligned(diff int64) (int64, bool) {
	near := (diff + 450) / 900
	if diff+450 < 0 {
		near = (diff - 449) / 900
	}
	rest := diff - near*900
	return near * 900, rest >= -2 && rest <= slack && near >= -56 && near <= 56
}

// FixedZone is a zone of an offset in seconds.
func FixedZone(offset int64) *time.Location {
	z := time.FixedZone("", int(offset))
	return time.FixedZone("UTC"+time.Unix(0, 0).In(z).Format("-07:00"), int(offset))
}

// Verdict is what the votes say: the zone of the file's clock, a sentence where it is not the organisation's, and whether later rows can
// still change it: every row so far fits both the organisation's zone and UTC, or the clock is of a third zone.
func (b *ZoneVotes) Verdict() (zone *time.Location, note string, open bool) {
	if b.votes == 0 {
		return b.zone, "", false
	}
	need := b.votes - b.votes/10
	others, apart := 0, false
	for off, n := range b.other {
		others += n
		apart = apart || off != b.foreign && off != b.foreign+3600 && off != b.foreign-3600
	}
	switch {
	case b.both == b.votes:
		return b.zone, "", true
	case b.local+b.both >= need:
		return b.zone, "", false
	case b.utc+b.both >= need:
		return time.UTC, "times are UTC, shown by the uniqueids", false
	case others >= need && !apart: // another zone, perhaps with a summer time of its own: followed row by row
		z := FixedZone(b.foreign)
		return z, fmt.Sprintf("times are %s, shown by the uniqueids", z), true
	}
	return b.zone, fmt.Sprintf("uniqueids and times do not agree on a time zone; times are taken as %s, say --times if they are another's", b.zone), false
}
