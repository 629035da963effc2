package yaml

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/belwacht/belwacht"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Bounds of a file. The largest configuration seen in the wild, an owner with 5,000 declared accounts, is about 300 kB.
const (
	MaxBytes  = 1 << 20
	MaxDepth  = 32
	MaxErrors = 20
	MaxKeys   = 20_000 // in a row, without a list between them
)

// Lines says on which line each value of a file was written, by its path, such as "limits.groups.sales" or "accounts[3].group".
// It lets a check across several values name its place.
type Lines map[string]int

// Read decodes data into dst, a pointer to a struct or map. file is the name for messages. The error is of code Config, or several
// of them joined, one a line.
func Read(data []byte, file string, dst any) error {
	_, err := ReadLines(data, file, dst)
	return err
}

// ReadLines is Read that also says where each value stands.
func ReadLines(data []byte, file string, dst any) (Lines, error) {
	d := &decoder{place: func(line int) string { return fmt.Sprintf("%s:%d", file, line) }, lines: Lines{}}
	root, err := d.parse(data, file)
	if err != nil || root == nil {
		return d.lines, err
	}
	d.value(root, reflect.ValueOf(dst).Elem(), "")
	return d.lines, errors.Join(d.errs...)
}

// Parse is the syntax tree of data, nil for an empty file, within the bounds that Read keeps. Lines and columns in it are those of data, columns in
// characters; a byte order mark is no character. Its error is of code Config.
func Parse(data []byte, file string) (ast.Node, error) {
	d := &decoder{place: func(line int) string { return fmt.Sprintf("%s:%d", file, line) }}
	return d.parse(data, file)
}

// ReadFile is Read of a file, refusing one that is too long before reading it whole.
func ReadFile(path string, dst any) error {
	data, err := Bytes(path)
	if err != nil {
		return err
	}
	return Read(data, path, dst)
}

// Bytes reads a file of at most MaxBytes. Its errors say what to do; a file that is not there is of code NotFound, any other
// trouble of code Config.
func Bytes(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, belwacht.Errorf(belwacht.NotFound, "%s: there is no such file", path)
	case err != nil:
		return nil, belwacht.Errorf(belwacht.Config, "%s: cannot be read: %w", path, belwacht.Reason(err))
	case info.IsDir():
		return nil, belwacht.Errorf(belwacht.Config, "%s: is a directory; name the file in it", path)
	case info.Size() > MaxBytes:
		return nil, belwacht.Errorf(belwacht.Config, "%s: is %d bytes long, over the %d that such a file may have; is it the right file?", path, info.Size(), MaxBytes)
	}
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrPermission) {
		return nil, belwacht.Errorf(belwacht.Config, "%s: may not be read by this user; give it read permission (chmod u+r) or run as its owner", path)
	}
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "%s: cannot be read: %w", path, belwacht.Reason(err))
	}
	return data, nil
}

// ReadValue decodes one value, written in YAML, to the place in dst that path names ("limits", "organisation",
// "money_per_day"). source is what messages name instead of file and line, such as an environment variable.
func ReadValue(path []string, value, source string, dst any) error {
	d := &decoder{place: func(int) string { return source }, lines: Lines{}}
	if len(path) == 0 || len(path) > MaxDepth {
		return belwacht.Errorf(belwacht.Config, "%s: names no key", source)
	}
	if !strings.HasPrefix(strings.TrimSpace(value), "[") && !strings.HasPrefix(strings.TrimSpace(value), "{") {
		value = quote(value) // "EUR 50" or "12:30" is one value, whatever YAML makes of it
	}
	root, err := d.parse([]byte(value), source)
	if err != nil {
		return err
	}
	d.descend(path, root, reflect.ValueOf(dst).Elem(), "")
	return errors.Join(d.errs...)
}

// quote makes a double-quoted YAML scalar of s; what may not stand in one is left to the parser's own error.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(s) + `"`
}

