package cdr

import (
	"embed"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ingest"
	"github.com/belwacht/belwacht/yaml"
)

// Mapping says which column of a file is what: the generic way to read records. It is written as YAML; mappings/voys.yaml is one.
type Mapping struct {
	Name      string   `yaml:"name"`                // a format's name
	Title     string   `yaml:"title,omitempty"`     // what it reads, for people
	Source    string   `yaml:"source,omitempty"`    // where the layout is known from; "" = unverified
	Recognise []string `yaml:"recognise,omitempty"` // names that a header must have, all of them, for the file to be recognised
	Delimiter string   `yaml:"delimiter,omitempty"` // "," ";" "|" or tab; "" = found
	Quotes    *bool    `yaml:"quotes,omitempty"`    // false: quotes mean nothing
	Header    *bool    `yaml:"header,omitempty"`    // false: there is none, columns are numbers
	SkipLines int      `yaml:"skip_lines,omitempty"`
	Encoding  string   `yaml:"encoding,omitempty"`
	Zone      string   `yaml:"zone,omitempty"`  // of the times: utc or Area/City; "" = the organisation's
	Dates     []string `yaml:"dates,omitempty"` // layouts, of YYYY YY MMM MM DD HH hh mm ss AP ZZ
	Unit      string   `yaml:"unit,omitempty"`  // of duration and talk that are bare numbers: seconds, the default, or milliseconds
	// Numbers is international where numbers outside have their country code and no plus, as in 32470000001; "" = as they are dialled.
	Numbers string `yaml:"numbers,omitempty"`
	// Extension is what stands before an extension where it might be a number outside, such as "Ext.".
	Extension    string            `yaml:"extension_prefix,omitempty"`
	Columns      MappedColumns     `yaml:"columns"`
	Directions   map[string]string `yaml:"directions,omitempty"`   // the file's word: out, in, internal or ignore (the row is none of ours)
	Dispositions map[string]string `yaml:"dispositions,omitempty"` // the file's word: answered, no_answer, busy, failed, congestion or cancelled
	Footer       []string          `yaml:"footer,omitempty"`       // what the first field of a line of totals begins with

	zone *time.Location
}

// MappedColumns are the columns of a mapping. Each is a list of names of which the first that the header has is taken, or of numbers from 1.
type MappedColumns struct {
	ID          []string `yaml:"id,omitempty"`   // of the record
	Link        []string `yaml:"link,omitempty"` // of the call, where several records are one
	Start       []string `yaml:"start,omitempty"`
	Date        []string `yaml:"date,omitempty"` // where date and time stand apart
	Time        []string `yaml:"time,omitempty"`
	Answer      []string `yaml:"answer,omitempty"`
	End         []string `yaml:"end,omitempty"`
	Duration    []string `yaml:"duration,omitempty"`     // from start to end
	Talk        []string `yaml:"talk,omitempty"`         // from answer to end
	TalkMinutes []string `yaml:"talk_minutes,omitempty"` // the same in minutes with decimals
	From        []string `yaml:"from,omitempty"`         // the extension or user that placed the call
	To          []string `yaml:"to,omitempty"`           // the extension or user that it reached
	Caller      []string `yaml:"caller,omitempty"`       // the caller's number as presented
	Called      []string `yaml:"called,omitempty"`       // the number dialled
	InTrunk     []string `yaml:"in_trunk,omitempty"`
	OutTrunk    []string `yaml:"out_trunk,omitempty"`
	Direction   []string `yaml:"direction,omitempty"`
	Disposition []string `yaml:"disposition,omitempty"`
	Name        []string `yaml:"name,omitempty"` // the caller's, as presented
	Context     []string `yaml:"context,omitempty"`
	Account     []string `yaml:"account,omitempty"` // an account code
	// Of Asterisk's records in an order of their own.
	Channel    []string `yaml:"channel,omitempty"`
	DstChannel []string `yaml:"dst_channel,omitempty"`
	App        []string `yaml:"app,omitempty"`
	Data       []string `yaml:"data,omitempty"`
	Sequence   []string `yaml:"sequence,omitempty"`
}

//go:embed mappings/*.yaml
var ready embed.FS

// ReadMapping reads an own mapping; file is its name for messages. The error has the code Config and names line and key.
func ReadMapping(data []byte, file string) (*Mapping, error) {
	m := &Mapping{}
	if err := yaml.Read(data, file, m); err != nil {
		return nil, err
	}
	if err := m.check(file); err != nil {
		return nil, err
	}
	return m, nil
}

// ReadMappingFile is ReadMapping of a file.
func ReadMappingFile(path string) (*Mapping, error) {
	data, err := yaml.Bytes(path)
	if err != nil {
		return nil, err
	}
	return ReadMapping(data, path)
}

