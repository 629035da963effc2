package sql

import (
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/asterisk"
	"github.com/belwacht/belwacht/ingest"
)

// found is a row as it was read.
type found struct {
	row   ingest.Row
	naive int64  // its start on the table's clock
	key   uint64 // by which it is known again
	bad   bool   // its seconds are none
}

// fields takes rows of a table apart.
type fields struct {
	table  *table
	values []sql.RawBytes
	into   []any
	place  [asterisk.Columns]int // -1: none
	all    string                // the values of the row at hand, one after the other
	at     []int                 // where each ends
}

func newFields(t *table) *fields {
	f := &fields{table: t, values: make([]sql.RawBytes, len(t.columns)), at: make([]int, len(t.columns)+1)}
	for i := range f.values {
		f.into = append(f.into, &f.values[i])
	}
	for i := range f.place {
		f.place[i] = -1
	}
	for i, c := range t.columns {
		f.place[c] = i
	}
	return f
}

// scan takes in the row at hand.
func (f *fields) scan(rows *sql.Rows) error {
	if err := rows.Scan(f.into...); err != nil {
		return err
	}
	size := 0
	for _, v := range f.values {
		size += len(v)
	}
	var b strings.Builder
	b.Grow(size)
	for i, v := range f.values {
		b.Write(v)
		f.at[i+1] = b.Len()
	}
	f.all = b.String()
	return nil
}

// get is the value of a column, "" where the table has none or it is null.
func (f *fields) get(c asterisk.Column) string {
	i := f.place[c]
	if i < 0 {
		return ""
	}
	return f.all[f.at[i]:f.at[i+1]]
}

// key is what a row is known by: uniqueid and sequence. Where there is no sequence, or all have 0, rows of one channel are told apart by more; what
// may be changed later, such as userfield or a masked number, is not part of it.
func (f *fields) key(sequence int64) uint64 {
	h := sha256.New()
	columns := []asterisk.Column{asterisk.UniqueID, asterisk.Sequence, asterisk.Start}
	if sequence <= 0 {
		columns = append(columns, asterisk.ChannelName, asterisk.DstChannel, asterisk.LastApp, asterisk.Duration, asterisk.BillSec)
	}
	for _, c := range columns {
		h.Write([]byte(f.get(c)))
		h.Write([]byte{0})
	}
	return binary.LittleEndian.Uint64(h.Sum(nil))
}

// read makes a row of the values at hand.
func (f *fields) read(clock *clock) found {
	one := found{}
	row := &one.row
	one.naive, _ = clock.naive(f.get(asterisk.Start)) // the database says that it is a time
	row.UniqueID, row.LinkedID = f.get(asterisk.UniqueID), f.get(asterisk.LinkedID)
	row.Sequence = -1
	if v, ok := ingest.WholeNumber(f.get(asterisk.Sequence)); ok && f.get(asterisk.Sequence) != "" {
		row.Sequence = v
	}
	one.key = f.key(row.Sequence)
	row.Src, row.Dst, row.Context = f.get(asterisk.Src), f.get(asterisk.Dst), f.get(asterisk.DContext)
	row.CallerName = asterisk.CallerName(f.get(asterisk.CLID))
	row.Channel, row.DstChannel = f.get(asterisk.ChannelName), f.get(asterisk.DstChannel)
	row.App, row.Data = f.get(asterisk.LastApp), f.get(asterisk.LastData)
	row.Account, row.PeerAccount = f.get(asterisk.AccountCode), f.get(asterisk.PeerAccount)
	row.Disposition, _ = asterisk.DispositionOf(f.get(asterisk.Disposition))
	var ok1, ok2 bool
	row.Duration, ok1 = ingest.WholeNumber(f.get(asterisk.Duration))
	row.Talk, ok2 = ingest.WholeNumber(f.get(asterisk.BillSec))
	one.bad = !ok1 || !ok2
	row.Start = clock.began(one.naive, row.UniqueID)
	row.End = row.Start + belwacht.Instant(row.Duration)*belwacht.Second
	if naive, ok := clock.naive(f.get(asterisk.End)); ok {
		row.End = clock.near(naive, int64(row.End/belwacht.Second))
	}
	if naive, ok := clock.naive(f.get(asterisk.Answer)); ok {
		row.Answer = clock.near(naive, int64(row.End/belwacht.Second)-row.Talk)
	} else if row.Talk > 0 || f.place[asterisk.Answer] < 0 && row.Disposition == belwacht.Answered {
		row.Answer = max(row.End-belwacht.Instant(row.Talk)*belwacht.Second, row.Start)
	}
	row.File = f.table.name
	return one
}

// clock reads the times of a table.
type clock struct {
	home    *time.Location // the organisation's zone
	is      *ingest.Clock
	open    bool // later rows can change the zone, see ingest.ZoneVotes
	foreign bool // it is neither the organisation's nor UTC
	offset  int64
}

// naive reads a time as it is written, in seconds. A PostgreSQL time with a zone is written in UTC, which is what a Reader asks for.
func (c *clock) naive(s string) (int64, bool) {
	return c.is.Naive(strings.TrimSuffix(s, "+00"))
}

// near is the instant of a time of which it is known about when it was, in seconds.
func (c *clock) near(naive, want int64) belwacht.Instant { return c.is.Near(naive, want) }

// began is the instant of a start; of two that the clock may mean, the one that fits the uniqueid.
func (c *clock) began(naive int64, uniqueID string) belwacht.Instant {
	epoch, ok := asterisk.Epoch(uniqueID)
	if ok && c.open {
		c.watch(naive, epoch)
	}
	if first, second := c.is.Offsets(naive); ok && first != second {
		return c.is.NotBefore(naive, epoch-2)
	}
	return c.is.Near(naive, 0)
}

// watch looks at a row while the zone is open: in winter a table in UTC looks like one in London's time, and a foreign clock may change to summer time.
func (c *clock) watch(naive, epoch int64) {
	if c.foreign {
		if offset, ok := ingest.Aligned(naive - epoch); ok && offset != c.offset {
			c.offset = offset
			c.is = ingest.NewClock(ingest.FixedZone(offset))
		}
		return
	}
	votes := ingest.NewZoneVotes(c.home)
	votes.Add(naive, epoch)
	if votes.Plain() {
		zone, _, _ := votes.Verdict()
		c.open = false
		c.is = ingest.NewClock(zone)
	}
}

// newClock finds the clock of a table by its latest rows. The note says what was found where it is not what was to be expected.
func newClock(o *Options, zoned bool, starts []string, uniqueIDs []string) (*clock, string) {
	c := &clock{home: o.Zone, is: ingest.NewClock(time.UTC)}
	switch {
	case zoned, strings.EqualFold(o.Times, "utc"):
		return c, ""
	case strings.EqualFold(o.Times, "local"):
		c.is = ingest.NewClock(o.Zone)
		return c, ""
	case o.Times != "":
		if z, err := time.LoadLocation(o.Times); err == nil { // checked
			c.is = ingest.NewClock(z)
		}
		return c, ""
	}
	votes := ingest.NewZoneVotes(o.Zone)
	for i, s := range starts {
		naive, ok := c.naive(s)
		epoch, has := asterisk.Epoch(uniqueIDs[i])
		if ok && has {
			votes.Add(naive, epoch)
		}
	}
	zone, note, open := votes.Verdict()
	c.is, c.open, c.foreign = ingest.NewClock(zone), open, open && votes.Foreign()
	if len(starts) == 0 { // an empty table: its first rows will show
		c.open = true
	}
	return c, note
}
