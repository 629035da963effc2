package test

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A score says how well the decisions of a replay fit what is known of a set of records: master.csv (Asterisk), rates.csv, truth.json. The
// rules are those by which the data sets are scored everywhere:
//
//   - found: an alert, refusal or end on a call of the attack before a quarter of its money, or half of it up to 25, is gone;
//   - lost: what its calls cost that were neither refused nor ended, and ended ones until then;
//   - refused: innocent calls refused or ended after the learning weeks;
//   - false alarms: days on which an extension had an alert, refusal or end on an innocent call;
//   - emergency calls refused, in the learning weeks as well.
type score struct {
	attacks, found, late       int
	exposed, lost              float64
	kinds                      map[string]*kindScore
	innocent, refused          int
	abroad, refusedAbroad      int
	emergency, emergencyWrong  int
	alarms                     int // extension-days
	weeks                      float64
	first                      []int // number of the attack's first call with an alarm, for each attack with one
	connected, connectedPassed int   // of the attacks' calls
}

type kindScore struct {
	attacks, found int
	exposed, lost  float64
}

// lossOfKinds is the mean of the kinds' shares of money lost.
func (s *score) lossOfKinds() float64 {
	sum := 0.0
	for _, k := range s.kinds {
		if k.exposed > 0 {
			sum += k.lost / k.exposed
		}
	}
	return sum / float64(max(len(s.kinds), 1))
}

func (s *score) lossShare() float64 { return s.lost / max(s.exposed, 0.01) }
func (s *score) refusedPer10k() float64 {
	return 1e4 * float64(s.refused) / float64(max(s.innocent, 1))
}
func (s *score) alarmsPer100() float64 { return 100 * float64(s.alarms) / max(s.weeks, 1) }

// median is the middle of the numbers of first calls, 0 where there is none.
func (s *score) median() float64 {
	list := slices.Sorted(slices.Values(s.first))
	if len(list) == 0 {
		return 0
	}
	return float64(list[(len(list)-1)/2]+list[len(list)/2]) / 2
}

func (s *score) String() string {
	return fmt.Sprintf("found %d of %d (%d late) | lost %.2f %% (mean of kinds %.2f %%) of EUR %.2f | refused %.2f per 10,000 (%d of %d, abroad %d of %d) | false alarms %.2f per 100 extension-weeks (%d) | emergency refused %d of %d",
		s.found, s.attacks, s.late, 100*s.lossShare(), 100*s.lossOfKinds(), s.exposed, s.refusedPer10k(), s.refused, s.innocent, s.refusedAbroad, s.abroad, s.alarmsPer100(), s.alarms, s.emergencyWrong, s.emergency)
}

// truthFile is what truth.json says.
type truthFile struct {
	Organisation struct {
		Timezone string `json:"timezone"`
		DialPlan *struct {
			CountryCode   string `json:"country_code"`
			International string `json:"international_prefix"`
			Trunk         string `json:"trunk_prefix"`
			Lengths       []int  `json:"national_lengths"`
		} `json:"dial_plan"`
	} `json:"organisation"`
	TrainUntil string `json:"train_until"`
	End        string `json:"end"`
	Extensions int    `json:"extensions"`
	Attacks    []struct {
		Kind   string   `json:"kind"`
		Scored *bool    `json:"scored"`
		IDs    []string `json:"ids"`
	} `json:"attacks"`
	Emergency []string `json:"emergency"`
}

// scoredCall is one record as the score sees it.
type scoredCall struct {
	id, extension      string
	start, answer, end time.Time
	rate               float64
	abroad, attack     bool
	emergency          bool
	word               string    // of its start
	ended              time.Time // zero: not
}

func (c *scoredCall) cost(until time.Time) float64 {
	if c.answer.IsZero() || !c.answer.Before(until) {
		return 0
	}
	if until.After(c.end) {
		until = c.end
	}
	return c.rate * until.Sub(c.answer).Minutes()
}

