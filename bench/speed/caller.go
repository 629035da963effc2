package main

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/belwacht/belwacht/ask"
)

// caller asks one question after the other.
type caller interface {
	// ask asks of the n-th call ever and returns the answer, which is good until the next.
	ask(q *question, n int64) ([]byte, error)
	close()
}

// dialler makes a caller for each of those that ask at once.
type dialler func() (caller, error)

// heard is what came of many questions.
type heard struct {
	peer    string          // who was asked, where it is a peer
	seconds float64         // of the server's processor time
	took    []time.Duration // sorted
	words   map[string]int  // answers by their first words
}

func (r *heard) speed() float64 { return float64(len(r.took)) / r.seconds }

// percentile is in microseconds.
func (r *heard) percentile(p float64) float64 {
	return r.took[min(int(p*float64(len(r.took))), len(r.took)-1)].Seconds() * 1e6
}

func (r *heard) String() string {
	return fmt.Sprintf("%.1f µs of the server's processor time a question; p50 %.0f µs, p99 %.0f µs; %v", r.seconds*1e6/float64(len(r.took)), r.percentile(0.5), r.percentile(0.99), r.words)
}

// warmUp asks questions that are not measured.
func warmUp(questions []question, dial dialler) error {
	c, err := dial()
	if err != nil {
		return err
	}
	defer c.close()
	_, err = askAll([]caller{c}, questions)
	return err
}

// measured asks n questions, so many at once.
func measured(pid int, questions []question, n, atOnce int, dial dialler) (*heard, error) {
	callers := make([]caller, atOnce)
	for i := range callers {
		c, err := dial()
		if err != nil {
			return nil, err
		}
		defer c.close()
		callers[i] = c
	}
	before, err := secondsOf(pid)
	if err != nil {
		return nil, err
	}
	r, err := askAll(callers, questions[:n])
	if err != nil {
		return nil, err
	}
	after, err := secondsOf(pid)
	r.seconds = after - before
	return r, err
}

// asked numbers all questions of this run: no two are of the same call.
var numbered atomic.Int64

// askAll has all callers ask until no question is left.
func askAll(callers []caller, questions []question) (*heard, error) {
	all := &heard{took: make([]time.Duration, 0, len(questions)), words: map[string]int{}}
	var next atomic.Int64
	var mu sync.Mutex
	var wait sync.WaitGroup
	var failed error
	for _, c := range callers {
		wait.Go(func() {
			took, words, err := askOn(c, questions, &next)
			mu.Lock()
			defer mu.Unlock()
			all.took = append(all.took, took...)
			for w, n := range words {
				all.words[w] += n
			}
			if err != nil {
				failed = err
			}
		})
	}
	wait.Wait()
	slices.Sort(all.took)
	return all, failed
}

func askOn(c caller, questions []question, next *atomic.Int64) (took []time.Duration, words map[string]int, err error) {
	words = map[string]int{}
	for {
		i := next.Add(1) - 1
		if i >= int64(len(questions)) {
			return took, words, nil
		}
		begin := time.Now()
		answer, err := c.ask(&questions[i], numbered.Add(1))
		if err != nil {
			return took, words, err
		}
		took = append(took, time.Since(begin))
		word, _, _ := bytes.Cut(answer, []byte{','})
		words[string(word)]++
	}
}

// appendForm appends a question as the dial plan's snippet asks it.
func appendForm(b []byte, q *question, n int64) []byte {
	id := time.Now().Unix()
	b = append(append(b, "&number="...), url.QueryEscape(q.number)...)
	b = append(append(b, "&trunk=PJSIP%2Ftrunk&channel=PJSIP%2F"...), url.QueryEscape(q.account)...)
	b = fmt.Appendf(b, "-%08x&endpoint=", n)
	b = append(b, url.QueryEscape(q.account)...)
	b = fmt.Appendf(b, "&linkedid=%d.%d&uniqueid=%d.%d&caller=", id, n, id, n)
	b = append(append(b, url.QueryEscape(q.account)...), "&name=Office&user="...)
	return append(append(b, url.QueryEscape(q.account)...), "&rang=&diverted=&transferer="...)
}

// web asks by HTTP.
type web struct {
	addr string
	kept bool
	conn net.Conn
	r    *bufio.Reader
	body []byte
	out  []byte
}

func (s *server) httpKept() dialler {
	return func() (caller, error) {
		c, err := net.Dial("tcp", s.http)
		return &web{addr: s.http, kept: true, conn: c, r: bufio.NewReader(c)}, err
	}
}

