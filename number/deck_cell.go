package number

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
)

// Bounds on what a cell may say.
const (
	maxRate      = 1000 * belwacht.Unit // a minute or call
	maxIncrement = 3600                 // seconds
	maxExpansion = 10_000               // prefixes in one cell
)

// readPrefixes reads a prefix cell: one or several prefixes separated by semicolon, comma, bar or space, each with or without + or 00, as a range
// 4477-4479, or as a pattern whose last letters are X, Z, N, dot or exclamation mark. It returns the reason where it cannot.
func readPrefixes(cell string) ([]belwacht.E164, string) {
	cell = strings.Trim(strings.TrimPrefix(strings.TrimSpace(cell), "="), `"'`)
	if cell == "" {
		return nil, "no prefix"
	}
	var out []belwacht.E164
	for _, part := range strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(";,| \t\n\u00a0", r) }) {
		more, reason := readPrefix(part)
		if reason != "" {
			return nil, reason
		}
		if out = append(out, more...); len(out) > maxExpansion {
			return nil, fmt.Sprintf("prefix %q stands for more than %d prefixes", clip(cell, 40), maxExpansion)
		}
	}
	if len(out) == 0 {
		return nil, "no prefix"
	}
	return out, ""
}

func readPrefix(s string) ([]belwacht.E164, string) {
	from, to, isRange := strings.Cut(strings.TrimPrefix(s, "_"), "-")
	from, to = international(from), international(to)
	if isRange {
		a, errA := strconv.ParseUint(from, 10, 64)
		b, errB := strconv.ParseUint(to, 10, 64)
		if errA != nil || errB != nil || len(from) != len(to) || len(from) > belwacht.MaxDigits || a > b || b-a >= maxExpansion || from[0] == '0' {
			return nil, fmt.Sprintf("prefix range %q: write two prefixes of equal length, the smaller first", clip(s, 40))
		}
		var out []belwacht.E164
		for ; a <= b; a++ {
			e, _ := belwacht.ParseE164(strconv.FormatUint(a, 10))
			out = append(out, e)
		}
		return out, ""
	}
	digits := strings.TrimRight(from, ".!")
	digits = strings.TrimRight(digits, "Xx")
	letters := len(digits)
	for letters > 0 && strings.IndexByte("XxZzNn", digits[letters-1]) >= 0 {
		letters--
	}
	pattern := digits[letters:]
	switch digits = digits[:letters]; {
	case strings.ContainsAny(digits, "Ee.") && strings.Trim(digits, "0123456789Ee+.,") == "":
		return nil, fmt.Sprintf("prefix %q is in scientific notation: a spreadsheet has cut it; export the column as text", clip(s, 40))
	case digits == "" || !digitsOnly(digits):
		return nil, fmt.Sprintf("prefix %q is no international prefix, such as 3120", clip(s, 40))
	case digits[0] == '0':
		return nil, fmt.Sprintf("prefix %q begins with 0: write it with its country code", clip(s, 40))
	case len(digits)+len(pattern) > belwacht.MaxDigits:
		return nil, fmt.Sprintf("prefix %q is longer than %d digits", clip(s, 40), belwacht.MaxDigits)
	case len(pattern) > 4:
		return nil, fmt.Sprintf("prefix %q stands for more than %d prefixes", clip(s, 40), maxExpansion)
	}
	out := make([]belwacht.E164, 1)
	out[0], _ = belwacht.ParseE164(digits)
	for i := range len(pattern) {
		first := byte('0')
		switch pattern[i] | 0x20 {
		case 'z':
			first = '1'
		case 'n':
			first = '2'
		}
		var next []belwacht.E164
		for _, e := range out {
			for c := first; c <= '9'; c++ {
				longer, _ := pack(e, string(c))
				next = append(next, longer)
			}
		}
		out = next
	}
	return out, ""
}

// international takes + or 00 from a prefix.
func international(s string) string {
	s = strings.Trim(s, `"'`)
	if t, ok := strings.CutPrefix(s, "+"); ok {
		return t
	}
	return strings.TrimPrefix(s, "00")
}

