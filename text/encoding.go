package text

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/belwacht/belwacht"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// EncodingOf finds the encoding of a file by its name, or where that is "" by the file's beginning; nil for UTF-8. The note says what it is read as, ""
// for UTF-8.
func EncodingOf(want string, head []byte) (encoding.Encoding, string, error) {
	switch strings.ToLower(strings.ReplaceAll(want, "_", "-")) {
	case "":
		return guess(head)
	case "utf-8", "utf8", "ascii":
		return nil, "", nil
	case "utf-16", "utf16":
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "read as UTF-16", nil
	case "utf-16le":
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "read as UTF-16", nil
	case "utf-16be":
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), "read as UTF-16", nil
	case "windows-1252", "cp1252", "latin1", "iso-8859-1":
		return charmap.Windows1252, "read as Windows-1252", nil
	case "iso-8859-15", "latin9":
		return charmap.ISO8859_15, "read as ISO 8859-15", nil
	case "cp850":
		return charmap.CodePage850, "read as code page 850", nil
	}
	return nil, "", belwacht.Errorf(belwacht.Usage, "%q is no known encoding; there are utf-8, utf-16, utf-16le, utf-16be, windows-1252, iso-8859-15, cp850", want)
}

// guess finds the encoding by the file's beginning: a byte order mark, zeros in every other byte, or bytes that are no UTF-8. Stray bytes
// in a file that has good UTF-8 as well are somebody's junk and not an encoding.
func guess(head []byte) (encoding.Encoding, string, error) {
	switch {
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}), bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "UTF-16", nil
	}
	var even, odd int
	for i := 0; i+1 < len(head) && i < 2000; i += 2 {
		if head[i] == 0 {
			even++
		}
		if head[i+1] == 0 {
			odd++
		}
	}
	half := min(len(head), 2000) / 2
	switch {
	case half >= 8 && odd > half*2/3 && even < half/10:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "UTF-16", nil
	case half >= 8 && even > half*2/3 && odd < half/10:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), "UTF-16", nil
	}
	good, bad := 0, 0
	for b := head; len(b) > 0; {
		if b[0] < utf8.RuneSelf {
			b = b[1:]
			continue
		}
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			if len(b) < utf8.UTFMax && !utf8.FullRune(b) {
				break
			}
			bad++
		} else {
			good++
		}
		b = b[n:]
	}
	if bad > good {
		return charmap.Windows1252, "Windows-1252", nil
	}
	return nil, "", nil
}
