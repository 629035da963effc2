package login

import (
	"cmp"

	"github.com/belwacht/belwacht/snapshot"
)

// State hands everything to a codec: for snapshots that hold a Watch beside other things. A Watch that loads must be new; after a load that failed it
// must not be used.
func (w *Watch) State(c *snapshot.Codec) {
	w.habits.State(c, func(c *snapshot.Codec, h *habit) { h.state(c) })
	w.sources.State(c, func(c *snapshot.Codec, t *tally) { t.state(c) })
	w.tried.State(c, func(c *snapshot.Codec, t *tally) { t.state(c) })
	w.nets.State(c, func(c *snapshot.Codec, d *decayed) { d.state(c) })
	w.mail.State(c, func(c *snapshot.Codec, t *tally) { t.state(c) })
	w.trunks.State(c, func(c *snapshot.Codec, t *trunk) { t.state(c) })
	w.paces.State(c, func(c *snapshot.Codec, p *pace) { p.state(c) })
	for i := range w.lands {
		w.lands[i].state(c)
	}
	snapshot.Map(c, w.visits, visitsMost, cmp.Compare[uint64], func(c *snapshot.Codec, k *uint64, v *visit) {
		c.Uint64(k)
		v.state(c)
	})
	for i := range w.told {
		c.Uint32(&w.told[i])
	}
	for _, s := range []*surge{&w.spread, &w.mailed, &w.refused} {
		s.state(c)
	}
	w.active.State(c)
	w.early.State(c)
	c.Uint32(&w.swept)
	c.Uint32(&w.changed)
	c.Uint32(&w.stopped)
	c.Bool(&w.heard)
}
