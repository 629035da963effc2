package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sort"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/ingest"
	"github.com/belwacht/belwacht/ingest/cdr"
	"github.com/belwacht/belwacht/number"
	"github.com/belwacht/belwacht/text"
	"github.com/spf13/cobra"
)

// recordsSchema names the form of a line of belwacht records --json.
const recordsSchema = "belwacht.call/1"

// recording is what the flags of belwacht records say.
type recording struct {
	config, format, times, mapping, rejects, tenant string
	json, follow                                    bool
}

func newRecordsCommand(env *environment) *cobra.Command {
	r := &recording{}
	c := &cobra.Command{
		Use:   "records [--config FILE] [--follow] FILE…",
		Short: "Show the calls in record files as they are read",
		Long: "Reads call records and prints one line a call, so that you can see that the\n" +
			"reading is right before anything is judged: who called whom, when, how long,\n" +
			"and of which extension's account. Rows that are one call (ring group, queue,\n" +
			"forward, transfer) are put together. What was recognised, and rows that could\n" +
			"not be read, are said on standard error.\n\n" +
			"With --follow it goes on with what is written to one file, or put into one\n" +
			"folder, until it is interrupted, and then says how long after its end each\n" +
			"call's record came.\n\n" +
			"Formats: " + wrapped(cdr.Formats(), 70) + ".",
		Example: "  belwacht records /var/log/asterisk/cdr-csv/Master.csv\n" +
			"  belwacht records --config belwacht.yaml --json Master.csv*\n" +
			"  belwacht records --follow /var/log/asterisk/cdr-csv/Master.csv\n" +
			"  belwacht records --format 3cx --times utc export.csv",
		Args: atLeast(1, "the files of call records"),
		RunE: func(c *cobra.Command, args []string) error { return r.run(c.Context(), env, args) },
	}
	f := c.Flags()
	f.StringVar(&r.config, "config", "", "configuration file")
	f.BoolVar(&r.json, "json", false, "a line of JSON a call")
	f.BoolVar(&r.follow, "follow", false, "go on with what is written to the file, or put into the folder")
	f.StringVar(&r.format, "format", "", "format of the records; default: recognised")
	f.StringVar(&r.times, "times", "", "times in the records: utc, local or AREA/CITY")
	f.StringVar(&r.mapping, "mapping", "", "file of an own mapping of columns")
	f.StringVar(&r.rejects, "rejects", "", "write the rows that could not be read, with reasons")
	f.StringVar(&r.tenant, "tenant", "", "the organisation whose records these are, where there are several")
	return c
}

// wrapped lists words with line ends between them.
func wrapped(words []string, width int) string {
	var b strings.Builder
	line := len("Formats: ")
	for i, w := range words {
		if i > 0 {
			b.WriteString(",")
			if line+len(w)+2 > width {
				b.WriteString("\n")
				line = 0
			} else {
				b.WriteString(" ")
				line += 2
			}
		}
		b.WriteString(w)
		line += len(w)
	}
	return b.String()
}

func (r *recording) run(ctx context.Context, env *environment, paths []string) (err error) {
	settings, err := loadOrAssume(env, r.config)
	if err != nil {
		return err
	}
	tenant, err := r.choose(settings)
	if err != nil {
		return err
	}
	site, err := tenant.Site()
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation(tenant.Timezone)
	if err != nil {
		return belwacht.Errorf(belwacht.Config, "organisation.timezone: %s is no time zone of this machine", tenant.Timezone)
	}
	o, done, err := r.options(settings, zone)
	if err != nil {
		return err
	}
	defer func() {
		if e := done(); err == nil {
			err = e
		}
	}()
	out := bufio.NewWriterSize(env.out, 64<<10)
	p := &callPrinter{out: out, site: site, zone: zone, json: r.json}
	asm := ingest.NewAssembler(ingest.Config{Tenant: tenant.Name, Numbers: site, Trunks: tenant.Trunks, Horizon: settings.Records.Horizon.Instant(),
		Extensions: declaredExtensions(tenant)})
	if r.follow {
		return (&following{env: env, options: o, out: out, printer: p, asm: asm}).run(ctx, paths)
	}
	files, err := cdr.OpenFiles(paths, o)
	if err != nil {
		return err
	}
	defer files.Close()
	for _, n := range files.Notes() {
		fmt.Fprintf(env.err, "belwacht: note: %s\n", text.Clean(n, 300))
	}
	if err := readThrough(ctx, files, asm, p.print); err != nil {
		out.Flush()
		return err
	}
	if err := out.Flush(); err != nil {
		return belwacht.Errorf(belwacht.Invalid, "the calls cannot be written: %w", err)
	}
	summarise(env, files, asm)
	return nil
}

