package main

import (
	"context"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/app/demo"
	"github.com/belwacht/belwacht/app/demo/stage"
	"github.com/belwacht/belwacht/simulate"
	"github.com/belwacht/belwacht/text"
	"github.com/spf13/cobra"
)

// demonstration is what the flags of belwacht demo say.
type demonstration struct {
	seed    uint64
	speed   float64
	lang    string
	once    bool
	attacks []string
}

func newDemoCommand(env *environment) *cobra.Command {
	d := demonstration{}
	c := &cobra.Command{
		Use:   "demo",
		Short: "See it at work on a made-up organisation and an attack",
		Long: "Makes up a Dutch office, learns from six weeks of its calls what is usual, and\n" +
			"then judges every call of some days in which somebody breaks in, as it would\n" +
			"for you. It takes about 45 seconds, reads and writes no file and uses no network.\n" +
			"Without a terminal it runs at once and prints a plain line a decision.\n\n" +
			"Kinds of attack: " + wrapped(simulate.AttackKinds(), 62) + ".",
		Example: "  belwacht demo\n  belwacht demo --seed 66 --lang nl\n  belwacht demo --attack \"hijacked forward\" --speed 2",
		RunE:    func(c *cobra.Command, _ []string) error { return d.run(c.Context(), env) },
	}
	f := c.Flags()
	f.Uint64Var(&d.seed, "seed", demo.Seed, "another seed is another office and another attack")
	f.Float64Var(&d.speed, "speed", 1, "2 is twice as fast, 0.5 half")
	f.StringVar(&d.lang, "lang", "en", "language: en or nl")
	f.BoolVar(&d.once, "once", false, "once through without pauses")
	f.StringArrayVar(&d.attacks, "attack", nil, "kind of attack; may be given again (default weekend burst and call left open)")
	return c
}

func (d *demonstration) run(ctx context.Context, env *environment) error {
	s := &stage.Stage{Out: env.out, Terminal: env.isTerminal, Width: width(env), Colour: env.colour, Speed: d.speed, Now: env.now}
	if err := s.Language.UnmarshalText([]byte(d.lang)); err != nil {
		return belwacht.Errorf(belwacht.Usage, "--lang %s is no language that Belwacht speaks; there are en and nl", text.Clean(d.lang, 20))
	}
	if !(d.speed >= 0.1 && d.speed <= 1000) {
		return belwacht.Errorf(belwacht.Usage, "--speed %g: give a number from 0.1 to 1000; 2 is twice as fast", d.speed)
	}
	if !env.isTerminal || d.once {
		s.Speed = 0
	}
	return s.Play(ctx, d.seed, kindsOf(d.attacks))
}
