package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/app/console"
	"github.com/belwacht/belwacht/app/demo"
	"github.com/belwacht/belwacht/app/demo/house"
	"github.com/belwacht/belwacht/app/demo/stage"
	"github.com/belwacht/belwacht/app/whatif"
	"github.com/belwacht/belwacht/control"
	"github.com/belwacht/belwacht/simulate"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/web"
	"github.com/belwacht/belwacht/web/guard"
	"github.com/belwacht/belwacht/web/habits"
	"github.com/belwacht/belwacht/web/holds"
	"github.com/spf13/cobra"
)

// demonstration is what the flags of belwacht demo say.
type demonstration struct {
	seed    uint64
	speed   float64
	lang    string
	once    bool
	listen  string
	attacks []string
}

func newDemoCommand(env *environment) *cobra.Command {
	d := demonstration{}
	c := &cobra.Command{
		Use:   "demo",
		Short: "See it at work on a made-up organisation and an attack",
		Long: "Makes up a Dutch office, learns from six weeks of its calls what is usual, and\n" +
			"then judges every call of some days in which somebody breaks in, as it would\n" +
			"for you. The console shows it all at the address that is printed first, and stays\n" +
			"up until you stop it (Ctrl-C); what it keeps lies in a folder that goes with it.\n" +
			"With --once there is no console: it runs through and ends, reads and writes no\n" +
			"file and uses no network. Without a terminal it prints a plain line a decision.\n\n" +
			"Kinds of attack: " + wrapped(simulate.AttackKinds(), 62) + ".",
		Example: "  belwacht demo\n  belwacht demo --seed 66 --lang nl\n  belwacht demo --attack \"hijacked forward\" --speed 2",
		RunE:    func(c *cobra.Command, _ []string) error { return d.run(c.Context(), env) },
	}
	f := c.Flags()
	f.Uint64Var(&d.seed, "seed", demo.Seed, "another seed is another office and another attack")
	f.Float64Var(&d.speed, "speed", 1, "2 is twice as fast, 0.5 half")
	f.StringVar(&d.lang, "lang", "en", "language: en or nl")
	f.BoolVar(&d.once, "once", false, "once through without console and pauses")
	f.StringVar(&d.listen, "listen", "127.0.0.1:0", "address of the console on this machine; port 0 = any that is free")
	f.StringArrayVar(&d.attacks, "attack", nil, "kind of attack; may be given again (default weekend burst and call left open)")
	return c
}

func (d *demonstration) run(ctx context.Context, env *environment) error {
	s := &stage.Stage{Out: env.out, Terminal: env.isTerminal, Width: width(env), Colour: env.colour, Speed: d.speed, Now: env.now}
	if err := s.Language.UnmarshalText([]byte(d.lang)); err != nil {
		return belwacht.Errorf(belwacht.Usage, "--lang %s is no language that Belwacht speaks; there are en and nl", text.Clean(d.lang, 20))
	}
	if !(d.speed >= 0.1 && d.speed <= 1000) {
		return belwacht.Errorf(belwacht.Usage, "--speed %g: give a number from 0.1 to 1000; 2 is twice as fast", d.speed)
	}
	if d.once {
		s.Speed = 0
		return s.Play(ctx, d.seed, kindsOf(d.attacks))
	}
	return d.alive(ctx, env, s)
}

// alive plays the demo with the console before it, until it is stopped.
func (d *demonstration) alive(ctx context.Context, env *environment, s *stage.Stage) (err error) {
	host, _, err := net.SplitHostPort(d.listen)
	if ip, bad := netip.ParseAddr(host); err != nil || bad != nil || !ip.IsLoopback() {
		return belwacht.Errorf(belwacht.Usage, "--listen %s: give an address of this machine only, such as 127.0.0.1:8443; the demonstration has no users", text.Clean(d.listen, 60))
	}
	l, err := net.Listen("tcp", d.listen)
	if err != nil {
		return belwacht.Errorf(belwacht.Config, "--listen %s cannot be listened on: %w; choose another port", text.Clean(d.listen, 60), err)
	}
	defer l.Close()
	folder, err := os.MkdirTemp("", "belwacht-demo-")
	if err != nil {
		return belwacht.Errorf(belwacht.Config, "the demonstration needs a folder: %w", belwacht.Reason(err))
	}
	defer os.RemoveAll(folder)
	log := slog.New(slog.NewTextHandler(env.err, &slog.HandlerOptions{Level: slog.LevelError}))
	h, err := house.Open(ctx, folder, d.speed, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close(context.WithoutCancel(ctx))) }()
	guest := console.NewGuest(web.Visitor{Name: "Anna", Role: "administrator", Rights: web.Everything()})
	c, err := console.New(console.Config{Door: guest, Log: log, Now: h.Now, Version: readVersion().String(), Notices: h.Notices, Deeds: h, WhatIf: whatif.New(whatif.Config{Config: h.Config, Store: h.Store, Now: h.Now, Log: log, Eager: true}),
		Tenants: func() []web.Tenant { return []web.Tenant{{Title: "De Linde (demo)", Zone: h.Zone(), Currency: "EUR"}} },
		Guard:   guard.Config{Viewer: h, Actor: h, Locker: h, Switch: h, Alerts: h.Store, Calls: h.Store, Decisions: h.Store, InForce: h.Store, Sums: h.Store}, Config: h.Config,
		Habits: habits.Config{Accounts: h.Store, Registrations: h.Store, Devices: h.Store}, Holds: holds.Config{Silencer: h, Silences: h.Store},
		Control: &control.Config{Version: readVersion().String(), Log: log, Viewer: h, Actor: h, Locker: h, Switch: h}})
	if err != nil {
		return err
	}
	c.Mount("GET /enter", guest)
	s.Speed, s.House = 0, func(x *demo.Demo) { h.Live(ctx, x) }
	fmt.Fprintf(env.out, "The console: http://%s%s\n", l.Addr(), guest.Path())
	fmt.Fprintf(env.out, "Open this link in a browser of this machine; it works once. Ctrl-C ends it all.\n\n")
	served := make(chan error, 1)
	go func() { served <- c.Serve(l) }()
	if err := s.Play(ctx, d.seed, kindsOf(d.attacks)); err != nil && ctx.Err() == nil {
		return err
	}
	select {
	case <-ctx.Done():
	case err := <-served:
		return err
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if err := c.Stop(stopping); err != nil {
		return err
	}
	return errStopped
}
