package record

import (
	"encoding/json"
	"io"
	"time"

	"github.com/belwacht/belwacht/simulate"
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
	Country     string            `json:"country"`
	Timezone    string            `json:"timezone"`
	OfficeHours string            `json:"office_hours"`
	DialPlan    simulate.DialPlan `json:"dial_plan"`
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
func NewTruth(o *simulate.Organisation) *Truth {
	t := &Truth{Seed: o.Seed(), Kind: o.Kind(), TrainUntil: o.LearnUntil().Format(time.RFC3339), End: o.End().Format(time.RFC3339), Extensions: o.Extensions(),
		Organisation: truthOrganisation{o.Country(), o.Timezone(), o.OfficeHours(), o.DialPlan()}, Emergency: []string{}}
	for _, a := range o.Attacks() {
		t.Attacks = append(t.Attacks, truthAttack{a.Kind, a.Entities, a.Scored, []string{}})
	}
	for _, k := range o.Oddities() {
		t.Shocks = append(t.Shocks, truthShock{k, []string{}})
	}
	return t
}

// Add notes a call.
func (t *Truth) Add(c *simulate.Call) {
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
func WriteTruth(w io.Writer, o *simulate.Organisation) error {
	t := NewTruth(o)
	o.Calls(func(c *simulate.Call) bool { t.Add(c); return true })
	return t.Write(w)
}
