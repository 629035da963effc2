package ask

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/number"
)

const secret = "fake-secret-for-tests"

// judge answers by a function and counts.
type judge struct {
	n  atomic.Int64
	do func(ctx context.Context, q *Question) (Answer, error)
}

func (j *judge) Ask(ctx context.Context, q *Question) (Answer, error) {
	j.n.Add(1)
	return j.do(ctx, q)
}

func refuses(context.Context, *Question) (Answer, error) {
	return Answer{Word: belwacht.Refuse, Cause: "rule.new-country", Reference: "K7Q2"}, nil
}

// stalls is an engine that does not answer, whatever ctx says, until stop is closed.
func stalls(stop chan struct{}) func(context.Context, *Question) (Answer, error) {
	return func(ctx context.Context, q *Question) (Answer, error) {
		<-stop
		return refuses(ctx, q)
	}
}

// profile knows one country.
type profile struct{ country string }

func (p profile) Usual(_, _ string, c belwacht.Country) bool { return c.String() == p.country }

// started is a server on real sockets.
type started struct {
	*Server
	http, agi string
	notices   chan Notice
}

func start(t testing.TB, j Judge, usual Usual) *started {
	t.Helper()
	site, err := number.New(number.Config{Country: "NL", Extensions: []string{"200-399"}})
	if err != nil {
		t.Fatal(err)
	}
	notices := make(chan Notice, 10000)
	s, err := New(Config{Judge: j, Usual: usual, Tell: func(n Notice) { notices <- n }, PBXs: []PBX{
		{Name: "hoofdkantoor", Secret: secret, Numbers: site}, {Name: "filiaal", Secret: secret + "-2", Numbers: site, From: []netip.Prefix{netip.MustParsePrefix("192.0.2.7/32")}}}})
	if err != nil {
		t.Fatal(err)
	}
	out := &started{Server: s, notices: notices}
	out.http, out.agi = out.listen(t, s.Serve), out.listen(t, s.ServeFastAGI)
	t.Cleanup(func() { _ = s.Stop(context.Background()) })
	return out
}

// listen serves on a free port.
func (s *started) listen(t testing.TB, serve func(net.Listener) error) string {
	t.Helper()
	l, err := Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		if err := serve(l); err != nil {
			t.Error(err)
		}
	}()
	return l.Addr().String()
}

// form is a question about a number.
func form(number, link string) url.Values {
	return url.Values{"number": {number}, "linkedid": {link}, "uniqueid": {link}, "channel": {"PJSIP/201-0000000a"}}
}

// post asks by HTTP.
func (s *started) post(t testing.TB, key string, f url.Values) (int, string) {
	t.Helper()
	r, err := http.Post("http://"+s.http+"/ask", "application/x-www-form-urlencoded", strings.NewReader("key="+url.QueryEscape(key)+"&"+f.Encode()))
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	defer func() { _ = r.Body.Close() }()
	b, _ := io.ReadAll(r.Body)
	return r.StatusCode, string(b)
}

// insist is session until there is an answer: a session lasts 300 ms, which may pass on a machine that is short of time.
func (s *started) insist(t testing.TB, f url.Values) (got string) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); got == "" && time.Now().Before(end); {
		got = s.session(t, secret, f)
	}
	return got
}

// session asks by FastAGI as Asterisk does, and returns what the variable was set to; "" where the server closed without.
func (s *started) session(t testing.TB, key string, f url.Values) string {
	t.Helper()
	c, err := net.Dial("tcp", s.agi)
	if err != nil {
		t.Error(err)
		return ""
	}
	defer func() { _ = c.Close() }()
	_ = c.SetDeadline(time.Now().Add(5 * time.Second))
	at, number := strconv.FormatInt(time.Now().Unix(), 10), url.QueryEscape(f.Get("number"))
	rest := url.Values{}
	for k, v := range f {
		if k != "number" {
			rest[k] = v
		}
	}
	fmt.Fprintf(c, "agi_network: yes\nagi_network_script: ask\nagi_channel: PJSIP/201-0000000a\nagi_uniqueid: %s\nagi_arg_1: at=%s&key=%s&number=%s&%s\n\n",
		f.Get("uniqueid"), at, Sign(key, at, f.Get("uniqueid"), number), number, rest.Encode())
	line, err := bufio.NewReader(c).ReadString('\n')
	if err != nil {
		return ""
	}
	fmt.Fprintf(c, "200 result=1\n")
	v, ok := strings.CutPrefix(line, "SET VARIABLE BW_ANSWER \"")
	if !ok || strings.ContainsAny(v[:len(v)-2], "\"\r\n") {
		t.Errorf("%q", line)
	}
	return strings.TrimSuffix(v, "\"\n")
}

