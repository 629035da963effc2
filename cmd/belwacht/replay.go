package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/app/replay"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/detect"
	"github.com/belwacht/belwacht/report"
	"github.com/belwacht/belwacht/report/decisions"
	"github.com/belwacht/belwacht/terminal"
	"github.com/belwacht/belwacht/text"
	"github.com/spf13/cobra"
)

// gcPercent is how much a replay's memory may grow between two collections of garbage: little of it is garbage, so that half costs hardly any time
// and keeps 5,000 extensions under 256 MB.
const gcPercent = 50

// replaying is what the flags of belwacht replay say.
type replaying struct {
	config, rates, decisions, rejects, state, format, times, feedback, compare, html, lang, tenant string
	json, all, stream                                                                              bool
	language                                                                                       text.Language
}

func newReplayCommand(env *environment) *cobra.Command {
	r := &replaying{}
	c := &cobra.Command{
		Use:   "replay [--config FILE] [--rates FILE] FILE…",
		Short: "Judge past calls from their records",
		Long: "Reads call records and judges every call as it began, knowing only what was\n" +
			"known then, exactly as a live guard would have. Prints what would have been\n" +
			"refused, what that would have saved, and why. Nothing is changed anywhere.\n\n" +
			"The format of the records is recognised: Asterisk and FreePBX, FreeSWITCH and\n" +
			"FusionPBX, 3CX and others, also gzip and zstd. Without --config the records\n" +
			"are taken to be of a Dutch organisation, in monitor mode.",
		Example: "  belwacht replay Master.csv\n  belwacht replay --config belwacht.yaml --rates deck.csv --html month.html Master.csv*",
		Args:    atLeast(1, "the files of call records"),
		RunE:    func(c *cobra.Command, args []string) error { return r.run(c.Context(), env, args) },
	}
	f := c.Flags()
	f.StringVar(&r.config, "config", "", "configuration file")
	f.StringVar(&r.rates, "rates", "", "rate deck (CSV); default: the configuration's")
	f.StringVar(&r.decisions, "decisions", "", "write a line of JSON for each call that was not plainly allowed")
	f.BoolVar(&r.all, "all", false, "with --decisions: write every call")
	f.StringVar(&r.rejects, "rejects", "", "write the rows that could not be read, with reasons")
	f.StringVar(&r.state, "state", "", "take the memory from this file and keep it there; default: an empty memory")
	f.StringVar(&r.format, "format", "", "format of the records; default: recognised")
	f.StringVar(&r.times, "times", "", "times in the records: utc, local or AREA/CITY")
	f.StringVar(&r.feedback, "feedback", "", "what a person said of decisions (NDJSON: id, time, says, width)")
	f.StringVar(&r.compare, "compare", "", "also judge by this other configuration and show the differences")
	f.StringVar(&r.html, "html", "", "write the summary as one page with pictures")
	f.StringVar(&r.lang, "lang", "en", "language of summary and page: en or nl")
	f.StringVar(&r.tenant, "tenant", "", "the organisation whose records these are, where there are several")
	f.BoolVar(&r.json, "json", false, "print the summary as JSON")
	f.BoolVar(&r.stream, "stream", false, "print each decision on a line as it is made")
	return c
}

