package cdr

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/freeswitch"
	"github.com/belwacht/belwacht/ingest"
)

// FormatFreeSWITCH is FreeSWITCH's mod_json_cdr: one document a leg, as a line, an array or a file each.
const FormatFreeSWITCH = "freeswitch-json"

// maxObject is the longest JSON document of one record in bytes; mod_json_cdr's have some 20 KB.
const maxObject = 512 << 10

// jsonForm reads records that are JSON objects: lines, an array, or one after the other. Without a mapping they are FreeSWITCH's.
type jsonForm struct {
	object string
	mapped *mapForm
	clock  *ingest.Clock
}

func newJSONForm(m *Mapping) *jsonForm {
	f := &jsonForm{}
	if m != nil {
		f.mapped = &mapForm{m: m, zone: m.zone, splitter: newSplitter(',')}
		f.mapped.prepare()
		for i, names := range m.Columns.lists() {
			if len(names) == 0 {
				f.mapped.places[i] = absent
			}
		}
	}
	return f
}

func (f *jsonForm) limit() int { return maxObject }

func (f *jsonForm) setClock(c *ingest.Clock) {
	f.clock = c
	if f.mapped != nil {
		f.mapped.clock = c
	}
}

// split finds the next object. What stands between objects (commas, brackets, line ends, the head of a wrapping object) goes with it.
func (f *jsonForm) split(text string, last bool) (int, status) {
	f.object = ""
	open := strings.IndexByte(text, '{')
	if wrapped := wrapper(text); wrapped > open {
		open = wrapped
	}
	if open < 0 {
		if last {
			return len(text), whole
		}
		return 0, short
	}
	depth, quoted := 0, false
	for i := open; i < len(text) && i-open <= maxObject; i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{':
			depth++
		case c == '}':
			if depth--; depth == 0 {
				f.object = text[open : i+1]
				i++
				for i < len(text) && (text[i] == ',' || text[i] == '\r' || text[i] == '\n' || text[i] == ' ') {
					i++
				}
				return i, whole
			}
		}
	}
	if last || len(text)-open > maxObject {
		return 0, unclosed
	}
	return 0, short
}

// wrapping is the head of an answer that wraps its records, as Microsoft Graph's does: {"value": [ {.
var wrapping = regexp.MustCompile(`^\s*\{[^{]*"(?:value|data|results|records|items)"\s*:\s*\[\s*\{`)

// wrapper is where the first record begins in such an answer; -1 where text is none.
func wrapper(text string) int {
	if head := wrapping.FindString(text[:min(len(text), 4096)]); head != "" {
		return len(head) - 1
	}
	return -1
}

func (f *jsonForm) start() (naive, epoch int64, ok bool) {
	if f.object == "" {
		return 0, 0, false
	}
	if f.mapped != nil {
		if f.flatten() != "" {
			return 0, 0, false
		}
		return f.mapped.start()
	}
	r, err := freeswitch.ParseJSON([]byte(f.object))
	if err != nil {
		return 0, 0, false
	}
	return int64(r.Start / belwacht.Second), 0, false
}

func (f *jsonForm) fill(row *ingest.Row) (string, bool) {
	if f.object == "" {
		return "", true
	}
	if f.mapped != nil {
		if reason := f.flatten(); reason != "" {
			return reason, false
		}
		return f.mapped.fill(row)
	}
	r, err := freeswitch.ParseJSON([]byte(f.object))
	if err != nil {
		return err.Error(), false
	}
	return f.leg(r, row)
}

// flatten makes names and values of the object at hand.
func (f *jsonForm) flatten() string {
	d := json.NewDecoder(strings.NewReader(f.object))
	d.UseNumber()
	var values map[string]any
	if d.Decode(&values) != nil {
		return "it is no JSON"
	}
	f.mapped.json = make(map[string]string, len(values))
	f.put("", values)
	return ""
}

// put keeps the values of an object by name; of objects in it by both names with a dot.
func (f *jsonForm) put(outer string, values map[string]any) {
	for k, v := range values {
		k = outer + heading(k)
		switch v := v.(type) {
		case string:
			f.mapped.json[k] = v
		case json.Number:
			f.mapped.json[k] = v.String()
		case bool:
			f.mapped.json[k] = strconv.FormatBool(v)
		case map[string]any:
			if outer == "" {
				f.put(k+".", v)
			}
		}
	}
}

// leg makes a row of a leg. A leg that FreeSWITCH set up for another is that one's reflection: its money stands in the first already.
func (f *jsonForm) leg(r *freeswitch.Record, row *ingest.Row) (string, bool) {
	*row = ingest.Row{UniqueID: r.UUID, LinkedID: r.Link, Sequence: -1, Src: r.Number, Dst: r.Destination, Context: r.Context, CallerName: r.Name,
		Account: r.Account, Start: r.Start, Answer: r.Answer, End: max(r.End, r.Start), Duration: r.Duration, Talk: r.Talk}
	if r.Talk == 0 {
		row.Answer = 0
	}
	row.Disposition = freeswitch.DispositionOf(r.Cause, row.Answer != 0)
	if r.Direction == "outbound" && r.Link != "" && r.Link != r.UUID {
		return "", true
	}
	row.From = r.User
	if row.From == "" && r.Context != "public" {
		row.From = r.Account
	}
	if r.Gateway != "" {
		if row.From != "" || r.Direction == "outbound" {
			row.OutTrunk = r.Gateway
		} else {
			row.InTrunk = r.Gateway
		}
	}
	return "", false
}

// recogniseJSON finds out which JSON a file holds.
func recogniseJSON(sample, name string, o Options) (form, string, []string, error) {
	f := newJSONForm(nil)
	if _, st := f.split(sample, true); st != whole || f.object == "" {
		return nil, "", nil, unknown(name, "it begins like JSON and holds no complete object")
	}
	var keys map[string]json.RawMessage
	if json.Unmarshal([]byte(f.object), &keys) != nil {
		return nil, "", nil, unknown(name, "it begins like JSON and is none")
	}
	if _, ok := keys["variables"]; ok {
		return f, FormatFreeSWITCH, nil, nil
	}
	if s, ok := keys["schema"]; ok {
		return nil, "", nil, unknown(name, "it is a file of Belwacht's own with the schema "+quoted(string(s)))
	}
	all, err := Mappings()
	if err != nil {
		return nil, "", nil, err
	}
	have := map[string]bool{}
	for k := range keys {
		have[heading(k)] = true
	}
	for _, m := range all {
		ok := len(m.Recognise) > 0
		for _, want := range m.Recognise {
			ok = ok && have[heading(want)]
		}
		if ok {
			return newJSONForm(m), m.Name, mappingNotes(m), nil
		}
	}
	if m := o.guess(f.columns(sample)); m != nil {
		return newJSONForm(m), m.Name, mappingNotes(m), nil
	}
	return nil, "", nil, unknown(name, "it is JSON without the columns of a known format")
}

// columns are the names in the first objects of a sample, and the values that they have for them.
func (f *jsonForm) columns(sample string) (names []string, records [][]string) {
	f.mapped = &mapForm{}
	defer func() { f.mapped = nil }()
	for len(sample) > 0 && len(records) < looked {
		n, st := f.split(sample, false)
		if st != whole {
			break
		}
		sample = sample[n:]
		if f.object == "" || f.flatten() != "" {
			continue
		}
		if names == nil {
			names = slices.Sorted(maps.Keys(f.mapped.json))
		}
		r := make([]string, len(names))
		for i, name := range names {
			r[i] = f.mapped.json[name]
		}
		records = append(records, r)
	}
	return names, records
}
