package cdr

import (
	"slices"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/freeswitch"
	"github.com/belwacht/belwacht/ingest"
)

// recogniseMapped finds the ready mapping whose columns a file's header has; of several the one that asks for most.
func recogniseMapped(sample string, last bool, name string, header []string, delim byte) (form, string, []string, error) {
	all, err := Mappings()
	if err != nil {
		return nil, "", nil, err
	}
	have := map[string]bool{}
	for _, h := range header {
		have[heading(h)] = true
	}
	var best *Mapping
	for _, m := range all {
		if len(m.Recognise) == 0 || best != nil && len(best.Recognise) >= len(m.Recognise) {
			continue
		}
		if !slices.ContainsFunc(m.Recognise, func(want string) bool { return !have[heading(want)] }) {
			best = m
		}
	}
	if best == nil {
		best = headlessMapped(all, header, delim)
	}
	if best == nil {
		return nil, "", nil, nil
	}
	f, err := newMapForm(best, sample, last, name)
	if err != nil {
		return nil, "", nil, err
	}
	return f, best.Name, mappingNotes(best), nil
}

// mappingNotes says what a user should know of a mapping that was recognised.
func mappingNotes(m *Mapping) []string {
	if m.Source == "" {
		return []string{"the layout of " + m.Title + " is unverified: compare a call or two"}
	}
	return nil
}

// headlessMapped recognises formats without a header by what their first record holds: FreeSWITCH's default template and that in Asterisk's order, and 3CX's full
// order.
func headlessMapped(all []*Mapping, r []string, delim byte) *Mapping {
	name := ""
	if delim == ',' && len(r) >= 13 && looksTime(r[4]) && (r[5] == "" || looksTime(r[5])) && looksTime(r[6]) && freeswitch.Known(r[9]) {
		name = "freeswitch-example"
	}
	if delim == ',' && len(r) >= 17 && looksAsterisk(r[9:]) { // headless saw FreeSWITCH's channels
		name = "freeswitch-asterisk"
	}
	if delim == ',' && len(r) >= 11 && strings.HasPrefix(r[0], "Call ") { // "Call Time" is another file's header
		if _, number := ingest.WholeNumber(r[0][len("Call "):]); number {
			name = "3cx"
		}
	}
	for _, m := range all {
		if m.Name == name {
			return m
		}
	}
	return nil
}

// forcedMapped makes the form of a ready mapping given by name; false where there is none of that name.
func forcedMapped(format, sample string, last bool, name string) (form, bool, error) {
	c := strings.TrimLeft(sample, " \t\r\n")
	json := c != "" && (c[0] == '{' || c[0] == '[')
	if format == FormatFreeSWITCH && json {
		return newJSONForm(nil), true, nil
	} else if format == FormatFreeSWITCH {
		return nil, true, belwacht.Errorf(belwacht.Invalid, "%s is no JSON, which the format %s is; leave --format out to have it recognised", name, format)
	}
	all, err := Mappings()
	if err != nil {
		return nil, true, err
	}
	for _, m := range all {
		if m.Name == format {
			if json {
				return newJSONForm(m), true, nil
			}
			f, err := newMapForm(m, sample, last, name)
			return f, true, err
		}
	}
	return nil, false, nil
}

// mappedFormats are the names of the ready mappings and of FreeSWITCH's JSON.
func mappedFormats() []string {
	names := []string{FormatFreeSWITCH}
	all, _ := Mappings() // an error is told where they are used
	for _, m := range all {
		names = append(names, m.Name)
	}
	return names
}
