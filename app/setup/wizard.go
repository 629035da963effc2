package setup

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/control"
	"github.com/belwacht/belwacht/control/say"
	"github.com/belwacht/belwacht/number/table"
	"github.com/belwacht/belwacht/pbx/connect"
	"github.com/belwacht/belwacht/store/file"
	"github.com/belwacht/belwacht/terminal"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/web/setup"
)

// Judged is what reading and judging past records gave.
type Judged struct {
	Rows, Rejected int64
	Alerts         []belwacht.Alert
}

// Job is past records to be judged.
type Job struct {
	Config   *config.Config
	Tenant   string
	File     string
	State    string // file that what was learned is written to
	Outcome  func(*belwacht.Outcome) error
	Note     func(string)
	Progress func(bytes, rows int64)
}

// WizardConfig is what a Wizard needs.
type WizardConfig struct {
	Owner  *Owner
	Folder string // of the data
	Log    *slog.Logger
	Now    func() time.Time // nil = the clock
	Sums   belwacht.SumStore
	Status func(ctx context.Context) (*control.Status, error)
	Judge  func(ctx context.Context, j *Job) (*Judged, error)
	Adopt  func(memory io.Reader) error // what was learned becomes the guard's; nil = it is judged only
	Places []Place                      // where PBXs may be; nil = where they are by default
	Run    connect.Runner               // nil = programs of this machine
}

// Place is where a PBX's configuration may be.
type Place struct {
	Kind connect.Kind
	Etc  string
	If   string // a file that is there where the PBX is
}

// Wizard is what setting up takes. It implements all that setup.Wizard names.
type Wizard struct {
	WizardConfig
	mu      sync.Mutex
	running map[string]*setup.Import // by organisation
	jobs    sync.WaitGroup
	stop    context.CancelFunc
	ctx     context.Context
}

// NewWizard makes a wizard. Close ends what it still reads.
func NewWizard(c WizardConfig) *Wizard {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Run == nil {
		c.Run = connect.Run
	}
	if c.Places == nil {
		c.Places = []Place{{connect.FreePBX, connect.DefaultEtc, "/etc/freepbx.conf"}, {connect.Asterisk, connect.DefaultEtc, connect.DefaultEtc + "/asterisk.conf"},
			{connect.FreeSWITCH, connect.EtcFreeSWITCH, connect.EtcFreeSWITCH + "/freeswitch.xml"}}
	}
	w := &Wizard{WizardConfig: c, running: map[string]*setup.Import{}}
	w.ctx, w.stop = context.WithCancel(context.Background())
	return w
}

// Pages are the wizard as package web/setup takes it.
func (w *Wizard) Pages() *setup.Wizard {
	return &setup.Wizard{Progress: w, PBXs: w, Records: w, Advice: w}
}

// Close ends what is being read.
func (w *Wizard) Close() {
	w.stop()
	w.jobs.Wait()
}

// stateFile is where it is kept how far each organisation has come.
const stateFile = "setup.json"

func (w *Wizard) states() (map[string]*setup.State, error) {
	all := map[string]*setup.State{}
	b, err := os.ReadFile(filepath.Join(w.Folder, stateFile))
	if errors.Is(err, fs.ErrNotExist) {
		return all, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &all)
	}
	if err != nil {
		w.Log.Warn("how far the wizard came cannot be read; it begins again", "event", "setup.damaged", "error", err)
		return map[string]*setup.State{}, nil
	}
	return all, nil
}

// key is under what an organisation's state is kept. Where there is one organisation it is not its name, which the wizard itself gives it.
func (w *Wizard) key(tenant string) string {
	if look, err := w.Owner.File.Look(); err != nil || len(look.Config.Tenants) == 0 {
		return ""
	}
	return tenant
}

// State implements setup.Progress.
func (w *Wizard) State(_ context.Context, tenant string) (*setup.State, error) {
	tenant = w.key(tenant)
	w.mu.Lock()
	defer w.mu.Unlock()
	all, err := w.states()
	if err != nil {
		return nil, err
	}
	s := all[tenant]
	if s == nil {
		s = &setup.State{}
	}
	if run := w.running[tenant]; run != nil {
		now := *run
		s.Import = &now
	} else if s.Import != nil && s.Import.Ended == 0 {
		s.Import.Ended, s.Import.Failed = belwacht.InstantOf(w.Now()), "Belwacht was stopped while it was read; read it again"
	}
	return s, nil
}

