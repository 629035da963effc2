package console

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/web/api"
	"github.com/belwacht/belwacht/web/whatif"
)

// plays is what other settings would have done, for the API.
type plays struct{ of whatif.Player }

// playID is what the API calls a change: a word without signs.
func playID(c *whatif.Change) string {
	sum := sha256.Sum256([]byte(c.ID()))
	return hex.EncodeToString(sum[:8])
}

// Play implements api.Player.
func (p *plays) Play(tenant string, c api.WhatIf) (string, error) {
	x := whatif.Change{Rule: c.Rule, Switch: c.Switch, Scope: c.Scope, Key: c.Key, Value: c.Value}
	return playID(&x), p.of.Play(tenant, []whatif.Change{x})
}

// Plays implements api.Player.
func (p *plays) Plays(tenant string) (list []api.Played) {
	s := p.of.State(tenant)
	for _, id := range s.Order {
		r := s.Found[id]
		list = append(list, api.Played{ID: playID(&r.Change), Change: changeOf(&r.Change), State: "done", Result: resultOf(r)})
	}
	for _, b := range s.Broken {
		list = append(list, api.Played{ID: playID(&b.Change), Change: changeOf(&b.Change), State: "failed", Failed: b.Why})
	}
	for i := range s.Queue {
		x := api.Played{ID: playID(&s.Queue[i]), Change: changeOf(&s.Queue[i]), State: "waiting"}
		if i < s.AtOnce {
			x.State, x.Progress = "playing", s.Done
		}
		list = append(list, x)
	}
	return list
}

// Cancel implements api.Player.
func (p *plays) Cancel(tenant, id string) error {
	s := p.of.State(tenant)
	for i := range s.Queue {
		if playID(&s.Queue[i]) == id {
			return p.of.Cancel(tenant, s.Queue[i].ID())
		}
	}
	return belwacht.Errorf(belwacht.NotFound, "this does not wait to be played; it may be over")
}

func changeOf(c *whatif.Change) api.WhatIf {
	return api.WhatIf{Rule: c.Rule, Switch: c.Switch, Scope: c.Scope, Key: c.Key, Value: c.Value}
}

func resultOf(r *whatif.Result) *api.WhatIfResult {
	tally := func(t *whatif.Tally) api.Tally {
		return api.Tally{Calls: t.Calls, Cost: t.Cost.Float(), Risk: t.Risk.Float(), Fraud: t.Fraud, Fine: t.Fine}
	}
	out := &api.WhatIfResult{From: r.From, Until: r.Until, Calls: r.Calls, More: tally(&r.More), Fewer: tally(&r.Fewer), Alerts: r.Told, Unplayed: r.Unplayed, Supposed: r.Supposed,
		Names: []api.WhatIfCall{}, Avoids: r.Avoids}
	for i := range r.Names {
		c := &r.Names[i]
		x := api.WhatIfCall{ID: c.ID, Start: c.Start, Account: c.Account, Country: c.Country, Stopped: c.More, Cause: c.Cause, Money: c.Money.Float()}
		if c.Number != "" {
			x.Number = cmp.Or(text.Mask(c.Number), "…")
		}
		out.Names = append(out.Names, x)
	}
	return out
}