// check finds what a mapping lacks or has wrong.
func (m *Mapping) check(file string) error {
	bad := func(format string, args ...any) error {
		return belwacht.Errorf(belwacht.Config, "%s: "+format, append([]any{file}, args...)...)
	}
	c := &m.Columns
	switch {
	case m.Name == "":
		return bad("a mapping needs a name")
	case len(c.Start) == 0 && len(c.Date) == 0:
		return bad("columns needs start, or date and time")
	case len(c.Called) == 0 && len(c.To) == 0:
		return bad("columns needs called, the number dialled")
	case len(c.Talk) == 0 && len(c.TalkMinutes) == 0 && len(c.Duration) == 0 && (len(c.Answer) == 0 || len(c.End) == 0):
		return bad("columns needs talk or duration, or answer and end")
	case m.SkipLines < 0 || m.SkipLines > 100:
		return bad("skip_lines must be 0 to 100")
	case !slices.Contains([]string{"", "seconds", "milliseconds"}, m.Unit):
		return bad("unit must be seconds or milliseconds, not %.20q; minutes with decimals go into talk_minutes", m.Unit)
	case m.Numbers != "" && m.Numbers != "international":
		return bad("numbers must be international or left out, not %.20q", m.Numbers)
	case !slices.Contains([]string{"", ",", ";", "|", "tab", "\t"}, m.Delimiter):
		return bad("delimiter must be one of , ; | and tab, not %.20q", m.Delimiter)
	}
	switch {
	case strings.EqualFold(m.Zone, "utc"):
		m.zone = time.UTC
	case m.Zone != "":
		z, err := time.LoadLocation(m.Zone)
		if err != nil {
			return bad("zone %.40q is no time zone; say utc or a name such as Europe/Amsterdam", m.Zone)
		}
		m.zone = z
	}
	for _, d := range m.Dates {
		if _, err := ingest.ParseLayout(d); err != nil {
			return bad("dates: %w", err)
		}
	}
	for word, d := range m.Directions {
		if _, ok := directionWords[d]; !ok && d != "ignore" {
			return bad("directions: %.40q must be out, in, internal or ignore, not %.40q", word, d)
		}
	}
	for word, d := range m.Dispositions {
		if dispositionNamed(d) == belwacht.DispositionUnknown {
			return bad("dispositions: %.40q must be answered, no_answer, busy, failed, congestion or cancelled, not %.40q", word, d)
		}
	}
	return nil
}

// Mappings are the ready mappings, in the order of their names. They are shared: do not change them.
func Mappings() ([]*Mapping, error) { return readyMappings() }

// readyMappings reads the ready mappings once.
var readyMappings = sync.OnceValues(func() ([]*Mapping, error) {
	entries, err := ready.ReadDir("mappings")
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Internal, "the ready mappings cannot be read: %w", err)
	}
	var all []*Mapping
	for _, e := range entries {
		data, err := ready.ReadFile("mappings/" + e.Name())
		if err != nil {
			return nil, belwacht.Errorf(belwacht.Internal, "the ready mapping %s cannot be read: %w", e.Name(), err)
		}
		m, err := ReadMapping(data, e.Name())
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
})

// directionWords are what files say of a call's direction, in small letters.
var directionWords = map[string]belwacht.Direction{
	"out": belwacht.Out, "outbound": belwacht.Out, "outgoing": belwacht.Out, "originating": belwacht.Out, "uit": belwacht.Out, "uitgaand": belwacht.Out,
	"in": belwacht.In, "inbound": belwacht.In, "incoming": belwacht.In, "terminating": belwacht.In, "inkomend": belwacht.In,
	"internal": belwacht.Internally, "local": belwacht.Internally, "intern": belwacht.Internally,
}

// dispositionNamed is the disposition of one of our own words.
func dispositionNamed(word string) belwacht.Disposition {
	for d := belwacht.Answered; d <= belwacht.Declined; d++ {
		if d.String() == word {
			return d
		}
	}
	return belwacht.DispositionUnknown
}

// dispositionWords are what files say of a call's end, in small letters and without spaces and signs.
var dispositionWords = map[string]belwacht.Disposition{
	"answered": belwacht.Answered, "answer": belwacht.Answered, "completed": belwacht.Answered, "success": belwacht.Answered, "connected": belwacht.Answered,
	"beantwoord": belwacht.Answered, "aangenomen": belwacht.Answered, "voicemail": belwacht.Answered,
	"noanswer": belwacht.NoAnswer, "unanswered": belwacht.NoAnswer, "missed": belwacht.NoAnswer, "gemist": belwacht.NoAnswer,
	"nietbeantwoord": belwacht.NoAnswer, "onbeantwoord": belwacht.NoAnswer, "geengehoor": belwacht.NoAnswer, "geenantwoord": belwacht.NoAnswer, "timeout": belwacht.NoAnswer, "abandoned": belwacht.NoAnswer,
	"busy": belwacht.Busy, "bezet": belwacht.Busy,
	"failed": belwacht.Failed, "mislukt": belwacht.Failed, "error": belwacht.Failed, "invalid": belwacht.Failed,
	"congestion": belwacht.Congestion,
	"cancelled":  belwacht.Cancelled, "canceled": belwacht.Cancelled, "cancel": belwacht.Cancelled, "geannuleerd": belwacht.Cancelled, "afgebroken": belwacht.Cancelled,
}
