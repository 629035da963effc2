package main

import (
	"fmt"
	"math"
	"sync"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/rule"
	"github.com/belwacht/belwacht/simulate"
)

// accountDay is what a wrong alarm is counted by.
type accountDay struct {
	account string
	day     int32
}

// samples are the judged attempts that are learned from.
type samples struct {
	rules   int
	active  []uint16 // inputs that are 1, of all samples one after the other
	from    []uint32 // where a sample's begin
	first   []int    // of each rule its first input
	fraud   []bool
	weight  []float32
	seen    map[int]int
	ticks   map[string]int
	attack  map[int][]int      // samples of each attack of the organisation
	skipped int                // of this organisation's innocent calls to known numbers
	daily   map[accountDay]int // innocent samples of an account and day
	buf     []uint8
}

func newSamples(set *rule.Set) *samples {
	s := &samples{rules: len(set.Rules()), buf: make([]uint8, len(set.Rules())), first: make([]int, len(set.Rules())+1)}
	for i := range set.Rules() {
		s.first[i+1] = s.first[i] + len(set.Rules()[i].Steps)
	}
	return s
}

// append adds the samples of an organisation.
func (s *samples) append(o *samples) {
	base := uint32(len(s.active))
	for _, from := range o.from {
		s.from = append(s.from, base+from)
	}
	s.active = append(s.active, o.active...)
	s.fraud = append(s.fraud, o.fraud...)
	s.weight = append(s.weight, o.weight...)
}

// begin starts another organisation.
func (s *samples) begin() {
	s.seen, s.ticks, s.attack = map[int]int{}, map[string]int{}, map[int][]int{}
	s.daily = map[accountDay]int{}
}

// finish shares the weight out at the end of an organisation: each attack weighs the same, whether it is one call or a thousand.
func (s *samples) finish() {
	for _, list := range s.attack {
		var sum float32
		for _, k := range list {
			sum += s.weight[k]
		}
		for _, k := range list {
			s.weight[k] *= min(attackWeight/sum, 4)
		}
	}
}

const (
	attackWeight = 15 // of one attack, in innocent calls
	thin         = 8  // of innocent calls to known numbers one in so many is taken, and weighs as much
)

// add takes a view in. The first calls of an attack weigh most: that is where money is saved.
func (s *samples) add(set *rule.Set, v *rule.View, c *simulate.Call) {
	if v.Scope != rule.Notable && v.Scope != rule.Running {
		return
	}
	weight, fraud := float32(1), c.Attack >= 0
	if v.Scope == rule.Running {
		s.ticks[c.ID]++
		n := s.ticks[c.ID]
		if n > 3 && n%8 != 0 {
			return
		}
		weight = 0.5 / float32(math.Sqrt(float64(n)))
	}
	if fraud {
		if v.Scope == rule.Notable {
			s.seen[c.Attack]++
		}
		weight /= float32(math.Sqrt(float64(max(s.seen[c.Attack], 1))))
		s.attack[c.Attack] = append(s.attack[c.Attack], len(s.weight))
	} else {
		// A wrong alarm is one for an account and day, however many calls: a campaign of three hundred calls must not outvote an office.
		k := accountDay{c.Account, int32(c.Start / belwacht.Day)}
		s.daily[k]++
		x := 1 + float64(s.daily[k])/3
		weight /= float32(x * math.Sqrt(x))
		if !v.Novel {
			if s.skipped++; s.skipped%thin != 0 {
				return
			}
			weight *= thin
		}
	}
	set.Levels(v, s.buf)
	s.from = append(s.from, uint32(len(s.active)))
	for i, level := range s.buf {
		for j := range int(level) {
			s.active = append(s.active, uint16(s.first[i]+j))
		}
	}
	s.fraud = append(s.fraud, fraud)
	s.weight = append(s.weight, weight)
}

func (s *samples) frauds() int {
	n := 0
	for _, f := range s.fraud {
		if f {
			n++
		}
	}
	return n
}

const (
	ridge     = 0.2 // strength of the pull towards zero of a step, in samples
	pairRidge = 2   // of a pair
	epochs    = 300
)

// fitted is what a fit has found.
type fitted struct {
	bits  [][]float64 // of every step of every rule, cumulative
	pairs []pair
	prior float64 // bits before any evidence
}

