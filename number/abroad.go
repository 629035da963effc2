package number

// Abroad is how a dial plan can tell calls abroad by their first digits: the prefixes that lead abroad besides the plus, and what begins with one of these
// or the plus and leads home after all. Where countries share a code that are abroad to each other (+1, +7), nothing that begins so is sure to lead home.
func (s *Site) Abroad() (international, home []string) {
	international = append(international, s.international...)
	if !s.shared {
		return international, nil
	}
	for _, i := range append([]string{"+"}, international...) {
		home = append(home, i+s.code)
	}
	return international, home
}
