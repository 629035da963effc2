// Command fit fits the weights of the built-in rules on made-up organisations and reports how they do on others, whose kinds of
// organisation, countries and attacks it did not see. `make fit` runs it; the same seeds give the same weights.
//
// Evidence adds up, so the fit is a logistic regression: each step of each rule is one input, that is 1 where the step was reached. Steps
// of suspicious rules may only add bits, steps of rules of the kind "known" only take them away. Then those pairs of steps are looked for that better the
// fit most, among the calls that are hard to tell, and fitted together with all steps. The calls are played to the engine
// in enforce mode with the weights of the round before, so that what is learned from is what a guard sees that refuses.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/belwacht/belwacht/rule"
	"github.com/belwacht/belwacht/rule/builtin"
)

func main() {
	rounds := flag.Int("rounds", 3, "rounds of playing and fitting")
	orgs := flag.Int("orgs", 60, "organisations to learn from")
	held := flag.Int("held", 36, "organisations to report on")
	folder := flag.String("rules", "rule/builtin", "folder of the rule files, which are rewritten")
	only := flag.Bool("report", false, "only report, fit nothing")
	without := flag.String("without", "", "families or rules left out, by comma: what each carries")
	all := flag.Bool("all", false, "learn from all kinds of attack, the held-out ones too: for the weights that ship")
	verbose := flag.Bool("v", false, "a line an organisation")
	flag.Parse()
	log.SetFlags(0)
	if err := run(*rounds, *orgs, *held, *folder, *only, *without, *verbose, *all); err != nil {
		log.Fatal("fit: ", err)
	}
}

func run(rounds, orgs, held int, folder string, only bool, without string, verbose, all bool) error {
	rules, err := builtin.Rules()
	if err != nil {
		return err
	}
	off := map[string]string{}
	for _, w := range strings.Split(without, ",") {
		for i := range rules {
			if w != "" && (rules[i].Name == w || rules[i].Family.String() == w) {
				off[rules[i].Name] = "off"
			}
		}
	}
	if !only { // begin from nothing, so that the same seeds give the same weights
		zero := make([][]float64, len(rules))
		for i := range rules {
			zero[i] = make([]float64, len(rules[i].Steps))
		}
		rules = apply(rules, fitted{bits: zero}, nil)
	}
	prior := startPrior
	if only {
		prior = builtin.Prior()
	}
	var data *samples // of the last rounds together: one alone would swing between too strict and too mild
	for round := 0; round < rounds && !only; round++ {
		begin := time.Now()
		set, err := rule.Compile(rules, off)
		if err != nil {
			return err
		}
		if round == 0 {
			data = newSamples(set)
		}
		var sum tally
		err = each(orgs, func(i int) organisation { return learn(i, all) }, func(o organisation) (*played, error) {
			own := newSamples(set)
			t, err := play(o, set, prior, own, round == 0)
			return &played{o, t, own}, err
		}, func(p *played) {
			sum.add(p.tally)
			data.append(p.samples)
		})
		if err != nil {
			return err
		}
		found := data.fit(set)
		if verbose {
			data.univariate(set)
		}
		prior = found.prior
		rules = apply(set.Rules(), found, data.first)
		fmt.Printf("round %d: %d samples, %d of them fraud, %d pairs, prior %.2f bits, %.0f s; while playing: %s\n", round+1, len(data.fraud), data.frauds(), len(found.pairs), prior, time.Since(begin).Seconds(), sum.line())
	}
	if !only {
		if err := rewrite(folder, rules, prior); err != nil {
			return err
		}
	}
	return show(rules, off, prior, orgs, held, verbose, all)
}

// show prints what the rules do on the organisations they were fitted on and on those held out.
func show(rules []rule.Rule, off map[string]string, prior float64, orgs, held int, verbose, all bool) error {
	set, err := rule.Compile(rules, off)
	if err != nil {
		return err
	}
	for _, part := range []struct {
		name string
		n    int
		org  func(int) organisation
	}{{"learned from", orgs, func(i int) organisation { return learn(i, all) }}, {"others of the same kinds", held, another}, {"held out, known attacks", held, heldOut}, {"held out, unknown attacks", held, heldOutAttacks}} {
		var sum tally
		err := each(part.n, part.org, func(o organisation) (*played, error) {
			t, err := play(o, set, prior, nil, false)
			return &played{o, t, nil}, err
		}, func(p *played) {
			if verbose {
				fmt.Printf("  %s %s: %s\n", part.name, p.org.String(), p.tally.line())
			}
			sum.add(p.tally)
		})
		if err != nil {
			return err
		}
		fmt.Printf("%s: %s\n", part.name, sum.line())
		sum.kinds(os.Stdout)
		if verbose {
			sum.dearest(os.Stdout)
		}
	}
	return nil
}

// played is what came of one organisation.
type played struct {
	org     organisation
	tally   *tally
	samples *samples
}

// each plays n organisations, several at once, and hands them over in order, so that the same seeds give the same result.
func each(n int, org func(int) organisation, play func(organisation) (*played, error), take func(*played)) error {
	type result struct {
		p   *played
		err error
	}
	results, free := make([]chan result, n), make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range results {
		results[i] = make(chan result, 1)
	}
	go func() {
		for i := range n {
			free <- struct{}{}
			go func() {
				p, err := play(org(i))
				results[i] <- result{p, err}
				<-free
			}()
		}
	}()
	for i := range n {
		r := <-results[i]
		if r.err != nil {
			return r.err
		}
		take(r.p)
	}
	return nil
}