// parse checks the bounds and returns the root of the only document, or nil for an empty one.
func (d *decoder) parse(data []byte, file string) (root ast.Node, err error) {
	if len(data) > MaxBytes {
		return nil, belwacht.Errorf(belwacht.Config, "%s: is %d bytes long, over the %d that such a file may have", file, len(data), MaxBytes)
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return nil, belwacht.Errorf(belwacht.Config, "%s: is no text in UTF-8; save it as UTF-8", file)
	}
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	defer func() {
		// The parser is other people's code fed by strangers: what makes it panic is a wrong file, not a stop of the guard.
		if p := recover(); p != nil {
			root, err = nil, belwacht.Errorf(belwacht.Config, "%s: is no YAML that can be read", file)
		}
	}()
	tokens := lexer.Tokenize(string(data))
	if err := d.bounds(tokens); err != nil {
		return nil, err
	}
	f, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, d.syntax(err)
	}
	var docs []ast.Node
	for _, doc := range f.Docs {
		if doc.Body != nil {
			docs = append(docs, doc.Body)
		}
	}
	if len(docs) > 1 {
		return nil, belwacht.Errorf(belwacht.Config, "%s: holds several documents; a file has one, without a line ---", d.place(docs[1].GetToken().Position.Line))
	}
	if len(docs) == 0 {
		return nil, nil
	}
	return docs[0], nil
}

// bounds walks the flat tokens before anything recursive sees them: the parser's stack grows with depth, and a stack that
// overflows cannot be recovered from.
func (d *decoder) bounds(tokens token.Tokens) error {
	depth, row, line, keys := 0, 0, 0, 0
	for _, t := range tokens {
		if t.Position.Line != line {
			row, line = 0, t.Position.Line
		}
		switch t.Type {
		case token.MappingValueType:
			keys++
		case token.SequenceEntryType:
			keys = 0
		}
		switch t.Type {
		case token.MappingStartType, token.SequenceStartType:
			depth++
		case token.MappingEndType, token.SequenceEndType:
			depth--
		case token.SequenceEntryType, token.MappingKeyType, token.MappingValueType:
			row++
		case token.AnchorType, token.AliasType, token.MergeKeyType, token.TagType, token.DirectiveType:
			return belwacht.Errorf(belwacht.Config, "%s: %q: anchors, aliases, merge keys, tags and directives are not read; write the value out, or in quotes if it is text",
				d.place(line), clip(t.Value))
		case token.InvalidType:
			if strings.Contains(t.Error, "cannot start any token") {
				return belwacht.Errorf(belwacht.Config, "%s: a tab or another sign that may not begin a value; indent with spaces, and put text with signs in quotes", d.place(line))
			}
			return belwacht.Errorf(belwacht.Config, "%s: is not YAML: %s", d.place(line), clip(t.Error))
		}
		// The parser's time grows with the square of the keys of one group: at this many it is a second.
		if keys > MaxKeys {
			return belwacht.Errorf(belwacht.Config, "%s: more than %d keys follow each other; split the file or use lists", d.place(line), MaxKeys)
		}
		// Within flow brackets "a: b, c: d" is no nesting, and brackets are counted; outside, one line nests by "- - -" or "? ? ?".
		if depth > MaxDepth || depth == 0 && row > MaxDepth || t.Position.IndentNum > 16*MaxDepth {
			return belwacht.Errorf(belwacht.Config, "%s: is nested more than %d deep", d.place(line), MaxDepth)
		}
	}
	return nil
}

// syntax turns the parser's error into one sentence; its own is several lines with a picture.
func (d *decoder) syntax(err error) error {
	var e interface {
		GetMessage() string
		GetToken() *token.Token
	}
	if errors.As(err, &e) && e.GetToken() != nil {
		return belwacht.Errorf(belwacht.Config, "%s: is not YAML: %s; look at the indentation and colons there and on the line before",
			d.place(e.GetToken().Position.Line), clip(e.GetMessage()))
	}
	first, _, _ := strings.Cut(err.Error(), "\n")
	return belwacht.Errorf(belwacht.Config, "%s: is not YAML: %s", d.place(1), clip(first))
}

// clip bounds what a message repeats of the file, and takes out what could move a terminal's cursor.
func clip(s string) string {
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n++; n > 80 {
			b.WriteString("…")
			break
		}
		if r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			r = '·'
		}
		b.WriteRune(r)
	}
	return b.String()
}
