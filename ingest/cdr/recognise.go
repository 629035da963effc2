package cdr

import (
	"sort"
	"strconv"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/asterisk"
	"github.com/belwacht/belwacht/ingest"
)

// The formats that have a reader of their own; every ready mapping is a format by its name as well.
const (
	FormatMaster = "asterisk"        // Asterisk's Master.csv
	FormatCustom = "asterisk-custom" // Asterisk's cdr_custom in its sample's order
	FormatTable  = "asterisk-table"  // an export of Asterisk's table with a header, in any order
	// The same with a manufacturer's columns around them.
	FormatFreePBX     = "freepbx"     // the export of FreePBX's CDR report (FreePBX/cdr, page.cdr.php), or of its table
	FormatGrandstream = "grandstream" // the UCM's downloaded CDRs (CDR API guide); data of Dial may have commas without quotes
)

// looked is how many records are looked at to recognise a format.
const looked = 200

// sampleRecords are the first records of a file split by one delimiter.
func sampleRecords(sp *splitter, sample string, last bool) [][]string {
	var records [][]string
	bad := 0
	for pos := 0; pos < len(sample) && len(records) < looked; {
		n, st := sp.split(sample[pos:], last)
		if st == short {
			break
		}
		if st != whole {
			i := strings.IndexByte(sample[pos:], '\n')
			if bad++; i < 0 || bad > looked {
				break
			}
			pos += i + 1
			continue
		}
		pos += n
		fields := make([]string, sp.n)
		for i := range fields {
			fields[i] = sp.field(i)
		}
		if len(fields) > 1 || strings.TrimSpace(fields[0]) != "" {
			records = append(records, fields)
		}
	}
	return records
}

// recognise finds the format of a file by its beginning, or makes the one that the options force.
func recognise(sample string, last bool, name string, o Options) (form, string, []string, error) {
	if o.Mapping != nil {
		f, err := newMapForm(o.Mapping, sample, last, name)
		return f, o.Mapping.Name, nil, err
	}
	if o.Format != "" {
		return forced(o.Format, sample, last, name)
	}
	if c := strings.TrimLeft(sample, " \t\r\n"); c[0] == '{' || c[0] == '[' {
		return recogniseJSON(c, name, o)
	}
	delim := delimiter(sample)
	sp := newSplitter(delim)
	sp.backslash = backslashes(sample)
	records := sampleRecords(sp, sample, last)
	if len(records) == 0 {
		return nil, "", nil, unknown(name, "its first line is no record")
	}
	if delim == ',' {
		if f, format := headless(sp, records); f != nil {
			return f, format, nil, nil
		}
	}
	columns := table(sp, records[0])
	if columns != nil && (o.Guess == nil || columns.timed(records[1:])) {
		return columns, tableName(records[0]), nil, nil
	}
	if f, format, notes, err := recogniseMapped(sample, last, name, records[0], delim); f != nil || err != nil {
		return f, format, notes, err
	}
	for skip, rest := 0, sample; o.Guess != nil && skip < 10 && rest != ""; skip++ { // lines of a title may stand before the header
		line, _, _ := strings.Cut(rest, "\n")
		if r := sampleRecords(sp, rest, last); len(r) > 0 && strings.TrimSpace(line) != "" {
			if m := o.guess(r[0], r[1:]); m != nil {
				m.SkipLines = skip
				f, err := newMapForm(m, sample, last, name)
				return f, m.Name, mappingNotes(m), err
			}
		}
		rest = rest[min(len(line)+1, len(rest)):]
	}
	if columns != nil {
		return columns, tableName(records[0]), nil, nil
	}
	return nil, "", nil, unknown(name, describe(records))
}

// guess asks for a mapping of a file in no known format.
func (o *Options) guess(header []string, records [][]string) *Mapping {
	if o.Guess == nil {
		return nil
	}
	m := o.Guess(header, records)
	if m != nil && m.check("guessed") != nil {
		return nil
	}
	return m
}

// forced makes the form of a format given by name.
func forced(format, sample string, last bool, name string) (form, string, []string, error) {
	sp := newSplitter(',')
	sp.backslash = backslashes(sample)
	switch format {
	case FormatMaster:
		return newAsteriskForm(sp, asterisk.Master(), 16), format, nil, nil
	case FormatCustom:
		return newAsteriskForm(sp, asterisk.Custom(), 16), format, nil, nil
	case FormatTable, FormatFreePBX, FormatGrandstream:
		sp.delim = delimiter(sample)
		if records := sampleRecords(sp, sample, last); len(records) > 0 {
			if f := table(sp, records[0]); f != nil {
				return f, format, nil, nil
			}
		}
		return nil, "", nil, belwacht.Errorf(belwacht.Invalid, "%s has no header with the columns of Asterisk's table (calldate or start, src, dst, duration, billsec)", name)
	}
	if f, ok, err := forcedMapped(format, sample, last, name); ok {
		return f, format, nil, err
	}
	return nil, "", nil, belwacht.Errorf(belwacht.Usage, "%q is no known format of records; there are %s", format, strings.Join(Formats(), ", "))
}

// Formats are the names of all formats that Options.Format knows, sorted.
func Formats() []string {
	names := append([]string{FormatMaster, FormatCustom, FormatTable, FormatFreePBX, FormatGrandstream}, mappedFormats()...)
	sort.Strings(names)
	return names
}

