package follow

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/feed"
	"github.com/belwacht/belwacht/ingest"
)

// pieceSize is how much of a file is read at once: more than any record.
const pieceSize = 1 << 20

// sampleSize is how much of a file's beginning shows its format.
const sampleSize = 256 << 10

// tail is a file that is being read, open.
type tail struct {
	mark
	path   string
	file   *os.File
	reader Growing
	bad    int64     // rows that could not be read, as told
	quiet  time.Time // since when it has not grown
	failed int64     // the size at which its format could not be found
}

// openTail opens a file where a mark says that it has been read to; nil for one from its beginning.
func openTail(path string, at *mark) (*tail, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("it is no regular file")
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	t := &tail{path: path, file: f, quiet: time.Now()}
	if at != nil {
		t.mark = *at
	}
	t.Device, t.Inode = place(info)
	return t, nil
}

// sink is where rows go.
type sink struct {
	options *Options
	feed    *feed.Keeper
	live    bool
	piece   []byte
	moved   func(bytes int64) // of the history
	stop    func() error      // the context's error
}

// give hands on a row.
func (s *sink) give(row *ingest.Row) error {
	end := row.End
	if err := s.options.Row(row); err != nil {
		return &takerError{err}
	}
	s.feed.Took(end, s.live)
	return nil
}

// batch says that rows have been handed on.
func (s *sink) batch() error {
	if s.options.Batch == nil {
		return nil
	}
	if err := s.options.Batch(); err != nil {
		return &takerError{err}
	}
	return nil
}

// read hands on what is new in a file. last: nothing more is written to it.
func (t *tail) read(s *sink, last bool) error {
	for {
		n, err := t.file.ReadAt(s.piece, t.Offset)
		if n == 0 {
			if err != nil && err != io.EOF {
				return belwacht.Errorf(belwacht.Unreachable, "%s cannot be read: %w", t.path, err)
			}
			return t.learn()
		}
		if err != nil && err != io.EOF {
			return belwacht.Errorf(belwacht.Unreachable, "%s cannot be read: %w", t.path, err)
		}
		before := t.Offset
		if err := t.rows(s, s.piece[:n], last && n < len(s.piece)); err != nil {
			return err
		}
		if t.Offset == before {
			return t.learn()
		}
		t.quiet = time.Now()
		if err := t.learn(); err != nil {
			return err
		}
		if !s.live {
			s.moved(t.Offset - before)
		}
		if n == len(s.piece) { // a long file: each piece is a batch
			if err := s.batch(); err != nil {
				return err
			}
			if err := s.stop(); err != nil {
				return err
			}
		}
	}
}

// rows hands on the rows of a piece, and moves on by what was read.
func (t *tail) rows(s *sink, piece []byte, last bool) error {
	if t.reader == nil {
		if ok, err := t.recognise(s, last); !ok {
			return err
		}
	}
	n, err := t.reader.Rows(piece, last, s.give)
	if err == nil && n == 0 && len(piece) == pieceSize {
		n = len(piece) // no record is as long: it is none
		s.feed.Rejected(1)
	}
	t.Offset += int64(n)
	s.feed.Rejected(t.reader.Rejected() - t.bad)
	t.bad = t.reader.Rejected()
	return err
}

// recognise finds out what is in a file by its beginning. False: that cannot be told yet.
func (t *tail) recognise(s *sink, last bool) (bool, error) {
	head := make([]byte, sampleSize)
	n, err := t.file.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return false, belwacht.Errorf(belwacht.Unreachable, "%s cannot be read: %w", t.path, err)
	}
	head = head[:n]
	if end := bytes.LastIndexByte(head, '\n') + 1; end > 0 {
		head = head[:end]
	} else if !last {
		return false, nil
	}
	if t.failed == int64(n) {
		return false, errUnknown
	}
	reader, err := s.options.Growing(head, t.path)
	if err != nil {
		t.failed = int64(n)
		s.feed.Note(err.Error())
		return false, errUnknown
	}
	t.reader, t.failed = reader, 0
	for _, note := range reader.Notes() {
		s.feed.Note(fmt.Sprintf("%s: %s", t.path, note))
	}
	return true, nil
}

// errUnknown says that a file's format could not be found; why stands in the notes.
var errUnknown = errors.New("what is in the file is not known")

// learn keeps what the file is known by: of its first kilobyte as much as has been read.
func (t *tail) learn() error {
	size := min(t.Offset, headSize)
	if size <= t.Size {
		return nil
	}
	head := sum(io.NewSectionReader(t.file, 0, size), size)
	if head == "" {
		return nil // it is being emptied at this moment: the next look tells
	}
	t.Size, t.Head = size, head
	return nil
}

// emptied says whether a file no longer is what was read of it: shorter, or with another beginning.
func (t *tail) emptied() (bool, error) {
	info, err := t.file.Stat()
	if err != nil {
		return false, belwacht.Errorf(belwacht.Unreachable, "%s cannot be read: %w", t.path, err)
	}
	return info.Size() < t.Offset || t.Size > 0 && sum(io.NewSectionReader(t.file, 0, t.Size), t.Size) != t.Head, nil
}

// restart reads a file from its beginning again, which is another one now.
func (t *tail) restart() {
	t.Offset, t.Size, t.Head, t.reader, t.bad, t.failed = 0, 0, "", nil, 0, 0
}
