package main

import (
	"cmp"
	"context"
	"log/slog"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/app"
	"github.com/belwacht/belwacht/app/replay"
	"github.com/belwacht/belwacht/app/setup"
	"github.com/belwacht/belwacht/app/telling"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/config/edit"
	websetup "github.com/belwacht/belwacht/web/setup"
)

// firstListen is where the console is where no organisation is named yet and nothing says where: on this machine only.
const firstListen = "127.0.0.1:8443"

// begin reads the configuration. One that names no organisation yet is taken too, where the file is there: then the wizard is where to go on.
func (r *running) begin(env *environment) (*config.Config, error) {
	if _, err := loadConfig(env, r.config); belwacht.CodeOf(err) == belwacht.NotFound && err != nil {
		return nil, err // a name that is mistyped must not become an empty guard
	}
	look, err := (&edit.File{Path: r.config, Environ: env.environ()}).Look()
	if err != nil {
		return nil, err
	}
	if c := look.Config; c.Unset() && c.Web.Listen == "" {
		c.Web.Listen = firstListen
	}
	return look.Config, nil
}

// edits is the configuration's file as it is changed while it is in use.
func (r *running) edits(env *environment, live *app.Live) *edit.File {
	return &edit.File{Path: r.config, Environ: env.environ(), Folder: cmp.Or(r.data, live.InUse().DataDir()), Now: env.now, Reload: func(c *config.Config, who string) error {
		return r.use(live, who, func() (*config.Config, error) { return c, nil })
	}}
}

// setup is what changes the configuration and sets up. closing ends what is still read.
func (r *running) setup(env *environment, log *slog.Logger, live *app.Live) (c *websetup.Config, programs setup.Program, closing func()) {
	folder := r.file.Folder
	owner := &setup.Owner{File: r.file, Listen: firstListen, Kept: func(tenant string) bool {
		list, _, err := live.Store().Accounts(context.Background(), &belwacht.AccountQuery{Tenant: tenant, Page: belwacht.Page{Most: 1}})
		return err != nil || len(list) > 0
	}}
	w := setup.NewWizard(setup.WizardConfig{Owner: owner, Folder: folder, Log: log, Now: env.now, Sums: live.Store(), Status: live.Status, Adopt: live.Adopt, Judge: judgeRecords})
	return &websetup.Config{Stand: func(tenant string) (bool, string) { return setup.Stand(live.InUse(), tenant) }, Owner: owner, Past: owner, Wizard: w.Pages(), Secrets: true, Try: func(ctx context.Context, person, way string) ([]websetup.Tried, error) {
		return tryTelling(ctx, env, live.InUse(), person, way)
	}}, setup.Program{Owner: owner}, w.Close
}

// judgeRecords judges past records for the wizard.
func judgeRecords(ctx context.Context, j *setup.Job) (*setup.Judged, error) {
	job := &replay.Replay{Config: j.Config, Tenant: j.Tenant, Files: []string{j.File}, State: j.State, Outcome: j.Outcome, Note: j.Note, Progress: j.Progress}
	read, err := job.Run(ctx)
	if err != nil {
		return nil, err
	}
	return &setup.Judged{Rows: read.Rows, Rejected: read.Rejected, Alerts: read.Alerts}, nil
}

// tryTelling sends a made-up alert.
func tryTelling(ctx context.Context, env *environment, c *config.Config, person, way string) ([]websetup.Tried, error) {
	results, err := telling.Try(ctx, c, readVersion().String(), person, way, env.now())
	list := make([]websetup.Tried, 0, len(results))
	for _, r := range results {
		list = append(list, websetup.Tried{Who: r.To, Way: r.Way, Err: r.Err})
	}
	return list, err
}
