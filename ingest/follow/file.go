package follow

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/feed"
	"github.com/belwacht/belwacht/ingest"
)

// linger is how long a file that was rotated away is still looked at: a program may hold it open.
const linger = time.Minute

// maxFormer bounds how many such files there are at once.
const maxFormer = 8

// File follows a file that grows. Run is for one goroutine; Feed may be called by any.
type File struct {
	path    string
	options Options
	feed    *feed.Keeper
	sink    sink
	at      belwacht.Instant // of the look before
	past    []mark           // files read whole
	former  []*tail          // rotated away, the oldest first
	current *tail
	bytes   int64 // of the history
}

// NewFile prepares to follow a file; it need not exist yet. The error has the code Config or Internal.
func NewFile(path string, o Options) (*File, error) {
	if err := o.check(path); err != nil {
		return nil, err
	}
	f := &File{path: path, options: o, feed: feed.New(path, o.Changed)}
	f.sink = sink{options: &f.options, feed: f.feed, piece: make([]byte, pieceSize), moved: f.progress}
	return f, nil
}

// FilePosition is how far a file has been read: a value that can be kept as JSON and handed to File.Run later. The zero FilePosition is the beginning.
type FilePosition struct {
	at    belwacht.Instant
	past  []mark
	files []mark // the oldest first
}

// filePositionSchema names the form of a FilePosition.
const filePositionSchema = "belwacht.position.file/1"

// filePositionForm is a FilePosition as it is written.
type filePositionForm struct {
	Schema string           `json:"schema"`
	At     belwacht.Instant `json:"at"`
	Past   []mark           `json:"past,omitempty"`
	Files  []mark           `json:"files"`
}

// MarshalJSON writes a position.
func (p FilePosition) MarshalJSON() ([]byte, error) {
	return json.Marshal(&filePositionForm{filePositionSchema, p.at, p.past, p.files})
}

// UnmarshalJSON reads a position. What is none is an error of the code Invalid, and the position is then the beginning.
func (p *FilePosition) UnmarshalJSON(data []byte) error {
	*p = FilePosition{}
	var f filePositionForm
	if err := json.Unmarshal(data, &f); err != nil || f.Schema != filePositionSchema || len(f.Files) > 2*maxFormer || len(f.Past) > maxRotated {
		return belwacht.Errorf(belwacht.Invalid, "a kept position in a file is damaged, or not of the form %s; leave it out and the file is read from its beginning",
			filePositionSchema)
	}
	for _, m := range slices.Concat(f.Files, f.Past) {
		if m.Offset < 0 || m.Size < 0 || m.Size > headSize || m.Size > m.Offset && m.Rows == 0 && !m.Done || m.Rows < 0 {
			return belwacht.Errorf(belwacht.Invalid, "a kept position in a file is damaged; leave it out and the file is read from its beginning")
		}
	}
	*p = FilePosition{f.At, f.Past, f.Files}
	return nil
}

// Position is how far the rows handed on have got. It is good in Options.Batch and after Run has returned, for the goroutine of Run.
func (f *File) Position() FilePosition {
	p := FilePosition{at: f.at, past: slices.Clone(f.past)}
	for _, t := range f.former {
		p.files = append(p.files, t.mark)
	}
	if f.current != nil {
		p.files = append(p.files, f.current.mark)
	}
	return p
}

// Feed is how the file stands. It may be called at any time by any goroutine.
func (f *File) Feed() belwacht.Feed { return f.feed.Feed() }

// Run hands on what the file holds from a position on, and then what is written to it, until the context ends or Row or Batch return an error, which
// it returns. A file that is not there or cannot be read is looked for again; Feed and Options.Changed tell it.
func (f *File) Run(ctx context.Context, from FilePosition) error {
	defer f.close()
	f.at, f.past, f.sink.live, f.sink.stop = from.at, slices.Clone(from.past), false, ctx.Err
	err := f.resume(ctx, from)
	for err == nil {
		if err = f.look(); err != nil {
			break
		}
		f.sink.live, f.past = true, nil
		if err = f.sink.batch(); err != nil {
			break
		}
		err = ingest.Wait(ctx, f.options.Every)
	}
	var taker *takerError
	if errors.As(err, &taker) {
		return taker.err
	}
	return err
}

// close closes all files, and keeps how far they were read for Position.
func (f *File) close() {
	for _, t := range f.former {
		t.file.Close()
	}
	if f.current != nil {
		f.current.file.Close()
	}
}

