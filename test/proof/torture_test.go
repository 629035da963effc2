package proof

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/belwacht/belwacht/simulate"
)

// rssMost is how much memory the process may hold while it is tortured, in bytes.
const rssMost = 256 << 20

// hostile are messages that no Asterisk sends.
func hostile() []string {
	big := strings.Repeat("x", 1<<20)
	return []string{
		"Event: Newchannel\r\nChannel: " + big + "\r\nUniqueid: 1.1\r\n\r\n",
		"Event: DialBegin\r\n" + strings.Repeat("ChanVariable: a="+big[:4000]+"\r\n", 200) + "\r\n",
		big + "\r\n\r\n",
		"Event: Newchannel\r\nChannel: PJSIP/201-1\x00\x1b[2J\r\nUniqueid: \xff\xfe\r\nExten: 00\x07\r\nChannelState: 4\r\n\r\n",
		"Event: DialBegin\r\nDestChannel: Local/@-;1\r\nDestUniqueid: 1.5\r\nChannel: Local/@-;2\r\nUniqueid: 1.6\r\nDialString: &&&&@@@//\r\n\r\n",
		"Event: DialBegin\r\nDestChannel: PJSIP/a-1\r\nDestUniqueid: 1.7\r\nChannel: PJSIP/a-1\r\nUniqueid: 1.7\r\nDialString: 1@a\r\n\r\n",
		"Event: SuccessfulAuth\r\nService: PJSIP\r\nAccountID: " + big[:8000] + "\r\nRemoteAddress: ///////\r\n\r\n",
		"Event: ContactStatus\r\nContactStatus: Created\r\nAOR: a),SHELL(reboot\r\nURI: sip:@[::\r\n\r\n",
		"Event: CoreShowChannelsComplete\r\nActionID: 99\r\n\r\nResponse: Success\r\nActionID: 99\r\n\r\n",
		":\r\n\r\n\r\n\r\n\x00\r\n\r\n",
		"Event: Hangup\r\nUniqueid: \r\n\r\nEvent: Rename\r\nUniqueid: 1.6\r\nNewname: /.*/\r\n\r\n",
	}
}

// unwanted are events that a busy PBX sends and nobody reads.
const unwanted = "Event: VarSet\r\nPrivilege: dialplan,all\r\nChannel: PJSIP/2001-00000001\r\nChannelState: 6\r\nVariable: RTPAUDIOQOS\r\nValue: ssrc=1;themssrc=2;lp=0\r\n\r\n" +
	"Event: RTCPReceived\r\nPrivilege: reporting,all\r\nChannel: PJSIP/2001-00000001\r\nSSRC: 0x1\r\nReportCount: 1\r\nReport0FractionLost: 0\r\n\r\n"

// flood makes calls, and fills up with what is unwanted, hostile, a log-in or out of order, at so many events a second.
type flood struct {
	*world
	rate   int
	nasty  []string
	shreds []string // events of calls, each call's out of order
	shred  int
	clock  time.Time
}

func newFlood(w *world, rate int) *flood {
	f := &flood{world: w, rate: rate, nasty: hostile(), clock: time.Now()}
	for i := range 200 {
		p := newPBX("trunk")
		p.mangle = func(text string) string { f.shreds = append(f.shreds, text); return text }
		first := len(f.shreds)
		c := w.call(fmt.Sprint(7000+i), "0201234567", time.Second, time.Second)
		p.begin(c)
		p.answer(c.ID)
		p.end(c.ID)
		one := f.shreds[first:]
		w.random.Shuffle(len(one), func(a, b int) { one[a], one[b] = one[b], one[a] })
	}
	return f
}

