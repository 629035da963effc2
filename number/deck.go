package number

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/number/table"
)

// RateOptions says how a rate deck is read; the zero value recognises the deck by its header.
type RateOptions struct {
	Name     string // of the deck, for messages; default "rate deck"
	Currency string // of the organisation, ISO 4217; a deck without a currency is in it, and one in another is refused; default "EUR"
	// Columns names columns where the header is not recognised: the key is prefix, rate, setup, first, next, currency, from, until, sell or
	// description, the value the deck's own name of the column, or its number from 1.
	Columns map[string]string
	SkipBad bool // leave out bad rows instead of failing
	// At is the moment at which effective dates are judged: of several rows for a prefix the newest that is in force wins, else the newest that was, else the newest
	// that will be, since an old price is nearer the truth than an estimate. Zero takes the newest.
	At        time.Time
	Delimiter rune // 0 = found out, of , ; tab and |
}

// BadRow is a row that was not taken, or, as a warning, something to know about one that was.
type BadRow struct {
	Line    int // from 1; 0 for the deck as a whole
	Reason  string
	Warning bool
}

// String is "line 7: reason".
func (b BadRow) String() string {
	if b.Line == 0 {
		return b.Reason
	}
	return fmt.Sprintf("line %d: %s", b.Line, b.Reason)
}

// Bounds on a deck: hostile or mistaken files end in a sentence, not in memory.
const (
	maxDeckPrefixes = 1_000_000
	maxDeckNodes    = 4_000_000
	maxDeckLine     = 64 << 10
	maxBadRows      = 1_000
	headerWithin    = 40 // lines in which the header must stand
)

// ReadRates reads a rate deck: CSV in UTF-8 with any usual delimiter, decimal point or comma, in any column order. Without SkipBad a row that cannot be
// read is an error, which names the first; the rows are returned in either case.
func ReadRates(r io.Reader, o RateOptions) (*Rates, []BadRow, error) {
	if o.Name == "" {
		o.Name = "rate deck"
	}
	if o.Currency == "" {
		o.Currency = "EUR"
	}
	d := &deck{RateOptions: o, rates: &Rates{name: o.Name, nodes: make([]rateNode, 1), prices: make([]belwacht.Price, 1), sells: []belwacht.Money{-1}}}
	if err := d.read(r); err != nil {
		return nil, d.bad, err
	}
	return d.rates, d.bad, nil
}

// deck is a rate deck while it is read.
type deck struct {
	RateOptions
	rates    *Rates
	from     []term // beside rates.prices: when the row holds
	columns  columns
	bad      []BadRow
	badCount int
	warnings map[string]*counted
}

// counted is a warning that many rows share.
type counted struct {
	first, n int
}

func (d *deck) read(r io.Reader) error {
	in := bufio.NewReaderSize(&lineGuard{r: r}, maxDeckLine)
	head, err := in.Peek(maxDeckLine / 2)
	if err != nil && !errors.Is(err, io.EOF) {
		return d.broken(0, err)
	}
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return belwacht.Errorf(belwacht.Invalid, "%s is a spreadsheet or archive; save it as CSV", d.Name)
	}
	if bytes.HasPrefix(head, []byte("\xef\xbb\xbf")) {
		in.Discard(3)
		head = head[3:]
	}
	if len(bytes.TrimSpace(head)) == 0 {
		return belwacht.Errorf(belwacht.Invalid, "%s is empty; a rate deck has a header such as prefix,description,rate_per_minute and rows", d.Name)
	}
	skip, err := d.header(head)
	if err != nil {
		return err
	}
	d.from = make([]term, 1)
	d.warnings = map[string]*counted{}
	c := d.csv(in)
	for {
		row, err := c.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		line := 0
		if len(row) > 0 {
			line, _ = c.FieldPos(0)
		}
		if err != nil {
			if errors.Is(err, errLine) || errors.Is(err, errBinary) || !isParse(err) {
				return d.broken(line, err)
			}
			d.reject(line, "cannot be read as CSV: "+err.Error())
			continue
		}
		if line <= skip {
			continue
		}
		if reason := d.row(row, line); reason != "" {
			d.reject(line, reason)
		}
		if len(d.rates.prices) > maxDeckPrefixes || len(d.rates.nodes) > maxDeckNodes {
			return belwacht.Errorf(belwacht.Invalid, "%s line %d: more than %d prefixes, too large for a rate deck", d.Name, line, maxDeckPrefixes)
		}
	}
	return d.finish()
}

func isParse(err error) bool {
	var p *csv.ParseError
	return errors.As(err, &p)
}

func (d *deck) csv(r io.Reader) *csv.Reader {
	c := csv.NewReader(r)
	c.Comma, c.LazyQuotes, c.FieldsPerRecord, c.ReuseRecord = d.Delimiter, true, -1, true
	return c
}

func (d *deck) broken(line int, err error) error {
	if line > 0 {
		return belwacht.Errorf(belwacht.Invalid, "%s near line %d cannot be read: %w", d.Name, line, err)
	}
	return belwacht.Errorf(belwacht.Invalid, "%s cannot be read: %w", d.Name, err)
}

func (d *deck) reject(line int, reason string) {
	d.badCount++
	if len(d.bad) < maxBadRows {
		d.bad = append(d.bad, BadRow{Line: line, Reason: reason})
	}
}

func (d *deck) warn(line int, reason string) {
	if w := d.warnings[reason]; w != nil {
		w.n++
		return
	}
	d.warnings[reason] = &counted{line, 1}
}

