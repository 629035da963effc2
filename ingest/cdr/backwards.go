package cdr

import (
	"io"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ingest"
)

// maxBackwards bounds a file that is read from its end, in bytes of text: it has to be held whole.
const maxBackwards = 1 << 30

// backwards holds a file whose rows come newest first.
type backwards struct {
	text  []string
	spots []spot
}

// spot is where a record begins.
type spot struct {
	block, pos, n int32
	line          int64
}

// turn takes in the whole file, so that it can be read from its end.
func (d *Reader) turn() error {
	b := &backwards{}
	d.src.brief = false
	var size int64
	for {
		n, line, err := d.record()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		if k := len(b.text); k == 0 || b.text[k-1] != d.src.text {
			b.text = append(b.text, d.src.text)
			if size += int64(len(d.src.text)); size > maxBackwards {
				return belwacht.Errorf(belwacht.Invalid, "%s has its newest rows first and is larger than 1 GiB; sort it by start first, or split it", d.name)
			}
		}
		b.spots = append(b.spots, spot{block: int32(len(b.text) - 1), pos: int32(d.src.pos), n: int32(n), line: line})
		d.src.pos += n
	}
	d.back = b
	return nil
}

// nextBack reads the last row that was not read.
func (d *Reader) nextBack(row *ingest.Row) error {
	for b := d.back; ; {
		k := len(b.spots) - 1
		if k < 0 {
			return io.EOF
		}
		s := b.spots[k]
		b.spots, b.text = b.spots[:k], b.text[:s.block+1]
		text := b.text[s.block][s.pos : s.pos+s.n]
		if _, st := d.form.split(text, true); st != whole {
			return belwacht.Errorf(belwacht.Internal, "%s line %d is read in two ways", d.name, s.line)
		}
		if d.open {
			d.watch()
		}
		reason, skip := d.form.fill(row)
		if skip {
			continue
		}
		if reason != "" {
			if err := d.reject(s.line, strings.TrimRight(text, "\r\n"), reason); err != nil {
				return err
			}
			continue
		}
		row.Line, row.File = s.line, d.name
		d.rows++
		return nil
	}
}
