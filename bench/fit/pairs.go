package main

import (
	"cmp"
	"math"
	"slices"
	"sync"

	"github.com/belwacht/belwacht/rule"
)

const (
	pairsMost  = 50 // pairs that are looked for
	pairsRound = 10 // of them at a time, so that each of the next is held against those before
	pairsRule  = 2  // of one rule at a time
	pairEpochs = 80
	doubtful   = -5 // bits: a call whose score is lower is judged well enough without pairs
)

// pair are two inputs, each a step of a rule, and what both together say beyond their sum.
type pair struct {
	a, b int
	bits float64
}

// couple finds pairs among the doubtful samples and returns them with the weights of all inputs, fitted anew: steps, pairs, prior.
func (s *samples) couple(w []float64, n int, rules []rule.Rule) ([]pair, []float64) {
	hard := s.doubtful(w)
	var pairs []pair
	for len(pairs) < pairsMost {
		more := hard.propose(w, n, rules, pairs)
		if len(more) == 0 {
			break
		}
		pairs = append(pairs, more...)
		prior := w[len(w)-1]
		w = append(append(slices.Clone(w[:len(w)-1]), make([]float64, len(more))...), prior)
		hard = hard.with(pairs, n)
		hard.climb(w, n, rules, pairEpochs, 0.02)
	}
	s.with(pairs, n).climb(w, n, rules, epochs/2, 0.02)
	return pairs, w
}

// doubtful are the samples whose score is not clearly low.
func (s *samples) doubtful(w []float64) *samples {
	d := &samples{first: s.first}
	least := 1 / (1 + math.Exp2(-doubtful))
	for k, f := range s.fraud {
		if row := s.row(k); chance(w, row) > least {
			d.from = append(d.from, uint32(len(d.active)))
			d.active = append(d.active, row...)
			d.fraud, d.weight = append(d.fraud, f), append(d.weight, s.weight[k])
		}
	}
	return d
}

// with are the same samples with the pairs as inputs n, n+1 and so on, instead of those that were there.
func (s *samples) with(pairs []pair, n int) *samples {
	d := &samples{first: s.first, fraud: s.fraud, weight: s.weight}
	of, reached := make([][]int, n), make([]bool, n)
	for k, p := range pairs {
		of[p.a] = append(of[p.a], k)
	}
	for k := range s.fraud {
		row := s.row(k)
		for len(row) > 0 && int(row[len(row)-1]) >= n {
			row = row[:len(row)-1]
		}
		for _, j := range row {
			reached[j] = true
		}
		d.from = append(d.from, uint32(len(d.active)))
		d.active = append(d.active, row...)
		for _, j := range row {
			for _, q := range of[j] {
				if reached[pairs[q].b] {
					d.active = append(d.active, uint16(n+q))
				}
			}
		}
		for _, j := range row {
			reached[j] = false
		}
	}
	return d
}

// slope is how much the loss would fall per weight of a pair, and how that slope changes.
type slope struct{ first, second float64 }

// propose finds the pairs that would better the fit most, by the first Newton step of each alone.
func (s *samples) propose(w []float64, n int, rules []rule.Rule, known []pair) []pair {
	slopes := s.slopes(w, n)
	owner := make([]int, n)
	for i := range rules {
		for k := s.first[i]; k < s.first[i+1]; k++ {
			owner[k] = i
		}
	}
	type candidate struct {
		pair
		gain float64
	}
	var all []candidate
	for a := range n {
		for b := a + 1; b < n; b++ {
			i, j := owner[a], owner[b]
			if i == j || !rules[i].Fitted() || !rules[j].Fitted() || rules[i].Off() || rules[j].Off() {
				continue
			}
			x := slopes[a*n+b]
			all = append(all, candidate{pair{a: a, b: b}, x.first * x.first / (x.second + pairRidge)})
		}
	}
	slices.SortStableFunc(all, func(x, y candidate) int { return cmp.Compare(y.gain, x.gain) })
	taken := map[int]int{}
	var list []pair
	for _, c := range all {
		i, j := owner[c.a], owner[c.b]
		if len(list) == pairsRound || c.gain < 1 {
			break
		}
		if taken[i] >= pairsRule || taken[j] >= pairsRule || slices.ContainsFunc(known, func(p pair) bool { return p.a == c.a && p.b == c.b }) {
			continue
		}
		taken[i]++
		taken[j]++
		list = append(list, c.pair)
	}
	return list
}

// slopes are those of all pairs of the first n inputs, the smaller input first, on two cores.
func (s *samples) slopes(w []float64, n int) []slope {
	const parts = 2
	var sums [parts][]slope
	var wait sync.WaitGroup
	for part := range parts {
		wait.Go(func() {
			own := make([]slope, n*n)
			for k := part * len(s.fraud) / parts; k < (part+1)*len(s.fraud)/parts; k++ {
				row := s.row(k)
				p, y := chance(w, row), 0.0
				if s.fraud[k] {
					y = 1
				}
				first, second := float64(s.weight[k])*(y-p), float64(s.weight[k])*p*(1-p)
				for i, a := range row {
					if int(a) >= n {
						break
					}
					for _, b := range row[i+1:] {
						if int(b) >= n {
							break
						}
						x := &own[int(a)*n+int(b)]
						x.first += first
						x.second += second
					}
				}
			}
			sums[part] = own
		})
	}
	wait.Wait()
	for i, x := range sums[1] {
		sums[0][i].first += x.first
		sums[0][i].second += x.second
	}
	return sums[0]
}
