package follow

import (
	"io"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ingest"
)

// Growing makes rows of the pieces of a file that grows; cdr.Growing is one.
type Growing interface {
	// Rows reads the records of a piece, which begins where one begins, and gives how many bytes were read.
	Rows(piece []byte, last bool, yield func(*ingest.Row) error) (int, error)
	// Notes are sentences on the file that a person should see.
	Notes() []string
	// Rejected is how many rows could not be read so far.
	Rejected() int64
}

// Whole reads a file that is whole, io.EOF at its end; cdr.Reader is one.
type Whole interface {
	Read(row *ingest.Row) error
	// Notes are sentences on the file that a person should see.
	Notes() []string
}

// Options say how a file or a folder is read, and to whom. Growing, Whole and Row are required.
type Options struct {
	Growing func(head []byte, name string) (Growing, error)
	Whole   func(r io.Reader, name string) (Whole, error) // unpacks
	Past    bool                                          // of a file: where the position is the beginning, those that were rotated away are read first
	Every   time.Duration                                 // between two looks; 0 = a second

	Row     func(*ingest.Row) error // takes a row, which is the reader's again after the return
	Batch   func() error            // called when rows have been handed on and Position is good, and after each look without any; may be nil
	Changed func(belwacht.Feed)     // called where State, Problem or Notes changed; may be nil
}

// check fills what is left out.
func (o *Options) check(path string) error {
	if o.Growing == nil || o.Whole == nil || o.Row == nil {
		return belwacht.Errorf(belwacht.Internal, "nobody reads or takes the rows of %s", path)
	}
	if path == "" {
		return belwacht.Errorf(belwacht.Config, "the name of a file or folder of records is empty; Asterisk writes /var/log/asterisk/cdr-csv/Master.csv")
	}
	if o.Every <= 0 {
		o.Every = time.Second
	}
	return nil
}

// takerError is an error of whoever takes the rows: it ends Run.
type takerError struct{ err error }

func (e *takerError) Error() string { return e.err.Error() }
