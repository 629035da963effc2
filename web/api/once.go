package api

import (
	"bytes"
	"crypto/sha256"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/belwacht/belwacht"
)

// Bounds of what is kept of changes that were made under a key.
const (
	onceFor   = 24 * time.Hour
	onceMost  = 2000    // answers, of all who ask; the oldest makes room
	onceBytes = 8 << 20 // of them together
	onceKey   = 255     // bytes of a key
	onceOne   = 64 << 10
)

// onceHeader is the field's name (draft-ietf-httpapi-idempotency-key-header-07).
const onceHeader = "Idempotency-Key"

// made is a change that was made, or is being made, under a key.
type made struct {
	key    string
	print  [sha256.Size]byte // of method, address and body
	at     time.Time
	busy   bool
	status int
	kind   string // media type
	body   []byte
}

// once remembers what came of changes, so that one that is sent again because its answer was lost is not made again. Its zero value is ready; it is safe for concurrent use,
// and forgets with the process.
type once struct {
	mu    sync.Mutex
	all   map[string]*made
	order []*made // the oldest first
	bytes int
}

// keyOf reads the field: a string of structured fields (RFC 9651 §3.3.3), or one without its quotes, as many send it. "" and false where it is none.
func keyOf(s string) (string, bool) {
	if len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"' {
		s = s[1 : len(s)-1]
	}
	if s == "" || len(s) > onceKey || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' || r == '"' || r == '\\' }) {
		return "", false
	}
	return s, true
}

// begin takes a key. Where it is known it returns what came of it; where it is another request's, or that one is still being answered, an error.
func (o *once) begin(key string, print [sha256.Size]byte, now time.Time) (*made, bool, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(o.order) > 0 && (now.Sub(o.order[0].at) >= onceFor || len(o.order) >= onceMost || o.bytes > onceBytes) {
		o.drop(o.order[0])
	}
	if m := o.all[key]; m != nil {
		switch {
		case m.print != print:
			return nil, false, belwacht.Errorf(belwacht.Invalid, "this %s was used for another request; use a new one", onceHeader)
		case m.busy:
			return nil, false, belwacht.Errorf(belwacht.Config, "the request with this %s is still being answered", onceHeader)
		}
		return m, true, nil
	}
	m := &made{key: key, print: print, at: now, busy: true}
	if o.all == nil {
		o.all = make(map[string]*made)
	}
	o.all[key] = m
	o.order = append(o.order, m)
	return m, false, nil
}

// end keeps an answer, or forgets the key where the request may be tried again: it was turned away, or it was our fault.
func (o *once) end(m *made, a *answered) {
	o.mu.Lock()
	defer o.mu.Unlock()
	again := a.status == 0 || a.status >= 500 || a.status == http.StatusUnauthorized || a.status == http.StatusForbidden || a.status == http.StatusTooManyRequests
	if o.all[m.key] != m {
		return
	}
	if again || a.long {
		o.drop(m)
		return
	}
	m.busy, m.status, m.kind, m.body = false, a.status, a.Header().Get("Content-Type"), bytes.Clone(a.body.Bytes())
	o.bytes += len(m.body)
}

// drop forgets one. o.mu is held.
func (o *once) drop(m *made) {
	delete(o.all, m.key)
	for i, x := range o.order {
		if x == m {
			o.order = append(o.order[:i], o.order[i+1:]...)
			break
		}
	}
	o.bytes -= len(m.body)
}

// answered notes an answer as it is written.
type answered struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
	long   bool // too long to be kept
}

// WriteHeader implements http.ResponseWriter.
func (a *answered) WriteHeader(status int) {
	a.status = status
	a.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (a *answered) Write(b []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	if a.long = a.long || a.body.Len()+len(b) > onceOne; !a.long {
		a.body.Write(b)
	}
	return a.ResponseWriter.Write(b)
}

// serve answers a change at most once for each key of who asks.
func (o *once) serve(w http.ResponseWriter, r *http.Request, who string, now time.Time, next http.Handler) {
	shown := r.Header.Get(onceHeader)
	if shown == "" || r.Method == http.MethodGet || r.Method == http.MethodHead {
		next.ServeHTTP(w, r)
		return
	}
	key, ok := keyOf(shown)
	if !ok {
		tell(w, http.StatusBadRequest, belwacht.Usage, onceHeader+": give 1 to 255 letters, digits and signs, such as a UUID")
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		tell(w, http.StatusRequestEntityTooLarge, belwacht.Invalid, "what was sent is too long, or its end did not come")
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	print := sha256.Sum256(append([]byte(r.Method+" "+r.URL.RequestURI()+"\n"+r.Header.Get("Content-Type")+"\n"), body...))
	m, known, err := o.begin(who+"\n"+key, print, now)
	switch {
	case belwacht.CodeOf(err) == belwacht.Config:
		w.Header().Set("Retry-After", "1")
		tell(w, http.StatusConflict, belwacht.Config, err.Error())
	case err != nil:
		tell(w, http.StatusUnprocessableEntity, belwacht.Invalid, err.Error())
	case known:
		w.Header().Set("Idempotent-Replayed", "true")
		if m.kind != "" {
			w.Header().Set("Content-Type", m.kind)
		}
		w.WriteHeader(m.status)
		_, _ = w.Write(m.body) // the reader has gone where this fails
	default:
		a := &answered{ResponseWriter: w}
		defer func() { o.end(m, a) }()
		next.ServeHTTP(a, r)
	}
}
