package text

import (
	"strconv"
	"strings"

	"github.com/belwacht/belwacht"
)

// Count is a whole number with separators of thousands: 1,412 in English, 1.412 in Dutch.
func Count(l Language, n int64) string {
	s := strconv.FormatInt(n, 10)
	start := 0
	if n < 0 {
		start = 1
	}
	var b strings.Builder
	for i := range len(s) {
		if i > start && (len(s)-i)%3 == 0 {
			b.WriteString(l.Pick(",", "."))
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// Decimal is a number with so many decimals.
func Decimal(l Language, v float64, decimals int) string {
	s := strconv.FormatFloat(v, 'f', decimals, 64)
	whole, frac, has := strings.Cut(s, ".")
	if n, err := strconv.ParseInt(whole, 10, 64); err == nil && n != 0 {
		whole = Count(l, n)
	}
	if !has {
		return whole
	}
	return whole + l.Pick(".", ",") + frac
}

// Percent is a share of 1 as a percentage with at most so many decimals, never "100" for less than all or "0" for more than nothing:
// "fraud 100 %" would be a lie.
func Percent(l Language, share float64, decimals int) string {
	p := share * 100
	step := 1.0
	for range decimals {
		step /= 10
	}
	switch {
	case share < 1 && p > 100-step:
		p = 100 - step
	case share > 0 && p < step:
		return "< " + Decimal(l, step, decimals) + " %"
	}
	return Decimal(l, p, decimals) + " %"
}

// Money is an amount with its currency, "€ 1,234.50" in English and "€ 1.234,50" in Dutch; less than a cent shows up to six
// decimals. An empty currency is the euro.
func Money(l Language, m belwacht.Money, currency string) string {
	sign := currency
	switch currency {
	case "EUR", "":
		sign = "€"
	case "GBP":
		sign = "£"
	}
	neg := ""
	if m < 0 {
		neg, m = "-", -m
	}
	whole, frac, _ := strings.Cut(m.String(), ".")
	n, _ := strconv.ParseInt(whole, 10, 64)
	return sign + " " + neg + Count(l, n) + l.Pick(".", ",") + frac
}

// Plural is "1 call" or "12 calls": the count with the word that goes with it.
func Plural(l Language, n int64, one, many string) string {
	if n == 1 || n == -1 {
		return Count(l, n) + " " + one
	}
	return Count(l, n) + " " + many
}
