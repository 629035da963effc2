package cdr

import (
	"bufio"
	"compress/gzip"
	"io"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/asterisk"
	"github.com/belwacht/belwacht/ingest"
)

// Mapping says which column of a file is what.
type Mapping struct{}

// Options say how to read a file; the zero Options recognise everything and take times as UTC.
type Options struct {
	Format      string         // "" = recognise; else one of Formats
	Zone        *time.Location // the organisation's time zone
	Times       string         // "" = as found, "utc", "local" (Zone), or Area/City
	Mapping     *Mapping       // the owner's own mapping
	Rejects     io.Writer      // where rows go that cannot be read
	MaxRejected float64        // the share of rows that may be rejected; 0 = 0.02
	Encoding    string         // "" = recognise
}

// Reader reads one file.
type Reader struct {
	name string
	o    Options
	in   *counted
	src  *source
	sp   *splitter
	rows int64
}

type counted struct {
	r io.Reader
	n int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// Open prepares the file that r yields; name is for messages.
func Open(r io.Reader, name string, o Options) (*Reader, error) {
	d := &Reader{name: name, o: o, in: &counted{r: r}, sp: newSplitter(',')}
	if d.o.Zone == nil {
		d.o.Zone = time.UTC
	}
	b := bufio.NewReaderSize(d.in, 64<<10)
	var plain io.Reader = b
	if magic, _ := b.Peek(2); len(magic) == 2 && magic[0] == 0x1f && magic[1] == 0x8b {
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, belwacht.Errorf(belwacht.Invalid, "%s begins like a gzip file but cannot be unpacked: %w", name, err)
		}
		plain = z
	}
	d.src = newSource(plain)
	return d, nil
}

// Read fills row with the next record; io.EOF at the end.
func (d *Reader) Read(row *ingest.Row) error {
	for {
		n, st := d.sp.split(d.src.text[d.src.pos:], d.src.eof)
		if st == short || d.src.pos == len(d.src.text) {
			if d.src.eof {
				return io.EOF
			}
			if err := d.src.fill(); err != nil {
				return belwacht.Errorf(belwacht.Invalid, "%s cannot be read further: %w", d.name, err)
			}
			continue
		}
		d.src.pos += n
		line := d.src.line
		d.src.line += 1 + d.sp.lines
		if len(d.sp.fields) < 16 {
			continue
		}
		f := d.sp.fields
		*row = ingest.Row{Account: f[0], Src: f[1], Dst: f[2], Context: f[3], CallerName: asterisk.CallerName(f[4]), Channel: f[5], DstChannel: f[6],
			App: f[7], Data: f[8], Sequence: -1, File: d.name, Line: line}
		row.Start, row.Answer, row.End = d.time(f[9]), d.time(f[10]), d.time(f[11])
		row.Duration, row.Talk = atoi(f[12]), atoi(f[13])
		row.Disposition, _ = asterisk.DispositionOf(f[14])
		if len(f) > 16 {
			row.UniqueID = f[16]
		}
		d.rows++
		return nil
	}
}

func (d *Reader) time(s string) belwacht.Instant {
	t, err := time.ParseInLocation("2006-01-02 15:04:05", s, d.o.Zone)
	if err != nil {
		return 0
	}
	return belwacht.InstantOf(t)
}

func atoi(s string) int64 {
	var v int64
	for i := 0; i < len(s) && i < 15; i++ {
		if s[i] < '0' || s[i] > '9' {
			return v
		}
		v = v*10 + int64(s[i]-'0')
	}
	return v
}

// Format is the format found or asked for.
func (d *Reader) Format() string { return "asterisk" }

// Notes are sentences on what was found out about the file.
func (d *Reader) Notes() []string { return nil }

// Offset is how many bytes of the file, packed as it is, were consumed.
func (d *Reader) Offset() int64 { return d.in.n }

// Reject is a row that could not be read.
type Reject struct {
	Line   int64
	Reason string
}

// Rejected says how many rows could not be read and what the first of them were.
func (d *Reader) Rejected() (int64, []Reject) { return 0, nil }
