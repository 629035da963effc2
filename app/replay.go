package app

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/detect"
	"github.com/belwacht/belwacht/ingest"
	"github.com/belwacht/belwacht/ingest/cdr"
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
	rates, bad, err := Rates(r.Config, t, r.Rates)
	if err != nil {
		return nil, err
	}
	for i := range bad {
		if i < 5 {
			r.note(bad[i].String())
		}
	}
	rules, err := Rules(t)
	if err != nil {
		return nil, err
	}
	dt, err := tenant(t, rates)
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
	replay := detect.NewReplay(engine, detect.ReplayConfig{Decision: r.Decision, Outcome: r.Outcome, Feedback: r.Feedback})
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
	dt, err := tenant(t, nil)
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

// read assembles calls from all files, rows in the order of their times.
func (r *Replay) read(ctx context.Context, t *config.Tenant, dt *detect.Tenant, yield func(*belwacht.Call) error) (*Read, error) {
	begin := time.Now()
	files, err := r.open(dt.Calendar.Zone())
	defer files.close()
	if err != nil {
		return nil, err
	}
	declared := make(map[string]bool, len(dt.Accounts))
	for i := range dt.Accounts {
		declared[dt.Accounts[i].Name] = dt.Accounts[i].Kind != belwacht.KindTrunk
	}
	asm := ingest.NewAssembler(ingest.Config{Tenant: t.Name, Numbers: dt.Numbers, Trunks: t.Trunks, Horizon: r.Config.Records.Horizon.Instant(),
		Extensions: func(name string) bool { return declared[name] }})
	read := &Read{Files: len(files)}
	for n := 0; ; n++ {
		if n%checkEvery == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if r.Progress != nil {
				r.Progress(files.progress())
			}
		}
		row, err := files.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		if err := asm.Add(row, yield); err != nil {
			return nil, err
		}
	}
	if err := asm.Flush(yield); err != nil {
		return nil, err
	}
	read.Calls, read.Took = asm.Stats(), time.Since(begin)
	for _, f := range files {
		read.Format = f.reader.Format()
		read.Rows += f.reader.Rows()
		n, _ := f.reader.Rejected()
		read.Rejected += n
	}
	read.Bytes, _ = files.progress()
	return read, nil
}

// source is one open record file with its next row.
type source struct {
	file   *os.File
	reader *cdr.Reader
	row    ingest.Row
	taken  bool // row was handed out: the next one is to be read
	done   bool
}

type sources []*source

// open opens all files and says what was recognised.
func (r *Replay) open(zone *time.Location) (sources, error) {
	var list sources
	mapping, err := r.mapping()
	if err != nil {
		return list, err
	}
	for _, name := range r.Files {
		f, err := openRecords(name)
		if err != nil {
			return list, err
		}
		s := &source{file: f}
		list = append(list, s)
		o := cdr.Options{Format: first(r.Format, r.Config.Records.Format), Zone: zone, Times: first(r.Times, r.Config.Records.Times), Mapping: mapping,
			Rejects: r.Rejects, MaxRejected: float64(r.Config.Records.MaxRejected)}
		if s.reader, err = cdr.Open(f, name, o); err != nil {
			return list, err
		}
		for _, note := range s.reader.Notes() {
			r.note(name + ": " + note)
		}
		if err := s.advance(); err != nil {
			return list, err
		}
	}
	return list, nil
}

func (r *Replay) mapping() (*cdr.Mapping, error) {
	file := r.Config.MappingFile()
	if file == "" {
		return nil, nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "records.mapping: %s cannot be read: %w", file, reason(err))
	}
	return cdr.ReadMapping(data, file)
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func (s *source) advance() error {
	err := s.reader.Read(&s.row)
	if err == io.EOF {
		s.done = true
		return nil
	}
	return err
}

// next returns the earliest of the next rows; the row before is gone.
func (l sources) next() (*ingest.Row, error) {
	best := -1
	for i, s := range l {
		if s.taken {
			s.taken = false
			if err := s.advance(); err != nil {
				return nil, err
			}
		}
		if !s.done && (best < 0 || s.row.End < l[best].row.End) {
			best = i
		}
	}
	if best < 0 {
		return nil, io.EOF
	}
	l[best].taken = true
	return &l[best].row, nil
}

func (l sources) progress() (bytes, rows int64) {
	for _, s := range l {
		bytes += s.reader.Offset()
		rows += s.reader.Rows()
	}
	return bytes, rows
}

func (l sources) close() {
	for _, s := range l {
		if s.file != nil {
			s.file.Close()
		}
	}
}

// openRecords opens a record file, and says what to do where it cannot.
func openRecords(name string) (*os.File, error) {
	if name == "-" {
		return os.Stdin, nil
	}
	info, err := os.Stat(name)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.NotFound, "%s cannot be read: %w; look at its name, and where the PBX keeps its records (Asterisk: /var/log/asterisk/cdr-csv/Master.csv)", name, reason(err))
	}
	if info.IsDir() {
		return nil, belwacht.Errorf(belwacht.Invalid, "%s is a folder; name the record files in it, such as %s/Master.csv", name, name)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Invalid, "%s cannot be read: %w; become a user who may read it, or copy it", name, reason(err))
	}
	return f, nil
}

// reason is the bare reason of a file error, without the operation and the path.
func reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
