package rule

import (
	"math/bits"
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

// paired is a pair as judging asks it: steps by their number from one.
type paired struct {
	place    uint8 // of the other rule in Set.scoped
	with     uint8 // its index in Set.rules
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
			s.put(i, j, paired{with: uint8(j), at: uint8(r.step(p.At)), from: uint8(from), silent: r.InMonitor() || other.InMonitor(), bound: r.bound || other.bound, bits: p.Bits})
		}
	}
	return nil
}

// put gives a pair to its rule in each scope in which both rules look.
func (s *Set) put(rule, other int, p paired) {
	for sc := range s.scoped {
		list := s.scoped[sc]
		at := func(i int) int { return slices.IndexFunc(list, func(q scoped) bool { return int(q.rule) == i }) }
		i, k := at(rule), at(other)
		if i < 0 || k < 0 {
			continue
		}
		p.place = uint8(k)
		list[i].pairs = append(list[i].pairs, p)
		list[i].others.add(k)
	}
}

func (s *Set) names() []string {
	list := make([]string, len(s.rules))
	for i := range s.rules {
		list[i] = s.rules[i].Name
	}
	return list
}

// together adds what the rules that spoke say in pairs.
func (j *judging) together(list []scoped, v *Verdict) {
	k := 0 // the rule's piece: they stand in the order of the places
	for w, set := range j.spoke {
		for ; set != 0; set &= set - 1 {
			i := w*64 + bits.TrailingZeros64(set)
			if q := &list[i]; q.others[0]&j.spoke[0]|q.others[1]&j.spoke[1] != 0 {
				j.pairs(q, j.levels[i], v, &v.Pieces[k])
			}
			k++
		}
	}
}

// pairs adds those of one rule, which has reached so many steps; piece is what it said alone.
func (j *judging) pairs(q *scoped, level uint8, v *Verdict, piece *Piece) {
	for n := range q.pairs {
		p := &q.pairs[n]
		if level < p.at || j.levels[p.place] < p.from {
			continue
		}
		bits := p.bits
		if p.bound {
			bits = j.bounded(bits)
		}
		v.Pieces[v.N] = Piece{Rule: q.rule, With: p.with, Paired: true, Counted: !p.silent, Bits: bits, Value: piece.Value, Usual: piece.Usual}
		v.N++
		if p.silent {
			v.Would += bits
		} else {
			v.Family[q.family] += bits
		}
	}
}