func (r *replaying) run(ctx context.Context, env *environment, files []string) error {
	if err := r.language.UnmarshalText([]byte(r.lang)); err != nil {
		return err
	}
	cfg, err := loadOrAssume(env, r.config)
	if err != nil {
		return err
	}
	out, err := r.open()
	if err != nil {
		return err
	}
	defer out.close()
	if env.getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	feedback, err := readFeedback(r.feedback)
	if err != nil {
		return err
	}
	job := &replay.Replay{Config: cfg, Tenant: r.tenant, Rates: r.rates, Files: files, Format: r.format, Times: r.times, Rejects: out.rejects, Feedback: feedback, State: r.state,
		Note: func(s string) { fmt.Fprintln(env.err, text.Clean(s, 300)) }}
	summary := report.New(options(cfg, r.tenant, r.language))
	screen := report.Terminal{Colour: env.colour, Language: r.language, Zone: zone(cfg, r.tenant)}
	if env.isTerminal {
		screen.Width = width(env)
	}
	job.Decision = func(d *belwacht.Decision) error {
		if r.stream && d.Word > belwacht.Watch {
			fmt.Fprintln(env.out, screen.Line(d))
		}
		if out.decisions == nil || d.Word == belwacht.Allow && !r.all && d.Cause != "emergency" {
			return nil
		}
		return out.decisions.Write(d)
	}
	var cmp *report.Compare
	if r.compare != "" {
		cmp = report.NewCompare(options(cfg, r.tenant, r.language))
	}
	job.Outcome = func(o *belwacht.Outcome) error {
		summary.Add(o)
		if cmp != nil {
			cmp.AddBefore(o)
		}
		if r.all && out.decisions != nil && o.Start == nil {
			return out.decisions.Write(plain(o))
		}
		return nil
	}
	read, err := withProgress(ctx, env, job)
	if err != nil {
		return err
	}
	if err := out.flush(); err != nil {
		return err
	}
	for i := range read.Alerts {
		a := &read.Alerts[i]
		if summary.Alert(a); len(a.Numbers) == 0 { // a sign, of no call that the summary shows
			fmt.Fprintf(env.err, "belwacht: note: %s: %s\n", a.First, r.language.Pick(a.Reason, a.ReasonNL))
		}
	}
	summary.Read(report.Reading{Files: read.Files, Format: read.Format, Rows: read.Rows, Rejected: read.Rejected, Late: read.Calls.Late, Bytes: read.Bytes, Took: read.Took})
	if read.Unheard > 0 {
		fmt.Fprintf(env.err, "%d lines of feedback are on calls of which no decision is known\n", read.Unheard)
	}
	if r.html != "" {
		if err := writePage(r.html, summary, r.language); err != nil {
			return err
		}
	}
	if cmp != nil {
		return r.comparison(ctx, env, cmp, files)
	}
	if r.json {
		return summary.WriteJSON(env.out)
	}
	return summary.Write(env.out, width(env), env.colour)
}

// comparison judges the same records by the other configuration and prints what differs.
func (r *replaying) comparison(ctx context.Context, env *environment, cmp *report.Compare, files []string) error {
	cfg, err := loadOrAssume(env, r.compare)
	if err != nil {
		return err
	}
	job := &replay.Replay{Config: cfg, Tenant: r.tenant, Rates: r.rates, Files: files, Format: r.format, Times: r.times}
	job.Outcome = func(o *belwacht.Outcome) error { cmp.AddAfter(o); return nil }
	if _, err := withProgress(ctx, env, job); err != nil {
		return err
	}
	return cmp.Write(env.out, width(env), env.colour)
}

// withProgress runs a replay with a progress bar on a terminal.
func withProgress(ctx context.Context, env *environment, job *replay.Replay) (*replay.Read, error) {
	if env.isTerminal {
		var total int64
		for _, name := range job.Files {
			if info, err := os.Stat(name); err == nil {
				total += info.Size()
			}
		}
		bar := terminal.NewProgress(env.err, width(env), total, env.now())
		defer bar.Done()
		job.Progress = func(bytes, rows int64) { bar.Set(env.now(), bytes, rows) }
	}
	return job.Run(ctx)
}

// plain is the line of a call that was plainly allowed.
func plain(o *belwacht.Outcome) *belwacht.Decision {
	number := o.Number.E164.String()
	if number == "" {
		number = text.Clean(o.Call.Dialled, 64)
	}
	return &belwacht.Decision{Schema: belwacht.DecisionSchema, ID: o.Call.ID, Time: o.Call.Start, Tenant: o.Call.Tenant, Account: o.Call.Account, Number: number,
		Rules: []string{}, Probability: o.Probability}
}

// outputs are the files that a replay writes.
type outputs struct {
	decisions *decisions.Writer
	rejects   io.Writer
	files     []*os.File
}

