package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/spf13/cobra"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/app/telling"
	"github.com/belwacht/belwacht/control"
	"github.com/belwacht/belwacht/control/say"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/yaml"
)

func newAlertCommand(env *environment) *cobra.Command {
	var file, to string
	test := &cobra.Command{
		Use:   "test [--config FILE] [--to NAME]",
		Short: "Send a made-up alert by every way to everybody, and say of each whether it arrived",
		Long: "Sends an alert that says it is a test by every way that the configuration\n" +
			"names, to every person and whatever the hour, at once and once only, and says\n" +
			"of each whether it arrived, or what is wrong and what to do. Belwacht need not\n" +
			"run. It ends with 5 where one did not arrive.",
		Example: "  belwacht alert test --config /etc/belwacht/belwacht.yaml\n  belwacht alert test --to Anna",
		RunE:    func(c *cobra.Command, _ []string) error { return testAlert(c.Context(), env, file, to) },
	}
	test.Flags().StringVar(&file, "config", defaultConfig, "configuration file")
	test.Flags().StringVar(&to, "to", "", "only this person; default: all, and what belongs to nobody")
	c := &cobra.Command{Use: "alert", Short: "Try how people are told of alerts, take an alert, silence some for a time"}
	c.AddCommand(test, newTakeCommand(env), newSilenceCommand(env), newSilencesCommand(env))
	return c
}

// testAlert sends a made-up alert.
func testAlert(ctx context.Context, env *environment, file, to string) error {
	c, err := loadConfig(env, file)
	if err != nil {
		return err
	}
	results, err := telling.Try(ctx, c, readVersion().String(), to, "", env.now())
	if err != nil {
		return err
	}
	lost := 0
	for _, r := range results {
		says := "arrived"
		if r.Err != nil {
			lost++
			says = "did not arrive: " + text.Clean(r.Err.Error(), 1000)
		}
		who := ""
		if r.To != "" {
			who = text.Clean(r.To, 60) + ", "
		}
		if _, err := fmt.Fprintf(env.out, "%s%s: %s\n", who, r.Way, says); err != nil {
			return err
		}
	}
	if lost > 0 {
		return belwacht.Errorf(belwacht.Unreachable, "the test did not arrive by %s; see above what to do", text.Plural(text.English, int64(lost), "way", "ways"))
	}
	return nil
}

func newTakeCommand(env *environment) *cobra.Command {
	s := &speaking{}
	var tenant string
	c := &cobra.Command{
		Use:     "take ID",
		Short:   "Say that you look after an alert: nobody else is asked, and no calls are barred for it",
		Example: "  belwacht alert take A7",
		Args:    exactly(1, "the ID of an alert"),
		RunE: func(c *cobra.Command, args []string) error {
			var v control.Taken
			if err := s.ask(c.Context(), http.MethodPost, "/v1/alerts/take", nil, &control.TakeRequest{Tenant: tenant, ID: args[0]}, &v); err != nil {
				return err
			}
			return s.show(env, &v, func(p *say.Speaker) {
				p.Say("Alert %s is yours.", "Melding %s is voor u.", text.Clean(args[0], 60))
			})
		},
	}
	c.Flags().StringVar(&tenant, "tenant", "", "organisation, where there are several")
	s.flags(c)
	return c
}

func newSilenceCommand(env *environment) *cobra.Command {
	s := &speaking{}
	r := control.SilenceRequest{}
	var length string
	c := &cobra.Command{
		Use:   "silence --for LENGTH --why WORDS [--account ACCOUNT] [--cause CAUSE]",
		Short: "Stop telling some alerts for a time; calls are judged and refused as always",
		Long: "Stops telling alerts of an account or of a cause, for a time that always ends\n" +
			"(30 days at most). It stops nothing else: calls are judged, refused\n" +
			"and ended as always.",
		Example: "  belwacht alert silence --for 2h --why \"testing the new trunk\" --account 212\n  belwacht alert silences",
		RunE: func(c *cobra.Command, _ []string) error {
			var d yaml.Duration
			if err := d.UnmarshalText([]byte(length)); err != nil || d <= 0 {
				return belwacht.Errorf(belwacht.Usage, "--for wants how long, such as 30m, 2h or 3d")
			}
			if r.Why == "" {
				return belwacht.Errorf(belwacht.Usage, "--why wants the reason, in words")
			}
			r.Until = belwacht.InstantOf(env.now().Add(time.Duration(d)))
			var v control.Silences
			if err := s.ask(c.Context(), http.MethodPost, "/v1/silences", nil, &r, &v); err != nil {
				return err
			}
			return s.show(env, &v, func(p *say.Speaker) { p.Silences(v.Silences) })
		},
	}
	f := c.Flags()
	f.StringVar(&length, "for", "", "how long, such as 30m, 2h or 3d")
	f.StringVar(&r.Why, "why", "", "reason, in words")
	f.StringVar(&r.Account, "account", "", "only of this account")
	f.StringVar(&r.Cause, "cause", "", "only of this cause")
	f.StringVar(&r.Tenant, "tenant", "", "organisation, where there are several")
	s.flags(c)
	return c
}

func newSilencesCommand(env *environment) *cobra.Command {
	s := &speaking{}
	var end string
	c := &cobra.Command{
		Use:     "silences [--end ID]",
		Short:   "List the silences that hold, or end one",
		Example: "  belwacht alert silences\n  belwacht alert silences --end S2026-11-29T03:12:05Z",
		RunE: func(c *cobra.Command, _ []string) error {
			var v control.Silences
			var err error
			if end == "" {
				err = s.get(c.Context(), "/v1/silences", nil, &v)
			} else {
				err = s.ask(c.Context(), http.MethodDelete, "/v1/silences", url.Values{"id": {end}}, nil, &v)
			}
			if err != nil {
				return err
			}
			return s.show(env, &v, func(p *say.Speaker) { p.Silences(v.Silences) })
		},
	}
	c.Flags().StringVar(&end, "end", "", "end the silence of this ID")
	s.flags(c)
	return c
}
