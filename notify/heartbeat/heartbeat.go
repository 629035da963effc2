// Package heartbeat asks an address at a second place again and again, such as healthchecks.io, Uptime Kuma, or a dead man's switch of the owner's: where that stops,
// the second place tells people that Belwacht is silent, which Belwacht itself no longer could.
//
// It beats only while Belwacht says that it is alive: a process that runs and judges nothing is silent too. The address is a secret.
package heartbeat

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/notify"
)

// Config is where and how often.
type Config struct {
	URL    string
	Every  time.Duration // 0 = 1 min
	Alive  func() bool   // nil = always
	Client *notify.Client
	Allow  []netip.Prefix
	Log    *slog.Logger
}

// Heart beats. Its methods may be called from many goroutines.
type Heart struct {
	cfg Config

	mu    sync.Mutex
	state notify.State
}

// New makes a Heart. An error is of code Config.
func New(c Config) (*Heart, error) {
	if err := notify.CheckURL(c.URL, c.Allow); err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "the heartbeat's address %w", err)
	}
	if c.Every == 0 {
		c.Every = time.Minute
	}
	return &Heart{cfg: c, state: notify.State{Name: "heartbeat"}}, nil
}

// Run beats until ctx ends.
func (h *Heart) Run(ctx context.Context) {
	t := time.NewTicker(h.cfg.Every)
	defer t.Stop()
	for {
		h.beat(ctx)
		select {
		case <-t.C:
		case <-ctx.Done():
			return
		}
	}
}

// beat asks once.
func (h *Heart) beat(ctx context.Context) {
	if h.cfg.Alive != nil && !h.cfg.Alive() {
		h.cfg.Log.Error("no heartbeat is sent, since the engine is stalled", "event", "heartbeat.kept-back")
		return
	}
	_, err := h.cfg.Client.Do(ctx, http.MethodGet, h.cfg.URL, nil, nil, "look whether the address is still there")
	if ctx.Err() != nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if err == nil {
		h.state.Sent++
		h.state.LastSent, h.state.LastError, h.state.Since = time.Now(), "", time.Time{}
		return
	}
	if h.state.LastError = err.Error(); h.state.Since.IsZero() {
		h.state.Since = time.Now()
		h.cfg.Log.Warn("the heartbeat does not arrive; it is tried again and again", "event", "heartbeat.failed", "error", err)
	}
}

// State says how it is doing.
func (h *Heart) State() notify.State {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.state
}
