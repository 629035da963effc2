package cdr

import (
	"fmt"
	"io"
	"strings"

	"github.com/belwacht/belwacht"
)

// RejectSchema is the first line of a file of rejected rows.
const RejectSchema = "# belwacht.rejects/1"

// keptRejects is how many rejected rows a Reader remembers; the rest is only counted and written.
const keptRejects = 100

// Reject is a row that could not be read.
type Reject struct {
	Line   int64 // from 1
	Reason string
	Text   string // the line's beginning, at most 200 bytes, as it was: hostile
}

// rejects keeps what could not be read.
type rejects struct {
	name  string
	out   io.Writer
	max   float64
	count int64
	first []Reject
}

// add notes a row that could not be read, and writes it with its reason before it.
func (r *rejects) add(line int64, text, reason string) error {
	r.count++
	if len(r.first) < keptRejects {
		r.first = append(r.first, Reject{Line: line, Reason: reason, Text: strings.Clone(text[:min(len(text), 200)])})
	}
	if r.out == nil {
		return nil
	}
	if r.count == 1 {
		if _, err := fmt.Fprintln(r.out, RejectSchema); err != nil {
			return belwacht.Errorf(belwacht.Invalid, "the rejected rows of %s cannot be written: %w", r.name, err)
		}
	}
	if _, err := fmt.Fprintf(r.out, "# %s line %d: %s\n%s\n", r.name, line, reason, text); err != nil {
		return belwacht.Errorf(belwacht.Invalid, "the rejected rows of %s cannot be written: %w", r.name, err)
	}
	return nil
}

// check is the error that too large a share of rejected rows is, or nil.
func (r *rejects) check(rows int64) error {
	total := rows + r.count
	if r.count == 0 || float64(r.count) <= r.max*float64(total) {
		return nil
	}
	var b strings.Builder
	for _, f := range r.first[:min(len(r.first), 3)] {
		fmt.Fprintf(&b, "; line %d: %s", f.Line, f.Reason)
	}
	return belwacht.Errorf(belwacht.Invalid, "%s: %d of %d rows cannot be read, more than %.3g %% may be%s; give the right format or mapping, or allow more by records: {max_rejected: 5 %%}",
		r.name, r.count, total, r.max*100, b.String())
}
