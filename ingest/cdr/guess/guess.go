// Package guess finds out which column of an unknown file of call records is what: by its name, and by whether its values are what such a column holds. It
// is asked only where no known format fits, and what it says is a mapping that the owner can look at, correct and keep.
package guess

import (
	"slices"
	"strconv"
	"strings"

	"github.com/belwacht/belwacht/ingest"
	"github.com/belwacht/belwacht/ingest/cdr"
)

// Mapping guesses the mapping of a file from its header and its first rows; nil where the start of calls, the number called or their length cannot be
// found. Its Title says what was taken for what.
func Mapping(header []string, rows [][]string) *cdr.Mapping {
	t := &table{header: header, rows: rows}
	if len(header) < 3 || len(header) > 200 || len(rows) == 0 {
		return nil
	}
	m := &cdr.Mapping{Name: "guessed"}
	c := &m.Columns
	if t.asterisk(m) || t.untitled(m) {
		m.Title = "the table of Asterisk (" + t.told(m) + ")"
		return m
	}
	t.rows, m.Footer = untotalled(rows)
	if !t.times(m) {
		return nil
	}
	if began := slices.Concat(c.Start, c.Date)[0]; began != header[0] { // the first column may hold a name such as Total Care
		t.rows, m.Footer = rows, nil
	}
	if answer, ok := t.take(answer, t.moments(m.Dates)); ok {
		c.Answer = answer
	}
	if end, ok := t.take(end, t.moments(m.Dates)); ok {
		c.End = end
	}
	c.From, _ = t.take(extension, inside)
	caller, known := t.take(from, party)
	if !known && c.From == nil { // of calls that came in it may have the caller's number
		caller, known = t.take(extension, party)
	}
	c.Caller = caller // not From, which says that one of us called
	var ok bool
	if c.Called, ok = t.take(called, party); !ok || !known && c.From == nil {
		return nil
	}
	t.words(m)
	if !t.lengths(m) {
		return nil
	}
	c.ID, _ = t.take(id, filled)
	c.Link, _ = t.take(link, filled)
	c.OutTrunk, _ = t.take(trunk, filled)
	c.Name, _ = t.take(person, filled)
	m.Title = "the file, guessed from its columns (" + t.told(m) + "),"
	return m
}

// table is a header and rows, and which columns are given away already.
type table struct {
	header []string
	rows   [][]string
	taken  []int
}

// values are those of a column that are not empty.
func (t *table) values(column int) []string {
	var all []string
	for _, r := range t.rows {
		if column < len(r) {
			if v := strings.TrimSpace(r[column]); v != "" && v != "-" {
				all = append(all, v)
			}
		}
	}
	return all
}

// find is the column of a role whose values nearly all fit; -1 where there is none.
func (t *table) find(r role, fits func(string) bool) int {
	for _, whole := range []bool{true, false} {
		for _, want := range names[r] {
			for i, name := range t.header {
				if have := squeezed(name); !slices.Contains(t.taken, i) && (have == want || !whole && len(want) > 4 && strings.Contains(have, want)) && t.fit(i, fits) {
					return i
				}
			}
		}
	}
	return -1
}

// fit says whether nine of ten values of a column are such, and there are some.
func (t *table) fit(column int, fits func(string) bool) bool {
	all := t.values(column)
	n := 0
	for _, v := range all {
		if fits(v) {
			n++
		}
	}
	return n > 0 && 10*n >= 9*len(all)
}

// take is find, as a mapping names a column, which is then given away.
func (t *table) take(r role, fits func(string) bool) ([]string, bool) {
	i := t.find(r, fits)
	if i < 0 {
		return nil, false
	}
	t.taken = append(t.taken, i)
	return []string{t.header[i]}, true
}

// lengths finds how long calls lasted. What says seconds goes before what says another unit by its name.
func (t *table) lengths(m *cdr.Mapping) bool {
	kept := t.taken
	for i, name := range t.header {
		if unit(name) != "" {
			t.taken = append(t.taken, i)
		}
	}
	if t.seconds(m) {
		return true
	}
	t.taken = kept
	if i := max(t.find(talk, decimal), t.find(length, decimal)); i >= 0 && unit(t.header[i]) == "min" {
		t.taken = append(t.taken, i)
		m.Columns.TalkMinutes = []string{t.header[i]}
		return true
	}
	m.Unit = "milliseconds"
	return t.seconds(m)
}

// unit is that of a length of time whose column's name does not mean seconds: min or ms; else "".
func unit(name string) string {
	name = squeezed(name)
	for _, u := range [...]struct{ ends, is string }{{"ms", "ms"}, {"msec", "ms"}, {"msecs", "ms"}, {"millis", "ms"}, {"milliseconds", "ms"}, {"millisecs", "ms"}, {"min", "min"},
		{"mins", "min"}, {"minutes", "min"}, {"minuten", "min"}, {"minutos", "min"}, {"minuti", "min"}} {
		if strings.HasSuffix(name, u.ends) {
			return u.is
		}
	}
	return ""
}