// delimiter finds what separates the fields: what the first lines have most of, outside quotes, and in the same number.
func delimiter(sample string) byte {
	best, most := byte(','), -1
	for _, c := range [...]byte{',', ';', '\t', '|'} {
		least, lines := 1<<30, 0
		quoted, n := false, 0
		for i := 0; i < len(sample) && lines < 20; i++ {
			switch b := sample[i]; {
			case b == '"':
				quoted = !quoted
			case b == c && !quoted:
				n++
			case b == '\n' && !quoted:
				if n > 0 || lines == 0 {
					least = min(least, n)
					lines++
				}
				n = 0
			}
		}
		if lines == 0 {
			least = n
		}
		if least > most {
			best, most = c, least
		}
	}
	return best
}

// backslashes says whether the file writes a quote within quotes with a backslash rather than doubled.
func backslashes(sample string) bool {
	slashed, doubled := 0, strings.Count(sample, `"""`)
	for i := 0; i+2 < len(sample); i++ {
		if sample[i] == '\\' && sample[i+1] == '"' {
			switch sample[i+2] {
			case ',', '\n', '\r', ';', '\t':
			default:
				slashed++
			}
			i++
		}
	}
	return slashed > doubled
}

// headless recognises Asterisk's columns by what they hold: a start, an answer and an end, two numbers and a disposition in a row. Where
// the start stands says which of the two orders it is.
func headless(sp *splitter, records [][]string) (form, string) {
	places := map[int]int{}
	for _, r := range records {
		if len(r) > 5 && strings.HasPrefix(r[5], "sofia/") { // FreeSWITCH's template in this order
			return nil, ""
		}
		for i := 8; i <= 9 && i+5 < len(r); i++ {
			if looksAsterisk(r[i:]) {
				places[i]++
				break
			}
		}
	}
	need := (len(records) + 1) / 2
	if places[9] >= need {
		return newAsteriskForm(sp, asterisk.Master(), 16), FormatMaster
	}
	if places[8] >= need {
		return newAsteriskForm(sp, asterisk.Custom(), 16), FormatCustom
	}
	return nil, ""
}

// looksAsterisk says whether fields begin with start, answer, end, duration, billsec, disposition.
func looksAsterisk(f []string) bool {
	if !looksTime(f[0]) || !never(f[1]) && !looksTime(f[1]) || !looksTime(f[2]) {
		return false
	}
	_, duration := ingest.WholeNumber(f[3])
	_, talk := ingest.WholeNumber(f[4])
	_, word := asterisk.DispositionOf(f[5])
	return duration && talk && (word || f[5] == strings.ToUpper(f[5]))
}

// looksTime says whether s is a time as Asterisk writes it.
func looksTime(s string) bool {
	if _, ok := (&ingest.Clock{}).Naive(s); ok {
		return true
	}
	_, ok := ingest.Stamped(s)
	return ok
}

// table makes a form of a header with the names of Asterisk's columns, or nil where it is none.
func table(sp *splitter, header []string) *asteriskForm {
	columns := make([]asterisk.Column, len(header))
	have := [asterisk.Columns]bool{}
	for i, name := range header {
		if c := asterisk.ColumnOf(name); c != asterisk.Ignored && !have[c] {
			columns[i] = c
			have[c] = true
		}
	}
	for _, c := range [...]asterisk.Column{asterisk.Src, asterisk.Dst, asterisk.Start, asterisk.Duration, asterisk.BillSec, asterisk.ChannelName, asterisk.DstChannel} {
		if !have[c] {
			return nil
		}
	}
	f := newAsteriskForm(sp, columns, min(len(header), 6))
	f.header, f.titles = len(header), header[0]
	return f
}

// timed says whether the first record begins at a time as Asterisk writes it; a spreadsheet may have written it in its own way.
func (f *asteriskForm) timed(records [][]string) bool {
	at := int(f.place[asterisk.Start])
	return len(records) == 0 || at >= len(records[0]) || looksTime(records[0][at])
}

// tableName says whose table a header is.
func tableName(header []string) string {
	for _, h := range header {
		switch heading(h) {
		case "acctid":
			return FormatGrandstream
		case "calldate":
			return FormatFreePBX
		}
	}
	return FormatTable
}

// unknown is the error for a file that is in no known format.
func unknown(name, what string) error {
	return belwacht.Errorf(belwacht.Invalid, "%s is in no known format of call records: %s; write a mapping of its columns, such as {name: mine, "+
		"columns: {start: [Begin], from: [Extension], called: [To], talk: [Seconds]}}, and name it in the configuration by records: {mapping: FILE}; or say --format: %s", name, what, strings.Join(Formats(), ", "))
}

// describe says in a few words what a file looks like, for whoever gave the wrong one.
func describe(records [][]string) string {
	joined := strings.ToLower(strings.Join(records[0], " "))
	price := strings.Contains(joined, "rate") || strings.Contains(joined, "price") || strings.Contains(joined, "tarief")
	prefix := strings.Contains(joined, "prefix") || strings.Contains(joined, "code") || strings.Contains(joined, "destination")
	if price && prefix && !strings.Contains(joined, "start") && !strings.Contains(joined, "time") {
		return "it looks like a rate deck, which is given by --rates"
	}
	return "its first line has the fields " + quoted(strings.Join(records[0], " | "))
}

// quoted is s in quotes, at most 100 bytes of it, with what a terminal would obey made visible.
func quoted(s string) string {
	if len(s) > 100 {
		s = s[:100] + "…"
	}
	return strconv.Quote(s)
}
