package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/detect"
	"github.com/belwacht/belwacht/store/file"
)

// What is asked of a running Belwacht. Of calls that are let through nothing more is heard, so they run on until they make room for others (20,000 legs
// a PBX): before anything is measured there are as many as there will be, and from then on each question has a call end, too.
const (
	warm    = 21_000 // questions before, which are not measured
	kept    = 20_000 // questions over connections that are kept
	once    = 8_000  // questions with a connection each
	crowded = 50     // at once
)

// benchSecret is what the bench proves itself by, to its own server on loopback.
const benchSecret = "bench-secret-of-loopback-only"

// living prints the figures of a running Belwacht that is asked before each call.
func living(opt *options) error {
	program, err := filepath.Abs(opt.program)
	if err != nil {
		return err
	}
	h, err := newHouse(program)
	if err != nil {
		return err
	}
	defer os.RemoveAll(h.folder)
	peers, err := besideCGRateS(h)
	if err != nil {
		return err
	}
	for _, w := range []struct {
		name string
		n    int
		peer string // the way in which the peer is asked alike
		dial func(s *server) dialler
	}{
		{"http-kept", kept, "kept", (*server).httpKept},
		{"http-new", once, "new", (*server).httpNew},
		{"fastagi", once, "new", (*server).fastAGI},
	} {
		for _, atOnce := range []int{crowded, 1} {
			r, err := h.measure(w.n, atOnce, w.dial)
			if err != nil {
				return fmt.Errorf("%s, %d at once: %w", w.name, atOnce, err)
			}
			r.print(fmt.Sprintf("live-%s-%d", w.name, atOnce), peers[way{w.peer, atOnce}])
		}
	}
	return nil
}

// print writes the figures of one way to ask beside those of the peer, or beside the design's goals where there is none.
func (r *heard) print(name string, peer *heard) {
	note("%s: %s", name, r)
	if peer == nil {
		asked(name, r.speed(), "verdicts/cpu-s", 64_000, false).print()
		asked(name+"-p99", r.percentile(0.99), "µs", 150, true).print()
		return
	}
	figure{name: name, ours: r.speed(), unit: "verdicts/cpu-s", peer: peer.peer, value: peer.speed(), goal: 20}.print()
	figure{name: name + "-p50", ours: r.percentile(0.5), unit: "µs", peer: peer.peer, value: peer.percentile(0.5), lower: true, goal: 1}.print()
	figure{name: name + "-p99", ours: r.percentile(0.99), unit: "µs", peer: peer.peer, value: peer.percentile(0.99), lower: true, goal: 1}.print()
	asked(name+"-p99-asked", r.percentile(0.99), "µs", 150, true).print()
}

// question is a call that is about to be dialled.
type question struct{ account, number string }

// house is an office of 5,000 accounts with eight weeks of history that end now, and the questions of its next morning.
type house struct {
	program, folder string
	config          string // its file
	http, agi       string // where it listens
	questions       []question
}

// newHouse makes the configuration and the memory that a Belwacht begins with.
func newHouse(program string) (_ *house, err error) {
	note("making up an office of %d extensions and %d weeks", officeSize, historyWeeks+1)
	o, err := newOffice()
	if err != nil {
		return nil, err
	}
	h := &house{program: program}
	if h.folder, err = os.MkdirTemp("", "belwacht-bench-"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			os.RemoveAll(h.folder)
		}
	}()
	if err := h.configure(o); err != nil {
		return nil, err
	}
	// The office's Monday at nine is now: what is usual by the hour was learned by this clock, and the office never closes.
	morning := belwacht.InstantOf(o.org.LearnUntil()) + 9*belwacht.Hour
	if err := h.remember(o, belwacht.InstantOf(time.Now())-morning, morning); err != nil {
		return nil, err
	}
	first, _ := slices.BinarySearchFunc(o.week, morning, func(c belwacht.Call, t belwacht.Instant) int { return int(min(max(c.Start-t, -1), 1)) })
	for i := first; i < len(o.week) && len(h.questions) < kept+warm; i++ {
		h.questions = append(h.questions, question{o.week[i].Account, o.week[i].Dialled})
	}
	if len(h.questions) < kept+warm {
		return nil, fmt.Errorf("the office makes %d calls in its week, too few to ask of", len(h.questions))
	}
	return h, nil
}

