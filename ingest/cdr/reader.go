package cdr

import (
	"io"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ingest"
)

// Reader reads one file. It is for one goroutine.
type Reader struct {
	name    string
	format  string
	notes   []string
	in      *counted
	src     *source
	form    dated
	zone    *time.Location // the organisation's
	open    bool           // later rows can change the zone, see ingest.ZoneVotes
	foreign bool           // the file's clock is neither the organisation's nor UTC
	again   bool           // a file of rejected rows, repaired by now: its comments are skipped
	offset  int64          // of the foreign clock
	rejects rejects
	rows    int64
	back    *backwards // rows are read from the end
	err     error      // what Read ended with
}

// Read fills row with the next record. It returns io.EOF at the end, and an error of the code Invalid where the file cannot be read
// further or too many of its rows could not be read; after an error it returns the same again.
func (d *Reader) Read(row *ingest.Row) error {
	if d.err == nil {
		d.err = d.next(row)
		if d.err == io.EOF {
			if err := d.rejects.check(d.rows); err != nil {
				d.err = err
			}
		}
	}
	return d.err
}

// next reads one row.
func (d *Reader) next(row *ingest.Row) error {
	if d.back != nil {
		return d.nextBack(row)
	}
	for {
		n, line, err := d.record()
		if err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		if d.open {
			d.watch()
		}
		at := d.src.pos
		d.src.pos += n
		reason, skip := d.form.fill(row)
		if skip {
			continue
		}
		if reason != "" {
			if err := d.reject(line, strings.TrimRight(d.src.text[at:d.src.pos], "\r\n"), reason); err != nil {
				return err
			}
			continue
		}
		row.Line, row.File = line, d.name
		d.rows++
		return nil
	}
}

// record splits the next record without consuming it: its bytes and its line. A line that is none is rejected and gives 0 bytes.
func (d *Reader) record() (int, int64, error) {
	for {
		if d.src.pos < len(d.src.text) {
			n, st := d.form.split(d.src.text[d.src.pos:], d.src.eof)
			if st == whole && n <= d.form.limit() {
				line, text := d.src.line, d.src.text[d.src.pos:d.src.pos+n]
				if i := strings.IndexByte(text, '\n'); i == n-1 {
					d.src.line++
				} else if i >= 0 { // a line end within quotes
					d.src.line += int64(strings.Count(text, "\n"))
				}
				return n, line, nil
			}
			if st != short || len(d.src.text)-d.src.pos > d.form.limit() {
				return 0, 0, d.rejectLine(st)
			}
		}
		if d.src.eof {
			return 0, 0, io.EOF
		}
		if err := d.fillBlock(); err != nil {
			return 0, 0, err
		}
	}
}

// rejectLine rejects the line at hand, up to its end and no further, so that a quote left open costs one line and not the file.
func (d *Reader) rejectLine(st status) error {
	reason := reasonLong
	switch st {
	case unclosed:
		reason = reasonUnclosed
	case crowded:
		reason = reasonCrowded
	}
	text, next := d.src.physical()
	line := d.src.line
	text = strings.Clone(text)
	for next == len(d.src.text) && !d.src.eof && !strings.HasSuffix(d.src.text, "\n") { // the line goes on in the next block
		reason = reasonLong
		d.src.pos = len(d.src.text)
		if err := d.fillBlock(); err != nil {
			return err
		}
		_, next = d.src.physical()
	}
	d.src.pos = next
	d.src.line++
	return d.reject(line, text, reason)
}

// reject notes a row, and fails where too many were rejected already.
func (d *Reader) reject(line int64, text, reason string) error {
	if d.again && strings.HasPrefix(text, "# ") {
		return nil
	}
	if err := d.rejects.add(line, text, reason); err != nil {
		return err
	}
	if d.rejects.count >= 1000 {
		return d.rejects.check(d.rows)
	}
	return nil
}

// fillBlock takes in more of the file.
func (d *Reader) fillBlock() error {
	if err := d.src.fill(); err != nil {
		return belwacht.Errorf(belwacht.Invalid, "%s cannot be read further than line %d: %w; if it is packed, it may be cut off", d.name, d.src.line, err)
	}
	return nil
}

// watch looks at a record while the zone is open: in winter a file in UTC looks like one in London's time, and a foreign clock may change to
// summer time.
func (d *Reader) watch() {
	naive, epoch, ok := d.form.start()
	if !ok {
		return
	}
	if d.foreign {
		if offset, ok := ingest.Aligned(naive - epoch); ok && offset != d.offset {
			d.offset = offset
			d.form.setClock(ingest.NewClock(ingest.FixedZone(offset)))
		}
		return
	}
	b := ingest.NewZoneVotes(d.zone)
	b.Add(naive, epoch)
	if !b.Plain() {
		return
	}
	zone, note, _ := b.Verdict()
	d.open = false
	d.form.setClock(ingest.NewClock(zone))
	d.note(note)
}

// Format is the format that was found or asked for.
func (d *Reader) Format() string { return d.format }

// Notes are sentences on what was found out about the file and a user should see: packing, encoding, time zone, order.
func (d *Reader) Notes() []string { return d.notes }

// Offset is how many bytes of the file, packed as it lies there, were taken in: for a progress bar.
func (d *Reader) Offset() int64 { return d.in.n }

// Rows is how many rows were read.
func (d *Reader) Rows() int64 { return d.rows }

// Rejected says how many rows could not be read, and what the first hundred of them were.
func (d *Reader) Rejected() (int64, []Reject) { return d.rejects.count, d.rejects.first }
