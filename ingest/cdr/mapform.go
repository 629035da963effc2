package cdr

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/asterisk"
	"github.com/belwacht/belwacht/freeswitch"
	"github.com/belwacht/belwacht/ingest"
	"github.com/belwacht/belwacht/number"
)

// The columns of a mapping, as places in mapForm.places.
const (
	mapID = iota
	mapLink
	mapStart
	mapDate
	mapTime
	mapAnswer
	mapEnd
	mapDuration
	mapTalk
	mapTalkMinutes
	mapFrom
	mapTo
	mapCaller
	mapCalled
	mapInTrunk
	mapOutTrunk
	mapDirection
	mapDisposition
	mapName
	mapContext
	mapAccount
	mapChannel
	mapDstChannel
	mapApp
	mapData
	mapSequence
	mapColumns
)

// lists are the columns in the order of their places.
func (c *MappedColumns) lists() [mapColumns][]string {
	return [mapColumns][]string{c.ID, c.Link, c.Start, c.Date, c.Time, c.Answer, c.End, c.Duration, c.Talk, c.TalkMinutes, c.From, c.To, c.Caller, c.Called,
		c.InTrunk, c.OutTrunk, c.Direction, c.Disposition, c.Name, c.Context, c.Account, c.Channel, c.DstChannel, c.App, c.Data, c.Sequence}
}

// mapForm reads records with delimiters by a mapping.
type mapForm struct {
	*splitter
	m       *Mapping
	zone    *time.Location // of the file's times, nil = the organisation's
	places  [mapColumns]uint8
	dates   []ingest.Layout
	words   map[string]belwacht.Direction
	ends    map[string]belwacht.Disposition
	ignored map[string]bool
	heads   []string // the lines before the records, as they stand
	whole   string   // the record just split
	clock   *ingest.Clock
	json    map[string]string // a record that came as JSON: its values by name; nil otherwise
}

// newMapForm prepares a mapping for a file by its beginning.
func newMapForm(m *Mapping, sample string, last bool, name string) (*mapForm, error) {
	f := &mapForm{m: m, zone: m.zone, clock: ingest.NewClock(time.UTC)}
	delim := delimiter(sample)
	if m.Delimiter == "tab" {
		delim = '\t'
	} else if m.Delimiter != "" {
		delim = m.Delimiter[0]
	}
	f.splitter = newSplitter(delim)
	f.plain = m.Quotes != nil && !*m.Quotes
	f.backslash = !f.plain && backslashes(sample)
	f.prepare()
	header, err := f.head(sample, last, name)
	if err != nil {
		return nil, err
	}
	if _, ok, named := find(slices.Concat(m.Columns.Start, m.Columns.Date), header); m.Header == nil && ok && !named {
		f.heads, header = f.heads[:len(f.heads)-1], nil // the first line is a record already
	}
	for i, names := range m.Columns.lists() {
		place, ok, _ := find(names, header)
		if !ok && len(names) > 0 && slices.Contains([]int{mapStart, mapDate, mapTime, mapCalled}, i) && !(i == mapCalled && len(m.Columns.To) > 0) {
			return nil, belwacht.Errorf(belwacht.Invalid, "%s has no column %s, which the mapping %s asks for; its header has %s", name,
				strings.Join(names, " or "), m.Name, quoted(strings.Join(header, " | ")))
		}
		f.places[i] = place
	}
	return f, nil
}

// prepare makes the tables of words and layouts.
func (f *mapForm) prepare() {
	layouts := f.m.Dates
	if len(layouts) == 0 {
		layouts = ingest.UsualDates()
	}
	for _, d := range layouts {
		if l, err := ingest.ParseLayout(d); err == nil {
			f.dates = append(f.dates, l)
		}
	}
	f.words, f.ignored, f.ends = map[string]belwacht.Direction{}, map[string]bool{}, map[string]belwacht.Disposition{}
	for word, d := range f.m.Directions { // of what is ignored the direction is not asked
		f.words[strings.ToLower(word)], f.ignored[strings.ToLower(word)] = directionWords[d], d == "ignore"
	}
	for word, d := range f.m.Dispositions {
		f.ends[letters(word)] = dispositionNamed(d)
	}
}

// head reads the lines before the records: those to be skipped, and the header.
func (f *mapForm) head(sample string, last bool, name string) ([]string, error) {
	for range f.m.SkipLines {
		i := strings.IndexByte(sample, '\n')
		if i < 0 {
			return nil, belwacht.Errorf(belwacht.Invalid, "%s has fewer than the %d lines that the mapping %s skips", name, f.m.SkipLines, f.m.Name)
		}
		f.heads = append(f.heads, sample[:i+1])
		sample = sample[i+1:]
	}
	if f.m.Header != nil && !*f.m.Header {
		return nil, nil
	}
	n, st := f.splitter.split(sample, last)
	if st != whole {
		return nil, belwacht.Errorf(belwacht.Invalid, "the first line of %s is no header", name)
	}
	f.heads = append(f.heads, strings.Clone(sample[:n]))
	header := make([]string, f.n)
	for i := range header {
		header[i] = f.field(i)
	}
	return header, nil
}