// Keep implements setup.Progress.
func (w *Wizard) Keep(_ context.Context, tenant string, s *setup.State) error {
	tenant = w.key(tenant)
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.keep(tenant, s)
}

func (w *Wizard) keep(tenant string, s *setup.State) error {
	all, err := w.states()
	if err != nil {
		return err
	}
	if s.Passed == nil {
		s.Passed = map[string]bool{}
	}
	all[tenant] = s
	b, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return file.Write(filepath.Join(w.Folder, stateFile), b)
}

// options are those of connecting a PBX for an organisation.
func (w *Wizard) options(tenant string, p Place) (*connect.Options, error) {
	i, t, err := w.Owner.part(tenant)
	if err != nil {
		return nil, err
	}
	site, err := t.Site()
	if err != nil {
		return nil, err
	}
	path, err := filepath.Abs(w.Owner.File.Path)
	if err != nil {
		return nil, err
	}
	o := &connect.Options{Kind: p.Kind, Etc: p.Etc, Secrets: connect.DefaultSecrets, Own: filepath.Dir(path), Config: path, Name: "pbx", Numbers: site, Database: p.Kind == connect.FreePBX}
	if p.Kind == connect.FreeSWITCH {
		o.Secrets = connect.KeyFreeSWITCH
	}
	if p.If == "" || !strings.HasPrefix(p.Etc, "/etc/") {
		o.Secrets, o.Asked = filepath.Join(filepath.Dir(path), string(p.Kind)), true
	}
	if i >= 0 {
		o.Tenant = tenant
	}
	console := connect.Console{Run: w.Run}
	o.FastAGI = p.Kind != connect.FreeSWITCH && !o.Asked && console.Running(context.Background()) && !console.HasCURL(context.Background())
	return o, nil
}

// places are the PBXs that are here; a FreePBX is no plain Asterisk.
func (w *Wizard) places() (list []Place) {
	for _, p := range w.Places {
		if _, err := os.Stat(cmp.Or(p.If, p.Etc)); err != nil {
			continue
		}
		if p.Kind == connect.Asterisk && slices.ContainsFunc(list, func(x Place) bool { return x.Etc == p.Etc }) {
			continue
		}
		list = append(list, p)
	}
	return list
}

// Find implements setup.Connector.
func (w *Wizard) Find(_ context.Context, tenant string) ([]setup.Found, error) {
	var list []setup.Found
	for _, p := range w.places() {
		f := setup.Found{Kind: string(p.Kind), Folder: p.Etc, May: may(p.Etc)}
		o, err := w.options(tenant, p)
		if err != nil {
			return nil, err
		}
		f.Command = "sudo belwacht connect " + string(p.Kind) + " --config " + o.Config
		if o.Asked {
			f.Command += " --etc " + o.Etc + " --secrets " + o.Secrets
		}
		if o.Tenant != "" {
			f.Command += " --tenant '" + strings.ReplaceAll(o.Tenant, "'", `'\''`) + "'"
		}
		plan, _, err := connect.New(o)
		if err != nil {
			f.Wrong = err.Error()
		} else {
			f.Steps, f.Later, f.Diff, f.Here = plan.Steps, plan.Later, plan.Diff(), plan.Empty()
		}
		list = append(list, f)
	}
	return list, nil
}

// may says whether this process may write a PBX's files: it must be root, since they are given to the PBX's user, and the folder must take files.
func may(dir string) bool {
	if os.Geteuid() != 0 {
		return false
	}
	f, err := os.CreateTemp(dir, ".belwacht-try-*")
	if err != nil {
		return false
	}
	_ = f.Close()
	return os.Remove(f.Name()) == nil
}