// decimal says whether a value is a number, with decimals or without.
func decimal(s string) bool {
	_, err := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
	return err == nil
}

// seconds finds the lengths that are no decimal minutes. Where calls that nobody answered last some, ringing is among them.
func (t *table) seconds(m *cdr.Mapping) bool {
	c := &m.Columns
	seconds := func(s string) bool { _, ok := ingest.Seconds(s); return ok }
	c.Talk, _ = t.take(talk, seconds)
	at := t.find(length, seconds)
	if at >= 0 && c.Talk == nil && (c.Disposition == nil || !t.rings(at, m)) && (c.Answer == nil || c.End == nil) {
		c.Talk, at = []string{t.header[at]}, -1
	}
	if at >= 0 {
		c.Duration = []string{t.header[at]}
	}
	return c.Talk != nil || c.Duration != nil || c.Answer != nil && c.End != nil
}

// rings says whether a call that nobody answered has seconds.
func (t *table) rings(seconds int, m *cdr.Mapping) bool {
	word := slices.Index(t.header, m.Columns.Disposition[0])
	for _, r := range t.rows {
		if seconds < len(r) && word < len(r) {
			if n, ok := ingest.Seconds(r[seconds]); ok && n > 0 && fate(r[word]) != "" && fate(r[word]) != "answered" {
				return true
			}
		}
	}
	return false
}

// words finds direction and end, and says what their words mean.
func (t *table) words(m *cdr.Mapping) {
	c := &m.Columns
	if i := t.find(direction, func(s string) bool { return way(s) != "" }); i >= 0 {
		t.taken = append(t.taken, i)
		c.Direction, m.Directions = []string{t.header[i]}, map[string]string{}
		for _, v := range t.values(i) {
			m.Directions[strings.ToLower(v)] = way(v)
		}
	}
	if i := t.find(disposition, func(s string) bool { return fate(s) != "" }); i >= 0 {
		t.taken = append(t.taken, i)
		c.Disposition, m.Dispositions = []string{t.header[i]}, map[string]string{}
		for _, v := range t.values(i) {
			m.Dispositions[v] = fate(v)
		}
		return
	}
	c.Disposition, _ = t.take(disposition, func(s string) bool {
		return strings.ToUpper(s) == s && strings.ContainsAny(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	}) // causes
}

// told says what was taken for what.
func (t *table) told(m *cdr.Mapping) string {
	var parts []string
	c := &m.Columns
	for _, p := range []struct {
		what  string
		names []string
	}{{"start", c.Start}, {"date", c.Date}, {"time", c.Time}, {"caller", append(slices.Clone(c.From), c.Caller...)}, {"called", c.Called}, {"talk", c.Talk}, {"duration", c.Duration},
		{"answer", c.Answer}, {"end", c.End}, {"direction", c.Direction}, {"result", c.Disposition}} {
		if len(p.names) > 0 {
			parts = append(parts, p.what+": "+strings.Join(p.names, ", "))
		}
	}
	if len(c.TalkMinutes) > 0 {
		parts = append(parts, "talk in minutes: "+c.TalkMinutes[0])
	}
	if m.Unit != "" {
		parts = append(parts, "in "+m.Unit)
	}
	if len(m.Dates) > 0 {
		parts = append(parts, strings.TrimSpace("times as "+m.Dates[0]+" "+m.Zone))
	}
	return strings.Join(parts, "; ")
}

func filled(string) bool { return true }

// untotalled are rows without lines of totals, and what those begin with.
func untotalled(rows [][]string) (kept [][]string, footer []string) {
	for _, r := range rows {
		first := ""
		if len(r) > 0 {
			first = strings.ToLower(strings.TrimSpace(r[0]))
		}
		i := slices.IndexFunc(totals, func(word string) bool { return strings.HasPrefix(first, word) })
		if i < 0 {
			kept = append(kept, r)
		} else if !slices.Contains(footer, totals[i]) {
			footer = append(footer, totals[i])
		}
	}
	return kept, footer
}

// party is who may call or be called: digits, a name of a user, an address; no time and no sentence.
func party(s string) bool {
	n := 0
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			n++
		}
	}
	return n > 1 && len(s) < 100 && (strings.Count(s, ":") < 2 || strings.Contains(s, "@")) || slices.Contains(hidden, squeezed(s))
}

// inside is an extension: at most six digits, a name before or after them, or a user without any.
func inside(s string) bool {
	n := 0
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			n++
		}
	}
	return n < 7 && len(s) < 64
}
