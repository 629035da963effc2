package telling

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/notify"
	"github.com/belwacht/belwacht/text"
)

// Try sends a made-up alert by every way of a configuration, whatever the hour, at once and once only, and says of each whether it arrived. person is who alone
// gets it; "" = all, and what belongs to nobody. way is the only kind of way that it goes by, such as slack; "" = all. The error is of code Config where there is no way,
// NotFound where there is no such person or none of that kind.
func Try(ctx context.Context, c *config.Config, version, person, way string, now time.Time) ([]notify.Result, error) {
	n, ok, err := Ways(slog.New(slog.DiscardHandler), c, version) // what it would log is in the results
	if err != nil {
		return nil, err
	}
	if _, file := c.Source(); !ok {
		return nil, belwacht.Errorf(belwacht.Config, "%s names no way to tell alerts; write a command, a webhook or people under alerts, as docs/alerts.md shows", text.Clean(file, 200))
	}
	if n.Receivers, err = only(n.Receivers, person); err != nil {
		return nil, err
	}
	if n.Receivers, err = by(n.Receivers, way); err != nil {
		return nil, err
	}
	n.Escalation = nil
	desk, err := notify.New(n)
	if err != nil {
		return nil, err
	}
	at := belwacht.InstantOf(now)
	return desk.Try(ctx, &belwacht.Alert{ID: "test", Tenant: c.All()[0].Name, Account: "test", Cause: "test", First: at, Last: at, Word: belwacht.Warn, Count: 1,
		Numbers: []string{}, Reason: "This is a test of Belwacht's alerts; nothing has happened.", ReasonNL: "Dit is een proef van de meldingen van Belwacht; er is niets gebeurd."}), nil
}

// only leaves the one receiver that is named; all where none is.
func only(list []notify.Receiver, name string) ([]notify.Receiver, error) {
	if name == "" {
		return list, nil
	}
	for _, r := range list {
		if r.Name == name {
			return []notify.Receiver{r}, nil
		}
	}
	return nil, belwacht.Errorf(belwacht.NotFound, "there is nobody called %s under alerts.people", text.Clean(name, 60))
}

// by leaves ways of one kind; all where none is named.
func by(list []notify.Receiver, kind string) (out []notify.Receiver, err error) {
	if kind == "" {
		return list, nil
	}
	for _, r := range list {
		var ways []notify.Way
		for _, w := range r.Ways {
			if first, _, _ := strings.Cut(w.Name(), " "); first == kind {
				ways = append(ways, w)
			}
		}
		if r.Ways = ways; len(ways) > 0 {
			out = append(out, r)
		}
	}
	if len(out) == 0 {
		return nil, belwacht.Errorf(belwacht.NotFound, "nobody is told by %s", text.Clean(kind, 60))
	}
	return out, nil
}
