package count

import "github.com/belwacht/belwacht"

// search is how an account looked for the way to one number, since it last talked there: who has found it is done searching.
type search struct {
	forms       [4]uint64 // wrong ones, a bit each
	first, last uint32    // seconds since the first and the last of them
	searched    bool
	found       bool
}

// slips is how often in ten minutes somebody may mistype one number and be taken to do just that.
const slips = 4

// Talked says whether an account talked with a number in the last two weeks, of those calls that deserve a look. Where a string of which the plan makes
// nothing did lead there, or where several were dialled within minutes, it does not say so: nobody knows then which strings are slips of the finger.
func (s *Shard) Talked(account uint32, number belwacht.E164, at belwacht.Instant) (talked bool) {
	l, now, strays := &s.Account(account).Log, uint32(at/belwacht.Second), 0
	for i := range int(l.n) {
		e := l.Back(i)
		past := now - min(e.At, now)
		if past > 14*86400 {
			break
		}
		if e.Number == number && e.Flags&Undialable != 0 && past <= 600 {
			if strays++; strays == slips {
				return false
			}
		}
		if e.Number != number || e.State != Talking && (e.State != Over || e.Talk == 0) {
			continue
		}
		if e.Flags&Undialable != 0 {
			return false
		}
		talked = talked || e.State == Over && e.Flags&Condemned == 0
	}
	return talked
}