// choose is the organisation whose records are read.
func (r *recording) choose(settings *config.Config) (*config.Tenant, error) {
	all := settings.All()
	var names []string
	for i := range all {
		if all[i].Name == r.tenant || len(all) == 1 && r.tenant == "" {
			return &all[i], nil
		}
		names = append(names, text.Clean(all[i].Name, 60))
	}
	return nil, belwacht.Errorf(belwacht.Usage, "say whose records these are: --tenant with one of %s", strings.Join(names, ", "))
}

// declaredExtensions says which names the owner has declared as accounts that are no trunks; nil where he has declared none.
func declaredExtensions(t *config.Tenant) func(string) bool {
	names := map[string]bool{}
	for _, a := range t.Declared() {
		names[a.Name] = a.Kind != belwacht.KindTrunk
	}
	if len(names) == 0 {
		return nil
	}
	return func(name string) bool { return names[name] }
}

// options are those of the readers. done closes the file of rejected rows.
func (r *recording) options(settings *config.Config, zone *time.Location) (o cdr.Options, done func() error, err error) {
	o = cdr.Options{Format: pick(r.format, settings.Records.Format), Zone: zone, Times: pick(r.times, settings.Records.Times),
		MaxRejected: float64(settings.Records.MaxRejected)}
	if file := pick(r.mapping, settings.MappingFile()); file != "" && r.format == "" {
		if o.Mapping, err = cdr.ReadMappingFile(file); err != nil {
			return o, nil, err
		}
	}
	if r.rejects == "" {
		return o, func() error { return nil }, nil
	}
	f, err := os.OpenFile(r.rejects, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return o, nil, belwacht.Errorf(belwacht.Invalid, "--rejects: %s cannot be written: %w", r.rejects, err)
	}
	o.Rejects = f
	return o, f.Close, nil
}

// pick is a, or b where a is empty.
func pick(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// readThrough reads all rows and hands on the calls.
func readThrough(ctx context.Context, files *cdr.Files, asm *ingest.Assembler, yield func(*belwacht.Call) error) error {
	var row ingest.Row
	for n := 0; ; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		err := files.Read(&row)
		if err == io.EOF {
			return asm.Flush(yield)
		}
		if err != nil {
			return err
		}
		if err := asm.Add(&row, yield); err != nil {
			return err
		}
	}
}

// summarise says on standard error what was read.
func summarise(env *environment, files *cdr.Files, asm *ingest.Assembler) {
	s := asm.Stats()
	rows, rejected := files.Rows()
	said := []string{fmt.Sprintf("%s: %s rows, %s calls (%s out, %s in, %s internal)", strings.Join(files.Formats(), ", "), count(rows), count(s.Calls),
		count(s.Directions[belwacht.Out]), count(s.Directions[belwacht.In]), count(s.Directions[belwacht.Internally]))}
	if s.Duplicates > 0 {
		said = append(said, count(s.Duplicates)+" rows were there twice and count once")
	}
	if s.Late > 0 {
		said = append(said, count(s.Late)+" calls came later than the horizon of records.horizon and stand out of order")
	}
	if s.Forced > 0 {
		said = append(said, count(s.Forced)+" rows were let go before the horizon for want of room")
	}
	if rejected > 0 {
		said = append(said, count(rejected)+" rows could not be read; --rejects FILE keeps them")
	}
	if trunks := asm.Trunks(); len(trunks) > 0 {
		if len(trunks) > 12 {
			trunks = append(trunks[:12], "…")
		}
		said = append(said, "trunks: "+strings.Join(trunks, ", "))
	}
	for _, line := range said {
		fmt.Fprintf(env.err, "belwacht: %s\n", text.Clean(line, 300))
	}
	list := files.Rejected()
	paths := make([]string, 0, len(list))
	for path := range list {
		paths = append(paths, path)
	}
	sort.Strings(paths)
	shown := 0
	for _, path := range paths {
		for _, bad := range list[path] {
			if shown++; shown > 10 {
				return
			}
			fmt.Fprintf(env.err, "belwacht: %s\n", text.Clean(fmt.Sprintf("%s line %d: %s: %s", path, bad.Line, bad.Reason, bad.Text), 160))
		}
	}
}