// row takes one row; it returns the reason where it cannot.
func (d *deck) row(row []string, line int) string {
	if blank(row) || d.columns.is(row, colDirection, "inbound") {
		return ""
	}
	cell := d.columns.cell(row, colPrefix)
	prefixes, reason := readPrefixes(cell)
	if reason != "" {
		return reason
	}
	if d.columns.cell(row, colRate) == "" || d.columns.is(row, colForbidden, "true", "yes", "1", "y", "forbidden") {
		d.warn(line, "no rate or forbidden: not rated, a shorter prefix or the default estimate counts")
		return ""
	}
	p, sell, reason := d.price(row)
	if reason != "" {
		return reason
	}
	from, until, reason := d.dates(row)
	if reason != "" {
		return reason
	}
	term := term{from, holds}
	switch {
	case d.At.IsZero():
	case from.After(d.At):
		d.warn(line, "not in force yet: it counts only where its prefix has no other price")
		term.state = coming
	case !until.IsZero() && !until.After(d.At):
		d.warn(line, "no longer in force: it counts only where its prefix has none that is")
		term.state = past
	}
	for _, e := range prefixes {
		d.put(e, p, sell, term, line)
	}
	return ""
}

// term is when a row's price holds: from when on, and how that lies to the moment at which a deck is read.
type term struct {
	from  time.Time
	state int
}

// The states of a term, the better the higher.
const (
	coming = iota
	past
	holds
)

// before says whether another term's price goes before this one's.
func (t term) before(o term) bool {
	return t.state < o.state || t.state == o.state && t.from.Before(o.from)
}

// put keeps the best row of a prefix, and the later of two equally good ones.
func (d *deck) put(e belwacht.E164, p belwacht.Price, sell belwacht.Money, from term, line int) {
	if i := d.rates.find(e); i != 0 && d.rates.exact(e) {
		if from.before(d.from[i]) {
			return
		}
		if !d.from[i].before(from) && d.rates.prices[i] != p {
			d.warn(line, "a prefix that stands in the deck before with another price: the last one counts")
		}
		d.from[i] = from
	} else {
		d.from = append(d.from, from)
	}
	d.rates.put(e, p, sell)
}

// finish reports what was not taken and refuses a deck without prices.
func (d *deck) finish() error {
	reasons := make([]string, 0, len(d.warnings))
	for r := range d.warnings {
		reasons = append(reasons, r)
	}
	slices.Sort(reasons)
	if d.badCount > 0 && !d.SkipBad {
		more := ""
		if d.badCount > 1 {
			more = fmt.Sprintf(" (and %d more rows)", d.badCount-1)
		}
		return belwacht.Errorf(belwacht.Invalid, "%s %s%s; correct the deck, or skip bad rows on purpose", d.Name, d.bad[0], more)
	}
	for _, r := range reasons {
		w := d.warnings[r]
		if w.n > 1 {
			r = fmt.Sprintf("%s (%d rows)", r, w.n)
		}
		d.bad = append(d.bad, BadRow{Line: w.first, Reason: r, Warning: true})
	}
	if d.rates.Len() == 0 {
		return belwacht.Errorf(belwacht.Invalid, "%s has no row with a prefix and a rate in force", d.Name)
	}
	d.settle(0, 0)
	d.compare()
	return nil
}

// settle lets each prefix whose price is not in force have that of the longest shorter one that is: so the provider bills it. best is the price above a node.
func (d *deck) settle(n, best uint32) {
	node := &d.rates.nodes[n]
	if i := node.price; i != 0 && best != 0 && d.from[i].state < d.from[best].state {
		node.price = best
	} else if i != 0 {
		best = i
	}
	for _, next := range node.next {
		if next != 0 {
			d.settle(next, best)
		}
	}
}

// compare warns where the deck's unit may not be a minute and a whole unit of currency: its median is a hundredth or a hundredfold of our estimates.
func (d *deck) compare() {
	world := table.Open()
	var ratios []float64
	var walk func(n uint32, e belwacht.E164)
	walk = func(n uint32, e belwacht.E164) {
		node := &d.rates.nodes[n]
		if node.price != 0 {
			x, _ := world.Walk(e)
			fixed, mobile := zonePrice(world.Zone(world.Region(x)))
			if world.Class(x) != belwacht.ClassMobile {
				mobile = fixed
			}
			ratios = append(ratios, float64(d.rates.prices[node.price].PerMinute)/float64(mobile))
		}
		for digit, next := range node.next {
			if next != 0 {
				longer, _ := pack(e, string(rune('0'+digit)))
				walk(next, longer)
			}
		}
	}
	walk(0, 0)
	slices.Sort(ratios)
	if m := ratios[len(ratios)/2]; m > 100 || m < 0.01 {
		d.bad = append(d.bad, BadRow{Warning: true, Reason: fmt.Sprintf("%s: its median rate is %.3g times what is usual; is it in cents, or a second instead of a minute?", d.Name, m)})
	}
}

// exact says whether the prefix itself has a price.
func (r *Rates) exact(e belwacht.E164) bool {
	n := uint32(0)
	for i := range e.Len() {
		if n = r.nodes[n].next[e.Digit(i)]; n == 0 {
			return false
		}
	}
	return r.nodes[n].price != 0
}

func blank(row []string) bool {
	return !slices.ContainsFunc(row, func(s string) bool { return strings.TrimSpace(s) != "" })
}