// Connect implements setup.Connector.
func (w *Wizard) Connect(ctx context.Context, tenant, kind, who string) error {
	for _, p := range w.places() {
		if string(p.Kind) != kind {
			continue
		}
		if !may(p.Etc) {
			return belwacht.Errorf(belwacht.Config, "%s may not be written by Belwacht; type the command on the machine", p.Etc)
		}
		o, err := w.options(tenant, p)
		if err != nil {
			return err
		}
		plan, pbx, err := connect.New(o)
		if err != nil {
			return err
		}
		applied, err := plan.Apply()
		if err != nil {
			return err
		}
		console := connect.Console{Run: w.Run}
		if p.Kind != connect.FreeSWITCH && !o.Asked {
			if err := console.Activate(ctx, o, pbx); err != nil && !errors.Is(err, connect.ErrNotRunning) {
				return errors.Join(err, applied.Back(), console.Reload(context.WithoutCancel(ctx)))
			}
		}
		if err := w.Owner.File.Again(who); err != nil {
			return errors.Join(err, applied.Back())
		}
		applied.Keep()
		return nil
	}
	return access.Errorf(belwacht.NotFound, "there is no such telephone system here", "zo'n telefooncentrale is hier niet")
}

// Offers implements setup.Adviser: what was called in 90 days, and in the records that were read.
func (w *Wizard) Offers(ctx context.Context, tenant string) ([]setup.Offer, error) {
	_, t, err := w.Owner.part(tenant)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(t.Timezone)
	if err != nil {
		return nil, err
	}
	by := map[belwacht.Country]*setup.Offer{}
	add := func(c belwacht.Country, calls int64, cost belwacht.Money) {
		if c.Index() == 0 || c.String() == "ZZ" {
			return
		}
		if by[c] == nil {
			by[c] = &setup.Offer{Country: c}
		}
		by[c].Calls, by[c].Cost = by[c].Calls+calls, by[c].Cost+cost
	}
	if w.Sums != nil {
		today := belwacht.DateOf(belwacht.InstantOf(w.Now()), zone)
		sums, err := w.Sums.Sums(ctx, &belwacht.SumQuery{Tenant: tenant, By: belwacht.SumByCountry, From: today - 89, Until: today, Most: 1000})
		if err != nil {
			return nil, err
		}
		for _, s := range sums {
			add(s.Country, s.Calls-s.Refused, s.Cost)
		}
	}
	s, err := w.State(ctx, tenant)
	if err != nil {
		return nil, err
	}
	if s.Import != nil {
		for _, o := range s.Import.Seen {
			add(o.Country, o.Calls, o.Cost)
		}
	}
	if home, ok := belwacht.ParseCountry(t.Country); ok {
		add(home, 0, 0)
		by[home].Home = true
	}
	world := table.Open()
	var list []setup.Offer
	for c, o := range by {
		o.Risk = world.Risk(world.FindRegion(c)) >= belwacht.RiskHigh
		list = append(list, *o)
	}
	slices.SortFunc(list, func(a, b setup.Offer) int {
		return cmp.Or(cmp.Compare(b.Calls, a.Calls), cmp.Compare(a.Country.String(), b.Country.String()))
	})
	return list[:min(len(list), 250)], nil
}

// Test implements setup.Adviser.
func (w *Wizard) Test(_ context.Context, tenant, dialled string) (*setup.Tested, error) {
	_, t, err := w.Owner.part(tenant)
	if err != nil {
		return nil, err
	}
	return tested(t, dialled)
}

// Guarded implements setup.Adviser.
func (w *Wizard) Guarded(ctx context.Context, l text.Language) (string, error) {
	s, err := w.Status(ctx)
	if err != nil {
		return "", err
	}
	look, err := w.Owner.File.Look()
	if err != nil {
		return "", err
	}
	zone, err := time.LoadLocation(cmp.Or(look.Config.All()[0].Timezone, "UTC"))
	if err != nil {
		return "", err
	}
	var b strings.Builder
	v := &say.Speaker{Printer: terminal.NewPrinter(&b, 10_000, false), Language: l, Zone: zone}
	v.Guarded(s)
	if err := v.Flush(); err != nil {
		return "", err
	}
	return strings.TrimSpace(b.String()), nil
}
