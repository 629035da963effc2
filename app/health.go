package app

import (
	"net/http"
	"slices"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/control/monitor"
)

// newHealth is where monitoring asks.
func (l *Live) newHealth() *http.Server {
	return monitor.New(&monitor.Config{Version: l.cfg.Version, Since: l.since, Alive: l.Alive, Ready: l.ready, Counts: l.counts, Saved: l.saved,
		Store: func() belwacht.StoreState { s, _, _ := l.kept.State(); return s },
		Running: func() (n int) {
			l.engine().Running(func(*belwacht.Running) { n++ })
			return n
		},
		Panic: func() bool { return slices.ContainsFunc(l.guard.wiring.Load().tenants, l.engine().Panics) },
		More: func(r prometheus.Registerer) {
			r.MustRegister(l.guard.took)
			l.tell.Metrics(r)
		}})
}

// ready says what must be so that calls are guarded.
func (l *Live) ready() map[string]bool {
	_, _, _, err := l.memory.State()
	checks := map[string]bool{"alive": l.Alive(), "started": l.started.Load(), "memory": err == nil, "feeds": true}
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range l.config.PBX {
		if p := &l.config.PBX[i]; p.AMI != nil {
			ok := false
			if f := l.feeds[p.Name]; f != nil {
				_, ok = f.Health()
			}
			checks["feeds"] = checks["feeds"] && ok
		}
	}
	return checks
}
