package cdr

import (
	"bufio"
	"bytes"
	"io"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// counted counts the bytes read through it.
type counted struct {
	r io.Reader
	n int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// peekSize is how much is looked at to find packing and encoding.
const peekSize = 64 << 10

// unpack undoes gzip and zstd, recognised by their first bytes. The note is "" where the file was not packed.
func unpack(r io.Reader, name string) (*bufio.Reader, string, error) {
	b := bufio.NewReaderSize(r, peekSize)
	head, err := b.Peek(8)
	if err != nil && err != io.EOF {
		return nil, "", belwacht.Errorf(belwacht.Invalid, "%s cannot be read: %w", name, err)
	}
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, "", belwacht.Errorf(belwacht.Invalid, "%s begins like a gzip file but cannot be unpacked: %w", name, err)
		}
		return bufio.NewReaderSize(z, peekSize), "packed with gzip", nil
	case bytes.HasPrefix(head, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		z, err := zstd.NewReader(b, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(128<<20))
		if err != nil {
			return nil, "", belwacht.Errorf(belwacht.Invalid, "%s begins like a zstd file but cannot be unpacked: %w", name, err)
		}
		return bufio.NewReaderSize(z, peekSize), "packed with zstd", nil
	}
	return b, "", foreign(head, name)
}

// foreign names what a file is that is no text, by its first bytes.
func foreign(head []byte, name string) error {
	for _, k := range [...]struct{ magic, what string }{
		{"\x89PNG", "is a PNG picture, no call records; give the file that the PBX writes"},
		{"\xff\xd8\xff", "is a JPEG picture, no call records; give the file that the PBX writes"},
		{"GIF8", "is a GIF picture, no call records; give the file that the PBX writes"},
		{"%PDF", "is a PDF document; export the records as CSV"},
		{"PK\x03\x04", "is a ZIP archive or an Excel workbook; unpack it, or save the sheet as CSV"},
		{"BZh", "is packed with bzip2; unpack it with bunzip2 first, or pack it with gzip or zstd"},
		{"\xfd7zXZ", "is packed with xz; unpack it with unxz first, or pack it with gzip or zstd"},
		{"7z\xbc\xaf", "is a 7z archive; unpack it first"},
		{"SQLite f", "is a SQLite database; export its table of records as CSV, as sqlite3 -header -csv does"},
		{"\x7fELF", "is a program, no call records; give the file that the PBX writes"},
		{"\xd4\xc3\xb2\xa1", "is a packet capture, no call records; give the file that the PBX writes"},
		{"\x0a\x0d\x0d\x0a", "is a packet capture, no call records; give the file that the PBX writes"},
		{"\xd0\xcf\x11\xe0", "is an old Excel workbook; save the sheet as CSV"},
	} {
		if bytes.HasPrefix(head, []byte(k.magic)) {
			return belwacht.Errorf(belwacht.Invalid, "%s %s", name, k.what)
		}
	}
	return nil
}

// decode makes UTF-8 of the file. want is Options.Encoding; the note is "" where it was UTF-8 already.
func decode(b *bufio.Reader, name, want string) (io.Reader, string, error) {
	head, err := b.Peek(peekSize)
	if err != nil && err != io.EOF && len(head) == 0 {
		return nil, "", belwacht.Errorf(belwacht.Invalid, "%s cannot be read: %w", name, err)
	}
	e, note, err := text.EncodingOf(want, head)
	if err != nil {
		return nil, "", err
	}
	if e == nil {
		if bytes.HasPrefix(head, []byte("\xef\xbb\xbf")) {
			_, err = b.Discard(3)
		}
		return b, "", err
	}
	return e.NewDecoder().Reader(b), note, nil
}
