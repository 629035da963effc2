package main

import (
	"bytes"
	"fmt"
	"io"
	"sort"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/calendar"
	"github.com/belwacht/belwacht/detect"
	"github.com/belwacht/belwacht/number"
	"github.com/belwacht/belwacht/rule"
	"github.com/belwacht/belwacht/simulate"
)

// startPrior is the score before any evidence in the first round, in bits.
const startPrior = -15.6

// organisation is one made-up organisation of the fit.
type organisation struct {
	simulate.Config
}

func (o organisation) String() string {
	return fmt.Sprintf("%s %s %d ext %d weeks seed %d", o.Kind, o.Country, o.Extensions, o.Weeks, o.Seed)
}

// The kinds, countries and attacks that the fit never sees.
var (
	heldKinds     = []string{"hotel", "factory", "school"}
	heldCountries = []string{"ES", "US", "PL", "IT"}
	heldAttacks   = []string{"many accounts, one range", "mimic", "wangiri call-back", "dial-through", "traffic pumping", "insider premium"}
)

func others(all, without []string) []string {
	var list []string
	for _, a := range all {
		found := false
		for _, w := range without {
			found = found || a == w
		}
		if !found {
			list = append(list, a)
		}
	}
	sort.Strings(list)
	return list
}

func kindNames() []string {
	var list []string
	for k := range simulate.Kinds() {
		list = append(list, k)
	}
	sort.Strings(list)
	return list
}

// sizes alternate, as organisations do.
func size(i int) (extensions, weeks int) {
	sizes := [][2]int{{12, 26}, {40, 16}, {90, 12}, {150, 12}, {25, 20}}
	s := sizes[i%len(sizes)]
	return s[0], s[1]
}

func learn(i int, all bool) organisation {
	kinds, countries := others(kindNames(), heldKinds), others(simulate.Countries(), heldCountries)
	ext, weeks := size(i)
	o := organisation{simulate.Config{Seed: 1000 + uint64(i), Kind: kinds[i%len(kinds)], Country: countries[(i*3)%len(countries)], Extensions: ext, Weeks: weeks}}
	if !all {
		o.Attacks = others(simulate.AttackKinds(), heldAttacks)
	}
	return o
}

// another is like those that are learned from, and was not: what the fit learned of them by heart it does not know of this one.
func another(i int) organisation {
	o := learn(i, false)
	o.Seed += 5000
	return o
}

func heldOut(i int) organisation {
	o := heldOutAttacks(i)
	o.Attacks = others(simulate.AttackKinds(), heldAttacks)
	o.Seed += 500
	return o
}

func heldOutAttacks(i int) organisation {
	ext, weeks := size(i + 2)
	return organisation{simulate.Config{Seed: 9000 + uint64(i), Kind: heldKinds[i%len(heldKinds)], Country: heldCountries[i%len(heldCountries)], Extensions: ext, Weeks: weeks,
		Attacks: heldAttacks}}
}

// play plays one organisation to an engine in enforce mode, as its administrator would have configured it.
func play(o organisation, set *rule.Set, prior float64, data *samples, oracle bool) (*tally, error) {
	org, err := simulate.New(o.Config)
	if err != nil {
		return nil, err
	}
	site, err := number.New(number.Config{Country: o.Country})
	if err != nil {
		return nil, err
	}
	var deck bytes.Buffer
	if err := org.WriteRates(&deck); err != nil {
		return nil, err
	}
	rates, _, err := number.ReadRates(io.Reader(&deck), number.RateOptions{})
	if err != nil {
		return nil, err
	}
	cal, err := calendar.New(calendar.Config{Timezone: org.Timezone(), Country: o.Country, OfficeHours: org.OfficeHours()})
	if err != nil {
		return nil, err
	}
	policy := detect.DefaultPolicy()
	policy.PriorAbroad = rule.Probability(prior)
	if data != nil {
		policy.BrakeOff = true  // the weights are to do without it
		policy.SureAlert = 0.90 // from when on somebody is told is no matter of theirs: they stay as they are where that changes
	}
	truth := map[string]*simulate.Call{}
	cfg := detect.Config{Rules: set, Tenants: []detect.Tenant{{Mode: belwacht.Enforce, Numbers: site.WithRates(rates), Calendar: cal, Policy: policy}}}
	if data != nil {
		data.begin()
		cfg.Observe = func(v *rule.View, call string, w belwacht.Word, p float64) {
			if c := truth[call]; c != nil {
				data.add(set, v, c)
			}
		}
	}
	if oracle {
		n := map[int]int{}
		cfg.Oracle = func(call string, w belwacht.Word, p float64) (belwacht.Word, float64) {
			c := truth[call]
			if c == nil || c.Attack < 0 {
				return min(w, belwacht.Watch), p
			}
			n[c.Attack]++
			switch k := n[c.Attack]; { // a good guard: it watches the first calls and refuses two of three after that
			case k <= 2:
				return belwacht.Watch, max(p, 0.1)
			case k%3 != 0:
				return belwacht.Refuse, 0.95
			}
			return belwacht.Warn, 0.5
		}
	}
	engine, err := detect.New(cfg)
	if err != nil {
		return nil, err
	}
	t := newTally(org, cal, o.String())
	r := detect.NewReplay(engine, detect.ReplayConfig{Outcome: func(out *belwacht.Outcome) error {
		c := truth[out.Call.ID]
		t.outcome(c, out)
		delete(truth, out.Call.ID)
		return nil
	}})
	var failed error
	org.Calls(func(c *simulate.Call) bool {
		own := *c
		truth[c.ID] = &own
		failed = r.Add(&own.Call)
		return failed == nil
	})
	if failed == nil {
		failed = r.Finish()
	}
	if data != nil {
		data.finish()
	}
	return t, failed
}
