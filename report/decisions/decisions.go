// Package decisions writes and reads decisions files: NDJSON, one line a decision, as `belwacht replay --decisions` writes them and `belwacht explain` reads
// them. A [Writer] writes, [Read] hands each decision on. The files come from anywhere: lines are bounded, and a newer form is named as such.
package decisions

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/belwacht/belwacht"
)

// MaxLine is the longest line of a decisions file that is read, in bytes. A decision with its trace is a few thousand.
const MaxLine = 1 << 20

// Writer writes decisions as NDJSON, one line each, buffered. It must not be used by two goroutines at once. The file itself is
// opened by the caller, with mode 0600: it holds full telephone numbers.
type Writer struct {
	w   *bufio.Writer
	buf bytes.Buffer
	enc *json.Encoder
	err error
}

// NewWriter returns a Writer to w. Flush must be called at the end.
func NewWriter(w io.Writer) *Writer {
	out := &Writer{w: bufio.NewWriterSize(w, 64<<10)}
	out.enc = json.NewEncoder(&out.buf)
	out.enc.SetEscapeHTML(false)
	return out
}

// Write writes one decision, told in full. After an error every later call gives the same error.
func (w *Writer) Write(d *belwacht.Decision) error {
	if w.err != nil {
		return w.err
	}
	w.buf.Reset()
	d.Tell()
	if err := w.enc.Encode(d); err != nil {
		w.err = belwacht.Errorf(belwacht.Internal, "the decision on call %q cannot be written as JSON: %w", d.ID, err)
		return w.err
	}
	_, w.err = w.w.Write(w.buf.Bytes())
	return w.err
}

// Flush writes what is buffered and returns the first error of all writes.
func (w *Writer) Flush() error {
	if err := w.w.Flush(); w.err == nil {
		w.err = err
	}
	return w.err
}

// Read reads a decisions file and hands each decision to each, in order, until each returns an error, which is returned
// as it is. The decision is the callee's to keep. Empty lines are passed over; a line that is too long, no JSON or of another
// major version of the schema ends the reading with an error that names the line.
func Read(r io.Reader, each func(*belwacht.Decision) error) error {
	in := bufio.NewReaderSize(r, 64<<10)
	var long []byte
	for n := 1; ; n++ {
		line, err := readLine(in, &long)
		if errors.Is(err, errLong) {
			return belwacht.Errorf(belwacht.Invalid, "line %d of the decisions is longer than %d bytes; this is no decisions file that "+
				"Belwacht wrote", n, MaxLine)
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return belwacht.Errorf(belwacht.Invalid, "the decisions cannot be read on from line %d: %w", n, err)
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			d := new(belwacht.Decision)
			if e := decode(line, n, d); e != nil {
				return e
			}
			if e := each(d); e != nil {
				return e
			}
		}
		if err != nil {
			return nil
		}
	}
}

var errLong = errors.New("line too long")

// readLine reads up to the next newline. The bytes are valid until the next call.
func readLine(in *bufio.Reader, long *[]byte) ([]byte, error) {
	line, err := in.ReadSlice('\n')
	if !errors.Is(err, bufio.ErrBufferFull) {
		return line, err
	}
	*long = append((*long)[:0], line...)
	for errors.Is(err, bufio.ErrBufferFull) {
		if len(*long) > MaxLine {
			return nil, errLong
		}
		line, err = in.ReadSlice('\n')
		*long = append(*long, line...)
	}
	return *long, err
}

// decode reads one line, its schema first, so that a newer form is named as such and not as a field that does not fit.
func decode(line []byte, n int, d *belwacht.Decision) error {
	var head struct {
		Schema string `json:"schema"`
	}
	if err := json.Unmarshal(line, &head); err != nil {
		return belwacht.Errorf(belwacht.Invalid, "line %d of the decisions is no JSON object of one line (%w); a decisions file is what "+
			"`belwacht replay --decisions` writes", n, err)
	}
	if err := checkSchema(head.Schema, n); err != nil {
		return err
	}
	if err := json.Unmarshal(line, d); err != nil {
		return belwacht.Errorf(belwacht.Invalid, "line %d of the decisions does not fit the form %s: %w", n, belwacht.DecisionSchema, err)
	}
	return nil
}

// checkSchema refuses what is no decision, and the major versions that this reader does not know.
func checkSchema(schema string, n int) error {
	name, version, _ := strings.Cut(schema, "/")
	want, known, _ := strings.Cut(belwacht.DecisionSchema, "/")
	major, _, _ := strings.Cut(version, ".")
	if len(schema) > 64 {
		schema = schema[:64] + "…"
	}
	if name != want {
		return belwacht.Errorf(belwacht.Invalid, "line %d says schema %q, but a decision says %q; is this the file that `belwacht replay --decisions` wrote?", n, schema, belwacht.DecisionSchema)
	}
	if major == known {
		return nil
	}
	if m, err := strconv.Atoi(major); err == nil && m > 0 {
		return belwacht.Errorf(belwacht.Invalid, "line %d was written by a newer Belwacht (%s; this one reads %s); please update Belwacht to read it", n, schema, belwacht.DecisionSchema)
	}
	return belwacht.Errorf(belwacht.Invalid, "line %d has a schema of no known version (%q; this Belwacht reads %s)", n, schema, belwacht.DecisionSchema)
}
