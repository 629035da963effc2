package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/control"
	"github.com/belwacht/belwacht/terminal"
	"github.com/belwacht/belwacht/text"
)

func newStatusCommand(env *environment) *cobra.Command {
	s := &speaking{}
	c := &cobra.Command{
		Use:     "status",
		Short:   "Say how the running Belwacht is: what it guards, how, and what somebody should look at",
		Example: "  belwacht status\n  belwacht status --json",
		RunE: func(c *cobra.Command, _ []string) error {
			var v control.Status
			if err := s.get(c.Context(), "/v1/status", nil, &v); err != nil {
				return err
			}
			return s.show(env, &v, func(p *terminal.Printer) { s.status(p, &v) })
		},
	}
	s.flags(c)
	return c
}

// status says it in words.
func (s *speaking) status(p *terminal.Printer, v *control.Status) {
	p.Paragraph(0, terminal.Plain, fmt.Sprintf(s.pick("Belwacht %s runs since %s.", "Belwacht %s draait sinds %s."), text.Clean(v.Version, 60), s.moment(v.Since)))
	if v.Panic {
		p.Paragraph(0, terminal.Red, text.Cause(s.language, "panic")+".")
	}
	for _, o := range v.Tenants {
		p.Paragraph(0, terminal.Plain, fmt.Sprintf(s.pick("%s: mode %s, %s", "%s: stand %s, %s"), text.Clean(orElse(o.Name, s.pick("The organisation", "De organisatie")), 60), o.Mode,
			text.Plural(s.language, int64(o.Locks), s.pick("account locked", "toestel geblokkeerd"), s.pick("accounts locked", "toestellen geblokkeerd"))))
	}
	for i := range v.PBXs {
		p.Paragraph(0, terminal.Plain, s.pbx(&v.PBXs[i]))
	}
	p.Paragraph(0, terminal.Plain, fmt.Sprintf(s.pick("%s now, %s judged, %s refused, %s ended, %s since the memory began.", "%s nu, %s beoordeeld, %s geweigerd, %s beëindigd, %s sinds het geheugen begon."),
		text.Plural(s.language, int64(v.Calls), s.pick("call", "gesprek"), s.pick("calls", "gesprekken")), counted(s, v, "guard_attempts"), counted(s, v, "guard_refused"),
		counted(s, v, "guard_ended"), text.Plural(s.language, int64(v.Alerts), s.pick("alert", "melding"), s.pick("alerts", "meldingen"))))
	p.Paragraph(0, terminal.Plain, fmt.Sprintf(s.pick("Memory kept: %s, in %s.", "Geheugen bewaard: %s, in %s."), s.moment(v.Memory.Saved), text.Clean(v.Memory.Folder, 200)))
	for _, x := range v.Problems {
		p.Beside("! ", terminal.Red, text.Clean(x, 400))
	}
}

// pbx says how a PBX is guarded.
func (s *speaking) pbx(x *control.PBX) string {
	var ways []string
	if x.Ask != "" {
		ways = append(ways, s.pick("asks at ", "vraagt op ")+x.Ask)
	}
	if x.FastAGI != "" {
		ways = append(ways, "FastAGI "+x.FastAGI)
	}
	if x.Feed != "" {
		ways = append(ways, s.pick("events: ", "gebeurtenissen: ")+text.Clean(x.Feed, 100))
	}
	if x.Records != "" {
		ways = append(ways, s.pick("records: ", "gespreksgegevens: ")+text.Clean(x.Records, 100))
	}
	return fmt.Sprintf(s.pick("PBX %s, judged by %s: %s", "Centrale %s, beoordeeld op %s: %s"), text.Clean(x.Name, 60), x.JudgeBy, strings.Join(ways, "; "))
}

func counted(s *speaking, v *control.Status, key string) string {
	return text.Count(s.language, int64(v.Counts[key]))
}

func orElse(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func newCallsCommand(env *environment) *cobra.Command {
	s := &speaking{}
	c := &cobra.Command{
		Use:   "calls",
		Short: "List the calls to outside that ring or run",
		RunE: func(c *cobra.Command, _ []string) error {
			var v control.Calls
			if err := s.get(c.Context(), "/v1/calls", nil, &v); err != nil {
				return err
			}
			return s.show(env, &v, func(p *terminal.Printer) { s.calls(p, v.Calls) })
		},
	}
	s.flags(c)
	return c
}

// calls lists them.
func (s *speaking) calls(p *terminal.Printer, list []belwacht.Running) {
	if len(list) == 0 {
		p.Paragraph(0, terminal.Plain, s.pick("No call to outside rings or runs.", "Er gaat of loopt geen gesprek naar buiten."))
		return
	}
	rows := make([][]string, 0, len(list))
	for i := range list {
		r := &list[i]
		answered := s.pick("rings", "gaat over")
		if r.Answered != 0 {
			answered = s.moment(r.Answered)
		}
		rows = append(rows, []string{text.Clean(r.ID, 60), text.Clean(r.Account, 40), text.Clean(r.Number, 40), s.moment(r.Began), answered, text.Decimal(s.language, r.Cost, 2), r.Word.String()})
	}
	p.Table([]terminal.Column{{Title: "ID", Elastic: true}, {Title: s.pick("account", "toestel")}, {Title: s.pick("number", "nummer")}, {Title: s.pick("began", "begonnen")},
		{Title: s.pick("answered", "opgenomen")}, {Title: s.pick("cost", "kosten"), Right: true}, {Title: s.pick("decision", "oordeel")}}, rows, nil)
}

func newEndCommand(env *environment) *cobra.Command {
	s := &speaking{}
	c := &cobra.Command{
		Use:     "end ID",
		Short:   "End a running call",
		Long:    "Ends the call through its PBX. Emergency calls are not listed and cannot be ended.",
		Example: "  belwacht end 1776464129.173736",
		Args:    exactly(1, "the ID of a call"),
		RunE: func(c *cobra.Command, args []string) error {
			var v control.Ended
			if err := s.ask(c.Context(), "POST", "/v1/calls/end", nil, &control.EndRequest{ID: args[0]}, &v); err != nil {
				return err
			}
			return s.show(env, &v, func(p *terminal.Printer) {
				p.Paragraph(0, terminal.Plain, fmt.Sprintf(s.pick("Call %s is ended.", "Gesprek %s is beëindigd."), text.Clean(args[0], 60)))
			})
		},
	}
	s.flags(c)
	return c
}
