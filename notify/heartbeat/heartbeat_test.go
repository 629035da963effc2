package heartbeat

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/notify"
)

// TestBeat: it beats while the engine is alive, says once where it does not arrive, and shows no address.
func TestBeat(t *testing.T) {
	var asked atomic.Int32
	var status atomic.Int32
	status.Store(200)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/hidden" && r.Method == http.MethodGet {
			asked.Add(1)
		}
		w.WriteHeader(int(status.Load()))
	}))
	defer s.Close()
	alive := true
	var log bytes.Buffer
	here := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	h, err := New(Config{URL: s.URL + "/hidden", Alive: func() bool { return alive }, Client: notify.NewClient(here, nil), Allow: here, Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	h.beat(t.Context())
	if st := h.State(); asked.Load() != 1 || st.Sent != 1 || !st.Since.IsZero() {
		t.Errorf("%d %+v", asked.Load(), st)
	}
	alive = false
	if h.beat(t.Context()); asked.Load() != 1 {
		t.Error("it beats for a stalled engine")
	}
	alive = true
	status.Store(500)
	h.beat(t.Context())
	h.beat(t.Context())
	if st := h.State(); st.Since.IsZero() || st.LastError == "" || strings.Count(log.String(), "event=heartbeat.failed") != 1 || strings.Contains(log.String()+st.LastError, "hidden") {
		t.Errorf("%+v\n%s", st, log.String())
	}
	status.Store(204)
	if h.beat(t.Context()); !h.State().Since.IsZero() || asked.Load() != 4 {
		t.Errorf("%+v", h.State())
	}
	if _, err := New(Config{URL: "http://ping.example.nl/hidden"}); belwacht.CodeOf(err) != belwacht.Config || strings.Contains(err.Error(), "hidden") {
		t.Error(err)
	}
}