// find is the place of the first of some names in a header, or the number that one of them is; named says which.
func find(names, header []string) (place uint8, ok, named bool) {
	for _, want := range names {
		for i, have := range header {
			if heading(have) == heading(want) {
				return uint8(i), true, true
			}
		}
	}
	for _, want := range names {
		if n, err := strconv.Atoi(want); err == nil && n >= 1 && n <= maxFields {
			return uint8(n - 1), true, false
		}
	}
	return absent, false, false
}

// heading is a column's name as it is compared: small letters, without spaces around it.
func heading(s string) string {
	return strings.ToLower(strings.Trim(s, " \t\r\"\ufeff"))
}

func (f *mapForm) split(text string, last bool) (int, status) {
	n, st := f.splitter.split(text, last)
	if st == whole {
		f.whole = text[:n]
	}
	return n, st
}

func (f *mapForm) setClock(c *ingest.Clock) { f.clock = c }
func (f *mapForm) limit() int               { return maxRecord }

// get is a column's value without spaces around it.
func (f *mapForm) get(column int) string {
	if f.json != nil {
		for _, name := range f.m.Columns.lists()[column] {
			if v, ok := f.json[heading(name)]; ok {
				return strings.TrimSpace(v)
			}
		}
		return ""
	}
	return strings.TrimSpace(f.field(int(f.places[column])))
}

// stampOf reads a time in one of the mapping's layouts.
func (f *mapForm) stampOf(s string) (ingest.Stamp, bool) {
	for i, l := range f.dates {
		if st, ok := l.Read(s); ok {
			if i > 0 { // files keep to one layout
				f.dates[0], f.dates[i] = f.dates[i], f.dates[0]
			}
			return st, true
		}
	}
	if t, ok := ingest.Stamped(s); ok {
		return ingest.Stamp{Naive: int64(t / belwacht.Second), Zoned: true}, true
	}
	return ingest.Stamp{}, false
}

// startText is the start as the record has it, date and time put together.
func (f *mapForm) startText() string {
	if s := f.get(mapStart); s != "" {
		return s
	}
	date, clock := f.get(mapDate), f.get(mapTime)
	if clock == "" {
		return date
	}
	return date + " " + clock
}

func (f *mapForm) start() (naive, epoch int64, ok bool) {
	st, ok := f.stampOf(f.startText())
	if !ok || slices.Contains(f.heads, f.whole) {
		return 0, 0, false
	}
	epoch, ok = asterisk.Epoch(f.get(mapID))
	return st.Naive, epoch, ok && !st.Zoned
}

// instant makes an instant of a time, of two possible ones that nearer to want.
func (f *mapForm) instant(st ingest.Stamp, want int64) belwacht.Instant {
	if st.Zoned {
		return belwacht.Instant(st.Naive-st.Offset) * belwacht.Second
	}
	return f.clock.Near(st.Naive, want)
}

func (f *mapForm) fill(row *ingest.Row) (string, bool) {
	if f.json == nil && (slices.Contains(f.heads, f.whole) || strings.Trim(f.whole, " \t\r\n,;|") == "" || f.total()) {
		return "", true
	}
	*row = ingest.Row{Sequence: -1, Duration: -1}
	st, ok := f.stampOf(f.startText())
	if !ok {
		return "its start is no time in a layout of this format", false
	}
	row.Start = f.instant(st, 0)
	if word := strings.ToLower(f.get(mapDirection)); word != "" {
		if f.ignored[word] {
			return "", true
		}
		if row.Direction, ok = f.words[word]; !ok {
			row.Direction = directionWords[word]
		}
	}
	row.UniqueID, row.LinkedID = f.get(mapID), f.get(mapLink)
	row.Context, row.Account, row.CallerName = f.get(mapContext), f.get(mapAccount), f.get(mapName)
	row.InTrunk, row.OutTrunk = f.get(mapInTrunk), f.get(mapOutTrunk)
	row.Channel, row.DstChannel, row.App, row.Data = f.get(mapChannel), f.get(mapDstChannel), f.get(mapApp), f.get(mapData)
	if v, ok := ingest.WholeNumber(f.get(mapSequence)); ok && f.get(mapSequence) != "" {
		row.Sequence = v
	}
	f.parties(row)
	return f.lengths(row), false
}

// total says whether a line is one of totals.
func (f *mapForm) total() bool {
	first := strings.ToLower(strings.TrimSpace(f.field(0)))
	return slices.ContainsFunc(f.m.Footer, func(word string) bool { return strings.HasPrefix(first, strings.ToLower(word)) })
}

