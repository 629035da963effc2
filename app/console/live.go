package console

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/app"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/control"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/web"
	"github.com/belwacht/belwacht/web/guard"
	"github.com/belwacht/belwacht/web/habits"
	"github.com/belwacht/belwacht/web/holds"
	"github.com/belwacht/belwacht/web/people"
)

// Live is the configuration of a console before a running Belwacht. An error of code Config where it has no store: the pages show what is kept.
func Live(l *app.Live, version string, log *slog.Logger) (*Config, error) {
	s := l.Store()
	if s == nil {
		return nil, belwacht.Errorf(belwacht.Config, "the console needs the store, which could not be opened")
	}
	v, tell := &viewer{l}, l.Teller()
	var silencer holds.Silencer
	if tell.Desk != nil {
		silencer = tell.Desk
	}
	return &Config{Log: log, Version: version, Tenants: func() []web.Tenant { return tenants(l.InUse()) }, Config: l.InUse,
		Guard:   guard.Config{Viewer: v, Actor: l, Locker: l, Switch: l, Alerts: &taking{s, tell.Desk}, Calls: s, Decisions: s, InForce: s, Sums: s},
		Habits:  habits.Config{Accounts: s, Registrations: s, Devices: s},
		Holds:   holds.Config{Silencer: silencer, Silences: s, Barrer: &bars{live: l}},
		Links:   tell.Links,
		Control: &control.Config{Version: version, Log: log, Viewer: l, Actor: l, Locker: l, Switch: l, Desk: tell.Desk}}, nil
}

// tenants are the organisations of a configuration.
func tenants(c *config.Config) (list []web.Tenant) {
	for _, t := range c.All() {
		zone, err := time.LoadLocation(t.Timezone)
		if err != nil {
			zone = time.UTC // config has read it
		}
		list = append(list, web.Tenant{Name: t.Name, Title: cmp.Or(t.Name, "Belwacht"), Zone: zone, Currency: t.Currency})
	}
	return list
}

// viewer shows a running Belwacht. It implements guard.Viewer.
type viewer struct{ *app.Live }

// Health implements guard.Viewer.
func (v *viewer) Health(ctx context.Context) (*guard.Health, error) {
	s, err := v.Status(ctx)
	if err != nil {
		return nil, err
	}
	h := &guard.Health{Version: s.Version, Since: s.Since, Loaded: s.Loaded, Tenants: map[string]guard.State{}, Counts: s.Counts, Saved: s.Memory.Saved}
	if store := v.Store(); store != nil {
		h.Store, h.Stored = store.State(), true
	}
	for _, t := range s.Tenants {
		h.Tenants[t.Name] = guard.State{Mode: t.Mode, Panic: t.Panic, Locks: t.Locks}
	}
	for _, p := range s.Problems {
		h.Problems = append(h.Problems, problem(p, s.PBXs))
	}
	for _, p := range s.PBXs {
		x := guard.PBX{Name: p.Name, Tenant: p.Tenant, JudgeBy: p.JudgeBy, Ask: p.Ask}
		wrong := func(what string) bool {
			for _, q := range s.Problems {
				if strings.Contains(q, what) && strings.Contains(q, p.Name) {
					return true
				}
			}
			return false
		}
		if p.Feed != "" {
			x.Feeds = append(x.Feeds, guard.Feed{Kind: "events", State: p.Feed, Dutch: dutch(p.Feed), Good: !wrong("the feed of PBX")})
		}
		if p.Records != "" {
			x.Feeds = append(x.Feeds, guard.Feed{Kind: "records", State: p.Records, Dutch: dutch(p.Records), Good: !wrong("records")})
		}
		h.PBXs = append(h.PBXs, x)
	}
	return h, nil
}

// dutch is a sentence of status in Dutch; "" where there is none, so that it is shown in English and marked so.
func dutch(s string) string {
	if d := text.Note(text.Dutch, s); d != s {
		return d
	}
	return ""
}

// problem is one with whose it is: that of the PBX that it is about, where it is about one.
func problem(said string, of []control.PBX) guard.Problem {
	tenants := map[string]bool{}
	for _, x := range of {
		if control.Mentions(said, x.Name) {
			tenants[x.Tenant] = true
		}
	}
	p := guard.Problem{English: said, Dutch: dutch(said), Machine: len(tenants) != 1}
	for t := range tenants {
		p.Tenant = t
	}
	return p
}

// keys is the API's door: a key as a bearer token (RFC 6750 §2.1), else the session of the console. It implements web.Door.
type keys struct{ *people.Door }

// Visitor implements web.Door.
func (k keys) Visitor(r *http.Request) (*web.Visitor, error) {
	shown, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return k.Door.Visitor(r)
	}
	v, err := k.VisitKey(shown, k.From(r)) // behind a proxy of ours its client, as for sessions
	if err != nil {
		return nil, err
	}
	w := &web.Visitor{Name: v.User.Login + " (" + v.Key + ")", Role: string(v.User.Role), Person: v}
	for _, p := range access.Permissions(v.User.Role) {
		if v.May(p) {
			w.Rights = append(w.Rights, web.Right(p))
		}
	}
	if v.User.Tenant != "" {
		w.Tenants = []string{v.User.Tenant}
	}
	return w, nil
}
