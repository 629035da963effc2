package terminal

import (
	"bufio"
	"io"
	"strings"
)

// The bounds of a terminal's width. Narrower ones are written as if they were minWidth wide; wider ones are not filled, because
// long lines are hard to read.
const (
	minWidth = 40
	maxWidth = 120
)

// Printer writes lines that are never wider than a width. The first error of the writer is kept and given by Flush. It must not be
// used by two goroutines at once.
type Printer struct {
	w      *bufio.Writer
	width  int
	colour bool
}

// NewPrinter returns a Printer for a terminal of so many columns, taken as 40 to 120.
func NewPrinter(w io.Writer, width int, colour bool) *Printer {
	return &Printer{w: bufio.NewWriter(w), width: max(minWidth, min(width, maxWidth)), colour: colour}
}

// Width is how many columns its lines have at most.
func (p *Printer) Width() int { return p.width }

// Flush writes what is buffered and returns the first error of all writing.
func (p *Printer) Flush() error { return p.w.Flush() }

// Tint puts text into an ink where colours are wanted.
func (p *Printer) Tint(ink Ink, s string) string { return Tint(p.colour, ink, s) }

// Line writes one line, cut to the width.
func (p *Printer) Line(s string) {
	p.w.WriteString(Snip(s, p.width))
	p.w.WriteByte('\n')
}

// Blank writes an empty line.
func (p *Printer) Blank() { p.w.WriteByte('\n') }

// Heading writes a title over what follows.
func (p *Printer) Heading(title string) {
	p.Blank()
	p.Line(p.Tint(Bold, title))
}

// Rule writes a horizontal line.
func (p *Printer) Rule() { p.Line(p.Tint(Faint, strings.Repeat("─", p.width))) }

// Paragraph writes text broken at spaces, each line after indent columns.
func (p *Printer) Paragraph(indent int, ink Ink, s string) {
	for _, l := range Wrap(s, p.width-indent) {
		p.Line(strings.Repeat(" ", indent) + p.Tint(ink, l))
	}
}

// Beside writes a head and beside it a text, which goes on below itself where it is long.
func (p *Printer) Beside(head string, ink Ink, s string) {
	lines := Wrap(s, max(p.width-Width(head), 10))
	if len(lines) == 0 {
		p.Line(strings.TrimRight(head, " "))
	}
	for i, l := range lines {
		if i > 0 {
			head = strings.Repeat(" ", Width(head))
		}
		p.Line(head + p.Tint(ink, l))
	}
}
