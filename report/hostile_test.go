package report

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

// hostile are names that a caller may choose: escapes that move a cursor or set a title, HTML, formulas, direction overrides, broken
// UTF-8, wide letters, and length.
func hostile() []string {
	return []string{
		"\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\x9b2J", "a\rb\nc\td\x00e", "\x7f\x08\x08",
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `</style><style>*{display:none}`, `{{.}}`, `javascript:alert(1)`,
		`=HYPERLINK("http://evil/","x")`, "+1+1", "@SUM(A1)", "abc\u202egnp.exe", "\u2066\u200b\ufeff\u00ad", "\xff\xfe\xc3\x28",
		strings.Repeat("内線", 400), strings.Repeat("x", 1<<20), strings.Repeat("a\u0301", 500), "&amp;&lt;b&gt;", "%s%d%!v(MISSING)",
	}
}

// hostileSummary puts each name into every place that a stranger reaches.
func hostileSummary(t *testing.T, lang text.Language) *Summary {
	t.Helper()
	f := &fixture{}
	at := time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC)
	o := options(t, lang, belwacht.Enforce)
	for i, name := range hostile() {
		n := belwacht.Number{Dialled: name, Network: name, Class: belwacht.ClassNetwork, Price: belwacht.Price{PerMinute: belwacht.Unit, First: 1, Next: 1}}
		c := f.call(at.Add(time.Duration(i)*time.Hour), belwacht.Out, name, n, 600, 0.99)
		c.Call.ID, c.Call.Tenant, c.Call.Name, c.Call.Caller = name, fmt.Sprint(i%2, name), name, name
		f.decide(c, belwacht.Refuse, belwacht.Enforce, name, []string{name})
		d := c.Start
		d.ID, d.Number, d.Account, d.Reason, d.ReasonNL, d.Reference, d.Tenant = name, name, name, name, name, name, name
		d.Trace.Evidence[0] = belwacht.Evidence{Rule: name, Bits: 5, Counted: true, English: name, Dutch: name}
		d.Trace.Dialled, d.Trace.Target, d.Trace.Root, d.Trace.RuleSet, d.Trace.Mode, d.Trace.Country = name, name, name, name, name, name
	}
	o.Organisation, o.OfficeHours, o.Top = hostile()[0]+hostile()[5], hostile()[6], 50
	o.Settings = append(o.Settings, Setting{hostile()[5], hostile()[6]})
	s := f.summary(o)
	s.reading.Format = hostile()[7]
	return s
}

func TestHostileNamesOnTheTerminal(t *testing.T) {
	s := hostileSummary(t, text.English)
	for _, width := range []int{80, 60, 40, 200} {
		var b bytes.Buffer
		if err := s.Write(&b, width, false); err != nil {
			t.Fatal(err)
		}
		harmless(t, b.String())
		narrow(t, b.String(), width)
	}
	for _, p := range s.patterns.top(100) {
		var b bytes.Buffer
		term := Terminal{Width: 80}
		if err := term.Explain(&b, &p.decision); err != nil {
			t.Fatal(err)
		}
		harmless(t, b.String())
		narrow(t, b.String(), 80)
		for _, width := range []int{0, 20, 40, 80} {
			line := Terminal{Width: width}.Line(&p.decision)
			harmless(t, line)
			if strings.Contains(line, "\n") {
				t.Errorf("a line break in %q", line)
			}
			if width > 0 {
				narrow(t, line, width)
			}
		}
	}
}

// TestHostileNamesOnThePage: the page has the same elements as one about harmless names, and holds no attribute of a stranger.
func TestHostileNamesOnThePage(t *testing.T) {
	for _, lang := range []text.Language{text.English, text.Dutch} {
		page := writePage(t, hostileSummary(t, lang), lang)
		for _, bad := range []string{"<script", "<img", "onerror=alert(1)>", "style><style", "ZgotmplZ", "\x1b", "\x00", "\u202e", "\u200b", "href=\"java"} {
			if strings.Contains(page, bad) {
				t.Errorf("the page holds %q", bad)
			}
		}
		if n := strings.Count(page, "<style>"); n != 1 {
			t.Errorf("%d style elements", n)
		}
		if len(page) > 2<<20 {
			t.Errorf("the page has %d bytes", len(page))
		}
	}
}

func TestMaskedReportsHoldNoNumber(t *testing.T) {
	f := newFixture(t, belwacht.Monitor)
	o := options(t, text.English, belwacht.Monitor)
	o.Mask = true
	s := f.summary(o)
	var b bytes.Buffer
	if err := s.Write(&b, 80, false); err != nil {
		t.Fatal(err)
	}
	page := writePage(t, s, text.Dutch)
	for _, whole := range []string{"252611234500", "881600000042", "35699123456"} {
		if strings.Contains(b.String(), whole) || strings.Contains(page, whole) {
			t.Errorf("the number %s is shown", whole)
		}
	}
	if !strings.Contains(b.String(), "•••• 4500") || !strings.Contains(page, "•••• 4500") {
		t.Error("no masked number is shown")
	}
}

// TestHelplinesAreNeverShown: who called a helpline is nobody's business (DESIGN §8).
func TestHelplinesAreNeverShown(t *testing.T) {
	f := &fixture{}
	n := f.number(place{"NL", "3113", belwacht.ClassSocial, "", 0, belwacht.RiskUsual}, "0113555")
	o := f.call(time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC), belwacht.Out, "201", n, 600, 0.2)
	f.decide(o, belwacht.Warn, belwacht.Monitor, "count.hour", []string{"pace"})
	o.Start.Reason, o.Start.ReasonNL = "Alerted: many calls.", "Gemeld: veel gesprekken."
	o.Start.Trace.Target = "+31130113555"
	s := f.summary(options(t, text.English, belwacht.Monitor))
	var b bytes.Buffer
	if err := s.Write(&b, 80, false); err != nil {
		t.Fatal(err)
	}
	if err := s.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	if err := (Terminal{Width: 80}).Explain(&b, o.Start); err != nil {
		t.Fatal(err)
	}
	b.WriteString(Terminal{}.Line(o.Start) + writePage(t, s, text.Dutch))
	if strings.Contains(b.String(), "0113555") {
		t.Errorf("the number of a helpline is shown: %s", b.String())
	}
}