// resume finds the files of a position, wherever they are by now, and reads those that were rotated away before the start.
func (f *File) resume(ctx context.Context, from FilePosition) error {
	f.former, f.current = nil, nil
	beside := siblings(f.path)
	f.measure(beside)
	known := map[string]bool{}
	for i := range from.files {
		m := &from.files[i]
		if info, err := os.Stat(f.path); err == nil && m.same(info) && m.begins(f.path) {
			if t, err := openTail(f.path, m); err == nil {
				f.current = t
			}
			continue
		}
		at := slices.IndexFunc(beside, func(r rotated) bool { return m.Size > 0 && !known[r.path] && m.begins(r.path) })
		if at < 0 {
			if m.Offset > 0 && !m.Done {
				f.feed.Note(fmt.Sprintf("%s was read up to byte %d and is not there any more under any name; what was written to it after that is not read",
					f.path, m.Offset))
			}
			continue
		}
		known[beside[at].path] = true
		if err := f.finish(beside[at].path, m); err != nil {
			return err
		}
	}
	return f.older(ctx, from, beside, known)
}

// older reads files that were rotated away: where there is no position all of them, else those written since.
func (f *File) older(ctx context.Context, from FilePosition, beside []rotated, known map[string]bool) error {
	for _, r := range beside {
		unread := belwacht.InstantOf(r.info.ModTime()) > from.at-2*belwacht.Second
		i := slices.IndexFunc(f.past, func(m mark) bool { return m.same(r.info) })
		switch {
		case known[r.path], i >= 0 && f.past[i].Done, from.at == 0 && !f.options.Past, from.at != 0 && !unread && i < 0:
			continue
		case i < 0:
			i = len(f.past)
			device, inode := place(r.info)
			f.past = append(f.past, mark{Device: device, Inode: inode})
		}
		if err := f.whole(ctx, r.path, &f.past[i]); err != nil {
			return err
		}
	}
	if len(f.past) > maxRotated {
		f.past = f.past[len(f.past)-maxRotated:]
	}
	return nil
}

// measure says how much history there is.
func (f *File) measure(beside []rotated) {
	f.bytes = 0
	if info, err := os.Stat(f.path); err == nil {
		f.bytes = info.Size()
	}
	if f.options.Past {
		for _, r := range beside {
			f.bytes += r.info.Size()
		}
	}
	f.feed.Progress(0, f.bytes)
}

// progress says how much of the history has been read.
func (f *File) progress(more int64) {
	done := min(f.feed.Feed().Done+more, f.bytes)
	f.feed.Progress(done, f.bytes)
}

// whole reads a file that was rotated away from its first row that was not handed on.
func (f *File) whole(ctx context.Context, path string, m *mark) error {
	h, err := os.Open(path)
	if err != nil {
		f.feed.Note(fmt.Sprintf("%s cannot be read: %v", path, err))
		return nil
	}
	defer h.Close()
	if info, err := h.Stat(); err == nil {
		defer f.progress(info.Size())
		if info.Size() == 0 {
			m.Done = true
			return nil
		}
	}
	err = readWhole(ctx, &f.sink, h, path, m)
	var taker *takerError
	switch {
	case errors.As(err, &taker), ctx.Err() != nil:
		return err
	case err != nil:
		f.feed.Note(err.Error())
	}
	m.Done = true
	return f.sink.batch()
}

// batchRows is how many rows of a whole file are one batch.
const batchRows = 10_000

// readWhole hands on the rows of a file after those that were, and counts them in its mark.
func readWhole(ctx context.Context, s *sink, r io.Reader, path string, m *mark) error {
	w, err := s.options.Whole(r, path)
	if err != nil {
		return err
	}
	for _, note := range w.Notes() {
		s.feed.Note(fmt.Sprintf("%s: %s", path, note))
	}
	var row ingest.Row
	for n := int64(0); ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if err := w.Read(&row); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if n < m.Rows {
			continue
		}
		m.Rows++
		if err := s.give(&row); err != nil {
			return err
		}
		if m.Rows%batchRows == 0 {
			if err := s.batch(); err != nil {
				return err
			}
		}
	}
}