// tick sends what is due by now.
func (f *flood) tick() {
	f.pass()
	p := f.process.pbx
	listens := false
	if p.while(func() { listens = p.conn != nil }); !listens {
		return
	}
	due := int(time.Since(f.clock).Seconds() * float64(f.rate))
	for begun := 0; f.sentNow() < due && begun < 20; begun++ {
		for f.process.pbx.wait.Load() > 0 { // a PBX answers while it talks
			time.Sleep(20 * time.Microsecond)
		}
		f.plain(f.calls[f.made%len(f.calls)])
		p.while(func() {
			defer p.flush()
			for range 6 {
				p.say("%s", unwanted)
			}
			switch f.made % 20 {
			case 0:
				p.say("%s", f.nasty[f.random.IntN(len(f.nasty))])
			case 5, 10:
				p.say("Event: InvalidPassword\r\nService: PJSIP\r\nAccountID: %d\r\nSessionID: s%d\r\nRemoteAddress: IPV4/UDP/192.0.2.%d/5060\r\n\r\n", 1000+f.random.IntN(100), f.made, f.random.IntN(255))
			case 15:
				p.say("%s", f.shreds[f.shred%len(f.shreds)])
				f.shred++
			}
		})
	}
}

// sentNow is how many events were sent since the clock was set.
func (f *flood) sentNow() (n int) {
	f.process.pbx.while(func() { n = f.process.pbx.sent })
	return n
}

// plain is ordinary without a question.
func (f *flood) plain(of *simulate.Call) {
	c := f.call(of.Account, of.Dialled, 300*time.Millisecond, 500*time.Millisecond)
	c.Way, c.Direction, c.Caller, c.Emergency = of.Way, of.Direction, of.Caller, of.Emergency
	f.begin(c)
}

// sentinels are calls whose decision is known, made while all else goes on.
type sentinels struct {
	mu       sync.Mutex
	pass     map[string]string    // by ID: what kind of call it is that nobody may end
	stop     map[string]time.Time // that must be ended, and when they were dialled
	took     []time.Duration
	wrong    []string
	unasked  int
	innocent int
}

// hung notes that a call was ended by the guard.
func (s *sentinels) hung(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if kind := s.pass[id]; kind != "" {
		s.wrong = append(s.wrong, kind+" was ended")
	}
	if at, ok := s.stop[id]; ok {
		s.took = append(s.took, time.Since(at))
		delete(s.stop, id)
	}
}

// make makes one of each kind.
func (s *sentinels) make(f *flood, i int) {
	p := f.process
	f.mu.Lock()
	fine := f.call(fmt.Sprint(5000+i%500), "0201234567", 200*time.Millisecond, time.Second)
	urgent := f.call(fmt.Sprint(5000+i%500), "112", 200*time.Millisecond, time.Second)
	abroad := f.call(fmt.Sprint(6000+i), "00252611234567", time.Minute, time.Minute)
	f.mu.Unlock()
	if word, cause := p.asks(&f.web, fine.Account, fine.Dialled, fine.ID); word == "refuse" {
		s.mu.Lock()
		s.wrong = append(s.wrong, "an innocent call was refused: "+cause)
		s.mu.Unlock()
	} else if word == "" {
		s.mu.Lock()
		s.unasked++
		s.mu.Unlock()
	}
	s.mu.Lock()
	s.pass[fine.ID], s.pass[urgent.ID], s.stop[abroad.ID] = "an innocent call", "an emergency call", time.Now()
	s.innocent++
	s.mu.Unlock()
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range []*simulate.Call{fine, urgent, abroad} {
		c.Emergency = c == urgent
		f.begin(c)
	}
}

