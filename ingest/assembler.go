package ingest

import (
	"sort"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/asterisk"
)

// Assembler makes calls out of rows. It is for one site and one goroutine.
type Assembler struct {
	config Config
	stats  Stats
	trunks map[string]bool
	held   []belwacht.Call
}

// NewAssembler makes an Assembler for a site.
func NewAssembler(c Config) *Assembler {
	if c.Horizon == 0 {
		c.Horizon = DefaultHorizon
	}
	a := &Assembler{config: c, trunks: map[string]bool{}}
	for _, t := range c.Trunks {
		a.trunks[t[strings.IndexByte(t, '/')+1:]] = true
	}
	return a
}

// Add takes in a row and yields the calls that no later row can come before, in the order of their start. The call and the row
// belong to the Assembler and the caller again after the return; their strings may be kept. An error of yield is returned at once.
func (a *Assembler) Add(row *Row, yield func(*belwacht.Call) error) error {
	a.stats.Rows++
	a.held = append(a.held, a.call(row))
	return nil
}

// Flush yields all calls still held back.
func (a *Assembler) Flush(yield func(*belwacht.Call) error) error {
	sort.SliceStable(a.held, func(i, j int) bool {
		x, y := &a.held[i], &a.held[j]
		return x.Start < y.Start || x.Start == y.Start && x.ID < y.ID
	})
	for i := range a.held {
		a.stats.Calls++
		a.stats.Directions[a.held[i].Direction]++
		if err := yield(&a.held[i]); err != nil {
			return err
		}
	}
	a.held = a.held[:0]
	return nil
}

// Stats says what has been done so far.
func (a *Assembler) Stats() Stats {
	s := a.stats
	s.Held = len(a.held)
	return s
}

// call makes a call of a row that stands alone.
func (a *Assembler) call(r *Row) belwacht.Call {
	c := belwacht.Call{ID: strings.Clone(r.UniqueID), Tenant: a.config.Tenant, Site: a.config.Site, Caller: strings.Clone(r.Src),
		Name: strings.Clone(r.CallerName), Dialled: strings.Clone(r.Dst), Start: r.Start, Answer: r.Answer, End: r.End, Talk: r.Talk,
		Disposition: r.Disposition, Rows: 1}
	from, to := asterisk.ParseChannel(r.Channel), asterisk.ParseChannel(r.DstChannel)
	number := a.config.Numbers.Read(r.Dst)
	inbound := a.trunks[from.Endpoint] || asterisk.TrunkContext(r.Context) && a.config.Numbers.Caller(r.Src) != 0
	switch {
	case from.Local():
		sender, _ := from.Sender()
		c.Direction, c.Lineage, c.Account, c.Root, c.Trunk = belwacht.Out, belwacht.Forwarded, strings.Clone(sender), strings.Clone(to.Endpoint), strings.Clone(to.Endpoint)
	case inbound && !number.External():
		c.Direction, c.Account, c.Root, c.Trunk = belwacht.In, strings.Clone(to.Endpoint), strings.Clone(from.Endpoint), strings.Clone(from.Endpoint)
	case number.External():
		c.Direction, c.Account, c.Root, c.Trunk = belwacht.Out, strings.Clone(from.Endpoint), strings.Clone(from.Endpoint), strings.Clone(to.Endpoint)
	default:
		c.Direction, c.Account, c.Root = belwacht.Internally, strings.Clone(from.Endpoint), strings.Clone(from.Endpoint)
	}
	return c
}
