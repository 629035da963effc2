package cdr

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ingest"
	"github.com/belwacht/belwacht/text"
	"golang.org/x/text/encoding"
)

// Growing reads a file that is being written, in pieces as they come: what is whole of a piece becomes rows, what is half written is left for
// the next. It is for one goroutine. Too many rows that cannot be read are no error here, for a feed goes on: see Rejected.
type Growing struct {
	d        *Reader
	encoding encoding.Encoding // nil: UTF-8
	guess    bool              // as long as all is ASCII nothing shows an encoding: each piece may
	skip     bool              // the end of a line that is too long is still to come
}

// errPaused says that the piece at hand has been read.
var errPaused = errors.New("more is to come")

// paused is the rest of a file that is still to be written.
type paused struct{}

func (paused) Read([]byte) (int, error) { return 0, errPaused }

// OpenGrowing prepares a file by its beginning: its header and first rows, or what there is of them, up to 256 KB. The rows of head are not
// read by this. Errors are those of Open; packed files, UTF-16 and files with their newest rows first cannot grow.
func OpenGrowing(head []byte, name string, o Options) (*Growing, error) {
	if o.MaxRejected = 1; bytes.HasPrefix(head, []byte{0x1f, 0x8b}) || bytes.HasPrefix(head, []byte{0x28, 0xb5, 0x2f, 0xfd}) {
		return nil, belwacht.Errorf(belwacht.Invalid, "%s is packed and cannot be read as it grows; name the file that the PBX writes", name)
	}
	d, err := Open(bytes.NewReader(head), name, o)
	if err != nil {
		return nil, err
	}
	g := &Growing{d: d}
	want := o.Encoding
	if want == "" && o.Mapping != nil {
		want = o.Mapping.Encoding
	}
	var note string
	if g.encoding, note, err = text.EncodingOf(want, head[:min(len(head), peekSize)]); err != nil {
		return nil, err
	}
	if strings.Contains(note, "UTF-16") {
		return nil, belwacht.Errorf(belwacht.Invalid, "%s is UTF-16 and cannot be read as it grows; have it written as UTF-8", name)
	}
	g.guess = want == ""
	if d.back != nil {
		return nil, belwacht.Errorf(belwacht.Invalid, "%s has its newest rows first and cannot be read as it grows; put it into a folder that is watched", name)
	}
	if m, ok := d.form.form.(*mapForm); o.Times == "" && bytes.Count(head, []byte("\n")) < 2 && (!ok || m.zone == nil) {
		d.open = true // a header shows no clock; the first rows will
	}
	return g, nil
}

// Rows reads the records of a piece, which begins where one begins, and gives how many bytes were read. last says that no more is written to the
// file: a record without a line end is whole then. An error of yield is returned at once; the row that it refused counts as read. The row is
// the caller's until yield returns.
func (g *Growing) Rows(piece []byte, last bool, yield func(*ingest.Row) error) (int, error) {
	begun := 0
	if g.skip {
		if begun = bytes.IndexByte(piece, '\n') + 1; begun == 0 {
			return len(piece), nil
		}
		g.skip = false
	}
	if begun == 0 && bytes.HasPrefix(piece, []byte("\xef\xbb\xbf")) {
		begun = 3
	}
	raw := piece[begun:]
	block := string(raw)
	single := g.encoding
	if single == nil && g.guess {
		if e, note, _ := text.EncodingOf("", raw); note == "Windows-1252" {
			single = e
		}
	}
	if single != nil {
		b, err := single.NewDecoder().Bytes(raw)
		if err != nil {
			return begun, belwacht.Errorf(belwacht.Invalid, "%s cannot be read as its encoding: %w", g.d.name, err)
		}
		block = string(b)
	}
	src := g.d.src
	src.r, src.text, src.pos, src.eof = paused{}, block, 0, last
	var row ingest.Row
	var err error
	for err == nil {
		if err = g.d.next(&row); err == nil {
			err = yield(&row)
		}
	}
	read := block[:len(block)-(len(src.text)-src.pos)]
	src.text, src.pos = "", 0
	n := len(read)
	if single != nil { // of one byte a character
		n = utf8.RuneCountInString(read)
	}
	if errors.Is(err, errPaused) || err == io.EOF {
		err = nil
		if _, json := g.d.form.form.(*jsonForm); !json && !last && n == len(raw) && n > 0 && raw[n-1] != '\n' {
			g.skip = true
			err = g.d.reject(src.line, block[:min(len(block), 200)], reasonLong)
		}
	}
	return begun + n, err
}

// Notes are sentences on what was found out about the file, as those of a Reader.
func (g *Growing) Notes() []string { return g.d.notes }

// Format is the format that was found or asked for.
func (g *Growing) Format() string { return g.d.format }

// Rejected says how many rows could not be read.
func (g *Growing) Rejected() int64 { return g.d.rejects.count }