func (r *replaying) open() (*outputs, error) {
	o := &outputs{}
	for _, f := range []struct {
		name string
		use  func(io.Writer)
	}{{r.decisions, func(w io.Writer) { o.decisions = decisions.NewWriter(w) }}, {r.rejects, func(w io.Writer) { o.rejects = w }}} {
		if f.name == "" {
			continue
		}
		file, err := os.OpenFile(f.name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
		if err != nil {
			o.close()
			return nil, belwacht.Errorf(belwacht.Invalid, "%s cannot be written: %w; name a file in a folder that is there", f.name, belwacht.Reason(err))
		}
		o.files = append(o.files, file)
		f.use(file)
	}
	return o, nil
}

func (o *outputs) flush() error {
	if o.decisions == nil {
		return nil
	}
	return o.decisions.Flush()
}

func (o *outputs) close() {
	for _, f := range o.files {
		f.Close()
	}
}

func writePage(name string, s *report.Summary, lang text.Language) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return belwacht.Errorf(belwacht.Invalid, "%s cannot be written: %w; name a file in a folder that is there", name, belwacht.Reason(err))
	}
	defer f.Close()
	if err := report.WriteHTML(f, s, lang); err != nil {
		return err
	}
	return f.Close()
}

// loadOrAssume reads a configuration; without one a Dutch organisation is assumed, and that is said.
func loadOrAssume(env *environment, name string) (*config.Config, error) {
	if name == "" {
		fmt.Fprintln(env.err, "no --config: taken as a Dutch organisation (NL, Europe/Amsterdam), in monitor")
		return config.Assumed(), nil
	}
	return config.Load(name, env.environ())
}

// one is the organisation of a name, or the first.
func one(c *config.Config, name string) *config.Tenant {
	all := c.All()
	for i := range all {
		if all[i].Name == name {
			return &all[i]
		}
	}
	return &all[0]
}

func zone(c *config.Config, tenant string) *time.Location {
	z, err := time.LoadLocation(one(c, tenant).Timezone)
	if err != nil {
		return time.UTC
	}
	return z
}

// options are a summary's, from the configuration.
func options(c *config.Config, tenant string, lang text.Language) report.Options {
	t := one(c, tenant)
	p := detect.DefaultPolicy()
	home, _ := belwacht.ParseCountry(t.Country)
	o := report.Options{Organisation: t.Name, Language: lang, Currency: t.Currency, Zone: zone(c, tenant), Home: home, Mode: t.Mode, Brake: p.Brake, RefuseCost: p.RefuseCost,
		AlertCost: p.AlertCost, OfficeHours: t.OfficeHours}
	if !t.Costs.Refuse.IsZero() {
		o.RefuseCost = t.Costs.Refuse.Amount
	}
	if !t.Costs.Alert.IsZero() {
		o.AlertCost = t.Costs.Alert.Amount
	}
	if !t.Brake.Money.IsZero() {
		o.Brake = t.Brake.Money.Amount
	}
	if t.Brake.Off {
		o.Brake = 0
	}
	return o
}

// width is the width to print at: the terminal's as COLUMNS says, else 80.
func width(env *environment) int {
	var n int
	if _, err := fmt.Sscanf(env.getenv("COLUMNS"), "%d", &n); err != nil || n < 40 || n > 400 {
		return 80
	}
	return n
}

// maxFeedback bounds a line of a feedback file, in bytes.
const maxFeedback = 64 << 10

// readFeedback reads what a person said, in the order of time.
func readFeedback(name string) ([]belwacht.Feedback, error) {
	if name == "" {
		return nil, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Invalid, "the feedback file %s cannot be read: %w", name, belwacht.Reason(err))
	}
	defer f.Close()
	var list []belwacht.Feedback
	s := bufio.NewScanner(f)
	s.Buffer(nil, maxFeedback)
	for n := 1; s.Scan(); n++ {
		if strings.TrimSpace(s.Text()) == "" {
			continue
		}
		var x belwacht.Feedback
		if err := json.Unmarshal(s.Bytes(), &x); err != nil {
			return nil, belwacht.Errorf(belwacht.Invalid, "%s:%d: no feedback: %w; a line is {\"id\": …, \"time\": …, \"says\": \"fine\" or \"fraud\", \"width\": …}", name, n, err)
		}
		if x.ID == "" || x.Says != "fine" && x.Says != "fraud" {
			return nil, belwacht.Errorf(belwacht.Invalid, "%s:%d: needs an id and says, which is fine or fraud", name, n)
		}
		if len(list) > 0 && x.Time < list[len(list)-1].Time {
			return nil, belwacht.Errorf(belwacht.Invalid, "%s:%d: is earlier than the line before; put the lines in order of time", name, n)
		}
		list = append(list, x)
	}
	return list, s.Err()
}