// fit finds the bits of every step of every rule, then the pairs of steps that say more or less than their sum.
func (s *samples) fit(set *rule.Set) fitted {
	rules, first := set.Rules(), s.first
	n := first[len(rules)]
	w := make([]float64, n+1)
	w[n] = -6
	s.climb(w, n, rules, epochs, 0.05)
	pairs, w := s.couple(w, n, rules)
	f := fitted{bits: make([][]float64, len(rules)), prior: w[len(w)-1] / math.Ln2}
	for i := range rules {
		sum := 0.0
		for k := first[i]; k < first[i+1]; k++ {
			sum += w[k] / math.Ln2
			f.bits[i] = append(f.bits[i], math.Max(math.Min(sum, rule.MostBits), rule.LeastBits))
		}
	}
	for k := range pairs {
		pairs[k].bits = w[n+k] / math.Ln2
	}
	f.pairs = pairs
	return f
}

// climb betters the weights w of all inputs, the first n of them steps and the others pairs, the last before any evidence: a logistic regression by
// full-batch gradient steps (Adam), with the signs held.
func (s *samples) climb(w []float64, n int, rules []rule.Rule, epochs int, pace float64) {
	g, m, q := make([]float64, len(w)), make([]float64, len(w)), make([]float64, len(w))
	last := len(w) - 1
	var total float64
	for _, x := range s.weight {
		total += float64(x)
	}
	for epoch := 1; epoch <= epochs; epoch++ {
		for i := range g[:last] {
			if g[i] = ridge * w[i]; i >= n {
				g[i] = pairRidge * w[i]
			}
		}
		g[last] = 0
		s.gradient(w, g, last)
		rate := pace * (1 - 0.9*float64(epoch)/float64(epochs))
		for i := range w {
			d := g[i] / total * 50
			m[i] = 0.9*m[i] + 0.1*d
			q[i] = 0.999*q[i] + 0.001*d*d
			w[i] -= rate * (m[i] / (1 - math.Pow(0.9, float64(epoch)))) / (math.Sqrt(q[i]/(1-math.Pow(0.999, float64(epoch)))) + 1e-6)
		}
		hold(rules, w, s.first)
		for k := n; k < last; k++ {
			w[k] = math.Max(math.Min(w[k], rule.MostTogether*math.Ln2), rule.LeastTogether*math.Ln2)
		}
	}
}

// row are the inputs that are 1 of a sample.
func (s *samples) row(k int) []uint16 {
	end := uint32(len(s.active))
	if k+1 < len(s.from) {
		end = s.from[k+1]
	}
	return s.active[s.from[k]:end]
}

// chance is the probability of fraud that weights give a row.
func chance(w []float64, row []uint16) float64 {
	z := w[len(w)-1]
	for _, j := range row {
		z += w[j]
	}
	return 1 / (1 + math.Exp(-z))
}

// gradient adds the loss's slope at w to g, on two cores.
func (s *samples) gradient(w, g []float64, n int) {
	const parts = 2
	var sums [parts][]float64
	var wait sync.WaitGroup
	for part := range parts {
		wait.Go(func() {
			own := make([]float64, len(w))
			for k := part * len(s.fraud) / parts; k < (part+1)*len(s.fraud)/parts; k++ {
				row := s.row(k)
				p := chance(w, row)
				if s.fraud[k] {
					p--
				}
				p *= float64(s.weight[k])
				for _, j := range row {
					own[j] += p
				}
				own[n] += p
			}
			sums[part] = own
		})
	}
	wait.Wait()
	for _, own := range sums {
		for i, x := range own {
			g[i] += x
		}
	}
}

// hold keeps the signs: suspicious rules only add, "known" only takes away, hand-set rules stay out.
func hold(rules []rule.Rule, w []float64, first []int) {
	for i := range rules {
		r := &rules[i]
		for j := first[i]; j < first[i+1]; j++ {
			switch {
			case !r.Fitted() || r.Off():
				w[j] = 0 // what was set by hand comes on top: it must not take the place of what can be fitted
			case r.Kind == "known":
				w[j] = math.Min(w[j], 0)
			default:
				w[j] = math.Max(w[j], 0)
			}
		}
	}
}

// univariate prints how often each step is reached under fraud and in innocent life, and the bits that says on its own.
func (s *samples) univariate(set *rule.Set) {
	n := s.first[len(s.first)-1]
	reached := [2][]float64{make([]float64, n), make([]float64, n)}
	var all [2]float64
	for k, f := range s.fraud {
		i := 0
		if f {
			i = 1
		}
		all[i] += float64(s.weight[k])
		for _, j := range s.row(k) {
			reached[i][j] += float64(s.weight[k])
		}
	}
	for i, r := range set.Rules() {
		fmt.Printf("  %-18s", r.Name)
		for j := range r.Steps {
			k := s.first[i] + j
			in, fr := reached[0][k]/all[0], reached[1][k]/all[1]
			fmt.Printf(" %g: %.2f%%/%.1f%% %+.1f", r.Steps[j].At, 100*in, 100*fr, math.Log2((fr+1e-6)/(in+1e-6)))
		}
		fmt.Println()
	}
}
