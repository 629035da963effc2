package cdr

import (
	"io"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ingest"
)

// DefaultMaxRejected is the share of rows of a file that may be unreadable before reading it fails.
const DefaultMaxRejected = 0.02

// Options say how to read a file. The zero Options recognise everything, take times as UTC where nothing shows otherwise, and allow 2 %
// of the rows to be unreadable.
type Options struct {
	Format      string         // "" = recognise; else one of Formats
	Zone        *time.Location // the organisation's time zone
	Times       string         // "" = the organisation's unless the uniqueids show otherwise; "utc", "local" (Zone) or Area/City
	Mapping     *Mapping       // the owner's own mapping; Format and recognition are not used then
	Rejects     io.Writer      // where rows go that cannot be read, each under a line with its reason; nil = nowhere
	MaxRejected float64        // the share of rows that may be rejected, 0 to 1; 0 = DefaultMaxRejected, below 0 = none
	Encoding    string         // "" = recognise; utf-8, utf-16, windows-1252, …
	// Guess is asked for a mapping where no known format fits, by the names of the columns and the first records; nil, or its nil, = the file is refused.
	Guess func(header []string, records [][]string) *Mapping
	// Brief says that a row's strings are needed only until the next one is read. That is quicker. It is heeded where there is one file, its oldest rows first.
	Brief bool
}

// Open prepares the file that r yields; name is for messages. It unpacks gzip and zstd, makes UTF-8 of other encodings and recognises
// the format. Errors have the code Invalid (the file is none that can be read; the sentence says what to do) or Usage (an option).
func Open(r io.Reader, name string, o Options) (*Reader, error) {
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if o.MaxRejected == 0 {
		o.MaxRejected = DefaultMaxRejected
	}
	d := &Reader{name: name, in: &counted{r: r}, rejects: rejects{name: name, out: o.Rejects, max: max(o.MaxRejected, 0)}}
	unpacked, note, err := unpack(d.in, name)
	if err != nil {
		return nil, err
	}
	d.note(note)
	want := o.Encoding
	if want == "" && o.Mapping != nil {
		want = o.Mapping.Encoding
	}
	text, note, err := decode(unpacked, name, want)
	if err != nil {
		return nil, err
	}
	d.note(note)
	d.src = newSource(text)
	if err := d.fillBlock(); err != nil {
		return nil, err
	}
	d.src.brief = o.Brief // from the second block on: what is found out about a file refers to the first
	if err := d.sniff(o); err != nil {
		return nil, err
	}
	return d, nil
}

// sniff finds format, zone and order in the first block.
func (d *Reader) sniff(o Options) error {
	sample := d.src.text
	if first, _, _ := strings.Cut(sample, "\n"); strings.HasPrefix(first, "# belwacht.rejects/") {
		if strings.TrimSpace(first) != RejectSchema {
			return belwacht.Errorf(belwacht.Invalid, "%s is a file of rejected rows of another version than %s; read it with the program that wrote it", d.name, RejectSchema[2:])
		}
		d.again = true
		sample = uncommented(sample)
	}
	if strings.TrimSpace(sample) == "" {
		return belwacht.Errorf(belwacht.Invalid, "%s is empty; give the file that the PBX writes its call records to, and look whether it writes any", d.name)
	}
	if n := strings.Count(sample, "\x00"); n > 8 && n > len(sample)/200 {
		return belwacht.Errorf(belwacht.Invalid, "%s is no text but binary data; export the call records as CSV or JSON", d.name)
	}
	f, name, notes, err := recognise(sample, d.src.eof, d.name, o)
	if err != nil {
		return err
	}
	clock, ok := f.(clocked)
	if !ok {
		return belwacht.Errorf(belwacht.Internal, "the format %s reads no times", name)
	}
	d.form, d.format = dated{f, clock}, name
	for _, n := range notes {
		d.note(n)
	}
	s := d.survey(sample, o.Zone)
	if err := d.setZone(o, &s.ZoneVotes); err != nil {
		return err
	}
	if s.descending() {
		d.note("rows are newest first and are read from the end")
		return d.turn()
	}
	return nil
}

// uncommented is the sample of a file of rejected rows without the reasons.
func uncommented(sample string) string {
	var b strings.Builder
	for line := range strings.Lines(sample) {
		if !strings.HasPrefix(line, "# ") {
			b.WriteString(line)
		}
	}
	return b.String()
}

// setZone decides by which clock times are read.
func (d *Reader) setZone(o Options, b *ingest.ZoneVotes) error {
	zone := o.Zone
	switch times := o.Times; {
	case strings.EqualFold(times, "utc"):
		zone = time.UTC
	case strings.EqualFold(times, "local"):
	case times != "":
		z, err := time.LoadLocation(times)
		if err != nil {
			return belwacht.Errorf(belwacht.Usage, "%q is no time zone; say utc, local, or a name such as Europe/Amsterdam", times)
		}
		zone = z
	default:
		if m, ok := d.form.form.(*mapForm); ok && m.zone != nil {
			zone = m.zone
			d.note("times are taken as " + zone.String() + ", as this format has them")
			break
		}
		var note string
		zone, note, d.open = b.Verdict()
		d.foreign = d.open && b.Foreign()
		d.note(note)
	}
	d.zone = o.Zone
	d.form.setClock(ingest.NewClock(zone))
	return nil
}

// survey is what the first rows show of a file as a whole.
type survey struct {
	ingest.ZoneVotes
	rows, up, down int
	first, last    int64
}

// surveyed is how many rows a survey looks at.
const surveyed = 500

// survey looks at the first rows without consuming them.
func (d *Reader) survey(sample string, zone *time.Location) survey {
	s := survey{ZoneVotes: ingest.NewZoneVotes(zone)}
	bad := 0
	for pos := 0; pos < len(sample) && s.rows < surveyed; {
		n, st := d.form.split(sample[pos:], d.src.eof)
		if st == short {
			break
		}
		if st != whole {
			i := strings.IndexByte(sample[pos:], '\n')
			if bad++; i < 0 || bad > surveyed {
				break
			}
			pos += i + 1
			continue
		}
		pos += n
		naive, epoch, ok := d.form.start()
		if naive == 0 {
			continue
		}
		if ok {
			s.Add(naive, epoch)
		}
		s.order(naive)
	}
	return s
}

// order notes the start of the next row.
func (s *survey) order(naive int64) {
	if s.rows == 0 {
		s.first = naive
	} else if naive > s.last {
		s.up++
	} else if naive < s.last {
		s.down++
	}
	s.last = naive
	s.rows++
}

// descending says whether the rows come newest first, as web pages export them.
func (s *survey) descending() bool { return s.down >= 2 && s.down > 4*s.up && s.first > s.last }

// note keeps a sentence, without repeating one.
func (d *Reader) note(s string) {
	if s == "" {
		return
	}
	for _, n := range d.notes {
		if n == s {
			return
		}
	}
	d.notes = append(d.notes, s)
}
