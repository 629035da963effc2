package ask

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/asterisk"
)

func TestAccount(t *testing.T) {
	for _, c := range []struct {
		q       Question
		account string
		lineage belwacht.Lineage
	}{
		{Question{Channel: "PJSIP/212-0000000a", Caller: "201", User: "201"}, "212", belwacht.Dialled},
		{Question{Channel: "Local/FMPR-315@from-internal-0000000b;2", Rang: "300"}, "315", belwacht.Forwarded},
		{Question{Channel: "Local/FMGL-315-0032470000101#@from-internal-0000000b;2"}, "315", belwacht.Forwarded},
		{Question{Channel: "Local/0032470000101@from-internal-0000000b;2", Rang: "204", Diverted: "999"}, "204", belwacht.Forwarded},
		{Question{Channel: "Local/0032470000101@internal-0000000b;2", Diverted: "205"}, "205", belwacht.Forwarded},
		{Question{Channel: "Local/0032470000101@internal-0000000b;2", Rang: "205", Root: "PJSIP/201-00000009"}, "205", belwacht.Forwarded},
		{Question{Channel: "Local/0032470000101@internal-0000000b;2", Root: "PJSIP/201-00000009"}, "201", belwacht.Forwarded},
		{Question{Channel: "Local/203@from-queue-0000000b;2", Number: "00252612035582", Root: "PJSIP/trunk-00000009"}, "203", belwacht.Forwarded},
		{Question{Channel: "Local/1233@from-internal-0000000b;2", Number: "1233", Root: "PJSIP/201-00000009"}, "201", belwacht.Forwarded},
		{Question{Channel: "Local/91233@from-internal-0000000b;2", Number: "1233", Root: "PJSIP/201-00000009"}, "201", belwacht.Forwarded},
		{Question{Channel: "Local/s@from-internal-0000000b;2", Number: "0032470000101", Rang: "204"}, "204", belwacht.Forwarded},
		{Question{Channel: "PJSIP/202-0000000a", Transferer: "PJSIP/201-00000009"}, "201", belwacht.Transferred},
		{Question{Endpoint: "206"}, "206", belwacht.Dialled},
		{Question{Caller: "201", User: "201"}, "", belwacht.Dialled},
	} {
		if a, l := c.q.Account(); a != c.account || l != c.lineage {
			t.Errorf("%+v: %q %s", c.q, a, l)
		}
	}
}

func TestMemoryIsBounded(t *testing.T) {
	m := memory{byKey: map[key]*entry{}}
	now := time.Now()
	for i := range 3 * remembered {
		m.claim(key{link: fmt.Sprint(i)}, now)
		m.claim(key{number: "112"}, now) // no call named: nothing to remember
	}
	if len(m.byKey) != remembered {
		t.Errorf("%d remembered", len(m.byKey))
	}
	k := key{link: fmt.Sprint(3*remembered - 1)}
	if _, fresh := m.claim(k, now); fresh {
		t.Error("the newest is forgotten")
	}
	if _, fresh := m.claim(k, now.Add(rememberIt)); !fresh {
		t.Error("an old answer is given")
	}
	if _, fresh := m.claim(key{link: k.link, number: "1"}, now); !fresh {
		t.Error("another number has the same answer")
	}
	if len(m.byKey) != remembered {
		t.Errorf("%d remembered", len(m.byKey))
	}
}

func TestAbroadIsBounded(t *testing.T) {
	a := abroad{until: map[[2]string][]time.Time{}}
	now := time.Now()
	for i := range 2 * lateAccounts {
		a.take("", fmt.Sprint(i), now)
	}
	if len(a.until) != lateAccounts || a.take("", "new", now) {
		t.Errorf("%d accounts", len(a.until))
	}
	later := now.Add(2 * lateLongest * time.Second)
	for i := range lateAtOnce + 1 {
		if got := a.take("", "new", later); got != (i < lateAtOnce) {
			t.Errorf("call %d: %v", i, got)
		}
	}
	if len(a.until) != 1 {
		t.Errorf("later: %d accounts", len(a.until))
	}
}