// configure writes the configuration.
func (h *house) configure(o *office) error {
	var err error
	for _, addr := range []*string{&h.http, &h.agi} {
		if *addr, err = freePort(); err != nil {
			return err
		}
	}
	var deck bytes.Buffer
	if err := o.org.WriteRates(&deck); err != nil {
		return err
	}
	h.config = filepath.Join(h.folder, "belwacht.yaml")
	text := fmt.Sprintf("version: 1\norganisation: {name: office, country: NL, timezone: %s, office_hours: \"mon-sun 00:00-24:00\"}\nmode: enforce\n"+
		"control: {socket: %s}\nrates: {file: rates.csv}\npbx:\n  - name: office\n    kind: asterisk\n    trunks: [PJSIP/trunk]\n"+
		"    ask: {listen: %q, fastagi: %q, secret_file: ask.secret}\n", o.org.Timezone(), filepath.Join(h.folder, "s"), h.http, h.agi)
	for name, b := range map[string][]byte{"belwacht.yaml": []byte(text), "rates.csv": deck.Bytes(), "ask.secret": []byte(benchSecret + "\n")} {
		if err := os.WriteFile(filepath.Join(h.folder, name), b, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// remember plays the history and keeps the memory, as a Belwacht that ran all the time would have it.
func (h *house) remember(o *office, shift, until belwacht.Instant) error {
	c, err := config.Load(h.config, nil)
	if err != nil {
		return err
	}
	e, err := c.LiveEngine(nil)
	if err != nil {
		return err
	}
	var out detect.Out
	var events [3]belwacht.Event
	calls := 0
	for _, list := range [][]belwacht.Call{o.history, o.week} {
		for i := range list {
			x := list[i]
			if x.End > until {
				continue
			}
			x.Tenant = "office"
			x.Start, x.End = x.Start+shift, x.End+shift
			if x.Answer != 0 {
				x.Answer += shift
			}
			for j := range x.Events(&events) {
				out.Reset()
				if err := e.Handle(&events[j], &out); err != nil {
					return err
				}
			}
			calls++
		}
	}
	note("%d calls to numbers outside are its history", calls)
	if err := os.Mkdir(filepath.Join(h.folder, "memory"), 0o700); err != nil {
		return err
	}
	return file.NewMemory(filepath.Join(h.folder, "memory")).Save(e, time.Now())
}

// freePort is an address on loopback at which nobody listens.
func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// server is a Belwacht that runs.
type server struct {
	*house
	process *exec.Cmd
	log     *os.File
}

// start starts a Belwacht with a copy of the memory and waits until it answers.
func (h *house) start() (*server, error) {
	data := filepath.Join(h.folder, "data")
	if err := os.RemoveAll(data); err != nil {
		return nil, err
	}
	if err := os.CopyFS(data, os.DirFS(filepath.Join(h.folder, "memory"))); err != nil {
		return nil, err
	}
	log, err := os.Create(filepath.Join(h.folder, "log"))
	if err != nil {
		return nil, err
	}
	s := &server{house: h, log: log, process: exec.Command(h.program, "run", "--config", h.config, "--data", data)}
	s.process.Stderr, s.process.Env = log, []string{"PATH=" + os.Getenv("PATH")} // BELWACHT_… are settings of its own
	if err := s.process.Start(); err != nil {
		log.Close()
		return nil, err
	}
	if err := answers(h.agi); err != nil { // it is opened after the other, or with it
		s.end()
		text, _ := os.ReadFile(log.Name())
		return nil, fmt.Errorf("belwacht run: %w: %s", err, text[:min(len(text), 2000)])
	}
	return s, answers(h.http)
}

// answers waits until somebody listens at an address.
func answers(addr string) error {
	var err error
	for range 400 {
		var c net.Conn
		if c, err = net.Dial("tcp", addr); err == nil {
			return c.Close()
		}
		time.Sleep(50 * time.Millisecond)
	}
	return err
}

// end ends it. What it was asked is of no use to anybody, so it is not waited for.
func (s *server) end() {
	s.process.Process.Kill()
	s.process.Wait()
	s.log.Close()
}

// measure asks a Belwacht that is started for it.
func (h *house) measure(n, atOnce int, dial func(*server) dialler) (*heard, error) {
	s, err := h.start()
	if err != nil {
		return nil, err
	}
	defer s.end()
	if err := warmUp(h.questions[:warm], s.httpKept()); err != nil {
		return nil, err
	}
	return measured(s.process.Process.Pid, h.questions[warm:], n, atOnce, dial(s))
}
