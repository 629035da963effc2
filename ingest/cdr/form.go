package cdr

import "github.com/belwacht/belwacht/ingest"

// form is a way to write records: how a file falls into records, and how a record becomes a row.
type form interface {
	// split takes the record at the start of text apart and gives the bytes it has, its end included; last: no text follows.
	split(text string, last bool) (int, status)
	// fill makes a row of the record just split. A reason that is not "" says why it cannot be read; skip that it is none
	// (a header, an empty line, a total).
	fill(row *ingest.Row) (reason string, skip bool)
	// limit is the longest record in bytes.
	limit() int
}

// clocked is a form that reads times: all are.
type clocked interface {
	// start is the start of the record just split on the file's own clock, and the epoch in its uniqueid: what finds the zone.
	start() (naive, epoch int64, ok bool)
	// setClock gives the zone that was found.
	setClock(c *ingest.Clock)
}

// dated is a form with its clock.
type dated struct {
	form
	clocked
}

// Reject reasons that are not about one field.
const (
	reasonUnclosed = "a quote is opened and not closed"
	reasonLong     = "the line is longer than 64 KB"
	reasonCrowded  = "it has more than 256 fields"
)
