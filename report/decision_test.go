package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/terminal"
	"github.com/belwacht/belwacht/text"
)

// attack is the first refused call of the fixture's night.
func attack(t *testing.T) *belwacht.Decision {
	t.Helper()
	for _, o := range newFixture(t, belwacht.Enforce).outcomes {
		if o.Start != nil && o.Start.Word == belwacht.Refuse {
			return o.Start
		}
	}
	t.Fatal("nothing is refused in the fixture")
	return nil
}

func TestLine(t *testing.T) {
	d := attack(t)
	wide := *d
	wide.Account, wide.Rules, wide.Cause = "受付電話機の内線番号", nil, "limit.money.day"
	helpline := *d
	helpline.Trace = &belwacht.Trace{Class: "social"}
	zone := amsterdam(t)
	for _, c := range []struct {
		name string
		t    Terminal
		d    *belwacht.Decision
		want string
	}{
		{"no terminal", Terminal{Zone: zone}, d,
			"2026-04-18T00:15:29+02:00 refuse 212 +252611234500 € 0.75/min " + d.Reason},
		{"80 columns", Terminal{Width: 80, Zone: zone}, d,
			"Sat 00:15:29  refuse  212    +252611234500    € 0.75/min  new-country, off-hour…"},
		{"100 columns", Terminal{Width: 100, Zone: zone}, d,
			"Sat 00:15:29  refuse  212    +252611234500    € 0.75/min  new-country, off-hours, at-once"},
		{"40 columns", Terminal{Width: 40, Zone: zone}, d, "Sat 00:15:29  refuse  212    new-countr…"},
		{"colour", Terminal{Width: 40, Zone: zone, Colour: true}, d, "Sat 00:15:29  \x1b[1;31mrefuse\x1b[0m  212    new-countr…"},
		{"Dutch, UTC", Terminal{Width: 100, Language: text.Dutch}, d,
			"vr 22:15:29   refuse  212    +252611234500    € 0,75/min  new-country, off-hours, at-once"},
		{"wide letters, no rules", Terminal{Width: 80, Zone: zone}, &wide,
			"Sat 00:15:29  refuse  受付電…  +252611234500    € 0.75/min  limit.money.day"},
		{"helpline", Terminal{Width: 60, Zone: zone}, &helpline, "Sat 00:15:29  refuse  212    a helpline      new-country, o…"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := c.t.Line(c.d)
			if got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
			if c.t.Width > 0 && terminal.Width(got) > c.t.Width {
				t.Errorf("%d columns, more than %d", terminal.Width(got), c.t.Width)
			}
		})
	}
}

func TestExplainGolden(t *testing.T) {
	d := attack(t)
	bare := &belwacht.Decision{ID: "1.2", Time: d.Time, Account: "212", Number: "+252611234500", Word: belwacht.Refuse, Enforced: true,
		Cause: "limit.money.day", Reason: "Refused: extension 212 has spent its € 50.00 of the day.",
		Trace: &belwacht.Trace{Class: "mobile", Country: "SO", Mode: "enforce"}}
	for _, c := range []struct {
		name string
		d    *belwacht.Decision
		t    Terminal
	}{
		{"explain-en-80.txt", d, Terminal{Width: 80, RefuseCost: 25 * belwacht.Unit}},
		{"explain-nl-60.txt", d, Terminal{Width: 60, Language: text.Dutch, RefuseCost: 25 * belwacht.Unit}},
		{"explain-colour.txt", d, Terminal{Width: 80, Colour: true}},
		{"explain-limit.txt", bare, Terminal{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.t.Zone = amsterdam(t)
			var b bytes.Buffer
			if err := c.t.Explain(&b, c.d); err != nil {
				t.Fatal(err)
			}
			width := c.t.Width
			if width == 0 {
				width = 80
			}
			narrow(t, b.String(), width)
			golden(t, c.name, b.Bytes())
		})
	}
}

// TestExplainNeedsNoTrace: a decisions file may hold decisions without traces.
func TestExplainNeedsNoTrace(t *testing.T) {
	var b bytes.Buffer
	if err := (Terminal{Width: 80}).Explain(&b, &belwacht.Decision{Word: belwacht.Warn, Reason: "Told."}); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(b.String(), "Alerted\n") || !strings.Contains(b.String(), "Told.") {
		t.Errorf("got %q", b.String())
	}
}

func BenchmarkLine(b *testing.B) {
	d := &belwacht.Decision{Word: belwacht.Refuse, Account: "212", Number: "+252611234567", Rules: []string{"new-country"}, Trace: &belwacht.Trace{PerMinute: 0.75}}
	t := Terminal{Width: 80, Colour: true}
	for b.Loop() {
		t.Line(d)
	}
}

// FuzzTerminal: whatever a decision holds, it is shown and explained without a line that is too wide or holds a control character.
func FuzzTerminal(f *testing.F) {
	f.Add([]byte(`{"schema":"belwacht.decision/1","id":"1.1","time":"2026-04-18T00:15:29+02:00","decision":"refuse","rules":["a"],"trace":{"evidence":[{"rule":"r","family":"time","bits":3}]}}`))
	f.Add([]byte(`{"schema":"belwacht.decision/1","account":"\u001b[31m\u202e\r","probability":1e300,"at_risk_eur":-1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		d := new(belwacht.Decision)
		if json.Unmarshal(data, d) != nil {
			return
		}
		var b bytes.Buffer
		term := Terminal{Width: 80, RefuseCost: belwacht.Unit}
		if err := term.Explain(&b, d); err != nil {
			t.Fatal(err)
		}
		harmless(t, b.String())
		narrow(t, b.String(), 80)
		line := term.Line(d)
		harmless(t, line)
		narrow(t, line, 80)
		harmless(t, Terminal{}.Line(d))
	})
}

// harmless fails where a text for a terminal without colours holds a control or format character.
func harmless(t *testing.T, s string) {
	t.Helper()
	for _, r := range s {
		if r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 || r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0xfeff {
			t.Fatalf("%U in %q", r, s)
		}
	}
}
