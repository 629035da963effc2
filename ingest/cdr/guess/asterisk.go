package guess

import (
	"github.com/belwacht/belwacht/asterisk"
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
