package main

import (
	"context"
	"fmt"
	"log/slog"
	"sync"

	"github.com/spf13/cobra"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/app/beside"
	"github.com/belwacht/belwacht/notify"
	"github.com/belwacht/belwacht/text"
)

func newAlertCommand(env *environment) *cobra.Command {
	var file string
	test := &cobra.Command{
		Use:   "test [--config FILE]",
		Short: "Send a made-up alert by every way, and say of each whether it arrived",
		Long: "Sends an alert that says it is a test by every way that the configuration\n" +
			"names, at once and once only, and says of each whether it arrived, or what is\n" +
			"wrong and what to do. Belwacht need not run. It ends with 5 where one did not\n" +
			"arrive.",
		Example: "  belwacht alert test --config /etc/belwacht/belwacht.yaml",
		RunE:    func(c *cobra.Command, _ []string) error { return testAlert(c.Context(), env, file) },
	}
	test.Flags().StringVar(&file, "config", defaultConfig, "configuration file")
	c := &cobra.Command{Use: "alert", Short: "Try how people are told of alerts"}
	c.AddCommand(test)
	return c
}

// testAlert sends a made-up alert.
func testAlert(ctx context.Context, env *environment, file string) error {
	c, err := loadConfig(env, file)
	if err != nil {
		return err
	}
	n, err := beside.Alerts(slog.New(slog.DiscardHandler), c) // what it would log is printed below
	if err != nil {
		return err
	}
	if n == nil {
		return belwacht.Errorf(belwacht.Config, "%s names no way to tell alerts; write a command or a webhook under alerts, as docs/alerts.md shows", text.Clean(file, 200))
	}
	now := belwacht.InstantOf(env.now())
	lost := 0
	for _, r := range n.Try(ctx, &belwacht.Alert{ID: "test", Tenant: c.All()[0].Name, Account: "test", Cause: "test", First: now, Last: now, Word: belwacht.Warn, Count: 1,
		Numbers: []string{}, Reason: "This is a test of Belwacht's alerts; nothing has happened.", ReasonNL: "Dit is een proef van de meldingen van Belwacht; er is niets gebeurd."}) {
		says := "arrived"
		if r.Err != nil {
			lost++
			says = "did not arrive: " + text.Clean(r.Err.Error(), 1000)
		}
		if _, err := fmt.Fprintf(env.out, "%s: %s\n", r.Way, says); err != nil {
			return err
		}
	}
	if lost > 0 {
		return belwacht.Errorf(belwacht.Unreachable, "the test did not arrive by %s; see above what to do", text.Plural(text.English, int64(lost), "way", "ways"))
	}
	return nil
}

// telling lets a notifier work, past the end of ctx, until stop is called, which waits for what is due.
func telling(ctx context.Context, n *notify.Notifier) (stop func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var running sync.WaitGroup
	running.Go(func() { _ = n.Run(ctx) })
	return func() { cancel(); running.Wait() }
}