// count is a number as people read it.
func count(n int64) string { return text.Count(text.English, n) }

// callPrinter prints calls.
type callPrinter struct {
	out  *bufio.Writer
	site *number.Site
	zone *time.Location
	json bool
	head bool
}

// callForm is the machine-readable form of a call, belwacht.call/1.
type callForm struct {
	Schema      string               `json:"schema"`
	ID          string               `json:"id"`
	Direction   belwacht.Direction   `json:"direction"`
	Account     string               `json:"account"` // of an inbound call who took it, where that is known
	Root        string               `json:"root"`
	Number      string               `json:"number"`
	Start       belwacht.Instant     `json:"start"`
	Answer      *belwacht.Instant    `json:"answer"` // null: not answered
	End         belwacht.Instant     `json:"end"`
	Talk        int64                `json:"talk_seconds"`
	Rows        int                  `json:"rows"`
	Lineage     belwacht.Lineage     `json:"lineage"`
	Trunk       string               `json:"trunk,omitempty"`
	Caller      string               `json:"caller,omitempty"`
	Disposition belwacht.Disposition `json:"disposition"`
	Late        bool                 `json:"late,omitempty"`
}

// print prints one call.
func (p *callPrinter) print(c *belwacht.Call) error {
	account := c.Account
	if c.Direction == belwacht.In && c.Taker != "" {
		account = c.Taker
	}
	n := p.site.Read(c.Dialled)
	shown := c.Dialled
	if n.E164 != 0 && n.Class != belwacht.ClassEmergency && n.External() {
		shown = n.E164.String()
	}
	if p.json {
		f := callForm{Schema: recordsSchema, ID: c.ID, Direction: c.Direction, Account: account, Root: c.Root, Number: shown, Start: c.Start, End: c.End,
			Talk: c.Talk, Rows: c.Rows, Lineage: c.Lineage, Trunk: c.Trunk, Caller: c.Caller, Disposition: c.Disposition, Late: c.Late}
		if c.Answer != 0 {
			f.Answer = &c.Answer
		}
		line, err := json.Marshal(&f)
		if err != nil {
			return belwacht.Errorf(belwacht.Internal, "a call cannot be written as JSON: %w", err)
		}
		_, err = p.out.Write(append(line, '\n'))
		return err
	}
	if !p.head {
		p.head = true
		if _, err := fmt.Fprintf(p.out, "%-19s  %-3s  %-12s  %-18s  %8s  %s\n", "start", "way", "account", "number", "talk", "how"); err != nil {
			return err
		}
	}
	line := fmt.Sprintf("%s  %-3s  %s  %s  %8s  %s", c.Start.Time().In(p.zone).Format("2006-01-02 15:04:05"), way(c.Direction), padded(account, 12), padded(shown, 18),
		talked(c), text.Clean(how(c), 14))
	_, err := p.out.WriteString(strings.TrimRight(line, " ") + "\n")
	return err
}

// way is a direction in three letters.
func way(d belwacht.Direction) string {
	if d == belwacht.Internally {
		return "int"
	}
	return d.String()
}

// padded is a strange string made harmless and of a width.
func padded(s string, width int) string {
	s = text.Clean(s, width)
	if n := len([]rune(s)); n < width {
		s += strings.Repeat(" ", width-n)
	}
	return s
}

// talked is how long a call's parties talked, or why not.
func talked(c *belwacht.Call) string {
	switch {
	case c.Answer == 0 && c.Disposition == belwacht.Busy:
		return "busy"
	case c.Answer == 0 && (c.Disposition == belwacht.Failed || c.Disposition == belwacht.Congestion):
		return "failed"
	case c.Answer == 0:
		return "-"
	case c.Talk < 3600:
		return fmt.Sprintf("%d:%02d", c.Talk/60, c.Talk%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", c.Talk/3600, c.Talk/60%60, c.Talk%60)
}

// how says how a call came about where its account did not dial it, and who began it.
func how(c *belwacht.Call) string {
	switch {
	case c.Direction != belwacht.Out || c.Lineage == belwacht.Dialled:
		return ""
	case c.Lineage == belwacht.Trunked:
		return "trunked"
	case c.Root != "" && c.Root != c.Account:
		return "for " + c.Root
	}
	return c.Lineage.String()
}
