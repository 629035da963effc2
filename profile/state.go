package profile

import (
	"io"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/snapshot"
)

// Schema names the form of a profile's snapshot; another major version is not read.
const Schema = "belwacht.profile/1"

// Snapshot writes what the organisation is known by. Nobody may teach it meanwhile.
func (t *Tenant) Snapshot(w io.Writer) error {
	if err := snapshot.Save(w, Schema, t.State); err != nil {
		return belwacht.Errorf(belwacht.Invalid, "the profile cannot be written: %w", err)
	}
	return nil
}

// Restore takes what Snapshot wrote. Where an error (code Invalid) comes back nothing is known.
func (t *Tenant) Restore(r io.Reader) error {
	fresh := NewTenant()
	if err := snapshot.Load(r, Schema, fresh.State); err != nil {
		*t = *NewTenant()
		return belwacht.Errorf(belwacht.Invalid, "the profile cannot be read: %w", err)
	}
	*t = *fresh
	return nil
}

// State hands the profile to a codec, for snapshots that hold it beside other things. A profile that loads must be new.
func (t *Tenant) State(c *snapshot.Codec) {
	c.Uint32(&t.First)
	c.Uint64(&t.Calls)
	c.Uint64(&t.Notable)
	for i := range t.hours {
		c.Uint32(&t.hours[i])
	}
	for i := range t.country {
		n := &t.country[i]
		c.Uint32(&n.calls)
		c.Uint16(&n.first)
		c.Uint16(&n.last)
		n.n = uint8(c.Len(int(n.n), len(n.accounts)))
		for k := range n.n {
			c.Uint32(&n.accounts[k])
		}
	}
	t.rng.state(c)
	t.number.state(c)
}

// State hands the profile to a codec. A profile that loads must be empty.
func (a *Account) State(c *snapshot.Codec) {
	c.Uint32(&a.First)
	c.Uint32(&a.Last)
	c.Uint32(&a.Calls)
	c.Uint32(&a.Notable)
	c.Uint16(&a.Forwards)
	some := a.Calls > 0
	c.Bool(&some)
	if !some { // nothing was learned, so nothing else is known
		return
	}
	for i := range a.hours {
		c.Uint8(&a.hours[i])
	}
	for i := range a.country {
		s := &a.country[i]
		c.Uint16(&s.n)
		if s.n > 0 {
			c.Uint16(&s.key)
			c.Uint16(&s.first)
			c.Uint16(&s.last)
		}
	}
	a.rng.state(c, ranges)
	a.number.state(c, numbers)
	a.today.state(c)
	a.usual.state(c)
	for i := range a.learned {
		c.Uint8(&a.learned[i].country)
		c.Uint8(&a.learned[i].n)
	}
	c.Uint16(&a.learnedDay)
}

func (d *day) state(c *snapshot.Codec) {
	c.Uint16(&d.date)
	c.Uint16(&d.novel)
	c.Uint16(&d.notable)
	c.Uint8(&d.most)
	c.Float32(&d.money)
	c.Float32(&d.minutes)
}

func (u *usual) state(c *snapshot.Codec) {
	for _, f := range []*float32{&u.days, &u.notable, &u.novel, &u.mostDay, &u.mostNovel, &u.mostMoney, &u.mostTalk, &u.mostRun, &u.talk, &u.longest} {
		c.Float32(f)
	}
}
