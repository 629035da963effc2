package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"github.com/spf13/cobra"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/control"
	"github.com/belwacht/belwacht/control/say"
	"github.com/belwacht/belwacht/terminal"
	"github.com/belwacht/belwacht/text"
)

// speaking is what the flags of every command say that speaks to a running Belwacht.
type speaking struct {
	socket, lang, tenant string
	json                 bool
	language             text.Language
}

// flags adds them to a command.
func (s *speaking) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&s.socket, "socket", config.DefaultSocket, "control socket of the Belwacht that runs")
	f.StringVar(&s.lang, "lang", "en", "language: en or nl")
	f.BoolVar(&s.json, "json", false, "as JSON")
}

// tenantFlag adds the flag that says whose an account or a switch is.
func (s *speaking) tenantFlag(c *cobra.Command) {
	c.Flags().StringVar(&s.tenant, "tenant", "", "the organisation, where there are several")
}

// ask asks and takes the answer into out.
func (s *speaking) ask(ctx context.Context, method, path string, query url.Values, in, out any) error {
	if err := s.language.UnmarshalText([]byte(s.lang)); err != nil {
		return belwacht.Errorf(belwacht.Usage, "--lang %s is no language that Belwacht speaks; there are en and nl", text.Clean(s.lang, 20))
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return control.NewClient(s.socket).Do(ctx, method, path, in, out)
}

// get is ask for what changes nothing.
func (s *speaking) get(ctx context.Context, path string, query url.Values, out any) error {
	return s.ask(ctx, http.MethodGet, path, query, nil, out)
}

// show prints an answer: as JSON where that was asked for, else as tell does.
func (s *speaking) show(env *environment, v any, tell func(*say.Speaker)) error {
	if s.json {
		e := json.NewEncoder(env.out)
		e.SetIndent("", "  ")
		return e.Encode(v)
	}
	w := piped
	if env.isTerminal {
		w = width(env)
	}
	p := &say.Speaker{Printer: terminal.NewPrinter(env.out, w, env.colour), Language: s.language, Zone: time.Local}
	tell(p)
	return p.Flush()
}

// piped is the width where no terminal says one: a file cuts nothing off.
const piped = 160
