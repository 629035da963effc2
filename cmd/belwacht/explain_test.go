package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestExplain: explain as a user types it.
func TestExplain(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	const first = `{"schema":"belwacht.decision/1","id":"17.1","time":"2026-04-17T22:15:29Z","account":"212","number":"+252611234567","decision":"alert",` +
		`"cause":"rule.new-country","reference":"K7Q2","score_bits":4.2,"probability":0.95,"at_risk_eur":7.5,"rules":["new-country"],` +
		`"reason":"Alerted: a country new to \u001b[31mus.","reason_nl":"Gemeld: een land dat nieuw voor ons is.","trace":{"prior_bits":-15.6,` +
		`"class":"mobile","country":"SO","evidence":[{"rule":"new-country","family":"destination","bits":8,"counted":true,"en":"nobody here called Somalia"}]}}`
	const second = `{"schema":"belwacht.decision/1","id":"17.1","time":"2026-04-17T22:25:29Z","account":"212","decision":"end","enforced":true,"cause":"limit.money.day","reason":"Ended: the day's money is spent."}`
	out := write("out.ndjson", first+"\n"+second+"\n")
	newer := write("newer.ndjson", `{"schema":"belwacht.decision/2"}`+"\n")
	settings := write("belwacht.yaml", "organisation:\n  name: Voorbeeld BV\n  country: NL\n  timezone: Europe/Amsterdam\n")
	for _, c := range []struct {
		name string
		args []string
		code int
		want []string
	}{
		{"both decisions on a call", []string{"17.1"}, 0, []string{"Alerted: a country new to ·[31mus.", "nobody here called Somalia", "Ended (carried out)", "Ended: the day's money is spent."}},
		{"by reference, in Dutch", []string{"k7q2", "--lang", "nl"}, 0, []string{"Gemeld: een land dat nieuw voor ons is.", "Aanwijzingen"}},
		{"with a configuration", []string{"17.1", "--config", settings}, 0, []string{"Sat 18 April 2026 00:15:29 CEST", "€ 80.00 as the cost of a wrong refusal"}},
		{"as JSON", []string{"17.1", "--json"}, 0, []string{`"decision":"alert"`, `"decision":"end"`}},
		{"no such call", []string{"99.9"}, 3, []string{"none of the 2 decisions in " + out + " is on call 99.9"}},
		{"no such language", []string{"17.1", "--lang", "fr"}, 2, []string{"--lang fr"}},
		{"no ID", nil, 2, []string{"belwacht explain needs the ID of a call"}},
		{"a file that is not there", []string{"17.1", "--decisions", filepath.Join(dir, "none")}, 3, []string{"there is no file"}},
		{"a directory", []string{"17.1", "--decisions", dir}, 1, []string{"is a directory"}},
		{"a newer file", []string{"17.1", "--decisions", newer}, 1, []string{"newer.ndjson: line 1 was written by a newer Belwacht"}},
		{"standard input", []string{"17.1", "--decisions", "-"}, 0, []string{"nobody here called Somalia"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b bytes.Buffer
			env := &environment{in: strings.NewReader(first + "\n"), out: &b, err: &b, now: time.Now,
				getenv: func(string) string { return "" }, environ: func() []string { return nil }}
			args := append([]string{"explain", "--decisions", out}, c.args...)
			if code := run(context.Background(), env, args); code != c.code {
				t.Errorf("exit code %d, want %d", code, c.code)
			}
			for _, want := range c.want {
				if !strings.Contains(strings.Join(strings.Fields(b.String()), " "), want) {
					t.Errorf("%q is missing in\n%s", want, b.String())
				}
			}
			if strings.Contains(b.String(), "\x1b") && !strings.Contains(strings.Join(c.args, " "), "--json") {
				t.Error("an escape reached the terminal")
			}
		})
	}
}

func TestExplainNeedsSomebodyToAsk(t *testing.T) {
	var b bytes.Buffer
	env := &environment{out: &b, err: &b, environ: func() []string { return nil }}
	if code := run(context.Background(), env, []string{"explain", "17.1", "--socket", "/nonexistent"}); code != 5 || !strings.Contains(b.String(), "no Belwacht listens at /nonexistent") {
		t.Errorf("exit code %d: %s", code, b.String())
	}
}
