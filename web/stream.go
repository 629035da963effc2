package web

import (
	"bytes"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/belwacht/belwacht"
)

// Bounds of what is live.
const (
	streamsMost   = 200              // at once
	streamLongest = 10 * time.Minute // then the browser asks again
	askAgain      = 15 * time.Second // who asks is found out anew
	writeWithin   = 10 * time.Second
)

// Live adds a part of a page that draws itself anew: a fragment is drawn every so often and sent where it changed, as server-sent events (HTML Living Standard §9.2).
// The page has it in an element with hx-sse:connect. A reader who loses the right is cut off within a quarter of a minute.
func (s *Site) Live(path string, right Right, set *Set, every time.Duration, draw func(*Ask) (template string, data any, err error)) {
	room := make(chan struct{}, streamsMost)
	s.mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
		a, err := s.ask(w, r)
		switch {
		case err != nil:
			s.problem(a, err)
			return
		case !a.May(right):
			s.problem(a, errForbidden)
			return
		}
		select {
		case room <- struct{}{}:
			defer func() { <-room }()
		default:
			s.problem(a, belwacht.Errorf(belwacht.Unreachable, "%s", a.T("Too many pages are open that draw themselves anew. Close some.")))
			return
		}
		a.set = set
		s.stream(a, right, every, draw)
	})
}

// still says whether somebody is who they were as they asked: the same person, with the same rights, who looks at the same organisation and may.
func (s *Site) still(a *Ask, right Right) bool {
	v, err := s.cfg.Door.Visitor(a.Request)
	if err != nil || v == nil || !v.May(right) || !v.Sees(a.Tenant.Name) {
		return false
	}
	return v.Name == a.Visitor.Name && slices.Equal(v.Rights, a.Visitor.Rights) && slices.Equal(v.Tenants, a.Visitor.Tenants) && s.tenant(a.Request, v).Name == a.Tenant.Name
}

func (s *Site) stream(a *Ask, right Right, every time.Duration, draw func(*Ask) (string, any, error)) {
	h := a.w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // a proxy would hold it back
	out := http.NewResponseController(a.w)
	var last []byte
	began, asked, sent := time.Now(), time.Now(), time.Time{}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if time.Since(asked) > askAgain {
			if asked = time.Now(); !s.still(a, right) {
				return // the browser asks again, and is answered as who asks then
			}
		}
		a.Now = s.Now()
		name, data, err := draw(a)
		var b []byte
		if err == nil {
			b, err = a.set.Fragment(a, name, data)
		}
		switch {
		case a.Context().Err() != nil:
			return
		case err != nil:
			s.cfg.Log.Error("what is live cannot be drawn", "event", "web.failed", "path", a.URL.Path, "error", err)
			return
		case !bytes.Equal(b, last) || time.Since(sent) > askAgain:
			if send(a.w, out, b) != nil {
				return
			}
			last, sent = b, time.Now()
		}
		if time.Since(began) > streamLongest {
			return
		}
		select {
		case <-a.Context().Done():
			return
		case <-tick.C:
		}
	}
}

// send writes one event.
func send(w http.ResponseWriter, out *http.ResponseController, b []byte) error {
	if err := out.SetWriteDeadline(time.Now().Add(writeWithin)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	var e bytes.Buffer
	for line := range bytes.Lines(b) {
		e.WriteString("data: ")
		e.Write(bytes.TrimRight(line, "\r\n"))
		e.WriteByte('\n')
	}
	e.WriteByte('\n')
	if _, err := w.Write(e.Bytes()); err != nil {
		return err
	}
	return out.Flush()
}
