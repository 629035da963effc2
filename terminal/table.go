package terminal

import (
	"slices"
	"strings"
)

// Column is a column of a table. A table gives way to a narrow terminal by shortening its elastic column, the first where none
// is, and where that is not enough by leaving out optional ones from the right.
type Column struct {
	Title    string
	Right    bool // for numbers
	Optional bool
	Elastic  bool
}

// The measures of a table: what stands before a row and between its cells, and to how few columns an elastic cell is shortened.
const (
	indent = 2
	gap    = 2
	least  = 10
	minBar = 6
	maxBar = 24
)

// table is a table as it fits.
type table struct {
	cols  []Column
	rows  [][]string
	width []int
	bar   int // columns of the bars after the first column, 0 = none
}

// Table writes a table. shares, of 1 and one a row, are drawn as bars after the first column where there is room; nil = no bars.
func (p *Printer) Table(cols []Column, rows [][]string, shares []float64) {
	t := fit(cols, rows, p.width)
	if spare := p.width - t.total() - gap; shares != nil && spare >= minBar {
		t.bar = min(spare, maxBar)
	}
	head := make([]string, len(t.cols))
	for i, c := range t.cols {
		head[i] = c.Title
	}
	if strings.Join(head, "") != "" {
		p.row(t, head, 0, Faint)
	}
	for i, r := range t.rows {
		share := 0.0
		if t.bar > 0 {
			share = shares[i]
		}
		p.row(t, r, share, Plain)
	}
}

// total is how wide the table is without bars.
func (t *table) total() int {
	n := indent + gap*(len(t.width)-1)
	for _, w := range t.width {
		n += w
	}
	return n
}

// fit measures the columns and makes them fit.
func fit(cols []Column, rows [][]string, room int) *table {
	t := &table{cols: slices.Clone(cols), rows: rows, width: make([]int, len(cols))}
	for i, c := range cols {
		t.width[i] = Width(c.Title)
		for _, r := range rows {
			t.width[i] = max(t.width[i], Width(r[i]))
		}
	}
	elastic := max(slices.IndexFunc(cols, func(c Column) bool { return c.Elastic }), 0)
	for i := len(cols) - 1; i > 0 && t.total()-max(t.width[elastic]-least, 0) > room; i-- {
		if !t.cols[i].Optional {
			continue
		}
		t.cols, t.width, t.rows = slices.Delete(t.cols, i, i+1), slices.Delete(t.width, i, i+1), without(t.rows, i)
		if elastic == i {
			elastic = 0
		} else if elastic > i {
			elastic--
		}
	}
	if over := t.total() - room; over > 0 {
		t.width[elastic] = max(t.width[elastic]-over, least)
	}
	return t
}

// without leaves a column out of every row.
func without(rows [][]string, i int) [][]string {
	all := make([][]string, len(rows))
	for n, r := range rows {
		all[n] = slices.Delete(slices.Clone(r), i, i+1)
	}
	return all
}

// row writes one row of a table.
func (p *Printer) row(t *table, cells []string, share float64, ink Ink) {
	var b strings.Builder
	b.WriteString(strings.Repeat(" ", indent))
	for i, c := range t.cols {
		if i > 0 {
			b.WriteString(strings.Repeat(" ", gap))
		}
		cell := Snip(cells[i], t.width[i])
		if c.Right {
			cell = Right(cell, t.width[i])
		} else {
			cell = Left(cell, t.width[i])
		}
		b.WriteString(p.Tint(ink, cell))
		if i == 0 && t.bar > 0 {
			b.WriteString(strings.Repeat(" ", gap) + Left(p.Tint(Blue, Bar(share, t.bar)), t.bar))
		}
	}
	p.Line(strings.TrimRight(b.String(), " "))
}
