package rule

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/belwacht/belwacht/login"
)

// scramble fills every number and truth in a value at random.
func scramble(r *rand.Rand, v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			scramble(r, v.Field(i))
		}
	case reflect.Array:
		for i := range v.Len() {
			scramble(r, v.Index(i))
		}
	case reflect.Float32, reflect.Float64:
		v.SetFloat(float64(r.IntN(200)) / 4)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(r.IntN(5_000_000)))
	case reflect.Uint8, reflect.Uint16, reflect.Uint64:
		v.SetUint(uint64(r.IntN(9)))
	case reflect.Bool:
		v.SetBool(r.IntN(2) == 0)
	}
}

// TestAsksHabits: a measure that is said not to look at what was learned gives the same whatever was.
func TestAsksHabits(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	asks, plain := 0, 0
	for kind, of := range measures() {
		for name, measure := range of {
			if asksHabits(kind, name) {
				asks++
				continue
			}
			plain++
			for range 2000 {
				var a View
				scramble(r, reflect.ValueOf(&a).Elem())
				b := a
				scramble(r, reflect.ValueOf(&b.Own).Elem())
				scramble(r, reflect.ValueOf(&b.Group).Elem())
				scramble(r, reflect.ValueOf(&b.House).Elem())
				x, usualX := measure(&a)
				y, usualY := measure(&b)
				if x != y || usualX != usualY {
					t.Fatalf("%s of %s looks at what was learned: %g, %g and %g, %g", kind, name, x, usualX, y, usualY)
				}
			}
		}
	}
	if asks < 20 || plain < 10 {
		t.Errorf("%d measures ask, %d do not", asks, plain)
	}
}

// TestAsksLogins: a rule that is passed over where no log-in is out of the ordinary would have said nothing.
func TestAsksLogins(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var rules []Rule
	for kind, of := range measures() {
		for name := range of {
			rules = append(rules, Rule{Name: "r-" + kind + "-" + name, Kind: kind, Of: name, On: []string{"any"}, Steps: []Step{{At: 0.5, Bits: 1}}, English: "e", Dutch: "n"})
		}
	}
	set, err := Compile(rules, nil)
	if err != nil {
		t.Fatal(err)
	}
	all := set.scoped[Any]
	if n := len(all) - set.plain[Any]; n != 5 {
		t.Fatalf("%d rules look at log-ins, want 5", n)
	}
	for range 500 {
		var v View
		scramble(r, reflect.ValueOf(&v).Elem())
		for i, q := range all {
			w := v
			w.Login = login.Facts{}
			value, usual := q.eval(&w)
			if i >= set.plain[Any] && value >= q.first {
				t.Fatalf("%s speaks without log-ins", set.rules[q.rule].Name)
			}
			if got, gotUsual := q.eval(&v); i < set.plain[Any] && (got != value || gotUsual != usual) {
				t.Fatalf("%s looks at log-ins", set.rules[q.rule].Name)
			}
		}
	}
}