// stopped says whether it was refused or ended.
func (c *scoredCall) stopped() bool { return c.word == "refuse" || !c.ended.IsZero() }

// scoreOf scores a decisions file against a folder.
func scoreOf(t *testing.T, folder, decisions string) *score {
	t.Helper()
	var truth truthFile
	data, err := os.ReadFile(filepath.Join(folder, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &truth); err != nil {
		t.Fatal(err)
	}
	order, calls := recordsOf(t, folder, &truth)
	decide(t, decisions, calls)
	zone, _ := time.LoadLocation(truth.Organisation.Timezone)
	train, end := moment(t, truth.TrainUntil), moment(t, truth.End)
	s := &score{kinds: map[string]*kindScore{}}
	for i := range truth.Attacks {
		if a := &truth.Attacks[i]; a.Scored == nil || *a.Scored {
			s.attack(a.Kind, a.IDs, calls)
		}
	}
	alarmed := map[string]bool{}
	for _, c := range order {
		if c.emergency {
			s.emergency++
			if c.stopped() {
				s.emergencyWrong++
			}
		}
		if c.start.Before(train) || c.attack {
			continue
		}
		s.innocent++
		if c.abroad {
			s.abroad++
		}
		if c.stopped() {
			s.refused++
			if c.abroad {
				s.refusedAbroad++
			}
		}
		if c.stopped() || c.word == "alert" {
			alarmed[c.extension+" "+c.start.In(zone).Format(time.DateOnly)] = true
		}
	}
	s.alarms = len(alarmed)
	days := civil(end.In(zone)).Sub(civil(train.In(zone))).Hours() / 24
	s.weeks = float64(truth.Extensions) * float64(int(days)) / 7
	return s
}

// civil is the time that the clock shows, as if there were no time zones.
func civil(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}

// attack counts one attack.
func (s *score) attack(kind string, ids []string, calls map[string]*scoredCall) {
	var list []*scoredCall
	for _, id := range ids {
		list = append(list, calls[id])
	}
	slices.SortFunc(list, func(a, b *scoredCall) int { return 2*a.start.Compare(b.start) + strings.Compare(a.id, b.id) })
	k := s.kinds[kind]
	if k == nil {
		k = &kindScore{}
		s.kinds[kind] = k
	}
	cost, lost, first, at := 0.0, 0.0, 0, time.Time{}
	alarm := func(i int, t time.Time) {
		if first == 0 || t.Before(at) {
			first, at = i+1, t
		}
	}
	for i, c := range list {
		cost += c.cost(c.end)
		switch {
		case c.word == "refuse":
		case !c.ended.IsZero():
			lost += c.cost(c.ended)
		default:
			lost += c.cost(c.end)
		}
		if c.word == "alert" || c.word == "refuse" {
			alarm(i, c.start)
		}
		if !c.ended.IsZero() {
			alarm(i, c.ended)
		}
		if !c.answer.IsZero() {
			s.connected++
			if !c.stopped() {
				s.connectedPassed++
			}
		}
	}
	s.attacks, k.attacks = s.attacks+1, k.attacks+1
	s.exposed, k.exposed, s.lost, k.lost = s.exposed+cost, k.exposed+cost, s.lost+lost, k.lost+lost
	if first == 0 {
		return
	}
	s.first = append(s.first, first)
	gone := 0.0
	for _, c := range list {
		gone += c.cost(at)
	}
	if gone <= max(cost/4, min(25, cost/2)) {
		s.found, k.found = s.found+1, k.found+1
	} else {
		s.late++
	}
}

func moment(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// recordsOf reads a set's records, in order of the file.
func recordsOf(t *testing.T, folder string, truth *truthFile) ([]*scoredCall, map[string]*scoredCall) {
	t.Helper()
	zone, err := time.LoadLocation(truth.Organisation.Timezone)
	if err != nil {
		t.Fatal(err)
	}
	attack, emergency := map[string]bool{}, map[string]bool{}
	for _, a := range truth.Attacks {
		for _, id := range a.IDs {
			attack[id] = true
		}
	}
	for _, id := range truth.Emergency {
		emergency[id] = true
	}
	rates := ratesOf(t, folder)
	in := csv.NewReader(openSet(t, folder))
	in.LazyQuotes, in.FieldsPerRecord, in.ReuseRecord = true, -1, true
	when := func(s string) time.Time {
		if s == "" {
			return time.Time{}
		}
		at, err := time.ParseInLocation(time.DateTime, s, zone)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	var order []*scoredCall
	calls := map[string]*scoredCall{}
	for {
		r, err := in.Read()
		if errors.Is(err, io.EOF) {
			return order, calls
		}
		if err != nil {
			t.Fatal(err)
		}
		inbound := strings.HasPrefix(r[3], "from-trunk")
		c := &scoredCall{id: strings.Clone(r[16]), extension: strings.Clone(r[1]), start: when(r[9]), answer: when(r[10]), end: when(r[11]), attack: attack[r[16]], emergency: emergency[r[16]]}
		if rest, ok := strings.CutPrefix(r[5], "Local/"); ok {
			c.extension, _, _ = strings.Cut(strings.Clone(rest), "@")
		} else if inbound {
			c.extension = strings.Clone(r[2])
		}
		if e := truth.e164(r[2]); e != "" && !inbound && !c.emergency {
			c.rate = rates(e)
			c.abroad = !strings.HasPrefix(e, truth.countryCode())
		}
		calls[c.id] = c
		order = append(order, c)
	}
}

func (f *truthFile) countryCode() string {
	if f.Organisation.DialPlan == nil {
		return "31"
	}
	return f.Organisation.DialPlan.CountryCode
}

// e164 is the number without its plus by the set's plan, "" for what is internal or no number.
func (f *truthFile) e164(dialled string) string {
	international, trunk, lengths := "00", "0", []int(nil)
	if p := f.Organisation.DialPlan; p != nil {
		international, trunk, lengths = p.International, p.Trunk, p.Lengths
	}
	if n, ok := strings.CutPrefix(dialled, "+"); ok {
		return n
	}
	if n, ok := strings.CutPrefix(dialled, international); ok {
		return n
	}
	if n, ok := strings.CutPrefix(dialled, trunk); ok && trunk != "" {
		return f.countryCode() + n
	}
	if trunk == "" && slices.Contains(lengths, len(dialled)) {
		return f.countryCode() + dialled
	}
	return ""
}

// openSet opens the records, packed or not.
func openSet(t *testing.T, folder string) io.Reader {
	t.Helper()
	name := recordFile(folder)
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	if !strings.HasSuffix(name, ".gz") {
		return bufio.NewReader(f)
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// recordFile is the path of a set's records.
func recordFile(folder string) string {
	name := filepath.Join(folder, "master.csv")
	if _, err := os.Stat(name); err != nil {
		return name + ".gz"
	}
	return name
}

// ratesOf reads rates.csv: the price a minute of the longest prefix, 0.50 where there is none.
func ratesOf(t *testing.T, folder string) func(string) float64 {
	t.Helper()
	f, err := os.Open(filepath.Join(folder, "rates.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	prefix, rate := slices.Index(rows[0], "prefix"), slices.Index(rows[0], "rate_per_minute")
	table := map[string]float64{}
	for _, r := range rows[1:] {
		if table[r[prefix]], err = strconv.ParseFloat(r[rate], 64); err != nil {
			t.Fatal(err)
		}
	}
	return func(number string) float64 {
		for n := min(len(number), 15); n > 0; n-- {
			if v, ok := table[number[:n]]; ok {
				return v
			}
		}
		return 0.5
	}
}

// decide gives the calls what a decisions file says of them, and refuses what it may not say.
func decide(t *testing.T, file string, calls map[string]*scoredCall) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in := json.NewDecoder(bufio.NewReader(f))
	for n := 1; ; n++ {
		var d struct {
			ID, Decision string
			Time         time.Time
		}
		err := in.Decode(&d)
		if errors.Is(err, io.EOF) {
			return
		}
		c := calls[d.ID]
		switch {
		case err != nil:
			t.Fatalf("%s, decision %d: %v", file, n, err)
		case c == nil:
			t.Fatalf("%s, decision %d: no call has the id %s", file, n, d.ID)
		case d.Decision != "end" && c.word != "" || d.Decision == "end" && !c.ended.IsZero():
			t.Fatalf("%s, decision %d: call %s was decided before", file, n, d.ID)
		case d.Decision != "end":
			c.word = d.Decision
		case c.answer.IsZero() || c.word == "refuse" || d.Time.Before(c.answer) || d.Time.After(c.end):
			t.Fatalf("%s, decision %d: call %s, from %s to %s, cannot be ended at %s", file, n, d.ID, c.answer, c.end, d.Time)
		default:
			c.ended = d.Time
		}
	}
}

// TestScore scores a few calls whose score is known.
func TestScore(t *testing.T) {
	dir := t.TempDir()
	row := func(id, src, dst, context, channel string, minute, talk int) string {
		at := time.Date(2026, 3, 2, 9, minute, 0, 0, time.UTC)
		answer, end := "", at.Add(time.Minute)
		if talk > 0 {
			answer, end = at.Format(time.DateTime), at.Add(time.Duration(talk)*time.Second)
		}
		return fmt.Sprintf(`"","%s","%s","%s","x","%s-1","","Dial","","%s","%s","%s",1,1,"A","D","%s",""`, src, dst, context, channel, at.Format(time.DateTime), answer, end.Format(time.DateTime), id) + "\n"
	}
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("master.csv", row("a1", "212", "00252611", "from-internal", "PJSIP/212", 0, 900)+row("a2", "212", "00252612", "from-internal", "PJSIP/212", 20, 600)+
		row("i1", "213", "00252613", "from-internal", "PJSIP/213", 1, 60)+row("i2", "213", "0201234567", "from-internal", "PJSIP/213", 2, 60)+
		row("i3", "+31", "214", "from-trunk", "PJSIP/trunk", 3, 60)+row("i4", "+31", "00252", "from-internal", "Local/215@from-internal", 4, 60)+row("e1", "213", "112", "from-internal", "PJSIP/213", 5, 60))
	write("rates.csv", "prefix,description,rate_per_minute\n252,Somalia,2\n31,NL,0.1\n")
	write("truth.json", `{"organisation":{"timezone":"UTC"},"train_until":"2026-03-02T00:00:00Z","end":"2026-03-09T00:00:00Z","extensions":10,"attacks":[{"kind":"x","ids":["a1","a2"]}],"emergency":["e1"]}`)
	write("d", `{"id":"a1","decision":"end","time":"2026-03-02T09:05:00Z"}
{"id":"a2","decision":"refuse"}
{"id":"i1","decision":"refuse"}
{"id":"i2","decision":"watch"}
{"id":"i4","decision":"alert"}
{"id":"e1","decision":"allow"}
`)
	s := scoreOf(t, dir, filepath.Join(dir, "d"))
	if s.attacks != 1 || s.found != 1 || s.exposed != 50 || s.lost != 10 || s.innocent != 5 || s.refused != 1 || s.abroad != 2 || s.alarms != 2 || s.weeks != 10 || s.emergency != 1 || s.emergencyWrong != 0 ||
		s.connected != 2 || s.connectedPassed != 0 || s.median() != 1 {
		t.Errorf("%+v", s)
	}
	write("d", `{"id":"a2","decision":"alert"}`+"\n"+`{"id":"e1","decision":"refuse"}`)
	if s = scoreOf(t, dir, filepath.Join(dir, "d")); s.found != 0 || s.late != 1 || s.lost != 50 || s.emergencyWrong != 1 || s.connectedPassed != 2 || s.median() != 2 {
		t.Errorf("%+v", s)
	}
}
