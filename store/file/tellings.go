package file

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/belwacht/belwacht"
)

// tellSchema names the form of a line; a reader refuses another.
const tellSchema = "belwacht.tell/1"

// Bounds of what is kept of tellings.
const (
	maxTellLine = 512 << 10        // bytes of a line: an alert's sentences and who waits for it
	tellingsFor = 9 * belwacht.Day // that have not changed
	anewAt      = 16 << 20         // bytes added after which the file is written anew, at least
	parcelsMost = 4000
	doneFor     = 2 * belwacht.Day // a parcel that is done is known, so that it is not put in line once more
)

// Tellings implements belwacht.TellingStore and belwacht.ParcelStore in a file to which lines are added, each on disk before it is acknowledged. It stands beside the store, not in it:
// that the store is broken must be told too. It is safe for concurrent use.
type Tellings struct {
	mu       sync.Mutex
	name     string
	file     *os.File
	added    int64
	whole    int64 // size as it was written anew
	tellings map[tellKey]belwacht.Telling
	marks    map[string]belwacht.Instant
	parcels  map[string]belwacht.Parcel // by ID
}

type tellKey struct {
	tenant, id string
	first      belwacht.Instant
}

// tellLine is one line, of which one part is there.
type tellLine struct {
	Schema  string            `json:"schema"`
	Telling *belwacht.Telling `json:"telling,omitempty"`
	Mark    string            `json:"mark,omitempty"`
	At      belwacht.Instant  `json:"at,omitzero"`
	Parcel  *belwacht.Parcel  `json:"parcel,omitempty"`
}

// OpenTellings opens the file of a folder and writes it anew with what is still of use. Lines that cannot be read are left out and told by notes: the last may be
// torn where the power went.
func OpenTellings(dir string, now belwacht.Instant) (t *Tellings, notes []string, err error) {
	t = &Tellings{name: filepath.Join(dir, "tell.ndjson"), tellings: make(map[tellKey]belwacht.Telling),
		marks: make(map[string]belwacht.Instant), parcels: make(map[string]belwacht.Parcel)}
	if notes, err = t.read(); err != nil {
		return nil, nil, err
	}
	if len(notes) > 0 {
		if err := aside(t.name); err != nil {
			return nil, nil, belwacht.Errorf(belwacht.Invalid, "%s cannot be put aside: %w", t.name, belwacht.Reason(err))
		}
	}
	if err := t.anew(now); err != nil {
		return nil, nil, t.unwritten(err)
	}
	return t, notes, nil
}

func (t *Tellings) unwritten(err error) error {
	return belwacht.Errorf(belwacht.Unreachable, "%s cannot be written: %w; is the disk full?", t.name, belwacht.Reason(err))
}

// read takes in what the file holds.
func (t *Tellings) read() (notes []string, err error) {
	f, err := os.Open(t.name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Invalid, "%s cannot be read: %w", t.name, belwacht.Reason(err))
	}
	defer f.Close()
	r := bufio.NewReaderSize(f, maxTellLine)
	for n := 1; ; n++ {
		b, err := r.ReadSlice('\n')
		if err == io.EOF && len(b) == 0 {
			return notes, nil
		}
		var l tellLine
		if err != nil || json.Unmarshal(b, &l) != nil || l.Schema != tellSchema {
			notes = append(notes, t.name+":"+strconv.Itoa(n)+": is nothing about telling that this Belwacht can read; it is left out, and the file is kept as "+t.name+".damaged")
		} else {
			t.take(&l)
		}
		for err == bufio.ErrBufferFull {
			_, err = r.ReadSlice('\n')
		}
		if err != nil {
			return notes, nil
		}
	}
}

// take keeps what a line says.
func (t *Tellings) take(l *tellLine) {
	switch {
	case l.Telling != nil:
		a := &l.Telling.Alert
		t.tellings[tellKey{a.Tenant, a.ID, a.First}] = *l.Telling
	case l.Mark != "":
		t.marks[l.Mark] = l.At
	case l.Parcel != nil && l.Parcel.ID != "":
		t.takeParcel(l.Parcel)
	}
}

