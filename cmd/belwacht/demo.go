package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/app"
	"github.com/belwacht/belwacht/report"
	"github.com/belwacht/belwacht/simulate"
	"github.com/belwacht/belwacht/terminal"
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
	f.Uint64Var(&d.seed, "seed", app.DemoSeed, "another seed is another office and another attack")
	f.Float64Var(&d.speed, "speed", 1, "2 is twice as fast, 0.5 half")
	f.StringVar(&d.lang, "lang", "en", "language: en or nl")
	f.BoolVar(&d.once, "once", false, "once through without pauses")
	f.StringArrayVar(&d.attacks, "attack", nil, "kind of attack; may be given again (default weekend burst and call left open)")
	return c
}

func (d *demonstration) run(ctx context.Context, env *environment) error {
	s := &stage{env: env, began: env.now(), speed: d.speed, counts: map[string]int{}}
	if err := s.lang.UnmarshalText([]byte(d.lang)); err != nil {
		return belwacht.Errorf(belwacht.Usage, "--lang %s is no language that Belwacht speaks; there are en and nl", text.Clean(d.lang, 20))
	}
	if !(d.speed >= 0.1 && d.speed <= 1000) {
		return belwacht.Errorf(belwacht.Usage, "--speed %g: give a number from 0.1 to 1000; 2 is twice as fast", d.speed)
	}
	if !env.isTerminal || d.once {
		s.speed = 0
	}
	demo := app.Demo{Seed: d.seed, Attacks: kindsOf(d.attacks), Begins: func(sc *app.Scene) { s.begins(sc, d.seed) },
		Moment: func(m *app.Moment) error { return s.moment(ctx, m) }}
	if env.isTerminal {
		demo.Learning = func(calls int) {
			s.status(fmt.Sprintf(s.pick("learning what is usual … %s calls", "leert wat gewoon is … %s gesprekken"), text.Count(s.lang, int64(calls))))
		}
	}
	end, err := demo.Run(ctx)
	if end == nil {
		return err
	}
	if err != nil && ctx.Err() == nil {
		return err
	}
	s.close(end, ctx.Err() != nil)
	return nil
}

// stage shows a demo.
type stage struct {
	env     *environment
	lang    text.Language
	speed   float64 // 0 = no pauses
	began   time.Time
	scene   app.Scene
	how     report.Terminal
	day     string
	counts  map[string]int // moments by kind
	skipped int            // attackers' decisions that were not shown one by one
	drawn   bool           // a status line stands there
}

func (s *stage) pick(english, dutch string) string { return s.lang.Pick(english, dutch) }

func (s *stage) money(m belwacht.Money) string { return text.Money(s.lang, m, "EUR") }

// status draws the bottom line.
func (s *stage) status(line string) {
	if s.env.isTerminal {
		fmt.Fprint(s.env.out, "\r\x1b[K"+terminal.Snip(line, width(s.env)-1))
		s.drawn = true
	}
}

// print writes lines above the bottom line.
func (s *stage) print(write func(*terminal.Printer)) {
	if s.drawn {
		fmt.Fprint(s.env.out, "\r\x1b[K")
		s.drawn = false
	}
	p := terminal.NewPrinter(s.env.out, width(s.env), s.env.colour)
	write(p)
	p.Flush()
}

// begins says what is going to be seen.
func (s *stage) begins(sc *app.Scene, seed uint64) {
	s.scene = *sc
	s.how = report.Terminal{Colour: s.env.colour, Language: s.lang, Zone: sc.Zone}
	if s.env.isTerminal {
		s.how.Width = width(s.env) - 2
	}
	s.print(func(p *terminal.Printer) {
		p.Line(p.Tint(terminal.Bold, s.pick("Belwacht at work", "Belwacht aan het werk")))
		p.Rule()
		p.Paragraph(0, terminal.Plain, fmt.Sprintf(s.pick(
			"A made-up office in the Netherlands with %d extensions (seed %d). From %d weeks, %s calls, Belwacht has learned what is usual there. Now somebody breaks in. Each call is judged as it begins.",
			"Een verzonnen kantoor in Nederland met %d toestellen (seed %d). Uit %d weken, %s gesprekken, heeft Belwacht geleerd wat daar gewoon is. Nu breekt er iemand in. Elk gesprek wordt beoordeeld zodra het begint."),
			sc.Extensions, seed, sc.Weeks, text.Count(s.lang, int64(sc.Learned))))
		if s.env.isTerminal {
			p.Line(p.Tint(terminal.Grave, "▌") + p.Tint(terminal.Faint, s.pick(" marks the attacker's calls. You know which they are; Belwacht does not.",
				" staat bij de oproepen van de aanvaller. U weet welke dat zijn; Belwacht niet.")))
		}
	})
}

