package cdr

import (
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/asterisk"
	"github.com/belwacht/belwacht/ingest"
)

// asteriskForm reads the columns of Asterisk's CDRs in any order: Master.csv, cdr_custom, or an export of the table with a header. It is
// the fast way: no allocation a row.
type asteriskForm struct {
	*splitter
	place  [asterisk.Columns]uint8 // the place of each column, absent where it is missing
	fewest int                     // the fewest fields that a row has
	header int                     // fields of the header; 0 = none
	titles string                  // the header's first field
	clid   uint64                  // the bit of the caller id in splitter.escaped
	odd    bool                    // another field has quotes within
	clock  *ingest.Clock
}

// absent is the place of a column that the file does not have.
const absent = maxFields

func newAsteriskForm(sp *splitter, columns []asterisk.Column, fewest int) *asteriskForm {
	f := &asteriskForm{splitter: sp, fewest: fewest, clock: ingest.NewClock(time.UTC)}
	for i := range f.place {
		f.place[i] = absent
	}
	for i, c := range columns {
		if c != asterisk.Ignored {
			f.place[c] = uint8(i)
		}
	}
	f.clid = 1 << f.place[asterisk.CLID] // none where it is absent
	return f
}

func (f *asteriskForm) setClock(c *ingest.Clock) { f.clock = c }
func (f *asteriskForm) limit() int               { return maxRecord }

// split splits the next record. Mostly only its caller id has quotes within; then the other fields are taken as they stand.
func (f *asteriskForm) split(text string, last bool) (int, status) {
	n, st := f.splitter.split(text, last)
	f.odd = f.quirks && (f.escaped[0]&^f.clid != 0 || f.n > 64)
	return n, st
}

// get is a column of the record as it was just split, as it was meant.
func (f *asteriskForm) get(c asterisk.Column) string {
	if f.odd {
		return f.field(int(f.place[c]))
	}
	return f.raw(f.place[c])
}

func (f *asteriskForm) start() (naive, epoch int64, ok bool) {
	naive, ok = f.clock.Naive(f.get(asterisk.Start))
	if !ok {
		return 0, 0, false
	}
	epoch, ok = asterisk.Epoch(f.get(asterisk.UniqueID))
	return naive, epoch, ok
}

func (f *asteriskForm) fill(row *ingest.Row) (string, bool) {
	n := f.n
	if n < f.fewest {
		if n == 1 && strings.TrimSpace(f.raw(0)) == "" {
			return "", true
		}
		return "it has fewer fields than this format", false
	}
	if f.header > 0 && f.raw(0) == f.titles && heading(f.get(asterisk.Src)) == "src" {
		return "", true
	}
	if f.header > 0 && n > f.header { // Grandstream writes the data of Dial without quotes
		f.rejoin(n - f.header)
	}
	if f.odd {
		f.mend()
	}
	f.words(row)
	row.CallerName = ""
	if i := f.place[asterisk.CLID]; i != absent {
		row.CallerName = f.callerName(f.raw(i), int(i))
	}
	p := &f.place
	row.Sequence = -1
	if s := f.raw(p[asterisk.Sequence]); s != "" {
		if v, ok := ingest.WholeNumber(s); ok {
			row.Sequence = v
		}
	}
	row.Disposition, _ = asterisk.DispositionOf(f.raw(p[asterisk.Disposition]))
	var ok bool
	if row.Duration, ok = ingest.WholeNumber(f.raw(p[asterisk.Duration])); !ok {
		return "its duration is no number of seconds", false
	}
	if row.Talk, ok = ingest.WholeNumber(f.raw(p[asterisk.BillSec])); !ok {
		return "its billsec is no number of seconds", false
	}
	return f.times(row), false
}

