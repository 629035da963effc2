package demo

import (
	"context"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/simulate"
)

// TestDemo: what a newcomer is shown. An attack is found and stopped early, an emergency call of the same extension passes, and money is saved.
func TestDemo(t *testing.T) {
	begun, urgent, last := 0, 0, belwacht.Instant(0)
	d := &Demo{Seed: Seed, Begins: func(s *Scene) {
		begun++
		if s.Learned < 1000 || s.From >= s.To || s.Innocent == 0 {
			t.Errorf("begins with %+v", s)
		}
	}}
	d.Moment = func(m *Moment) error {
		if m.Decision.Time < last {
			t.Errorf("%s comes after %s", m.Decision.Time, last)
		}
		last = m.Decision.Time
		if m.Decision.Cause == "emergency" {
			urgent++
			if m.Decision.Word != belwacht.Allow {
				t.Errorf("an emergency call: %s", m.Decision.Word)
			}
		}
		if m.Sums.Lost < 0 || m.Sums.Without < 0 {
			t.Fatalf("money: %+v", m.Sums)
		}
		return nil
	}
	end, err := d.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if begun != 1 || urgent == 0 || end.Refused < 3 || end.Ended == 0 || len(end.Accounts) == 0 {
		t.Errorf("begun %d times, %d emergency calls, %+v", begun, urgent, end)
	}
	if end.Lost*20 > end.Whole {
		t.Errorf("the attackers got %s of the %s that there was to get", end.Lost, end.Whole)
	}
	if end.Innocent > 0 {
		t.Errorf("%d innocent calls were stopped", end.Innocent)
	}
}

// TestDemoOfEveryAttack: whatever is asked for, by any seed, it plays to its end.
func TestDemoOfEveryAttack(t *testing.T) {
	if testing.Short() {
		t.Skip("plays seven weeks for each kind of attack")
	}
	for i, kind := range simulate.AttackKinds() {
		d := &Demo{Seed: uint64(i + 1), Attacks: []string{kind}}
		if _, err := d.Run(context.Background()); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
	if _, err := (&Demo{Attacks: []string{"tulip mania"}}).Run(context.Background()); belwacht.CodeOf(err) != belwacht.Invalid {
		t.Errorf("an attack that is none: %v", err)
	}
}

func TestDemoStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	n := 0
	d := &Demo{Seed: Seed, Moment: func(*Moment) error {
		if n++; n == 5 {
			cancel()
		}
		return nil
	}}
	if end, err := d.Run(ctx); err == nil || end == nil || end.Calls == 0 || n > 20 {
		t.Errorf("after %d moments: %v", n, err)
	}
}
