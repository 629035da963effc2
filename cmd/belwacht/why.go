package main

import (
	"net/http"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/control"
	"github.com/belwacht/belwacht/control/say"
	"github.com/belwacht/belwacht/text"
)

func newWhyCommand(env *environment) *cobra.Command {
	s := &speaking{}
	c := &cobra.Command{
		Use:   "why CODE",
		Short: "Say what a code means that somebody was told on the telephone",
		Long: "CODE is the short reference that a refused caller saw or heard, such as K7Q2M9,\n" +
			"or a cause such as limit.money.day.",
		Example: "  belwacht why K7Q2M9 --lang nl\n  belwacht why panic",
		Args:    exactly(1, "a code"),
		RunE: func(c *cobra.Command, args []string) error {
			var v control.Why
			if err := s.get(c.Context(), "/v1/why", url.Values{"code": {args[0]}}, &v); err != nil {
				return err
			}
			return s.show(env, &v, func(p *say.Speaker) { p.Why(&v) })
		},
	}
	s.flags(c)
	return c
}

func newFeedbackCommand(env *environment) *cobra.Command {
	s := &speaking{}
	width := ""
	c := &cobra.Command{
		Use:   "feedback ID fine|fraud",
		Short: "Say of a call that it was fine, or fraud, so that the next is judged better",
		Long: "ID is the call's ID or its reference. \"fine\" reaches as far as --width says:\n" +
			"once (dial again within 15 minutes), number (this number, for this account) or\n" +
			"country (this country, for this account, for 90 days). \"fraud\" takes back what\n" +
			"such calls taught, and refuses them for 30 days.",
		Example:   "  belwacht feedback K7Q2M9 fine --width number\n  belwacht feedback 1776464129.173736 fraud",
		ValidArgs: []string{"fine", "fraud"},
		Args:      exactly(2, "the ID of a call, and fine or fraud"),
		RunE: func(c *cobra.Command, args []string) error {
			in := &control.FeedbackRequest{ID: args[0], Says: args[1], Width: belwacht.Width(width)}
			if in.Says != "fine" && in.Says != "fraud" {
				return belwacht.Errorf(belwacht.Usage, "belwacht feedback takes fine or fraud, not %s", text.Clean(in.Says, 40))
			}
			switch in.Width {
			case "", belwacht.WidthOnce, belwacht.WidthNumber, belwacht.WidthCountry:
			default:
				return belwacht.Errorf(belwacht.Usage, "--width %s is none; there are once, number and country", text.Clean(width, 40))
			}
			var v control.Heard
			if err := s.ask(c.Context(), http.MethodPost, "/v1/feedback", nil, in, &v); err != nil {
				return err
			}
			return s.show(env, &v, func(p *say.Speaker) {
				dutch := map[string]string{"fine": "in orde", "fraud": "fraude"}[in.Says]
				p.Say("Noted: %[1]s was %[2]s.", "Genoteerd: %[1]s was %[3]s.", text.Clean(args[0], 60), in.Says, dutch)
			})
		},
	}
	c.Flags().StringVar(&width, "width", "", "how far fine reaches: once, number or country; default: once")
	s.flags(c)
	return c
}
