package file

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"

	"github.com/belwacht/belwacht"
)

// journalSchema names the form of a line of the journal; a reader refuses another.
const journalSchema = "belwacht.inforce/1"

// maxJournalLine bounds a line of the journal, in bytes.
const maxJournalLine = 64 << 10

// Journal keeps decisions in force in a file to which lines are added, each on disk before it is acknowledged. It is small: a person writes each of them.
// It is safe for concurrent use.
type Journal struct {
	Fresh bool // there was none before it was opened

	mu   sync.Mutex
	name string
	file *os.File
	all  map[[2]string]belwacht.InForce // by tenant and ID, those that are not undone
	lost bool
}

// journalLine is one line: a decision, or that one was undone.
type journalLine struct {
	Schema string `json:"schema"`
	belwacht.InForce
}

// OpenJournal opens the journal of a folder, and writes it anew with what holds now. Lines that cannot be read are left out and told by notes: the last may
// be torn where the power went.
func OpenJournal(dir string, now belwacht.Instant) (j *Journal, notes []string, err error) {
	j = &Journal{name: filepath.Join(dir, "inforce.ndjson"), all: make(map[[2]string]belwacht.InForce)}
	_, err = os.Lstat(j.name)
	j.Fresh = errors.Is(err, fs.ErrNotExist)
	if notes, err = j.read(); err != nil {
		return nil, nil, err
	}
	var b bytes.Buffer
	for _, f := range j.list(now) {
		line, err := json.Marshal(journalLine{journalSchema, f})
		if err != nil {
			return nil, nil, belwacht.Errorf(belwacht.Internal, "a decision in force cannot be written: %w", err)
		}
		b.Write(append(line, '\n'))
	}
	if len(notes) > 0 { // what cannot be read is kept beside; the file itself stays in its place until another is, so that a crash loses no lock
		if err := aside(j.name); err != nil {
			return nil, nil, belwacht.Errorf(belwacht.Invalid, "%s cannot be put aside: %w", j.name, belwacht.Reason(err))
		}
	}
	if err := replace(j.name, b.Bytes()); err != nil {
		return nil, nil, belwacht.Errorf(belwacht.Invalid, "%s cannot be written: %w; is the disk full?", j.name, belwacht.Reason(err))
	}
	j.file, err = os.OpenFile(j.name, os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, nil, belwacht.Errorf(belwacht.Invalid, "%s cannot be written: %w", j.name, belwacht.Reason(err))
	}
	return j, notes, nil
}

// aside gives a file a second name, in place of what had that.
func aside(name string) error {
	if err := os.Remove(name + ".damaged"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.Link(name, name+".damaged")
}

// read takes in what the file holds.
func (j *Journal) read() (notes []string, err error) {
	f, err := os.Open(j.name)
	if errors.Is(err, fs.ErrNotExist) {
		j.lost = true
		return nil, nil
	}
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Invalid, "%s cannot be read: %w", j.name, belwacht.Reason(err))
	}
	defer f.Close()
	r := bufio.NewReaderSize(f, maxJournalLine)
	for n := 1; ; n++ {
		b, err := r.ReadSlice('\n')
		if err == io.EOF && len(b) == 0 {
			return notes, nil
		}
		var l journalLine
		if err != nil || json.Unmarshal(b, &l) != nil || l.Schema != journalSchema || l.Check() != nil {
			notes = append(notes, j.name+":"+strconv.Itoa(n)+": is no decision that this Belwacht can read; it is left out, and the file is kept as "+j.name+".damaged")
		} else {
			j.take(&l.InForce)
		}
		for err == bufio.ErrBufferFull {
			_, err = r.ReadSlice('\n')
		}
		if err != nil {
			return notes, nil
		}
	}
}

// Lost says whether there was no journal as it was opened. One that is there and empty says that nothing is in force.
func (j *Journal) Lost() bool { return j.lost }

// take keeps a decision, or forgets one that was undone.
func (j *Journal) take(f *belwacht.InForce) {
	k := [2]string{f.Tenant, f.ID}
	if f.Undone != 0 {
		delete(j.all, k)
		return
	}
	j.all[k] = *f
}

// PutInForce keeps a decision, in place of one with its tenant and ID. It is on disk when it returns; an error of code Unreachable says that it is not.
func (j *Journal) PutInForce(_ context.Context, f *belwacht.InForce) error {
	if err := f.Check(); err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.add(f)
}

// UndoInForce notes that a decision was undone, when and by whom; NotFound where none is in force.
func (j *Journal) UndoInForce(_ context.Context, tenant, id, who string, at belwacht.Instant) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	f, ok := j.all[[2]string{tenant, id}]
	if !ok {
		return belwacht.Errorf(belwacht.NotFound, "no decision %.60q is in force", id)
	}
	f.Undone, f.Undoer = at, who
	return j.add(&f)
}

// add writes a line and waits until it is on disk. It holds from then on.
func (j *Journal) add(f *belwacht.InForce) error {
	b, err := json.Marshal(journalLine{journalSchema, *f})
	if err != nil || len(b) >= maxJournalLine {
		return belwacht.Errorf(belwacht.Invalid, "a decision in force cannot be written: it is longer than %d bytes", maxJournalLine)
	}
	end, err := j.file.Seek(0, io.SeekEnd)
	if err == nil {
		if _, err = j.file.Write(append(b, '\n')); err == nil {
			err = j.file.Sync()
		}
		if err != nil {
			_ = j.file.Truncate(end) // half a line would spoil the next one too
		}
	}
	if err != nil {
		return belwacht.Errorf(belwacht.Unreachable, "it holds now, and would not after a restart: %s cannot be written: %w; is the disk full?", j.name, belwacht.Reason(err))
	}
	j.take(f)
	return nil
}

// InForce is all that holds at an instant, of all tenants, oldest first.
func (j *Journal) InForce(_ context.Context, at belwacht.Instant) ([]belwacht.InForce, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.list(at), nil
}

// list is what holds at a moment, oldest first.
func (j *Journal) list(at belwacht.Instant) []belwacht.InForce {
	var list []belwacht.InForce
	for _, f := range j.all {
		if f.Holds(max(at, f.Since)) { // a clock that was set back lifts nothing
			list = append(list, f)
		}
	}
	slices.SortFunc(list, func(a, b belwacht.InForce) int {
		if a.Since != b.Since {
			return int(min(max(a.Since-b.Since, -1), 1))
		}
		return bytes.Compare([]byte(a.ID), []byte(b.ID))
	})
	return list
}

// Close closes the file.
func (j *Journal) Close() error { return j.file.Close() }
