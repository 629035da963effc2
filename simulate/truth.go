package simulate

import (
	"encoding/json"
	"io"
	"time"
)

// Truth is truth.json: what is what in a written history.
type Truth struct {
	Seed         uint64            `json:"seed"`
	Kind         string            `json:"kind"`
	Organisation truthOrganisation `json:"organisation"`
	TrainUntil   string            `json:"train_until"`
	End          string            `json:"end"`
	Extensions   int               `json:"extensions"`
	Attacks      []truthAttack     `json:"attacks"`
	Shocks       []truthShock      `json:"shocks"`
	Emergency    []string          `json:"emergency"`
}

type truthOrganisation struct {
	Country     string   `json:"country"`
	Timezone    string   `json:"timezone"`
	OfficeHours string   `json:"office_hours"`
	DialPlan    dialPlan `json:"dial_plan"`
}

type truthAttack struct {
	Kind     string   `json:"kind"`
	Entities []string `json:"entities"`
	Scored   bool     `json:"scored"`
	IDs      []string `json:"ids"`
}

type truthShock struct {
	Kind string   `json:"kind"`
	IDs  []string `json:"ids"`
}

// NewTruth is the truth of a history before any call of it is known.
func (o *Organisation) NewTruth() *Truth {
	n := &o.geo.nation
	t := &Truth{Seed: o.config.Seed, Kind: o.kind.name, TrainUntil: o.LearnUntil().Format(time.RFC3339), End: o.End().Format(time.RFC3339), Extensions: o.config.Extensions,
		Organisation: truthOrganisation{o.config.Country, n.zone, o.kind.hours, dialPlan{o.geo.home.code, n.international, n.trunk, n.lengths}}, Emergency: []string{}}
	if n.lengths == nil {
		t.Organisation.DialPlan.NationalLengths = []int{}
	}
	for _, a := range o.attacks {
		t.Attacks = append(t.Attacks, truthAttack{a.Kind, a.Entities, a.Scored, []string{}})
	}
	for _, k := range o.oddities {
		t.Shocks = append(t.Shocks, truthShock{k, []string{}})
	}
	return t
}

// Add notes a call.
func (t *Truth) Add(c *Call) {
	if c.Attack >= 0 {
		t.Attacks[c.Attack].IDs = append(t.Attacks[c.Attack].IDs, c.ID)
	}
	if c.OddityIndex >= 0 {
		t.Shocks[c.OddityIndex].IDs = append(t.Shocks[c.OddityIndex].IDs, c.ID)
	}
	if c.Emergency {
		t.Emergency = append(t.Emergency, c.ID)
	}
}

// Write writes truth.json. Attacks and oddities of which no call fell into the history are left out.
func (t *Truth) Write(w io.Writer) error {
	kept := *t
	kept.Attacks, kept.Shocks = []truthAttack{}, []truthShock{}
	for _, a := range t.Attacks {
		if len(a.IDs) > 0 {
			kept.Attacks = append(kept.Attacks, a)
		}
	}
	for _, s := range t.Shocks {
		if len(s.IDs) > 0 {
			kept.Shocks = append(kept.Shocks, s)
		}
	}
	return json.NewEncoder(w).Encode(&kept)
}

// WriteTruth plays the history and writes its truth.
func (o *Organisation) WriteTruth(w io.Writer) error {
	t := o.NewTruth()
	o.Calls(func(c *Call) bool { t.Add(c); return true })
	return t.Write(w)
}
