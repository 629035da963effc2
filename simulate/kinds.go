package simulate

// Does says in half a sentence what a kind of organisation, attack or oddity is, "" where there is none of that name.
func Does(name string) string {
	if s, ok := Kinds()[name]; ok {
		return s
	}
	for _, k := range attackKinds() {
		if k.name == name {
			return k.does
		}
	}
	for _, k := range oddityKinds() {
		if k.name == name {
			return k.does
		}
	}
	return ""
}
