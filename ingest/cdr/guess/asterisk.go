package guess

import (
	"strconv"

	"github.com/belwacht/belwacht/asterisk"
	"github.com/belwacht/belwacht/ingest"
	"github.com/belwacht/belwacht/ingest/cdr"
)

// asterisk makes the mapping of a table with the names of Asterisk's columns, whose times a spreadsheet has written in its own way; false where it is none.
func (t *table) asterisk(m *cdr.Mapping) bool {
	c := &m.Columns
	at, column := -1, map[asterisk.Column]*[]string{asterisk.Start: &c.Start, asterisk.Src: &c.Caller, asterisk.Dst: &c.Called, asterisk.DContext: &c.Context,
		asterisk.CLID: &c.Name, asterisk.ChannelName: &c.Channel, asterisk.DstChannel: &c.DstChannel, asterisk.LastApp: &c.App, asterisk.LastData: &c.Data,
		asterisk.Answer: &c.Answer, asterisk.End: &c.End, asterisk.Duration: &c.Duration, asterisk.BillSec: &c.Talk, asterisk.Disposition: &c.Disposition,
		asterisk.AccountCode: &c.Account, asterisk.UniqueID: &c.ID, asterisk.LinkedID: &c.Link, asterisk.Sequence: &c.Sequence}
	for i, name := range t.header {
		which := asterisk.ColumnOf(name)
		if to := column[which]; to != nil && *to == nil {
			*to = []string{name}
			if which == asterisk.Start {
				at = i
			}
		}
	}
	if at < 0 || c.Caller == nil || c.Called == nil || c.Channel == nil || c.DstChannel == nil || c.Duration == nil || c.Talk == nil {
		m.Columns = cdr.MappedColumns{}
		return false
	}
	m.Dates = t.layout(at, dated)
	return m.Dates != nil
}

// untitled makes the mapping of FreePBX's table without its header, as a query on the command line gives it; false where rows do not hold what its columns do.
func (t *table) untitled(m *cdr.Mapping) bool {
	all := append([][]string{t.header}, t.rows...)
	fitting := 0
	for _, r := range all {
		if len(r) < 12 || !whole(r[0]) {
			continue
		}
		_, duration := ingest.WholeNumber(r[9])
		_, talk := ingest.WholeNumber(r[10])
		if _, end := asterisk.DispositionOf(r[11]); duration && talk && end {
			fitting++
		}
	}
	if 10*fitting < 9*len(all) {
		return false
	}
	at := func(column int) []string { return []string{strconv.Itoa(column)} }
	m.Columns = cdr.MappedColumns{Start: at(1), Name: at(2), Caller: at(3), Called: at(4), Context: at(5), Channel: at(6), DstChannel: at(7), App: at(8), Data: at(9),
		Duration: at(10), Talk: at(11), Disposition: at(12)}
	if len(t.header) >= 15 {
		m.Columns.Account, m.Columns.ID = at(14), at(15)
	}
	no := false
	m.Header, t.rows = &no, all
	m.Dates = t.layout(0, dated)
	return m.Dates != nil
}
