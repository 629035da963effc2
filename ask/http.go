package ask

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/belwacht/belwacht/text"
)

const maxBody = 8192

// VerdictSchema names the form of an answer in JSON.
const VerdictSchema = "belwacht.verdict/1"

// verdict is an answer in JSON.
type verdict struct {
	Schema     string `json:"schema"`
	Decision   string `json:"decision"` // allow or refuse
	Cause      string `json:"cause"`
	Reference  string `json:"reference,omitempty"`
	MaxSeconds int64  `json:"max_seconds"` // 0 = no limit
	Reason     string `json:"reason,omitempty"`
	ReasonNL   string `json:"reason_nl,omitempty"`
}

const plainType = "text/plain; charset=us-ascii"

func newVerdict(a *Answer) verdict {
	return verdict{VerdictSchema, a.word(), a.Cause, a.Reference, a.MaxSeconds, text.Cause(text.English, a.Cause), text.Cause(text.Dutch, a.Cause)}
}

// newWeb is net/http's server, for what is no plain question, with a deadline on everything a client could draw out.
func (s *Server) newWeb() *http.Server {
	mux := http.NewServeMux()
	mux.Handle("POST /ask", s)
	return &http.Server{Handler: mux, ReadHeaderTimeout: patience, ReadTimeout: patience, WriteTimeout: patience + 3*hard, IdleTimeout: time.Minute, MaxHeaderBytes: maxBody}
}

// ServeHTTP answers one question: 200 with a verdict; 403 with nothing for whoever may not ask, whatever the reason; 400 or 413 with nothing for what
// is no question. The verdict is WORD,CAUSE,REFERENCE,SECONDS, or JSON where the question was JSON or JSON is accepted. A secret may also stand in an
// Authorization header as Bearer.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	from := parseAddress(r.RemoteAddr)
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		s.malformed.Add(1)
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	inJSON := strings.HasPrefix(r.Header.Get("Content-Type"), "application/json")
	var q *signed
	if inJSON {
		q, err = parseJSON(body)
	} else {
		q, err = parseForm(string(body))
	}
	if err != nil {
		s.malformed.Add(1)
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok && q.Key == "" {
		q.Key = token
	}
	p := s.prove(q, from)
	if p == nil {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	a := s.answer(p, &q.Question, from)
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	if inJSON || strings.Contains(r.Header.Get("Accept"), "application/json") {
		h.Set("Content-Type", "application/json")
		// The reader has gone where this fails.
		_ = json.NewEncoder(w).Encode(newVerdict(&a))
		return
	}
	h.Set("Content-Type", plainType)
	var line [96]byte
	_, _ = w.Write(a.appendPlain(line[:0]))
}

// parseAddress is the IP of HOST:PORT, the zero address where there is none.
func parseAddress(hostport string) netip.Addr {
	a, _ := netip.ParseAddrPort(hostport)
	return a.Addr().Unmap()
}

// address is the IP of a connection's other end.
func address(a net.Addr) netip.Addr {
	if tcp, ok := a.(*net.TCPAddr); ok {
		return tcp.AddrPort().Addr().Unmap()
	}
	return parseAddress(a.String())
}
