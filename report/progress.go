package report

import (
	"io"
	"time"

	"github.com/belwacht/belwacht/terminal"
)

// Progress draws how far the reading of records is, for a terminal only; see [terminal.Progress].
type Progress = terminal.Progress

// NewProgress returns a Progress of total bytes that began at start, on a terminal of width columns.
func NewProgress(w io.Writer, width int, total int64, start time.Time) *Progress {
	return terminal.NewProgress(w, width, total, start)
}