// moment shows one decision, or counts it where there are many of its kind.
func (s *stage) moment(ctx context.Context, m *app.Moment) error {
	d := m.Decision
	if !s.env.isTerminal {
		if d.Word > belwacht.Watch || d.Cause == "emergency" {
			s.counts["shown"]++
			fmt.Fprintln(s.env.out, s.how.Line(d))
		}
		return ctx.Err()
	}
	if !s.worth(m) {
		s.total(m)
		return ctx.Err()
	}
	if day := text.Weekday(s.lang, d.Time.Time().In(s.scene.Zone).Weekday()) + " " + text.Date(s.lang, d.Time, s.scene.Zone); day != s.day {
		s.day = day
		s.print(func(p *terminal.Printer) { p.Heading(capital(day)) })
		s.pause(ctx, 600)
	}
	s.print(func(p *terminal.Printer) { s.line(p, m) })
	s.total(m)
	s.pause(ctx, map[bool]float64{true: 450, false: 220}[m.Attack != ""])
	if why := s.why(m); why != "" {
		s.print(func(p *terminal.Printer) { p.Paragraph(4, terminal.Faint, why) })
		s.total(m)
		s.pause(ctx, 3000)
	}
	return ctx.Err()
}

// worth says whether a moment is shown: all that are told, and of the others some, so that the whole takes less than a minute.
func (s *stage) worth(m *app.Moment) bool {
	d := m.Decision
	kind := "innocent"
	switch {
	case d.Cause == "emergency" || d.Word == belwacht.EndNow || m.Attack == "" && d.Word > belwacht.Watch:
		return true
	case m.Attack != "":
		kind = "attack"
	case d.Word == belwacht.Watch: // kept, and told to nobody
		return false
	}
	s.counts[kind]++
	n := s.counts[kind]
	if kind == "innocent" {
		return n <= 5 || n%max(s.scene.Innocent/20, 1) == 0
	}
	if n <= 14 || n < 60 && n%8 == 0 || n%40 == 0 {
		return true
	}
	s.skipped++
	return false
}

// line is one decision on one line, the attacker's marked.
func (s *stage) line(p *terminal.Printer, m *app.Moment) {
	if s.skipped > 0 {
		p.Line(p.Tint(terminal.Faint, fmt.Sprintf(s.pick("  … %d more like these", "  … nog %d zoals deze"), s.skipped)))
		s.skipped = 0
	}
	mark, l, d := "  ", s.how.Line(m.Decision), m.Decision
	switch {
	case d.Cause == "emergency":
		mark = p.Tint(terminal.Green, "✓ ")
	case m.Attack != "":
		mark = p.Tint(terminal.Grave, "▌") + " "
	case d.Word == belwacht.Allow:
		if to, ok := belwacht.ParseCountry(d.Trace.Country); ok {
			l = terminal.Left(l, 58) + text.Country(s.lang, to)
		}
		l = p.Tint(terminal.Faint, l)
	}
	p.Line(mark + l)
}

// total draws the running total.
func (s *stage) total(m *app.Moment) {
	x := &m.Sums
	s.status(terminal.Tint(s.env.colour, terminal.Bold, fmt.Sprintf(s.pick("  without Belwacht %s by now · with it %s · saved %s", "  zonder Belwacht nu %s · met Belwacht %s · bespaard %s"),
		s.money(x.Without), s.money(x.Lost), s.money(x.Saved()))))
}

// why explains the first decision of each sort.
func (s *stage) why(m *app.Moment) string {
	d := m.Decision
	sort := d.Word.String()
	switch {
	case d.Cause == "emergency":
		sort = "emergency"
	case d.Word < belwacht.Warn || m.Attack == "":
		return ""
	}
	if s.counts["why "+sort]++; s.counts["why "+sort] > 1 {
		return ""
	}
	if sort == "emergency" {
		return s.pick("An emergency call goes through before anything else is looked at, also from an extension that an intruder uses.",
			"Een noodoproep gaat door voordat er iets anders wordt bekeken, ook vanaf een toestel dat een indringer gebruikt.")
	}
	return s.pick(d.Reason, d.ReasonNL)
}

// longest is how long a demo pauses altogether, at speed 1.
const longest = 42 * time.Second

