// Package stage shows a demo on a terminal, or a plain line a decision where there is none, in English or Dutch. Fill in a [Stage] and have it play; what is
// shown of many calls alike, and how long it all may take, is decided here, what happens is package demo's.
package stage

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/app/demo"
	"github.com/belwacht/belwacht/report"
	"github.com/belwacht/belwacht/terminal"
	"github.com/belwacht/belwacht/text"
)

// Stage shows one demo, once.
type Stage struct {
	Out      io.Writer
	Terminal bool // Out is a terminal: all is shown, with pauses and a running total; else a plain line a decision
	Width    int  // columns
	Colour   bool
	Language text.Language
	Speed    float64          // 2 = pauses half as long; 0 = none
	Now      func() time.Time // the clock by which the pauses end
	House    func(*demo.Demo) // where the organisation itself is watched: plugs it in; it keeps the time then. nil: it is not

	began   time.Time
	scene   demo.Scene
	how     report.Terminal
	day     string
	counts  map[string]int // moments by kind
	skipped int            // attackers' decisions that were not shown one by one
	drawn   bool           // a status line stands there
}

// Play plays the demo of a seed and shows it; attacks are kinds of simulate.AttackKinds, nil those of [demo.Attacks]. Where the context ends first it says
// what was seen until then. An error is one of the demo, such as an attack of no kind.
func (s *Stage) Play(ctx context.Context, seed uint64, attacks []string) error {
	s.began, s.counts = s.Now(), map[string]int{}
	d := demo.Demo{Seed: seed, Attacks: attacks, Begins: func(sc *demo.Scene) { s.begins(sc, seed) },
		Moment: func(m *demo.Moment) error { return s.moment(ctx, m) }}
	if s.Terminal {
		d.Learning = func(calls int) {
			s.status(fmt.Sprintf(s.pick("learning what is usual … %s calls", "leert wat gewoon is … %s gesprekken"), text.Count(s.Language, int64(calls))))
		}
	}
	told := false
	if s.House != nil {
		d.Alive = &demo.Alive{Over: func(e *demo.Ending) { told = true; s.close(e, false) }}
		s.House(&d)
	}
	end, err := d.Run(ctx)
	if end == nil || told && (err == nil || ctx.Err() != nil) {
		return err
	}
	if err != nil && ctx.Err() == nil {
		return err
	}
	s.close(end, ctx.Err() != nil)
	return nil
}

func (s *Stage) pick(english, dutch string) string { return s.Language.Pick(english, dutch) }

func (s *Stage) money(m belwacht.Money) string { return text.Money(s.Language, m, "EUR") }

// status draws the bottom line.
func (s *Stage) status(line string) {
	if s.Terminal {
		fmt.Fprint(s.Out, "\r\x1b[K"+terminal.Snip(line, s.Width-1))
		s.drawn = true
	}
}

// print writes lines above the bottom line.
func (s *Stage) print(write func(*terminal.Printer)) {
	if s.drawn {
		fmt.Fprint(s.Out, "\r\x1b[K")
		s.drawn = false
	}
	p := terminal.NewPrinter(s.Out, s.Width, s.Colour)
	write(p)
	p.Flush()
}

// begins says what is going to be seen.
func (s *Stage) begins(sc *demo.Scene, seed uint64) {
	s.scene = *sc
	s.how = report.Terminal{Colour: s.Colour, Language: s.Language, Zone: sc.Zone}
	if s.Terminal {
		s.how.Width = s.Width - 2
	}
	s.print(func(p *terminal.Printer) {
		p.Line(p.Tint(terminal.Bold, s.pick("Belwacht at work", "Belwacht aan het werk")))
		p.Rule()
		p.Paragraph(0, terminal.Plain, fmt.Sprintf(s.pick(
			"A made-up office in the Netherlands with %d extensions (seed %d). From %d weeks, %s calls, Belwacht has learned what is usual there. Now somebody breaks in. Each call is judged as it begins.",
			"Een verzonnen kantoor in Nederland met %d toestellen (seed %d). Uit %d weken, %s gesprekken, heeft Belwacht geleerd wat daar gewoon is. Nu breekt er iemand in. Elk gesprek wordt beoordeeld zodra het begint."),
			sc.Extensions, seed, sc.Weeks, text.Count(s.Language, int64(sc.Learned))))
		if s.Terminal {
			p.Line(p.Tint(terminal.Grave, "▌") + p.Tint(terminal.Faint, s.pick(" marks the attacker's calls. You know which they are; Belwacht does not.",
				" staat bij de oproepen van de aanvaller. U weet welke dat zijn; Belwacht niet.")))
		}
	})
}

// moment shows one decision, or counts it where there are many of its kind.
func (s *Stage) moment(ctx context.Context, m *demo.Moment) error {
	d := m.Decision
	if !s.Terminal {
		if d.Word > belwacht.Watch || d.Cause == "emergency" {
			s.counts["shown"]++
			fmt.Fprintln(s.Out, s.how.Line(d))
		}
		return ctx.Err()
	}
	if !s.worth(m) {
		s.total(m)
		return ctx.Err()
	}
	if day := text.Weekday(s.Language, d.Time.Time().In(s.scene.Zone).Weekday()) + " " + text.Date(s.Language, d.Time, s.scene.Zone); day != s.day {
		s.day = day
		s.print(func(p *terminal.Printer) { p.Heading(text.Capital(day)) })
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
func (s *Stage) worth(m *demo.Moment) bool {
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
func (s *Stage) line(p *terminal.Printer, m *demo.Moment) {
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
			l = terminal.Left(l, 58) + text.Country(s.Language, to)
		}
		l = p.Tint(terminal.Faint, l)
	}
	p.Line(mark + l)
}

// total draws the running total.
func (s *Stage) total(m *demo.Moment) {
	x := &m.Sums
	s.status(terminal.Tint(s.Colour, terminal.Bold, fmt.Sprintf(s.pick("  without Belwacht %s by now · with it %s · saved %s", "  zonder Belwacht nu %s · met Belwacht %s · bespaard %s"),
		s.money(x.Without), s.money(x.Lost), s.money(x.Saved()))))
}

// why explains the first decision of each sort.
func (s *Stage) why(m *demo.Moment) string {
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
func (s *Stage) pause(ctx context.Context, ms float64) {
	if s.Speed == 0 || s.Now().Sub(s.began) > time.Duration(float64(longest)/s.Speed) {
		return
	}
	t := time.NewTimer(time.Duration(ms / s.Speed * float64(time.Millisecond)))
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// close says in plain words what was seen and what to do next.
func (s *Stage) close(e *demo.Ending, stopped bool) {
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
func (s *Stage) story(e *demo.Ending, stopped bool) string {
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
		text.List(s.Language, names), text.Plural(s.Language, int64(e.Attempts), s.pick("call", "oproep"), s.pick("calls", "oproepen")), e.Refused, e.Ended, e.Told)
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
		fmt.Fprintf(&b, s.pick("%s by mistake", "%s per vergissing"), text.Plural(s.Language, int64(e.Innocent), s.pick("innocent call was stopped", "onschuldige oproep werd gestopt"),
			s.pick("innocent calls were stopped", "onschuldige oproepen werden gestopt")))
	}
	if e.Urgent > 0 {
		b.WriteString(s.pick(", and emergency calls went through as always", ", en noodoproepen gingen door, zoals altijd"))
	}
	b.WriteString(s.pick(". Nobody had told it what to look for.", ". Niemand had verteld waarop te letten."))
	return b.String()
}
