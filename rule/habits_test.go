package rule

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/count"
	"github.com/belwacht/belwacht/login"
	"github.com/belwacht/belwacht/profile"
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
				b.Own.Calls, b.Own.Days = a.Own.Calls, a.Own.Days // at hand always
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

// each makes a rule of each measure, which speaks from a value on.
func each(t *testing.T, first float32) *Set {
	t.Helper()
	var rules []Rule
	for kind, of := range measures() {
		for name := range of {
			rules = append(rules, Rule{Name: "r-" + kind + "-" + name, Kind: kind, Of: name, On: []string{"any"}, Steps: []Step{{At: first, Bits: 1}}, English: "e", Dutch: "n"})
		}
	}
	set, err := Compile(rules, nil)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// TestAsksLogins: rules that look at log-ins come last, and are passed over where no log-in is out of the ordinary.
func TestAsksLogins(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	set := each(t, 0.5)
	all := set.scoped[Any]
	plain := 0
	for plain < len(all) && set.asksLogins(&all[plain]) == 0 {
		plain++
	}
	if n := len(all) - plain; n != 5 {
		t.Fatalf("%d rules look at log-ins, want 5", n)
	}
	for range 500 {
		var v View
		scramble(r, reflect.ValueOf(&v).Elem())
		v.Scope = Any
		w := v
		w.Login = login.Facts{}
		may := set.sieve[Any].may(&w)
		for i, q := range all {
			value, usual := q.eval(&w)
			if i >= plain && (value >= q.at[0] || may.has(i)) {
				t.Fatalf("%s speaks without log-ins", set.rules[q.rule].Name)
			}
			if got, gotUsual := q.eval(&v); i < plain && (got != value || gotUsual != usual) {
				t.Fatalf("%s looks at log-ins", set.rules[q.rule].Name)
			}
		}
	}
}

// TestCeilings: no measure passes its ceiling, so that no rule is passed over that would have spoken; every name in the lists is a measure's; and of a call
// that is nothing special hardly any rule is asked.
func TestCeilings(t *testing.T) {
	kinds, named := measures(), make(map[string]bool)
	for _, list := range ceilingLists() {
		for _, names := range list {
			for name := range strings.SplitSeq(names, ", ") {
				kind, of, _ := strings.Cut(name, " ")
				if kinds[kind][of] == nil || named[name] {
					t.Errorf("%q is no measure, or has two ceilings", name)
				}
				named[name] = true
			}
		}
	}
	r := rand.New(rand.NewPCG(5, 6))
	var set *Set
	for _, first := range [...]float32{-1, 0, 0.25, 0.5, 0.75, 1, 1.25, 2, 3, 5, 8, 12, 20, 30, 45, 60, 100, 1000} {
		set = each(t, first)
		for n := range 1000 {
			var v View
			if scramble(r, reflect.ValueOf(&v).Elem()); n%2 == 0 {
				v.Own.CountryN, v.Own.RangeN, v.Own.NumberN, v.House.NumberKnown = 0, 0, 0, float32(n%3)
			}
			v.Scope, v.House.HourShare = Any, float32(r.IntN(200))/100
			may := set.sieve[Any].may(&v)
			for i, q := range set.scoped[Any] {
				if value, _ := q.eval(&v); value >= first && !may.has(i) {
					t.Fatalf("%s gives %g and is passed over where its first step is %g", set.rules[q.rule].Name, value, first)
				}
			}
		}
	}
	set = each(t, 1)
	calm := View{Scope: Any, Number: belwacht.Number{E164: 1, Dialable: true}, Judged: 1, Class: belwacht.ClassGeographic,
		House: profile.House{Calls: 1000, HourShare: 3}, Values: count.Values{SinceLast: count.Never, NumberRang: count.Never, NumberMissed: count.Never}}
	may, asked := set.sieve[Any].may(&calm), 0
	for i, q := range set.scoped[Any] {
		if name := set.rules[q.rule].Name; may.has(i) && named[strings.Replace(name[2:], "-", " ", 1)] {
			asked++
		}
	}
	if asked > 3 {
		t.Errorf("%d rules are asked of a call of which there is nothing to say", asked)
	}
}