// parties fills who called whom.
func (f *mapForm) parties(row *ingest.Row) {
	row.From, row.To = f.extension(f.get(mapFrom)), f.extension(f.get(mapTo))
	row.Src, row.Dst = number.Bare(f.get(mapCaller)), number.Bare(f.get(mapCalled))
	if row.Direction == belwacht.In && row.To == "" { // the column names our side of the call, whoever began it
		row.From, row.To = "", row.From
	}
	if row.Src == "" {
		row.Src = number.Bare(strings.TrimPrefix(f.get(mapFrom), f.m.Extension))
	}
	if row.Dst == "" {
		row.Dst = number.Bare(strings.TrimPrefix(f.get(mapTo), f.m.Extension))
	}
	if f.m.Numbers == "international" {
		row.Src, row.Dst = number.WithPlus(row.Src), number.WithPlus(row.Dst)
	}
}

// extension is an extension's name, or "" where the value is a number outside.
func (f *mapForm) extension(s string) string {
	if f.m.Extension == "" {
		return number.Bare(s)
	}
	if e, ok := strings.CutPrefix(s, f.m.Extension); ok {
		return e
	}
	return ""
}

// lengths fills answer, end, seconds and disposition, each from what the record has of them.
func (f *mapForm) lengths(row *ingest.Row) string {
	duration, talk := f.get(mapDuration), f.get(mapTalk)
	var ok bool
	if row.Duration, ok = ingest.Seconds(duration); !ok {
		return "its duration is no length of time"
	}
	if row.Talk, ok = ingest.Seconds(talk); !ok {
		return "its talking time is no length of time"
	}
	if f.m.Unit == "milliseconds" {
		if !strings.Contains(duration, ":") {
			row.Duration /= 1000
		}
		if !strings.Contains(talk, ":") {
			row.Talk /= 1000
		}
	}
	if m := f.get(mapTalkMinutes); m != "" && talk == "" {
		v, err := strconv.ParseFloat(strings.Replace(m, ",", ".", 1), 64)
		if err != nil || v < 0 || v > 1e6 {
			return "its talking time is no number of minutes"
		}
		row.Talk, talk = int64(v*60+0.5), m
	}
	for _, t := range [...]struct {
		column int
		to     *belwacht.Instant
		what   string
	}{{mapEnd, &row.End, "end"}, {mapAnswer, &row.Answer, "answer"}} {
		if s := f.get(t.column); !never(s) {
			st, ok := f.stampOf(s)
			if !ok {
				return "its " + t.what + " is no time in a layout of this format"
			}
			*t.to = max(f.instant(st, int64(row.Start/belwacht.Second)+row.Duration), row.Start)
		}
	}
	f.complete(row, duration != "", talk != "")
	return ""
}

// never says whether a time is written where there was none: databases and epochs have no empty one.
func never(s string) bool {
	return s == "" || s == "-" || s[0] < '2' && (strings.HasPrefix(s, "0000-00-00") || strings.HasPrefix(s, "0001-01-01") || strings.HasPrefix(s, "1970-01-01") || strings.Trim(s, "0.") == "")
}

// complete works out what the record leaves unsaid of its lengths, from what it says.
func (f *mapForm) complete(row *ingest.Row, hasDuration, hasTalk bool) {
	word := f.get(mapDisposition)
	disposition, known := f.ends[letters(word)]
	if !known {
		disposition, known = dispositionWords[letters(word)]
	}
	answered := known && disposition == belwacht.Answered || row.Answer != 0 || hasTalk && row.Talk > 0
	if known && disposition != belwacht.Answered && !(hasTalk && row.Talk > 0) {
		answered = false
	}
	if !known && word == "" && !hasTalk && row.Answer == 0 && f.places[mapAnswer] == absent {
		answered = row.Duration > 0 // a list of calls made: its seconds are talk
	}
	if row.End == 0 {
		row.End = row.Start + belwacht.Instant(max(row.Duration, row.Talk))*belwacht.Second
		if row.Answer != 0 && hasTalk {
			row.End = max(row.End, row.Answer+belwacht.Instant(row.Talk)*belwacht.Second)
		} else if row.Answer != 0 && hasDuration { // 3CX: the duration is from the answer
			row.End = row.Answer + belwacht.Instant(row.Duration)*belwacht.Second
		}
	}
	switch {
	case !answered:
		row.Talk, row.Answer = 0, 0
	case hasTalk:
		if row.Answer == 0 {
			row.Answer = max(row.End-belwacht.Instant(row.Talk)*belwacht.Second, row.Start)
		}
	case row.Answer != 0:
		row.Talk = row.End.Seconds(row.Answer)
	default:
		row.Answer, row.Talk = row.Start, row.End.Seconds(row.Start)
	}
	row.Duration = row.End.Seconds(row.Start)
	switch {
	case answered:
		row.Disposition = belwacht.Answered
	case known:
		row.Disposition = disposition
	case freeswitch.Known(word):
		row.Disposition = freeswitch.DispositionOf(word, false)
	default:
		row.Disposition = belwacht.NoAnswer
	}
}

// letters is a word as dispositions are compared: small letters only.
func letters(s string) string {
	var b strings.Builder
	for i := 0; i < len(s) && i < 64; i++ {
		if c := s[i] | 0x20; c >= 'a' && c <= 'z' {
			b.WriteByte(c)
		}
	}
	return b.String()
}
