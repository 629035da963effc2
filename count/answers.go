package count

// answers are the different novel numbers of a week that answered and talked, and those that did not, everywhere and in one country. What was over within
// half a minute might have been either.
type answers struct{ talked, unreached, met, absent int }

func (a *answers) note(e *Entry, here bool, sets *scratch) {
	switch {
	case e.Number == 0:
	case e.State == Unreached:
		n := a.unreached
		if a.unreached = insert(sets.unreached[:], n, uint64(e.Number)); here && a.unreached > n {
			a.absent++
		}
	case e.State == Over && e.Talk >= 30:
		n := a.talked
		if a.talked = insert(sets.talked[:], n, uint64(e.Number)); here && a.talked > n {
			a.met++
		}
	}
}

func (a *answers) fill(v *Values) {
	v.Talked7d, v.Unreached7d = float32(a.talked), float32(a.unreached)
	v.CountryTalked7d, v.CountryUnreached7d = float32(a.met), float32(a.absent)
}