func TestOneAnswerTwoWays(t *testing.T) {
	j := &judge{do: func(ctx context.Context, q *Question) (Answer, error) {
		account, _ := q.Account()
		if q.PBX != "hoofdkantoor" || account != "201" {
			return Answer{}, errors.New("another question")
		}
		if q.Number == "0612345678" {
			return Answer{MaxSeconds: 600}, nil
		}
		return refuses(ctx, q)
	}}
	s := start(t, j, nil)
	for number, want := range map[string]string{"00252611234567": "refuse,rule.new-country,K7Q2,0", "0612345678": "allow,,,600", "112": "allow,emergency,,0"} {
		if code, got := s.post(t, secret, form(number, "1.1"+number)); code != 200 || got != want {
			t.Errorf("HTTP %s: %d %q, want %q", number, code, got, want)
		}
		if got := s.session(t, secret, form(number, "1.2"+number)); got != want {
			t.Errorf("FastAGI %s: %q, want %q", number, got, want)
		}
		if got := s.session(t, secret, form(number, "1.1"+number)); got != want { // the same call, by the other way
			t.Errorf("again %s: %q, want %q", number, got, want)
		}
	}
	for end := time.Now().Add(10 * time.Second); j.n.Load() < 6 && time.Now().Before(end); time.Sleep(time.Millisecond) { // an emergency call passes before it is judged
	}
	if n := j.n.Load(); n != 6 {
		t.Errorf("judged %d times, want 6: a call is judged once, however often it is asked", n)
	}
	req, _ := http.NewRequest("POST", "http://"+s.http+"/ask", strings.NewReader(`{"number":"00252611234567","channel":"PJSIP/201-0000000a"}`))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+secret)
	r, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	var v verdict
	if err := json.NewDecoder(r.Body).Decode(&v); err != nil || v != (verdict{Schema: VerdictSchema, Decision: "refuse", Cause: "rule.new-country", Reference: "K7Q2"}) {
		t.Errorf("JSON: %+v %v", v, err)
	}
	if c := s.Counts(); c.Asked != 10 || c.Refused != 4 || c.Allowed != 6 || c.Emergency != 3 || c.Missed != 0 {
		t.Errorf("%+v", c)
	}
}

func TestWrongSecretTeachesNothing(t *testing.T) {
	j := &judge{do: refuses}
	s := start(t, j, nil)
	other := form("0032470000101", "1.1")
	other.Set("pbx", "filiaal")
	for name, c := range map[string]struct {
		key string
		f   url.Values
	}{"wrong": {"x", form("0032470000101", "1.1")}, "none": {"", form("112", "1.1")}, "another's name": {secret, other}} {
		if code, got := s.post(t, c.key, c.f); code != 403 || got != "" {
			t.Errorf("%s: %d %q", name, code, got)
		}
		if got := s.session(t, c.key, c.f); got != "" {
			t.Errorf("%s by FastAGI: %q", name, got)
		}
	}
	stale := url.Values{"at": {"1000000000"}, "key": {Sign(secret, "1000000000", "1.1", "0032470000101")}, "number": {"0032470000101"}, "uniqueid": {"1.1"}}
	r, err := http.PostForm("http://"+s.http+"/ask", stale)
	if err != nil || r.StatusCode != 403 {
		t.Errorf("an old signature: %v %v", r, err)
	}
	if s.Counts().WrongSecret != 7 || len(s.notices) != 7 || j.n.Load() != 0 {
		t.Errorf("%+v, %d told, %d judged", s.Counts(), len(s.notices), j.n.Load())
	}
	// The secret of a PBX is good from its own addresses only.
	q := &signed{Key: secret + "-2"}
	for from, want := range map[string]bool{"192.0.2.7": true, "::ffff:192.0.2.7": true, "192.0.2.8": false, "127.0.0.1": true, "::1": true} {
		if got := s.who(q, netip.MustParseAddr(from), time.Now()) != nil; got != want {
			t.Errorf("from %s: %v", from, got)
		}
	}
}