func TestConfig(t *testing.T) {
	s := start(t, &judge{do: refuses}, nil)
	good := s.pbxs[0].PBX
	for name, c := range map[string]Config{
		"nobody": {}, "no judge": {PBXs: []PBX{good}}, "twice": {Judge: s.cfg.Judge, PBXs: []PBX{good, good}},
		"short": {Judge: s.cfg.Judge, PBXs: []PBX{{Name: "a", Secret: "short", Numbers: good.Numbers}}}, "no plan": {Judge: s.cfg.Judge, PBXs: []PBX{{Name: "a", Secret: good.Secret}}},
	} {
		if _, err := New(c); belwacht.CodeOf(err) != belwacht.Config {
			t.Errorf("%s: %v", name, err)
		}
	}
	if strings.Contains(DefaultFastAGI+DefaultHTTP, "4573") {
		t.Error("4573 is FreePBX's")
	}
}

// FuzzAnswer: whatever is asked and whatever the judge says, a form is read without harm and the answer is one line of three commas.
func FuzzAnswer(f *testing.F) {
	f.Add("key=1&number=00%32&name=%zz&number=2", "rule.x", "K7\r\n", int64(5))
	f.Add("number=%00\"", "a,b\x00\"", "", int64(-1))
	f.Fuzz(func(t *testing.T, form, cause, reference string, seconds int64) {
		if q, err := parseForm(form); err == nil && (q.Number == "" || len(q.Number) > maxField || len(q.Name) > maxField) {
			t.Errorf("%+v", q)
		}
		_, _ = parseJSON([]byte(form))
		a := Answer{Cause: cause, Reference: reference, MaxSeconds: seconds}
		line := string(a.appendPlain(nil))
		if strings.Count(line, ",") != 3 || len(line) > 96 || !asterisk.Plain(strings.ReplaceAll(line, ",", "")) {
			t.Errorf("%q", line)
		}
	})
}

// BenchmarkHTTP and BenchmarkFastAGI are verdicts on real sockets, client and server in one process; verdicts/cpu-s counts the processor's time of both.
func BenchmarkHTTP(b *testing.B) {
	s := start(b, &judge{do: refuses}, nil)
	http.DefaultTransport.(*http.Transport).MaxIdleConnsPerHost = 8
	f, i := form("00252611234567", ""), 0
	f.Del("uniqueid")
	perCPU(b, func() {
		i++
		f.Set("linkedid", fmt.Sprint(i))
		if code, _ := s.post(b, secret, f); code != 200 {
			b.Fatal(code)
		}
	})
}

// BenchmarkFastAGI: see BenchmarkHTTP. Each verdict is a connection of its own, as Asterisk makes it.
func BenchmarkFastAGI(b *testing.B) {
	s := start(b, &judge{do: refuses}, nil)
	i := 0
	perCPU(b, func() {
		i++
		id := fmt.Sprint(i)
		if got := s.session(b, secret, url.Values{"number": {"00252611234567"}, "linkedid": {id}, "uniqueid": {id}}); got == "" {
			b.Fatal("no verdict")
		}
	})
}

// BenchmarkAnswer is the server's part without sockets.
func BenchmarkAnswer(b *testing.B) {
	s := start(b, &judge{do: func(context.Context, *Question) (Answer, error) { return Answer{}, nil }}, nil)
	p := &s.pbxs[0]
	i := 0
	perCPU(b, func() {
		i++
		s.answer(p, &Question{Number: "0612345678", LinkedID: fmt.Sprint(i)}, p.addr())
	})
}

// TestSigned: either sum proves who asks, over what was asked and not long ago.
func TestSigned(t *testing.T) {
	s := start(t, &judge{do: refuses}, nil)
	for sum, sign := range map[string]func(secret, at, uniqueid, number string) string{"sha1": Sign, "md5": SignMD5} {
		at := strconv.FormatInt(time.Now().Unix(), 10)
		for what, c := range map[string]struct {
			key  string
			code int
		}{
			"right":          {sign(secret, at, "1.1", "112"), http.StatusOK},
			"another number": {sign(secret, at, "1.1", "113"), http.StatusForbidden},
			"another call":   {sign(secret, at, "1.2", "112"), http.StatusForbidden},
			"another secret": {sign(secret+"x", at, "1.1", "112"), http.StatusForbidden},
		} {
			f := form("112", "1.1")
			f.Set("at", at)
			if code, _ := s.post(t, c.key, f); code != c.code {
				t.Errorf("%s, %s: %d", sum, what, code)
			}
		}
	}
}