// finish reads the rest of a file that was rotated away, packed or not.
func (f *File) finish(path string, m *mark) error {
	r, err := unpacked(path)
	if err != nil {
		f.feed.Note(fmt.Sprintf("%s cannot be read: %v", path, err))
		return nil
	}
	defer r.Close()
	if h, ok := r.(*os.File); ok {
		t, err := openTail(h.Name(), m)
		if err != nil {
			f.feed.Note(fmt.Sprintf("%s cannot be read: %v", path, err))
			return nil
		}
		f.former = append(f.former, t)
		return nil
	}
	return f.rest(r, path, m)
}

// rest reads the end of a packed file.
func (f *File) rest(r io.Reader, path string, m *mark) error {
	head := make([]byte, sampleSize)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && err != io.EOF {
		f.feed.Note(fmt.Sprintf("%s cannot be unpacked: %v", path, err))
		return nil
	}
	g, err := f.options.Growing(head[:n], path)
	if err != nil {
		f.feed.Note(err.Error())
		return nil
	}
	var text io.Reader = r
	if m.Offset < int64(n) {
		text = io.MultiReader(bytes.NewReader(head[m.Offset:n]), r)
	} else if _, err := io.CopyN(io.Discard, r, m.Offset-int64(n)); err != nil {
		return nil // all of it has been read
	}
	for held := 0; ; {
		n, err := io.ReadFull(text, f.sink.piece[held:])
		held += n
		read, rowErr := g.Rows(f.sink.piece[:held], err != nil, f.sink.give)
		if rowErr != nil {
			return rowErr
		}
		if err != nil || read == 0 {
			return nil
		}
		held = copy(f.sink.piece, f.sink.piece[read:held])
	}
}

// look reads what is new, wherever it stands.
func (f *File) look() error {
	begin := belwacht.InstantOf(time.Now())
	info, err := os.Stat(f.path)
	missing := errors.Is(err, fs.ErrNotExist)
	if err == nil && f.current != nil && !f.current.same(info) {
		f.current.quiet = time.Now() // a program may hold it open
		f.former = append(f.former, f.current)
		f.current = nil
	}
	if err := f.drain(); err != nil {
		return err
	}
	switch {
	case missing && f.current != nil: // rotated away; the next record makes a new one
	case missing:
		f.feed.Stand(belwacht.FeedLost, f.path+" is not there; does the PBX write call records, and to that file")
	case err != nil:
		f.feed.Stand(belwacht.FeedLost, fmt.Sprintf("%s cannot be read: %v", f.path, err))
	case f.current == nil:
		if f.current, err = openTail(f.path, nil); err != nil {
			f.current = nil
			f.feed.Stand(belwacht.FeedLost, fmt.Sprintf("%s cannot be read: %v", f.path, err))
		}
	}
	if f.current != nil {
		if err := f.read(); err != nil {
			return err
		}
	}
	f.at = begin
	return nil
}

// drain reads what is still written to files that were rotated away, and lets go of those that have been quiet.
func (f *File) drain() error {
	for i := 0; i < len(f.former); {
		t := f.former[i]
		quiet := time.Since(t.quiet) >= linger || len(f.former) > maxFormer
		err := t.read(&f.sink, quiet)
		var taker *takerError
		if errors.As(err, &taker) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		if !quiet {
			i++
			continue
		}
		t.file.Close()
		f.former = slices.Delete(f.former, i, i+1)
	}
	return nil
}

// read reads what is new in the file itself.
func (f *File) read() error {
	t := f.current
	emptied, err := t.emptied()
	if err == nil && emptied {
		if err := f.copied(); err != nil {
			return err
		}
		t.restart()
	}
	if err == nil {
		err = t.read(&f.sink, false)
	}
	var taker *takerError
	switch {
	case errors.As(err, &taker), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case err == errUnknown:
		f.feed.Stand(belwacht.FeedLost, f.path+" holds no call records that are known; what is wrong stands in the notes")
	case err != nil:
		f.feed.Stand(belwacht.FeedLost, err.Error())
	default:
		f.feed.Stand(belwacht.FeedLive, "")
	}
	return nil
}

// copied reads what was written to the file after the last look and before it was emptied, from the copy that was made of it.
func (f *File) copied() error {
	m := f.current.mark
	for _, r := range slices.Backward(siblings(f.path)) {
		if m.Size > 0 && m.begins(r.path) {
			if err := f.finish(r.path, &m); err != nil {
				return err
			}
			return f.drain()
		}
	}
	return nil
}