// TestStalledJudge: the deadline holds and the default goes out by class, however many ask.
func TestStalledJudge(t *testing.T) {
	stop := make(chan struct{})
	j := &judge{do: stalls(stop)}
	s := start(t, j, profile{"BE"})
	defer close(stop)
	var wg sync.WaitGroup
	for number, want := range map[string]string{"112": "allow,emergency,,0", "0900-8844": "refuse,engine.late,,0", "09008844": "allow,,,0", "0612345678": "allow,,,0", "0201230000": "allow,,,0",
		"212": "allow,,,0", "0032470000101": "allow,,,3600", "00252611234567": "refuse,engine.late,,0", "09001234567": "refuse,engine.late,,0", "00881612345678": "refuse,engine.late,,0",
		"nonsense\"\r\nSET VARIABLE X 1": "refuse,engine.late,,0"} {
		for _, way := range []string{"http", "agi"} {
			wg.Go(func() {
				_, got := 0, ""
				if way == "http" {
					_, got = s.post(t, secret, form(number, "1.1"+url.QueryEscape(number)))
				} else {
					got = s.insist(t, form(number, "1.1"+url.QueryEscape(number)))
				}
				if got != want { // that there is an answer is the deadline's work: the judge gives none
					t.Errorf("%s %q: %q, want %q", way, number, got, want)
				}
			})
		}
	}
	wg.Wait()
	for i, want := range []string{"allow", "refuse", "refuse"} { // with the one above two at once
		if got := s.insist(t, form("0032470000102", fmt.Sprint("2.", i))); !strings.HasPrefix(got, want) {
			t.Errorf("call abroad %d: %q", i, got)
		}
	}
	if s.Counts().Missed == 0 || len(s.notices) == 0 {
		t.Error("misses are not counted or told")
	}
	for i := range 2 * judging { // more than may be judged at once: the goroutines are bounded
		wg.Go(func() { s.post(t, secret, form("0612345678", fmt.Sprint("3.", i))) })
		if i%64 == 63 {
			wg.Wait()
		}
	}
	wg.Wait()
	if n := j.n.Load(); n > judging {
		t.Errorf("%d questions are being judged", n)
	}
}

// TestLateVerdict: what comes after the default answers the call's next trunk.
func TestLateVerdict(t *testing.T) {
	speak := make(chan struct{})
	j := &judge{do: stalls(speak)}
	s := start(t, j, nil)
	if _, got := s.post(t, secret, form("0612345678", "1.1")); got != "allow,,,0" {
		t.Errorf("first %q", got)
	}
	close(speak)
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(target) {
		_, got := s.post(t, secret, form("0612345678", "1.1"))
		if got == "refuse,rule.new-country,K7Q2,0" {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("then %q", got)
		}
	}
	if j.n.Load() != 1 {
		t.Errorf("judged %d times", j.n.Load())
	}
}

func TestBadClients(t *testing.T) {
	s := start(t, &judge{do: refuses}, nil)
	huge := form("0032470000101", "1.1")
	huge.Set("name", strings.Repeat("x", 1<<20))
	if code, got := s.post(t, secret, huge); code != 413 || got != "" {
		t.Errorf("huge: %d %q", code, got)
	}
	if code, got := s.post(t, secret, form("", "1.1")); code != 400 || got != "" {
		t.Errorf("no number: %d %q", code, got)
	}
	for path, body := range map[string]string{"/ask": "", "/": "x", "/ask/x": "x"} {
		if r, err := http.Get("http://" + s.http + path); err != nil || r.StatusCode < 400 {
			t.Errorf("GET %s %q: %v %v", path, body, r, err)
		}
	}
	for name, sent := range map[string]string{"silent": "", "half": "agi_network: yes\n", "no argument": "agi_network: yes\n\n", "HTTP": "POST /ask HTTP/1.1\r\n\r\n", "endless": strings.Repeat("agi_arg_1: x\n", 1000)} {
		c, err := net.Dial("tcp", s.agi)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(c, sent)
		_ = c.SetReadDeadline(time.Now().Add(20 * time.Second))
		if b, err := io.ReadAll(c); len(b) > 0 || errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%s: %q, %v", name, b, err)
		}
		_ = c.Close()
	}
	slow, err := net.Dial("tcp", s.http)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(slow, "POST /ask HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nkey=")
	_ = slow.SetReadDeadline(time.Now().Add(20 * time.Second))
	if b, err := io.ReadAll(slow); strings.Contains(string(b), " 200 ") || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("slow: %q, %v", b, err)
	}
	if c := s.Counts(); c.Malformed < 6 || c.Asked != 0 {
		t.Errorf("%+v", c)
	}
}

// TestManyAndRestart: many at once, a stop in the middle, and a server on the same port afterwards.
func TestManyAndRestart(t *testing.T) {
	s := start(t, &judge{do: refuses}, nil)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for n := range 40 {
				f := form("00252611234567", fmt.Sprintf("%d.%d", i, n))
				if _, got := s.post(t, secret, f); !strings.HasPrefix(got, "refuse") {
					t.Errorf("%q", got)
				}
				if got := s.insist(t, f); !strings.HasPrefix(got, "refuse") {
					t.Errorf("%q", got)
				}
			}
		})
	}
	wg.Wait()
	if err := s.Stop(context.Background()); err != nil {
		t.Fatal(err)
	}
	if l, err := Listen(s.agi); err != nil {
		t.Error(err)
	} else if _, err := Listen(s.agi); belwacht.CodeOf(err) != belwacht.Config {
		t.Errorf("twice: %v", err)
	} else {
		_ = l.Close()
	}
	if l, err := Listen(s.agi); err != nil || s.ServeFastAGI(l) != nil {
		t.Error("a stopped server serves")
	}
}