func (s *server) httpNew() dialler {
	return func() (caller, error) { return &web{addr: s.http, r: bufio.NewReader(nil)}, nil }
}

func (w *web) ask(q *question, n int64) ([]byte, error) {
	w.body = appendForm(append(w.body[:0], "pbx=office&key="+benchSecret...), q, n)
	w.out = fmt.Appendf(w.out[:0], "POST /ask HTTP/1.1\r\nHost: %s\r\nUser-Agent: asterisk-libcurl-agent/1.0\r\nAccept: */*\r\nContent-Length: %d\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n",
		w.addr, len(w.body))
	w.out = append(w.out, w.body...)
	if !w.kept {
		c, err := net.Dial("tcp", w.addr)
		if err != nil {
			return nil, err
		}
		defer c.Close()
		w.conn = c
		w.r.Reset(c)
	}
	if _, err := w.conn.Write(w.out); err != nil {
		return nil, err
	}
	return w.answer()
}

// answer reads an answer: its first line, its headers and as many bytes as those say.
func (w *web) answer() ([]byte, error) {
	length := -1
	for first := true; ; first = false {
		line, err := w.r.ReadSlice('\n')
		if err != nil {
			return nil, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if first && !bytes.HasPrefix(line, []byte("HTTP/1.1 200 ")) {
			return nil, fmt.Errorf("the answer is %q", line)
		}
		if len(line) == 0 {
			break
		}
		if name, value, _ := bytes.Cut(line, []byte(": ")); bytes.EqualFold(name, []byte("Content-Length")) {
			if length, err = strconv.Atoi(string(value)); err != nil {
				return nil, err
			}
		}
	}
	if length < 0 || length > 1000 {
		return nil, fmt.Errorf("the answer has a length of %d", length)
	}
	w.body = slices.Grow(w.body[:0], length)[:length]
	for n := 0; n < length; {
		m, err := w.r.Read(w.body[n:])
		if err != nil {
			return nil, err
		}
		n += m
	}
	return w.body, nil
}

func (w *web) close() {
	if w.kept {
		w.conn.Close()
	}
}

// agi asks by FastAGI.
type agi struct {
	addr string
	r    *bufio.Reader
	out  []byte
}

func (s *server) fastAGI() dialler {
	return func() (caller, error) { return &agi{addr: s.agi, r: bufio.NewReader(nil)}, nil }
}

func (a *agi) ask(q *question, n int64) ([]byte, error) {
	now := time.Now().Unix()
	at, id := strconv.FormatInt(now, 10), fmt.Sprintf("%d.%d", now, n)
	account := url.QueryEscape(q.account)
	a.out = fmt.Appendf(a.out[:0], "agi_network: yes\nagi_network_script: ask\nagi_request: agi://%s/ask\nagi_channel: PJSIP/%s-%08x\nagi_language: nl\nagi_type: PJSIP\nagi_uniqueid: %s\n"+
		"agi_version: 22.0.0\nagi_callerid: %s\nagi_calleridname: Office\nagi_callingpres: 0\nagi_callingani2: 0\nagi_callington: 0\nagi_callingtns: 0\nagi_dnid: %s\nagi_rdnis: unknown\n"+
		"agi_context: belwacht-ask\nagi_extension: s\nagi_priority: 2\nagi_enhanced: 0.0\nagi_accountcode: \nagi_threadid: 1\nagi_arg_1: pbx=office&at=%s&key=%s",
		a.addr, q.account, n, id, q.account, q.number, at, ask.Sign(benchSecret, at, id, url.QueryEscape(q.number)))
	a.out = fmt.Appendf(a.out, "&number=%s&trunk=PJSIP%%2Ftrunk&channel=PJSIP%%2F%s-%08x&endpoint=%s&linkedid=%s&uniqueid=%s&caller=%s&name=Office&user=%s&rang=&diverted=&transferer=\n\n",
		url.QueryEscape(q.number), account, n, account, id, id, account, account)
	c, err := net.Dial("tcp", a.addr)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	if _, err := c.Write(a.out); err != nil {
		return nil, err
	}
	a.r.Reset(c)
	line, err := a.r.ReadSlice('\n')
	if err != nil {
		return nil, fmt.Errorf("FastAGI answers nothing: %w", err)
	}
	_, answer, ok := bytes.Cut(line, []byte(" "+ask.Variable+" \""))
	if !ok {
		return nil, fmt.Errorf("FastAGI answers %q", line)
	}
	_, err = c.Write([]byte("200 result=1\n"))
	return answer, err
}

func (a *agi) close() {}
