package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/app"
	"github.com/belwacht/belwacht/app/beside"
	"github.com/belwacht/belwacht/app/people"
	"github.com/belwacht/belwacht/app/telling"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/config/edit"
	"github.com/belwacht/belwacht/control"
	"github.com/belwacht/belwacht/control/systemd"
	"github.com/belwacht/belwacht/store"
)

// errStopped ends a command that was told to stop and did: its exit code is 0.
var errStopped = errors.New("stopped")

// running is what the flags of belwacht run say.
type running struct {
	config, data, socket string
	pii                  bool
	people               *people.People // nil: nobody can sign in
	file                 *edit.File     // the configuration, which pages change too
}

func newRunCommand(env *environment) *cobra.Command {
	r := &running{}
	c := &cobra.Command{
		Use:   "run [--config FILE] [--data DIR]",
		Short: "Guard: judge calls as they are made, and stop the fraudulent ones",
		Long: "Starts what the configuration names and guards until it is told to stop\n" +
			"(SIGTERM). SIGHUP reads the configuration again; where anything is wrong with\n" +
			"it that is said, and the old one stays in use. What was learned and decided is\n" +
			"kept in the data folder. Without a pbx: in the configuration it waits.",
		Example: "  belwacht run --config /etc/belwacht/belwacht.yaml",
		RunE:    func(c *cobra.Command, _ []string) error { return r.run(c.Context(), env) },
	}
	f := c.Flags()
	f.StringVar(&r.config, "config", defaultConfig, "configuration file")
	f.StringVar(&r.data, "data", "", "folder of all that must last; default: the configuration's")
	f.StringVar(&r.socket, "socket", "", "control socket; default: the configuration's")
	f.BoolVar(&r.pii, "log-pii", false, "log telephone numbers in full")
	return c
}

func (r *running) run(ctx context.Context, env *environment) error {
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP) // from the start: one that comes while it starts must not end it
	defer signal.Stop(hup)
	c, err := r.begin(env)
	if err != nil {
		return err
	}
	log, flush := newLog(env)
	defer flush()
	version := readVersion().String()
	var folks *people.People
	var live *app.Live
	tell := telling.New(log, version, c)
	live, err = app.Start(ctx, &app.LiveConfig{Config: c, Data: r.data, Socket: r.socket, Version: version, Log: log, PII: r.pii, Feeds: beside.Feeds(log),
		Records: beside.Records(log), Tell: tell.Start, People: func(ctx context.Context, folder string, s store.PeopleStore) (_ control.People, err error) {
			folks, err = people.Open(ctx, people.Config{Folder: folder, Store: s, Config: c, Log: log, Teller: tell, Tried: func(x *belwacht.Login, of string) { live.Tried(x, of) }})
			if err == nil {
				tell.Record(folks)
			}
			return folks, err
		}, Changed: func(ctx context.Context, who string, list []belwacht.Change) { folks.Changed(ctx, who, list) }})
	if err != nil {
		return err
	}
	if folks != nil {
		go folks.Run(ctx)
		r.people = folks
	}
	r.file = r.edits(env, live)
	shut, err := r.serve(env, log, c, live)
	if err != nil {
		return errors.Join(err, live.Stop())
	}
	defer shut()
	system := systemd.New(env.getenv)
	began(log, live)
	if c.Unset() {
		log.Warn("no organisation is named in the configuration, so nothing is guarded; open the console, whose wizard sets Belwacht up: belwacht access link", "event", "run.unset")
	}
	system.Say(log, systemd.Ready)
	beat := time.NewTicker(system.Beat())
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			system.Say(log, systemd.Stopping)
			log.Info("stops", "event", "run.stops")
			if err := live.Stop(); err != nil {
				return belwacht.Errorf(belwacht.CodeOf(err), "%w", err)
			}
			return errStopped
		case <-hup:
			system.Say(log, system.Reloading())
			r.reload(env, log, live)
			system.Say(log, systemd.Ready)
		case <-beat.C:
			if live.Alive() {
				system.Say(log, systemd.Alive)
			} else {
				log.Error("the engine is stalled", "event", "run.stalled")
			}
		}
	}
}

// began says what was started.
func began(log *slog.Logger, live *app.Live) {
	s, err := live.Status(context.Background())
	if err != nil {
		log.Error("its status is not known", "error", err)
		return
	}
	for _, p := range s.PBXs {
		log.Info("a PBX is guarded", "event", "run.guards", "pbx", p.Name, "judge_by", p.JudgeBy, "ask", p.Ask, "fastagi", p.FastAGI, "feed", p.Feed, "records", p.Records)
	}
	for _, p := range s.Problems {
		log.Warn(p, "event", "run.problem")
	}
	log.Info("started", "event", "run.started", "version", s.Version, "organisations", len(s.Tenants), "panic", s.Panic, "running", s.Calls)
}

// reload reads the configuration again, once no page changes it any more.
func (r *running) reload(env *environment, log *slog.Logger, live *app.Live) {
	if err := r.file.Alone(func() error { return r.use(live, "", func() (*config.Config, error) { return r.begin(env) }) }); err != nil {
		log.Error("the configuration is not taken; the old one stays in use", "event", "run.reload-failed", "error", err)
		return
	}
	log.Info("the configuration is in use", "event", "run.reloaded")
}

// use puts a configuration to use, for calls and for who may come in: both or neither. who changed it by way of the audit log; "" = nobody, the file was changed.
func (r *running) use(live *app.Live, who string, read func() (*config.Config, error)) error {
	var fresh *config.Config
	err := live.ReloadBy(who, func() (c *config.Config, err error) {
		if c, err = read(); err == nil {
			fresh = c
			_, err = c.AccessPolicy().Filled() // all that could keep it from being taken below
		}
		return c, err
	})
	if err != nil || r.people == nil {
		return err
	}
	return r.people.Use(fresh)
}