// TestTorture floods the real program with all that a feed can be wrong with: nothing is decided wrongly meanwhile, gaps are told, and memory stays bounded.
func TestTorture(t *testing.T) {
	seconds, rate := 6, 3000
	if whole() {
		seconds, rate = 60, 10000
	}
	p := newProcess(t, "{organisation: {no_countries: [SO]}}", "")
	p.pbx.secret = "quite-another-secret"
	p.launch()
	p.until("it says that the PBX refuses its log-in", func() bool {
		s, err := p.status()
		return err == nil && strings.Contains(s.PBXs[0].Feed, "refuses the log-in")
	})
	p.pbx.while(func() {
		if p.pbx.logins != 1 {
			t.Errorf("%d log-ins with a wrong secret at once", p.pbx.logins)
		}
		p.pbx.secret = amiSecret
	})
	p.kill()
	p.start()
	f := newFlood(newWorld(t, p, rand.Uint64()), rate)
	s := &sentinels{pass: map[string]string{}, stop: map[string]time.Time{}}
	twice := 0
	p.pbx.while(func() {
		p.pbx.hung = s.hung
		p.pbx.sent = 0
		p.pbx.mangle = func(text string) string { // some of it is told twice
			if twice++; twice%10 == 0 && len(text) < 4096 {
				return text + text
			}
			return text
		}
	})
	f.clock = time.Now()
	began := f.clock
	var wait sync.WaitGroup
	over := make(chan struct{})
	wait.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-over:
				return
			case <-time.After(250 * time.Millisecond):
				s.make(f, i)
			}
		}
	})
	most, cuts := int64(0), 0
	for next := time.Now(); f.sentNow() < seconds*rate && time.Since(began) < 5*time.Duration(seconds)*time.Second; {
		f.mu.Lock()
		f.tick()
		f.mu.Unlock()
		if time.Now().After(next) {
			next = next.Add(time.Second)
			most = max(most, p.rss())
			switch second := int(time.Since(began).Seconds()); {
			case second == seconds/3, second == seconds*2/3:
				p.pbx.cut()
				cuts++
				s.make(f, 10000+cuts) // dialled while nobody listens, and to be ended all the same
			case second == seconds/2:
				p.pbx.while(func() { p.pbx.piece = 61 })
			case second == seconds/2+1:
				p.pbx.while(func() { p.pbx.piece = 0 })
			}
		}
		time.Sleep(time.Millisecond)
	}
	took, cpu := time.Since(began), p.cpu()
	close(over)
	wait.Wait()
	f.settle(t, s)
	most = max(most, p.rss())
	st, err := p.status()
	if err != nil {
		t.Fatal(err)
	}
	sent := f.sentNow()
	if sent < seconds*rate {
		t.Errorf("%d events were taken in %s", sent, took)
	}
	if most > rssMost {
		t.Errorf("it held %d MB", most>>20)
	}
	if st.Counts["guard_gaps"] < uint64(2*cuts) || st.Counts["guard_attempts"] > uint64(f.made+f.shred) || len(s.took) < s.innocent/2 {
		t.Errorf("%d calls, %d cuts, %d ended: %+v", f.made, cuts, len(s.took), st.Counts)
	}
	slices.Sort(s.took)
	t.Logf("accept: tortured: %d events in %s (%.0f a second, wanted %d), %d calls, %d cuts, %d gaps told; %s of CPU, at most %d MB held", sent, took.Round(time.Millisecond),
		float64(sent)/took.Seconds(), rate, f.made, cuts, st.Counts["guard_gaps"], cpu, most>>20)
	t.Logf("accept: of %d innocent and as many emergency calls none was ended, %d had no answer in time; %d forbidden ones were ended, after %s in the median, %s at most; %d of %d "+
		"hang-ups failed or fell into gaps",
		s.innocent, s.unasked, len(s.took), s.took[len(s.took)/2].Round(time.Millisecond), s.took[len(s.took)-1].Round(time.Millisecond),
		st.Counts["guard_unended"], st.Counts["guard_refused"]+st.Counts["guard_ended"])
}

// settle lets all calls end, cuts the connection once more so that what runs is listed, and compares.
func (f *flood) settle(t *testing.T, s *sentinels) {
	t.Helper()
	p := f.process
	p.until("the calls are over", func() bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.pass()
		return len(p.pbx.run()) == 0
	})
	for i := range 3 {
		p.pbx.begin(f.call(fmt.Sprint(5600+i), "0201234567", time.Hour, time.Hour))
	}
	p.until("all forbidden calls are ended", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return len(s.stop) == 0
	})
	p.pbx.cut()
	p.until("it hears the PBX again", func() bool {
		st, err := p.status()
		return err == nil && strings.HasPrefix(st.PBXs[0].Feed, "connected")
	})
	p.knows()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, w := range s.wrong {
		t.Error(w)
	}
}
