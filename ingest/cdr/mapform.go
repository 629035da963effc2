package cdr

import "time"

// Mapping says which column of a file is what.
type Mapping struct{ Name, Encoding string }

type mapForm struct {
	form
	zone *time.Location
}

func newMapForm(m *Mapping, sample string, last bool, name string) (form, error) { return nil, nil }
func recogniseJSON(c, name string) (form, string, []string, error) {
	return nil, "", nil, unknown(name, "JSON")
}
func recogniseMapped(sample string, last bool, name string, header []string, delim byte) (form, string, []string, error) {
	return nil, "", nil, nil
}
func forcedMapped(format, sample string, last bool, name string) (form, bool, error) {
	return nil, false, nil
}
func mappedFormats() []string { return nil }
