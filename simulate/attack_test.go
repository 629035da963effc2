package simulate

import (
	"testing"

	"github.com/belwacht/belwacht"
)

// TestInnocentLifeIsApartFromAttacks: with and without attacks everybody else does the same.
func TestInnocentLifeIsApartFromAttacks(t *testing.T) {
	life := func(c Config) map[string]int {
		o, err := New(c)
		if err != nil {
			t.Fatal(err)
		}
		m := map[string]int{}
		o.Calls(func(c *Call) bool {
			if c.Attack < 0 && (c.Direction != belwacht.In) {
				m[c.Start.String()+" "+c.Account+" "+c.Dialled]++
			}
			return true
		})
		return m
	}
	with := life(Config{Seed: 11, Extensions: 40, Weeks: 5})
	without := life(Config{Seed: 11, Extensions: 40, Weeks: 5, AttackCount: -1, EarlyAttacks: -1})
	for k := range without {
		if with[k] != without[k] {
			t.Fatalf("%s: %d times without attacks, %d times with them", k, without[k], with[k])
		}
	}
	if len(with) != len(without) {
		t.Errorf("%d innocent calls with attacks, %d without", len(with), len(without))
	}
}

// TestAttackersReact: who is refused always does something else than who never is, and gives up in the end.
func TestAttackersReact(t *testing.T) {
	o, err := New(Config{Seed: 5, Extensions: 80, Weeks: 8, AttackCount: 40})
	if err != nil {
		t.Fatal(err)
	}
	type tally struct {
		calls, ranges, accounts int
		talk                    int64
	}
	play := func(judge func(*Call) (bool, belwacht.Instant)) (attack, innocent tally) {
		ranges, accounts := map[string]bool{}, map[string]bool{}
		o.Play(judge, func(c *Call) bool {
			if c.Attack < 0 {
				innocent.calls++
				return true
			}
			attack.calls++
			attack.talk += c.Talk
			ranges[c.Dialled[:min(7, len(c.Dialled))]], accounts[c.Account] = true, true
			return true
		})
		attack.ranges, attack.accounts = len(ranges), len(accounts)
		return
	}
	free, innocent := play(func(*Call) (bool, belwacht.Instant) { return false, 0 })
	refused, sameInnocent := play(func(c *Call) (bool, belwacht.Instant) { return c.Attack >= 0, 0 })
	if sameInnocent != innocent {
		t.Errorf("innocent calls %+v, but %+v when only attackers are refused", innocent, sameInnocent)
	}
	if refused.talk != 0 || refused.ranges*free.calls <= free.ranges*refused.calls || refused.accounts <= free.accounts {
		t.Errorf("refused attackers %+v; never refused ones %+v: they should try more accounts, and more ranges a call", refused, free)
	}
	cut, _ := play(func(c *Call) (bool, belwacht.Instant) { return false, c.Answer + 30*belwacht.Second })
	if cut.talk >= free.talk/2 {
		t.Errorf("attackers cut after 30 s talk %d s, others %d s", cut.talk, free.talk)
	}
	harsh, many := play(func(c *Call) (bool, belwacht.Instant) { return true, 0 })
	if many.calls <= innocent.calls || many.calls > 3*innocent.calls {
		t.Errorf("%d innocent attempts when all are refused, %d when none is: once or twice again each", many.calls, innocent.calls)
	}
	t.Logf("free %+v refused %+v cut %+v all refused %+v", free, refused, cut, harsh)
}

func TestWrongConfigurations(t *testing.T) {
	for name, c := range map[string]Config{
		"kind":       {Kind: "circus"},
		"country":    {Country: "XX"},
		"extensions": {Extensions: 2},
		"weeks":      {Weeks: 521},
		"attack":     {Attacks: []string{"tulip mania"}},
		"oddity":     {Oddities: []string{"burst"}},
		"learn":      {Weeks: 3, LearnWeeks: 4},
	} {
		if _, err := New(c); err == nil {
			t.Errorf("a wrong %s was taken", name)
		}
	}
}
