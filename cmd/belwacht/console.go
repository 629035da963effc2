package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/app"
	"github.com/belwacht/belwacht/app/certificate"
	"github.com/belwacht/belwacht/app/console"
	"github.com/belwacht/belwacht/app/whatif"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/web/people"
)

// serve opens the console where the configuration says so. stop closes it.
func (r *running) serve(env *environment, log *slog.Logger, c *config.Config, live *app.Live) (stop func(), err error) {
	if c.Web.Listen == "" {
		return func() {}, nil
	}
	if r.people == nil {
		return nil, belwacht.Errorf(belwacht.Config, "web.listen: the console needs the store, which could not be opened; see the log above")
	}
	of, err := console.Live(live, readVersion().String(), log)
	if err != nil {
		return nil, err
	}
	of.People = &people.Config{Door: people.NewDoor(r.people.Door, c.AccessProxies()), Audit: r.people.Audit, Entries: live.Store()}
	var closing func()
	of.Setup, of.Settings, closing = r.setup(env, log, live)
	of.WhatIf = whatif.New(whatif.Config{Config: live.InUse, Store: live.Store(), Now: time.Now, Log: log})
	page, err := console.New(*of)
	if err != nil {
		return nil, err
	}
	file, key := c.CertificateFiles()
	how, err := console.TLS(file, key, cmp.Or(r.data, c.DataDir()))
	if err != nil {
		return nil, err
	}
	signing, err := certificate.Of(c, cmp.Or(r.data, c.DataDir()), how, log)
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", c.Web.Listen)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "web.listen: %s cannot be listened on: %w; choose another port", c.Web.Listen, err)
	}
	ctx, end := context.WithCancel(context.Background())
	if signing != nil {
		how = signing.TLS()
		live.Also(signing.Problem)
		go signing.Run(ctx)
	}
	go func() {
		if err := page.Serve(tls.NewListener(l, how)); err != nil {
			log.Error("the console answers no more", "event", "server.stopped", "error", err)
		}
	}()
	log.Info("the console is open", "event", "web.listens", "url", "https://"+l.Addr().String())
	return func() {
		end()
		closing()
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		if err := page.Stop(ctx); err != nil {
			log.Error("the console did not close", "event", "server.stopped", "error", err)
		}
	}, nil
}
