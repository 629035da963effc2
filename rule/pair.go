package rule

import (
	"slices"
	"strconv"

	"github.com/belwacht/belwacht"
)

// MostPairs bounds the pairs of a set; MostTogether and LeastTogether bound what one pair can say, in bits. As with rules, nobody is to buy much trust.
const (
	MostPairs     = 96
	MostTogether  = 5
	LeastTogether = -2
)

// Pair is what a rule says together with another one, on top of what each says alone: two signs that belong to one habit of life weigh less together, two that
// do not weigh more. It counts where the rule has reached the value At and the other one the value From, both values where a step of theirs begins.
// Only calls that deserve a look, before and while they run, are judged by pairs.
type Pair struct {
	At   float32 `yaml:"at"`
	With string  `yaml:"with"` // the other rule's name
	From float32 `yaml:"from"`
	Bits float32 `yaml:"bits"`
}

// paired is a pair as judging asks it: rules by their index, steps by their number from one.
type paired struct {
	with     uint8
	at, from uint8
	silent   bool // one of the two is in monitor
	bound    bool // one of the two rests on the history behind the call
	bits     float32
}

// step is the number, from one, of the step that begins at a value; 0 where none does.
func (r *Rule) step(at float32) int {
	return 1 + slices.IndexFunc(r.Steps, func(s Step) bool { return s.At == at })
}

// starts are where a rule's steps begin, as a misfit shows them.
func (r *Rule) starts() []string {
	list := make([]string, len(r.Steps))
	for i, s := range r.Steps {
		list[i] = strconv.FormatFloat(float64(s.At), 'g', -1, 32)
	}
	return list
}

func (r *Rule) checkPairs() error {
	for i, p := range r.Together {
		place := "together[" + strconv.Itoa(i) + "]"
		switch {
		case !(p.Bits <= MostTogether && p.Bits >= LeastTogether):
			return r.misfit(place+".bits", "pair %d gives %g bits; together two rules say from %d to %d on top of what each says alone", i+1, p.Bits, LeastTogether, MostTogether)
		case p.With == "" || p.With == r.Name:
			return r.misfit(place+".with", "pair %d is with %s; it names another rule, such as {at: 1, with: odd-hour, from: 2, bits: 0.5}", i+1, show(p.With))
		case r.step(p.At) == 0:
			return r.misfit(place+".at", "pair %d begins at %g, where none of the rule's steps does%s", i+1, p.At, meant("", r.starts()))
		}
	}
	return nil
}

// pair finds the rules that pairs name, when all rules are known.
func (s *Set) pair() error {
	n := 0
	s.pairs = make([][]paired, len(s.rules))
	for i := range s.rules {
		r := &s.rules[i]
		for k, p := range r.Together {
			place := "together[" + strconv.Itoa(k) + "]"
			j := slices.IndexFunc(s.rules, func(o Rule) bool { return o.Name == p.With })
			if j < 0 {
				return r.misfit(place+".with", "there is no rule %s%s", show(p.With), meant(p.With, s.names()))
			}
			other := &s.rules[j]
			from := other.step(p.From)
			if from == 0 {
				return r.misfit(place+".from", "%s has no step that begins at %g%s", p.With, p.From, meant("", other.starts()))
			}
			if r.off || other.off || p.Bits == 0 {
				continue
			}
			if n++; n > MostPairs {
				return belwacht.Errorf(belwacht.Config, "the rules have more than %d pairs together", MostPairs)
			}
			s.pairs[i] = append(s.pairs[i], paired{uint8(j), uint8(r.step(p.At)), uint8(from), r.InMonitor() || other.InMonitor(), r.bound || other.bound, p.Bits})
		}
	}
	return nil
}

func (s *Set) names() []string {
	list := make([]string, len(s.rules))
	for i := range s.rules {
		list[i] = s.rules[i].Name
	}
	return list
}

// together adds what the rules that spoke say in pairs; levels is how many steps each of all rules has reached.
func (s *Set) together(view *View, v *Verdict, levels *[MaxRules]uint8) {
	maturity := float32(-1)
	for k := range v.N {
		i := v.Pieces[k].Rule
		for _, q := range s.pairs[i] {
			if levels[i] < q.at || levels[q.with] < q.from {
				continue
			}
			bits := q.bits
			if q.bound {
				if maturity < 0 {
					maturity = view.Maturity()
				}
				bits = min(bits, maturity)
			}
			v.Pieces[v.N] = Piece{Rule: i, With: q.with, Paired: true, Counted: !q.silent, Bits: bits, Value: v.Pieces[k].Value, Usual: v.Pieces[k].Usual}
			v.N++
			if q.silent {
				v.Would += bits
			} else {
				v.Family[s.rules[i].Family] += bits
			}
		}
	}
}
