package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/control"
	"github.com/belwacht/belwacht/report"
	"github.com/belwacht/belwacht/report/decisions"
	"github.com/belwacht/belwacht/text"
	"github.com/spf13/cobra"
)

// maxExplained is how many decisions on one call are shown; a call has two, its start and its end.
const maxExplained = 20

// explanation is what the flags of belwacht explain say.
type explanation struct {
	decisions, config, lang, socket string
	json                            bool
}

func newExplainCommand(env *environment) *cobra.Command {
	e := explanation{}
	c := &cobra.Command{
		Use:   "explain ID",
		Short: "Say why a call was decided as it was",
		Long: "Prints a decision in full: its sentence, who called what and at which price,\n" +
			"every observation with its weight in bits, and how they add up. ID is the\n" +
			"call's ID or the short reference that a person was given on the telephone.\n" +
			"Nothing is judged again: it shows what was kept, by the Belwacht that runs, or\n" +
			"with --decisions by a file.",
		Example: "  belwacht replay --config belwacht.yaml --decisions out.ndjson Master.csv\n" +
			"  belwacht explain 1776464129.173736 --decisions out.ndjson\n" +
			"  belwacht explain K7Q2 --decisions out.ndjson --lang nl",
		Args: exactly(1, "the ID of a call"),
		RunE: func(c *cobra.Command, args []string) error { return e.run(c.Context(), env, args[0]) },
	}
	f := c.Flags()
	f.StringVar(&e.decisions, "decisions", "", "a file that belwacht replay --decisions wrote; - = standard input; default: ask the running Belwacht")
	f.StringVar(&e.socket, "socket", config.DefaultSocket, "control socket of the Belwacht that runs")
	f.StringVar(&e.config, "config", "", "configuration: time zone, currency and costs are taken from it")
	f.StringVar(&e.lang, "lang", "en", "language of the sentences: en or nl")
	f.BoolVar(&e.json, "json", false, "as JSON, one line a decision")
	return c
}

// run finds the decisions on a call and shows them.
func (e *explanation) run(ctx context.Context, env *environment, id string) error {
	how := report.Terminal{Width: 80, Colour: env.colour, Zone: time.Local}
	if err := how.Language.UnmarshalText([]byte(e.lang)); err != nil {
		return belwacht.Errorf(belwacht.Usage, "--lang %s is no language that Belwacht speaks; there are en and nl", text.Clean(e.lang, 20))
	}
	var settings *config.Config
	if e.config != "" {
		var err error
		if settings, err = config.Load(e.config, env.environ()); err != nil {
			return err
		}
	}
	var found []*belwacht.Decision
	var read int64
	var err error
	if e.decisions == "" {
		err = control.NewClient(e.socket).Do(ctx, http.MethodGet, "/v1/decisions?id="+url.QueryEscape(id), nil, &found)
	} else {
		found, read, err = e.find(ctx, env, id)
	}
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return belwacht.Errorf(belwacht.NotFound, "none of the %s in %s is on call %s; a call that was plainly allowed is in the file only if the "+
			"replay ran with --all", text.Plural(text.English, read, "decision", "decisions"), e.decisions, text.Clean(id, 60))
	}
	if e.json {
		w := decisions.NewWriter(env.out)
		for _, d := range found {
			if err := w.Write(d); err != nil {
				return err
			}
		}
		return w.Flush()
	}
	for i, d := range found {
		if i > 0 {
			fmt.Fprintln(env.out)
		}
		if err := take(&how, settings, d.Tenant); err != nil {
			return err
		}
		if err := how.Explain(env.out, d); err != nil {
			return err
		}
	}
	return nil
}

// take gives the terminal what the configuration says of the decision's organisation.
func take(how *report.Terminal, settings *config.Config, tenant string) error {
	if settings == nil {
		return nil
	}
	o, costs := settings.Organisation, settings.Costs
	for _, t := range settings.Tenants {
		if t.Name == tenant {
			o, costs = t.Organisation, t.Costs
		}
	}
	zone, err := time.LoadLocation(o.Timezone)
	if err != nil {
		return belwacht.Errorf(belwacht.Config, "this machine does not know the time zone %s: %w", o.Timezone, err)
	}
	how.Zone, how.Currency, how.RefuseCost = zone, o.Currency, costs.Refuse.Amount
	return nil
}

// find reads the decisions and keeps those on the call; read is how many there were.
func (e *explanation) find(ctx context.Context, env *environment, id string) (found []*belwacht.Decision, read int64, err error) {
	in := env.in
	if e.decisions != "-" {
		f, err := openDecisions(e.decisions)
		if err != nil {
			return nil, 0, err
		}
		defer f.Close()
		in = f
	}
	err = decisions.Read(in, func(d *belwacht.Decision) error {
		read++
		if d.ID == id || d.Reference != "" && strings.EqualFold(d.Reference, id) {
			found = append(found, d)
		}
		if len(found) == maxExplained {
			return io.EOF
		}
		return ctx.Err()
	})
	if errors.Is(err, io.EOF) {
		err = nil
	}
	if err != nil && ctx.Err() == nil {
		err = belwacht.Errorf(belwacht.CodeOf(err), "%s: %w", e.decisions, err)
	}
	return found, read, err
}

// openDecisions opens a decisions file, or says in a sentence why not.
func openDecisions(name string) (*os.File, error) {
	f, err := os.Open(name)
	if errors.Is(err, os.ErrNotExist) {
		return nil, belwacht.Errorf(belwacht.NotFound, "there is no file %s; `belwacht replay --decisions %s` writes one", name, name)
	}
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Invalid, "%s cannot be read: %w", name, errors.Unwrap(err))
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		f.Close()
		return nil, belwacht.Errorf(belwacht.Invalid, "%s is a directory; name the decisions file in it", name)
	}
	return f, nil
}