// pause waits some milliseconds at the chosen speed, not at all once the time is used up.
func (s *stage) pause(ctx context.Context, ms float64) {
	if s.speed == 0 || s.env.now().Sub(s.began) > time.Duration(float64(longest)/s.speed) {
		return
	}
	t := time.NewTimer(time.Duration(ms / s.speed * float64(time.Millisecond)))
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// close says in plain words what was seen and what to do next.
func (s *stage) close(e *app.Ending, stopped bool) {
	s.print(func(p *terminal.Printer) {
		if s.skipped > 0 {
			p.Line(p.Tint(terminal.Faint, fmt.Sprintf(s.pick("  … %d more like these", "  … nog %d zoals deze"), s.skipped)))
		}
		p.Blank()
		p.Rule()
		if stopped {
			p.Paragraph(0, terminal.Plain, s.pick("Stopped before the end.", "Voor het einde gestopt."))
		}
		p.Paragraph(0, terminal.Plain, s.story(e, stopped))
		p.Heading(s.pick("What to do next", "Wat nu"))
		for _, l := range [][2]string{
			{"make run FILE=Master.csv", s.pick("your own call records: what it would have done", "uw eigen gespreksgegevens")},
			{"bin/belwacht demo --seed 66", s.pick("another office, another attack", "een ander kantoor, een andere aanval")},
			{"bin/belwacht demo --help", s.pick("other kinds of attack", "andere soorten aanvallen")},
			{"bin/belwacht rules list", s.pick("what it looks at", "waar het naar kijkt")},
		} {
			p.Beside("  "+terminal.Left(l[0], 30), terminal.Faint, l[1])
		}
	})
}

// story is what was seen, in plain words.
func (s *stage) story(e *app.Ending, stopped bool) string {
	if e.Attempts == 0 && !stopped {
		return s.pick("The attack of this seed came to nothing; try another --seed.", "De aanval van deze seed stelde niets voor; probeer een andere --seed.")
	}
	if e.Attempts == 0 {
		return s.pick("Nothing had happened yet but ordinary calls, and all of them went through.", "Er was nog niets gebeurd dan gewone gesprekken, en die gingen allemaal door.")
	}
	names := make([]string, 0, 4)
	for _, a := range e.Accounts[:min(len(e.Accounts), 4)] {
		names = append(names, text.Clean(a, 20))
	}
	if n := len(e.Accounts) - len(names); n > 0 {
		names = append(names, fmt.Sprintf(s.pick("%d others", "%d andere"), n))
	}
	var b strings.Builder
	fmt.Fprintf(&b, s.pick("What you saw: somebody used %s %s of this office to call at its expense. He tried %s; Belwacht refused %d, ended %d while they ran, told of %d and let the rest go. ",
		"Wat u zag: iemand gebruikte %s %s van dit kantoor om op zijn kosten te bellen. Hij deed %s; Belwacht weigerde er %d, beëindigde er %d terwijl ze liepen, meldde er %d en liet de rest door. "),
		s.pick(map[bool]string{true: "extension", false: "extensions"}[len(e.Accounts) == 1], map[bool]string{true: "toestel", false: "toestellen"}[len(e.Accounts) == 1]),
		text.List(s.lang, names), text.Plural(s.lang, int64(e.Attempts), s.pick("call", "oproep"), s.pick("calls", "oproepen")), e.Refused, e.Ended, e.Told)
	whole := e.Whole
	if stopped {
		whole = e.Without
	}
	fmt.Fprintf(&b, s.pick("That cost %s. With nobody to hinder him it would have been %s: %s saved. ", "Dat kostte %s. Ongehinderd was het %s geweest: %s bespaard. "),
		s.money(e.Lost), s.money(whole), s.money(max(whole-e.Lost, 0)))
	switch {
	case e.Innocent == 0:
		b.WriteString(s.pick("Not one innocent call was refused", "Geen enkele onschuldige oproep werd geweigerd"))
	default:
		fmt.Fprintf(&b, s.pick("%s by mistake", "%s per vergissing"), text.Plural(s.lang, int64(e.Innocent), s.pick("innocent call was stopped", "onschuldige oproep werd gestopt"),
			s.pick("innocent calls were stopped", "onschuldige oproepen werden gestopt")))
	}
	if e.Urgent > 0 {
		b.WriteString(s.pick(", and emergency calls went through as always", ", en noodoproepen gingen door, zoals altijd"))
	}
	b.WriteString(s.pick(". Nobody had told it what to look for.", ". Niemand had verteld waarop te letten."))
	return b.String()
}

// capital makes the first letter a capital one.
func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