// readAmount reads an amount of money with decimal point or comma, thousands separators, an exponent as spreadsheets write it, and a currency sign or
// code, which it returns. More than six decimals are rounded up.
func readAmount(cell string) (m belwacht.Money, currency string, ok bool) {
	if len(cell) > 60 {
		return 0, "", false
	}
	s := strings.Map(func(r rune) rune {
		if r == ' ' || r == 0xA0 || r == 0x202F || r == '\'' {
			return -1
		}
		return r
	}, cell)
	for sign, code := range map[string]string{"€": "EUR", "$": "USD", "£": "GBP"} {
		if t := strings.Replace(s, sign, "", 1); t != s {
			s, currency = t, code
		}
	}
	if i := strings.IndexFunc(s, func(r rune) bool { return r >= '0' && r <= '9' || r == '-' || r == '.' || r == ',' }); i == 3 {
		currency, s = strings.ToUpper(s[:3]), s[3:]
	} else if n := len(s) - 3; n > 0 && letters(s[n:]) {
		currency, s = strings.ToUpper(s[n:]), s[:n]
	}
	s = strings.ToLower(s)
	exponent := 0
	if mantissa, exp, has := strings.Cut(s, "e"); has {
		v, err := strconv.Atoi(exp)
		if err != nil || v < -20 || v > 6 {
			return 0, currency, false
		}
		s, exponent = mantissa, v
	}
	m, ok = decimal(s, exponent)
	return m, currency, ok
}

func letters(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return (r|0x20 < 'a' || r|0x20 > 'z') }) < 0
}

// decimal reads digits with at most one decimal mark, times a power of ten. Where point and comma both stand, the last one is the mark.
func decimal(s string, exponent int) (belwacht.Money, bool) {
	negative := strings.HasPrefix(s, "-")
	s = strings.TrimPrefix(s, "-")
	mark := max(strings.LastIndexByte(s, '.'), strings.LastIndexByte(s, ','))
	whole, fraction := s, ""
	if mark >= 0 {
		whole, fraction = s[:mark], s[mark+1:]
		other := ","
		if s[mark] == ',' {
			other = "."
		}
		whole = strings.ReplaceAll(whole, other, "")
	}
	if whole+fraction == "" || !digitsOnly(whole) || !digitsOnly(fraction) {
		return 0, false
	}
	// The digits as they stand, scaled to millionths: places is how many of them are too many.
	digits, places := strings.TrimLeft(whole+fraction, "0"), len(fraction)-6-exponent
	up := false
	for ; places > 0 && digits != ""; places-- {
		up = up || digits[len(digits)-1] != '0'
		digits = digits[:len(digits)-1]
	}
	if places < 0 && digits != "" {
		digits += strings.Repeat("0", min(-places, 20))
	}
	v, err := strconv.ParseInt("0"+digits, 10, 64)
	if err != nil {
		return 0, false
	}
	if up {
		v++
	}
	if negative {
		v = -v
	}
	return belwacht.Money(v), true
}

