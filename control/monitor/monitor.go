// Package monitor is where monitoring asks: /healthz (it is alive), /readyz (it guards), /metrics. What it says holds no numbers, addresses and names.
package monitor

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/belwacht/belwacht"
)

// Config is what is told. All functions are called from many goroutines.
type Config struct {
	Version string
	Since   time.Time                // this process runs since
	Alive   func() bool              // the engine gets on
	Ready   func() map[string]bool   // what must be so that calls are guarded
	Counts  func() map[string]uint64 // since the start, by the names of counters
	Saved   func() time.Duration     // since the memory was last kept
	Store   func() belwacht.StoreState
	Running func() int                  // calls to outside that ring or run
	Panic   func() bool                 // the panic switch of any organisation is on
	More    func(prometheus.Registerer) // registers what others count
}

// New makes the server. The caller gives it a listener.
func New(c *Config) *http.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		verdict(w, map[string]bool{"alive": c.Alive()})
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) { verdict(w, c.Ready()) })
	mux.Handle("GET /metrics", promhttp.HandlerFor(c.metrics(), promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: 10 * time.Second}))
	return &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 5 * time.Second, WriteTimeout: 15 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 8 << 10}
}

// verdict writes checks, with status 200 where all are true, else 503.
func verdict(w http.ResponseWriter, checks map[string]bool) {
	status := http.StatusOK
	for _, ok := range checks {
		if !ok {
			status = http.StatusServiceUnavailable
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(checks) // the reader has gone where this fails
}

// metrics are all figures, read as they are asked for.
func (c *Config) metrics() *prometheus.Registry {
	r := prometheus.NewRegistry()
	gauge := func(name, help string, labels prometheus.Labels, f func() float64) {
		r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "belwacht_" + name, Help: help, ConstLabels: labels}, f))
	}
	help := map[string]string{"guard_attempts": "Calls judged as they were first heard of.", "guard_refused": "Calls refused.", "guard_ended": "Running calls ended by the engine.",
		"guard_bypassed": "Calls dialled although they were refused.", "guard_unended": "Calls that should have been ended and were not.",
		"guard_unasked": "Calls that left without being asked of.", "guard_unseen": "Records of calls that nothing else told of.", "guard_late": "Records judged late.",
		"guard_records": "Records taken.", "guard_ahead": "Events far ahead of the clock.", "guard_forgotten": "Calls forgotten for lack of room.",
		"guard_gaps": "Times a feed fell silent or came back.", "ask_asked": "Questions asked.", "ask_allowed": "Questions answered with allow.",
		"ask_refused": "Questions answered with refuse.", "ask_missed": "Questions that had no verdict in time.", "ask_emergency": "Questions of emergency calls.",
		"ask_wrong_secret": "Questions with a wrong secret.", "ask_malformed": "Questions that were none.", "ask_overflow": "Connections above the bound."}
	for name, what := range help {
		r.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "belwacht_" + name + "_total", Help: what}, func() float64 { return float64(c.Counts()[name]) }))
	}
	gauge("build_info", "Version that runs.", prometheus.Labels{"version": c.Version}, func() float64 { return 1 })
	gauge("start_time_seconds", "When it started, in seconds since 1970.", nil, func() float64 { return float64(c.Since.Unix()) })
	gauge("memory_age_seconds", "Since the memory was last kept.", nil, func() float64 { return c.Saved().Seconds() })
	for name, x := range map[string]struct {
		help string
		of   func(s *belwacht.StoreState) float64
	}{"store_bytes": {"Size of the store's file.", func(s *belwacht.StoreState) float64 { return float64(s.Bytes) }},
		"store_waiting": {"Rows that wait to be written.", func(s *belwacht.StoreState) float64 { return float64(s.Pending) }},
		"store_written": {"Rows written since the start.", func(s *belwacht.StoreState) float64 { return float64(s.Written) }},
		"store_dropped": {"Rows lost since the start.", func(s *belwacht.StoreState) float64 { return float64(s.Dropped) }}} {
		gauge(name, x.help, nil, func() float64 { s := c.Store(); return x.of(&s) })
	}
	gauge("calls_running", "Calls to outside that ring or run.", nil, func() float64 { return float64(c.Running()) })
	gauge("panic", "1 where the panic switch of any organisation is on.", nil, func() float64 {
		if c.Panic() {
			return 1
		}
		return 0
	})
	c.More(r)
	return r
}
