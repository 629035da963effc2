// Package gather makes calls of rows as they are recorded. Asterisk writes the legs of a call together when the call has ended, so what came is held back until
// for some seconds no more does; what was recorded before is handed on as it is read, in order, as far as the assembler's horizon reaches.
package gather

import (
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ingest"
)

// together is how long the legs of a call are waited for.
const together = 5 * time.Second

// Gatherer holds rows back until they make calls. It is for one goroutine.
type Gatherer struct {
	asm    *ingest.Assembler
	call   func(*belwacht.Call) error
	live   bool
	rows   int64     // taken in
	handed int64     // of them, when calls were handed on last
	before int64     // of them, at the last look
	since  time.Time // when the first row that is held back came
}

// New makes a Gatherer, which hands calls to call: a call is the assembler's again after the return.
func New(asm *ingest.Assembler, call func(*belwacht.Call) error) *Gatherer {
	return &Gatherer{asm: asm, call: call}
}

// Row takes in a row.
func (g *Gatherer) Row(row *ingest.Row) error {
	if g.rows++; g.rows == g.handed+1 {
		g.since = time.Now()
	}
	return g.asm.Add(row, g.hand)
}

// hand hands on a call. None that comes as it is recorded is late.
func (g *Gatherer) hand(c *belwacht.Call) error {
	c.Late = c.Late && !g.live
	return g.call(c)
}

// Look hands on the calls whose records have come; it is called between rows, each second or so. history says that what was recorded before is still being
// read. caught is true once: all of that has been handed on.
func (g *Gatherer) Look(history bool) (caught bool, err error) {
	fresh := g.rows != g.before
	g.before = g.rows
	switch {
	case !g.live && history:
		return false, nil
	case !g.live:
		err = g.Flush()
		g.live = true
		return true, err
	case g.Idle() || fresh && time.Since(g.since) < together:
		return false, nil
	}
	return false, g.Flush()
}

// Flush hands on all calls that are held back.
func (g *Gatherer) Flush() error {
	g.handed = g.rows
	return g.asm.Flush(g.hand)
}

// Idle says that nothing is held back.
func (g *Gatherer) Idle() bool { return g.rows == g.handed }

// Live says that what was recorded before has been handed on.
func (g *Gatherer) Live() bool { return g.live }