// anew writes the file with what is still of use, and opens it. What it kept open until then is closed.
func (t *Tellings) anew(now belwacht.Instant) error {
	for k, x := range t.tellings {
		if x.Changed < now-tellingsFor {
			delete(t.tellings, k)
		}
	}
	t.dropParcels(now)
	var lines []tellLine
	for _, x := range t.list() {
		lines = append(lines, tellLine{Telling: &x})
	}
	for name, at := range t.marks {
		lines = append(lines, tellLine{Mark: name, At: at})
	}
	for _, p := range t.listParcels() {
		lines = append(lines, tellLine{Parcel: &p})
	}
	b, err := encodeLines(lines)
	if err != nil {
		return err
	}
	if err := replace(t.name, b); err != nil {
		return err
	}
	f, err := os.OpenFile(t.name, os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	if t.file != nil {
		t.file.Close()
	}
	t.file, t.added, t.whole = f, 0, int64(len(b))
	return nil
}

func encodeLines(lines []tellLine) ([]byte, error) {
	var b bytes.Buffer
	for i := range lines {
		lines[i].Schema = tellSchema
		line, err := json.Marshal(&lines[i])
		if err != nil || len(line) >= maxTellLine {
			return nil, belwacht.Errorf(belwacht.Invalid, "what is told cannot be kept: it is longer than %d bytes", maxTellLine)
		}
		b.Write(append(line, '\n'))
	}
	return b.Bytes(), nil
}

// add writes lines and waits until they are on disk.
func (t *Tellings) add(lines ...tellLine) error {
	b, err := encodeLines(lines)
	if err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	end, err := t.file.Seek(0, io.SeekEnd)
	if err == nil {
		if _, err = t.file.Write(b); err == nil {
			err = t.file.Sync()
		}
		if err != nil {
			_ = t.file.Truncate(end) // half a line would spoil the next one too
		}
	}
	if err != nil {
		return t.unwritten(err)
	}
	for i := range lines {
		t.take(&lines[i])
	}
	if t.added += int64(len(b)); t.added > max(anewAt, t.whole) {
		if err := t.anew(belwacht.InstantOf(time.Now())); err != nil {
			return t.unwritten(err)
		}
	}
	return nil
}

// PutTellings implements belwacht.TellingStore.
func (t *Tellings) PutTellings(_ context.Context, list []belwacht.Telling) error {
	var lines []tellLine
	for i := range list {
		x := list[i]
		if x.Alert.ID == "" || x.Alert.First <= 0 {
			return belwacht.Errorf(belwacht.Invalid, "an alert without ID or beginning cannot be kept")
		}
		x.Alert.Numbers, x.Reached, x.Waiting = slices.Clone(x.Alert.Numbers), slices.Clone(x.Reached), slices.Clone(x.Waiting)
		lines = append(lines, tellLine{Telling: &x})
	}
	return t.add(lines...)
}

// Tellings implements belwacht.TellingStore.
func (t *Tellings) Tellings(context.Context) ([]belwacht.Telling, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.list(), nil
}

// list is all tellings, those that changed first before the others.
func (t *Tellings) list() []belwacht.Telling {
	list := make([]belwacht.Telling, 0, len(t.tellings))
	for _, x := range t.tellings {
		x.Alert.Numbers, x.Reached, x.Waiting = slices.Clone(x.Alert.Numbers), slices.Clone(x.Reached), slices.Clone(x.Waiting)
		list = append(list, x)
	}
	slices.SortFunc(list, func(a, b belwacht.Telling) int {
		return cmp.Or(cmp.Compare(a.Changed, b.Changed), cmp.Compare(a.Alert.First, b.Alert.First), strings.Compare(a.Alert.ID, b.Alert.ID),
			strings.Compare(a.Alert.Tenant, b.Alert.Tenant))
	})
	return list
}

// PutMark implements belwacht.TellingStore.
func (t *Tellings) PutMark(_ context.Context, name string, at belwacht.Instant) error {
	if name == "" || at <= 0 {
		return belwacht.Errorf(belwacht.Invalid, "a mark has a name and a time")
	}
	return t.add(tellLine{Mark: name, At: at})
}

// Mark implements belwacht.TellingStore.
func (t *Tellings) Mark(_ context.Context, name string) (belwacht.Instant, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.marks[name], nil
}

// Close closes the file.
func (t *Tellings) Close() error { return t.file.Close() }
