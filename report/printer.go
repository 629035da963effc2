package report

import (
	"bufio"
	"io"
	"slices"
	"strings"

	pretty "github.com/jedib0t/go-pretty/v6/text"
)

// The bounds of a terminal's width. Narrower ones are written as if they were minWidth wide; wider ones are not filled, because
// long lines are hard to read.
const (
	minWidth = 40
	maxWidth = 120
)

// paint is a colour of the terminal (ECMA-48 SGR parameters).
type paint string

// The paints that a report uses; they keep their meaning on light and on dark terminals.
const (
	plain  paint = ""
	bold   paint = "1"
	faint  paint = "2"
	red    paint = "31"
	green  paint = "32"
	yellow paint = "33"
	blue   paint = "36"
	grave  paint = "1;31"
)

// printer writes lines that are never wider than a width. The first error of the writer is kept and given at the end.
type printer struct {
	w      *bufio.Writer
	width  int
	colour bool
}

func newPrinter(w io.Writer, width int, colour bool) *printer {
	return &printer{w: bufio.NewWriter(w), width: max(minWidth, min(width, maxWidth)), colour: colour}
}

// tint puts text into a colour where colours are wanted.
func (p *printer) tint(c paint, s string) string { return tint(p.colour, c, s) }

func tint(colour bool, c paint, s string) string {
	if !colour || c == plain || s == "" {
		return s
	}
	return "\x1b[" + string(c) + "m" + s + "\x1b[0m"
}

// line writes one line, cut to the width.
func (p *printer) line(s string) {
	p.w.WriteString(snip(s, p.width))
	p.w.WriteByte('\n')
}

// heading writes a title over a table.
func (p *printer) heading(title string) {
	p.w.WriteByte('\n')
	p.line(p.tint(bold, title))
}

// rule writes a horizontal line.
func (p *printer) rule() { p.line(p.tint(faint, strings.Repeat("─", p.width))) }

// paragraph writes text broken at spaces, each line after indent columns.
func (p *printer) paragraph(indent int, c paint, s string) {
	for _, l := range wrap(s, p.width-indent) {
		p.line(strings.Repeat(" ", indent) + p.tint(c, l))
	}
}

// column is a column of a table. Numbers stand at the right. A table gives way to a narrow terminal by shortening its elastic
// column, the first where none is, and where that is not enough by leaving out optional ones from the right.
type column struct {
	title    string
	right    bool
	optional bool
	elastic  bool
	paint    paint
}

// table writes a table, with a bar after the first column where there is
// enough; bars are shares of 1, nil for none.
func (p *printer) table(cols []column, rows [][]string, bars []float64) {
	const indent, gap, least = 2, 2, 10
	width := make([]int, len(cols))
	for i, c := range cols {
		width[i] = columns(c.title)
		for _, r := range rows {
			width[i] = max(width[i], columns(r[i]))
		}
	}
	total := func() int {
		n := indent
		for i, w := range width {
			if n += w; i > 0 {
				n += gap
			}
		}
		return n
	}
	elastic := max(slices.IndexFunc(cols, func(c column) bool { return c.elastic }), 0)
	for i := len(cols) - 1; i > 0; i-- {
		if total()-max(width[elastic]-least, 0) <= p.width {
			break
		}
		if cols[i].optional {
			cols, width = slices.Delete(slices.Clone(cols), i, i+1), slices.Delete(width, i, i+1)
			rows = without(rows, i)
			if elastic == i {
				elastic = 0
			}
		}
	}
	if over := total() - p.width; over > 0 {
		width[elastic] = max(width[elastic]-over, least)
	}
	bar := 0
	if spare := p.width - total() - gap; bars != nil && spare >= 6 {
		bar = min(spare, 24)
	}
	p.row(cols, width, titles(cols), bar, -1, faint)
	for i, r := range rows {
		share := -1.0
		if bar > 0 {
			share = bars[i]
		}
		p.row(cols, width, r, bar, share, plain)
	}
}

// without leaves a column out of every row.
func without(rows [][]string, i int) [][]string {
	all := make([][]string, len(rows))
	for n, r := range rows {
		all[n] = slices.Delete(slices.Clone(r), i, i+1)
	}
	return all
}

func titles(cols []column) []string {
	t := make([]string, len(cols))
	for i, c := range cols {
		t[i] = c.title
	}
	return t
}

// row writes one row of a table.
func (p *printer) row(cols []column, width []int, cells []string, bar int, share float64, all paint) {
	var b strings.Builder
	b.WriteString("  ")
	for i, c := range cols {
		cell, ink := snip(cells[i], width[i]), c.paint
		if all != plain {
			ink = all
		}
		pad := strings.Repeat(" ", max(width[i]-columns(cell), 0))
		if i > 0 {
			b.WriteString("  ")
		}
		if c.right {
			b.WriteString(pad)
		}
		b.WriteString(p.tint(ink, cell))
		if !c.right {
			b.WriteString(pad)
		}
		if i == 0 && bar > 0 {
			b.WriteString("  ")
			drawn := bars(share, bar)
			b.WriteString(p.tint(blue, drawn) + strings.Repeat(" ", bar-columns(drawn)))
		}
	}
	p.line(strings.TrimRight(b.String(), " "))
}

// bars draws a share of a width with eighths of a block.
func bars(share float64, width int) string {
	if !(share > 0) {
		return ""
	}
	eighths := int(min(share, 1)*float64(width)*8 + 0.5)
	if eighths == 0 {
		eighths = 1
	}
	s := strings.Repeat("█", eighths/8)
	if r := eighths % 8; r > 0 {
		s += string([]rune("▏▎▍▌▋▊▉")[r-1])
	}
	return s
}

// spark draws values as one line of little columns. A value above zero is never drawn as nothing.
func spark(values []float64) string {
	top := 0.0
	for _, v := range values {
		top = max(top, v)
	}
	var b strings.Builder
	for _, v := range values {
		if !(v > 0) {
			b.WriteRune('·')
			continue
		}
		b.WriteRune([]rune("▁▂▃▄▅▆▇█")[min(int(v/top*8), 7)])
	}
	return b.String()
}

// columns is how many columns of a terminal a text takes; wide East Asian characters take two, colours none.
func columns(s string) int { return pretty.StringWidthWithoutEscSequences(s) }

// snip shortens a text to a width, with an ellipsis where something was cut.
func snip(s string, width int) string {
	if columns(s) <= width {
		return s
	}
	return pretty.Snip(s, width, "…")
}

// glued joins a currency sign with its amount and a number with its percent sign, which no line should part.
func glued(words []string) []string {
	out := words[:0]
	for _, w := range words {
		if n := len(out); n > 0 && (w == "%" || out[n-1] == "€" || out[n-1] == "£" || out[n-1] == "$") {
			out[n-1] += " " + w
			continue
		}
		out = append(out, w)
	}
	return out
}

// wrap breaks a text at spaces into lines of at most width columns; a longer word is broken.
func wrap(s string, width int) []string {
	var lines []string
	line := ""
	for _, word := range glued(strings.Fields(s)) {
		for line != "" && columns(line)+1+columns(word) > width || columns(word) > width {
			if line != "" {
				lines = append(lines, line)
				line = ""
				continue
			}
			head := pretty.Trim(word, width)
			lines, word = append(lines, head), word[len(head):]
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
