package console

import (
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/web/api"
	"github.com/belwacht/belwacht/web/whatif"
)

// desk is a player whose state is fixed.
type desk struct {
	state     whatif.State
	cancelled string
}

func (d *desk) Play(string, []whatif.Change) error { return nil }
func (d *desk) State(string) *whatif.State         { return &d.state }
func (d *desk) Cancel(_, id string) error          { d.cancelled = id; return nil }

// TestPlays: what a page shows of a play the API has too, its numbers masked.
func TestPlays(t *testing.T) {
	done, broken := whatif.Change{Rule: "a", Switch: "off"}, whatif.Change{Rule: "b", Switch: "off"}
	now, later := whatif.Change{Scope: "group a/b", Key: "money_per_day", Value: "EUR 20"}, whatif.Change{Rule: "c", Switch: "off"}
	d := &desk{state: whatif.State{Done: .5, AtOnce: 1, Queue: []whatif.Change{now, later}, Broken: []whatif.Broken{{Change: broken, Why: "less than 14 days"}}, Order: []string{done.ID()},
		Found: map[string]*whatif.Result{done.ID(): {Change: done, Calls: 5, Fewer: whatif.Tally{Calls: 2, Cost: 3 * belwacht.Unit}, Names: []whatif.Call{{ID: "1.1", Number: "+31612345678"}, {ID: "1.2"}}}}}}
	p := &plays{d}
	list := p.Plays("")
	if len(list) != 4 || list[0].State != "done" || list[1].State != "failed" || list[1].Failed != "less than 14 days" || list[2].State != "playing" || list[2].Progress != .5 || list[3].State != "waiting" {
		t.Fatalf("%+v", list)
	}
	if r := list[0].Result; r.Calls != 5 || r.Fewer.Cost != 3 || len(r.Names) != 2 || r.Names[0].Number == "+31612345678" || r.Names[0].Number == "" || r.Names[1].Number != "" {
		t.Errorf("%+v", r)
	}
	id, err := p.Play("", api.WhatIf{Scope: "group a/b", Key: "money_per_day", Value: "EUR 20"})
	if err != nil || id != list[2].ID || len(id) != 16 {
		t.Errorf("%q %v, want %q", id, err, list[2].ID)
	}
	if err := p.Cancel("", list[3].ID); err != nil || d.cancelled != later.ID() {
		t.Errorf("%v %q", err, d.cancelled)
	}
	if err := p.Cancel("", list[0].ID); belwacht.CodeOf(err) != belwacht.NotFound {
		t.Errorf("what is over is cancelled: %v", err)
	}
}
