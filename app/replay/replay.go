// Package replay judges the record files of an organisation as a live guard would have judged the calls, or reads them only.
//
//	job := &replay.Replay{Config: c, Files: []string{"Master.csv"}, Decision: show}
//	read, err := job.Run(ctx)
package replay

import (
	"cmp"
	"context"
	"io"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/detect"
	"github.com/belwacht/belwacht/ingest"
	"github.com/belwacht/belwacht/ingest/cdr"
	"github.com/belwacht/belwacht/ingest/cdr/guess"
)

// Replay is a replay of record files, or the reading of them.
type Replay struct {
	Config  *config.Config
	Tenant  string   // name of the organisation whose records they are; "" = the only one
	Rates   string   // rate deck; "" = the configuration's
	Files   []string // of records
	Format  string   // "" = recognised
	Times   string   // "" = the organisation's unless the records show otherwise
	Rejects io.Writer
	Mode    *belwacht.Mode // overrides the configuration's
	Trace   bool           // keep a decision for every notable call

	Decision func(*belwacht.Decision) error
	Outcome  func(*belwacht.Outcome) error
	Note     func(string)            // what is worth saying about a file or deck
	Progress func(bytes, rows int64) // called now and then
	Feedback []belwacht.Feedback
	State    string // file that the memory is taken from and kept in; "" = an empty memory
}

// Read is how the records were read, and what judging them left.
type Read struct {
	Files    int
	Format   string
	Zone     string
	Rows     int64
	Rejected int64
	Bytes    int64
	Calls    ingest.Stats
	Took     time.Duration
	Alerts   []belwacht.Alert
	Unheard  int // feedback on calls of which no decision is known
}

// checkEvery is how many rows are read between two looks at the context and two calls of Progress.
const checkEvery = 4096

// Run reads the records and judges them as a live guard would have. It stops with the context.
func (r *Replay) Run(ctx context.Context) (*Read, error) {
	t, err := r.tenant()
	if err != nil {
		return nil, err
	}
	rates, bad, err := r.Config.Deck(t, r.Rates)
	if err != nil {
		return nil, err
	}
	for i := range bad {
		if i < 5 {
			r.note(bad[i].String())
		}
	}
	rules, err := t.RuleSet()
	if err != nil {
		return nil, err
	}
	dt, err := t.Engine(rates)
	if err != nil {
		return nil, err
	}
	if r.Mode != nil {
		dt.Mode = *r.Mode
	}
	engine, err := detect.New(detect.Config{Rules: rules, Tenants: []detect.Tenant{dt}, Trace: r.Trace})
	if err != nil {
		return nil, err
	}
	if err := r.restore(engine); err != nil {
		return nil, err
	}
	told := engine.Alerts()
	replay := detect.NewReplay(engine, detect.ReplayConfig{Decision: r.Decision, Outcome: r.Outcome, Feedback: r.Feedback, Gather: true})
	read, err := r.read(ctx, t, &dt, replay.Add)
	if err == nil {
		err = replay.Finish()
	}
	if read != nil {
		read.Alerts, read.Unheard = since(engine.Alerts(), told), replay.Unheard
	}
	if err != nil {
		return read, err
	}
	return read, r.keep(engine)
}

// Calls reads the records without judging them and hands out each call, in order of its start.
func (r *Replay) Calls(ctx context.Context, yield func(*belwacht.Call) error) (*Read, error) {
	t, err := r.tenant()
	if err != nil {
		return nil, err
	}
	dt, err := t.Engine(nil)
	if err != nil {
		return nil, err
	}
	return r.read(ctx, t, &dt, yield)
}

func (r *Replay) note(s string) {
	if r.Note != nil && s != "" {
		r.Note(s)
	}
}

// tenant finds the organisation whose records are read.
func (r *Replay) tenant() (*config.Tenant, error) {
	all := r.Config.All()
	if r.Tenant == "" && len(all) == 1 {
		return &all[0], nil
	}
	var names []string
	for i := range all {
		if all[i].Name == r.Tenant && r.Tenant != "" {
			return &all[i], nil
		}
		names = append(names, all[i].Name)
	}
	return nil, belwacht.Errorf(belwacht.Usage, "whose records are these? Say --tenant with one of %q", names)
}

// site is the organisation's PBX where it has one only: its calls are named as a live guard names them, so that of those that come up at one moment the
// same is judged first.
func (r *Replay) site(t *config.Tenant) (name string) {
	for i := range r.Config.PBX {
		if p := &r.Config.PBX[i]; r.Config.TenantOf(p) == t.Name {
			if name != "" {
				return ""
			}
			name = p.Name
		}
	}
	return name
}

// read assembles calls from all files, rows in the order of their times.
func (r *Replay) read(ctx context.Context, t *config.Tenant, dt *detect.Tenant, yield func(*belwacht.Call) error) (*Read, error) {
	begin := time.Now()
	mapping, err := r.Config.OwnMapping()
	if err != nil {
		return nil, err
	}
	files, err := cdr.OpenFiles(r.Files, cdr.Options{Format: cmp.Or(r.Format, r.Config.Records.Format), Zone: dt.Calendar.Zone(), Times: cmp.Or(r.Times, r.Config.Records.Times),
		Mapping: mapping, Rejects: r.Rejects, MaxRejected: float64(r.Config.Records.MaxRejected), Guess: guess.Mapping, Brief: true})
	if err != nil {
		return nil, err
	}
	defer files.Close()
	for _, note := range files.Notes() {
		r.note(note)
	}
	asm := ingest.NewAssembler(ingest.Config{Tenant: t.Name, Site: r.site(t), Numbers: dt.Numbers, Trunks: t.Trunks, Horizon: r.Config.Records.Horizon.Instant(),
		Extensions: t.Extensions()})
	var row ingest.Row
	for n := 0; ; n++ {
		if n%checkEvery == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if r.Progress != nil {
				done, _ := files.Progress()
				rows, _ := files.Rows()
				r.Progress(done, rows)
			}
		}
		if err := files.Read(&row); err == io.EOF {
			break
		} else if err != nil {
			return nil, err
		}
		if err := asm.Add(&row, yield); err != nil {
			return nil, err
		}
	}
	if err := asm.Flush(yield); err != nil {
		return nil, err
	}
	read := &Read{Files: len(r.Files), Format: strings.Join(files.Formats(), ", "), Calls: asm.Stats(), Took: time.Since(begin)}
	read.Rows, read.Rejected = files.Rows()
	read.Bytes, _ = files.Progress()
	return read, nil
}