// words fills what is text.
func (f *asteriskForm) words(row *ingest.Row) {
	p, text, at := &f.place, f.text, &f.at
	row.Src, row.Dst, row.Context = piece(text, at, p[asterisk.Src]), piece(text, at, p[asterisk.Dst]), piece(text, at, p[asterisk.DContext])
	row.Channel, row.DstChannel = piece(text, at, p[asterisk.ChannelName]), piece(text, at, p[asterisk.DstChannel])
	row.App, row.Data = piece(text, at, p[asterisk.LastApp]), piece(text, at, p[asterisk.LastData])
	row.Account, row.PeerAccount = piece(text, at, p[asterisk.AccountCode]), piece(text, at, p[asterisk.PeerAccount])
	row.UniqueID, row.LinkedID = piece(text, at, p[asterisk.UniqueID]), piece(text, at, p[asterisk.LinkedID])
}

// mend makes raw give the fields that hold quotes as they were meant, but for the caller id, whose name is taken out of what was written.
func (f *asteriskForm) mend() {
	var b strings.Builder
	for i := range f.n {
		if i == int(f.place[asterisk.CLID]) || !f.isEscaped(i) {
			continue
		}
		if b.Len() == 0 {
			b.WriteString(f.text[:f.at[f.n-1][1]])
		}
		meant, from := f.field(i), uint32(b.Len())
		b.WriteString(meant)
		f.at[i] = [2]uint32{from, uint32(b.Len())}
	}
	if b.Len() > 0 {
		f.text = b.String()
	}
}

// callerName takes the name out of a caller id without allocating, where no quote stands within the name.
func (f *asteriskForm) callerName(clid string, i int) string {
	name := asterisk.CallerName(clid)
	if f.isEscaped(i) && strings.IndexByte(name, '"') >= 0 {
		return asterisk.CallerName(f.field(i))
	}
	return name
}

// times fills start, answer and end. An end that the file does not have follows from the seconds.
func (f *asteriskForm) times(row *ingest.Row) string {
	var ok bool
	if row.Start, ok = f.began(row.UniqueID); !ok {
		return "its start is no time"
	}
	start := int64(row.Start / belwacht.Second)
	row.End, row.Answer = 0, 0
	if e := f.raw(f.place[asterisk.End]); e != "" {
		if row.End, ok = f.instant(e, start+row.Duration); !ok {
			return "its end is no time"
		}
	} else {
		row.End = row.Start + belwacht.Instant(row.Duration)*belwacht.Second
	}
	if a := f.raw(f.place[asterisk.Answer]); !never(a) {
		if row.Answer, ok = f.instant(a, int64(row.End/belwacht.Second)-row.Talk); !ok {
			return "its answer is no time"
		}
	} else if (a != "" || f.place[asterisk.Answer] == absent) && (row.Talk > 0 || row.Disposition == belwacht.Answered) {
		row.Answer = max(row.End-belwacht.Instant(row.Talk)*belwacht.Second, row.Start)
	}
	return ""
}

// began is the start; of two instants that the clock may mean, the one that fits the uniqueid.
func (f *asteriskForm) began(id string) (belwacht.Instant, bool) {
	s := f.raw(f.place[asterisk.Start])
	if t, ok := f.clock.Plain(s); ok {
		return t, true
	}
	naive, ok := f.clock.Naive(s)
	if !ok {
		return ingest.Stamped(s)
	}
	if first, second := f.clock.Offsets(naive); first != second {
		if epoch, ok := asterisk.Epoch(id); ok {
			return f.clock.NotBefore(naive, epoch-2), true
		}
	}
	return f.clock.Near(naive, 0), true
}

// instant reads a time of which it is known about when it was.
func (f *asteriskForm) instant(s string, want int64) (belwacht.Instant, bool) {
	if t, ok := f.clock.Plain(s); ok {
		return t, true
	}
	if naive, ok := f.clock.Naive(s); ok {
		return f.clock.Near(naive, want), true
	}
	return ingest.Stamped(s)
}

// rejoin puts together fields that are one: the data of the last application, written without quotes although it holds commas.
func (f *asteriskForm) rejoin(surplus int) {
	i := int(f.place[asterisk.LastData])
	if i == absent || i+surplus >= f.n {
		return
	}
	at := f.splitter.at[:f.n]
	at[i][1] = at[i+surplus][1]
	f.n = i + 1 + copy(at[i+1:], at[i+surplus+1:])
}