// price reads the money and increments of a row.
func (d *deck) price(row []string) (p belwacht.Price, sell belwacht.Money, reason string) {
	currency := d.columns.cell(row, colCurrency)
	amount := func(k column) (m belwacht.Money) {
		cell := d.columns.cell(row, k)
		if cell == "" || reason != "" {
			return 0
		}
		m, said, ok := readAmount(cell)
		if said != "" {
			currency = said
		}
		if d.columns.cents && k == colRate {
			m /= 100
		}
		switch {
		case !ok:
			reason = fmt.Sprintf("%q is no amount of money", clip(cell, 40))
		case m < 0:
			reason = fmt.Sprintf("%q is negative", clip(cell, 40))
		case m > maxRate:
			reason = fmt.Sprintf("%q is more than 1000, no price of a call", clip(cell, 40))
		}
		return m
	}
	p.PerMinute = max(amount(colRate), amount(colRateFirst)) * belwacht.Money(d.columns.scale)
	p.Setup = amount(colSetup)
	sell = -1
	if d.columns.cell(row, colSell) != "" {
		sell = amount(colSell)
	}
	if reason != "" {
		return p, 0, reason
	}
	if currency != "" && !strings.EqualFold(currency, d.Currency) {
		return p, 0, fmt.Sprintf("it is in %s and the organisation in %s; rates are not exchanged here", clip(currency, 8), d.Currency)
	}
	if p.First, p.Next, reason = d.increments(row); reason != "" {
		return p, 0, reason
	}
	if unit := d.columns.cell(row, colUnit); unit != "" {
		seconds, err := strconv.Atoi(unit)
		if err != nil || seconds < 1 || seconds > maxIncrement {
			return p, 0, fmt.Sprintf("billable unit %q is no number of seconds", clip(unit, 20))
		}
		p.PerMinute = p.PerMinute * 60 / belwacht.Money(seconds)
		p.First, p.Next = max(p.First, uint16(seconds)), uint16(seconds)
	}
	if p.PerMinute > maxRate {
		return p, 0, "the rate is more than 1000 a minute, no price of a call"
	}
	return p, sell, ""
}

// increments reads the first and later increments: two columns, or one that says a/b. Without, calls are billed by the second.
func (d *deck) increments(row []string) (first, next uint16, reason string) {
	a, b := d.columns.cell(row, colFirst), d.columns.cell(row, colNext)
	if x, y, ok := cutIncrement(b); ok {
		a, b = x, y
	} else if x, y, ok := cutIncrement(a); ok {
		a, b = x, y
	}
	read := func(s string, otherwise uint16) uint16 {
		if s == "" {
			return otherwise
		}
		v, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimRight(strings.ToLower(s), "second ")), 64)
		if err != nil || v < 0 || v > maxIncrement {
			reason = fmt.Sprintf("increment %q is no number of seconds up to %d", clip(s, 20), maxIncrement)
			return 0
		}
		return max(uint16(v), 1)
	}
	next = read(b, 1)
	first = read(a, next)
	return first, next, reason
}

func cutIncrement(s string) (string, string, bool) {
	i := strings.IndexAny(s, "/+:")
	if i < 0 {
		return "", "", false
	}
	return s[:i], s[i+1:], true
}

// dates reads when a row is in force; the zero time is always.
func (d *deck) dates(row []string) (from, until time.Time, reason string) {
	for _, c := range [...]struct {
		column column
		into   *time.Time
	}{{colFrom, &from}, {colUntil, &until}} {
		cell := d.columns.cell(row, c.column)
		switch strings.ToLower(cell) {
		case "", "asap", "now", "immediately", "direct", "0", "no", "false", "never", "-", "null":
			continue
		}
		t, ok := readDate(cell)
		if !ok {
			reason = fmt.Sprintf("%q is no date such as 2026-03-01", clip(cell, 40))
		}
		*c.into = t
	}
	return from, until, reason
}

// readDate reads a date as decks write it; where day and month could be either, the day comes first unless it cannot.
func readDate(s string) (time.Time, bool) {
	if len(s) > 40 {
		return time.Time{}, false
	}
	for _, layout := range [...]string{"2006-01-02", "2006-01-02 15:04:05", "2006-01-02 15:04", time.RFC3339, "2006-01-02T15:04:05", "2-1-2006", "2/1/2006", "1/2/2006",
		"2.1.2006", "2006/1/2", "2-Jan-2006", "2 Jan 2006", "2-Jan-06", "Jan 2, 2006", "January 2, 2006", "2 January 2006", "20060102",
		"2-1-2006 15:04", "2-1-2006 15:04:05", "2/1/2006 15:04", "2/1/2006 15:04:05", "1/2/2006 15:04", "2.1.2006 15:04"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, t.Year() >= 1980 && t.Year() < 2200
		}
	}
	return time.Time{}, false
}
