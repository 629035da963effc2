package terminal

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// Progress draws how far the reading of records is: a bar, rows a second, time left. It is for a terminal only and writes one
// line over and over; Done wipes it. Its caller says what time it is, so that it can be tested and needs no goroutine.
type Progress struct {
	w     io.Writer
	width int
	total int64
	start time.Time
	last  time.Time
	drawn bool
}

// every is how often the line is drawn at most.
const every = 100 * time.Millisecond

// NewProgress returns a Progress of total bytes that began at start; total 0 means that it is not known. w is a terminal of width
// columns; where it is none, pass io.Discard or do not call Set.
func NewProgress(w io.Writer, width int, total int64, start time.Time) *Progress {
	return &Progress{w: w, width: max(minWidth, min(width, maxWidth)), total: total, start: start}
}

// Set says how many bytes and rows were read by now. It draws at most ten times a second, so it may be called for every row.
func (p *Progress) Set(now time.Time, bytes, rows int64) {
	if now.Sub(p.last) < every {
		return
	}
	p.last, p.drawn = now, true
	fmt.Fprintf(p.w, "\r\x1b[K%s", p.line(now.Sub(p.start), bytes, rows))
}

// Done wipes the line, so that what follows starts at its beginning.
func (p *Progress) Done() {
	if p.drawn {
		io.WriteString(p.w, "\r\x1b[K")
	}
	p.drawn = false
}

// line is the progress as one line, one column narrower than the terminal, because some wrap at the last one.
func (p *Progress) line(took time.Duration, bytes, rows int64) string {
	right := short(float64(rows)) + " rows"
	if s := took.Seconds(); s >= 1 {
		right += "  " + short(float64(rows)/s) + "/s"
	}
	if p.total <= 0 {
		return Snip("reading  "+right, p.width-1)
	}
	share := min(max(float64(bytes)/float64(p.total), 0), 1)
	if took >= time.Second && share > 0.01 && share < 1 {
		left := time.Duration(float64(took) * (1 - share) / share).Round(time.Second)
		right += "  " + left.String() + " left"
	}
	head := fmt.Sprintf("reading %3d %%  ", int(share*100))
	room := p.width - 1 - Width(head) - Width(right) - 2
	if room < 5 {
		return Snip(head+right, p.width-1)
	}
	drawn := Bar(share, room)
	return head + drawn + strings.Repeat("░", room-Width(drawn)) + "  " + right
}

// short is a number in three digits or so: 950, 12.3 k, 4.56 M.
func short(n float64) string {
	switch {
	case n < 1e3:
		return fmt.Sprintf("%.0f", n)
	case n < 1e6:
		return fmt.Sprintf("%.3g k", min(n/1e3, 999))
	}
	return fmt.Sprintf("%.3g M", min(n/1e6, 1e6))
}
