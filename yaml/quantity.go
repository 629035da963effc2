package yaml

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
)

// Money is an amount with its currency, written "EUR 50", "€ 0,50" or "50 EUR". A bare number is an error.
type Money struct {
	Amount   belwacht.Money // never negative
	Currency string         // ISO 4217, such as EUR
}

// currencySigns are the signs that stand for one currency only in the countries where Belwacht is used.
func currencySign(s string) string {
	switch s {
	case "€", "euro", "Euro":
		return "EUR"
	case "£":
		return "GBP"
	case "$":
		return "USD"
	}
	return s
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (m *Money) UnmarshalText(b []byte) error {
	s := strings.TrimSpace(string(b))
	start := strings.IndexAny(s, "0123456789")
	if start < 0 {
		return belwacht.Errorf(belwacht.Config, "%q is no amount of money; write for example EUR 50", clip(s))
	}
	end := strings.LastIndexAny(s, "0123456789") + 1
	before, amount, after := strings.TrimSpace(s[:start]), s[start:end], strings.TrimSpace(s[end:])
	if before == "" && after == "" {
		return belwacht.Errorf(belwacht.Config, "%s has no currency; write EUR %s", clip(s), clip(s))
	}
	if before != "" && after != "" {
		return belwacht.Errorf(belwacht.Config, "%q is no amount of money; write for example EUR 50", clip(s))
	}
	code := currencySign(before + after)
	if len(code) == 3 {
		code = strings.ToUpper(code)
	}
	if !isCurrency(code) {
		return belwacht.Errorf(belwacht.Config, "%q: %q is no currency; write its code of three letters, such as EUR %s", clip(s), clip(before+after), clip(amount))
	}
	v, ok := belwacht.ParseMoney(amount)
	if !ok {
		return belwacht.Errorf(belwacht.Config, "%q: %q is no amount; write the digits without thousands separators, at most six decimals", clip(s), clip(amount))
	}
	if i := strings.IndexAny(amount, ".,"); i > 0 && len(amount)-i == 4 && amount[:i] != "0" {
		// "1.000" is one euro to a machine and a thousand to a Dutchman: too dear a guess for a limit.
		return belwacht.Errorf(belwacht.Config, "%q could be one with three decimals or thousands; write %s %s or %s %s", clip(s),
			code, amount[:i]+amount[i+1:], code, amount[:i]+"."+amount[i+1:len(amount)-1])
	}
	*m = Money{v, code}
	return nil
}

// isCurrency says whether s looks like an ISO 4217 code.
func isCurrency(s string) bool {
	return len(s) == 3 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// MarshalText implements encoding.TextMarshaler.
func (m Money) MarshalText() ([]byte, error) {
	if m.Currency == "" {
		return nil, nil
	}
	return []byte(m.Currency + " " + strings.TrimSuffix(m.Amount.String(), ".00")), nil
}

// IsZero says whether nothing was written; it lets an empty setting be left out of output.
func (m Money) IsZero() bool { return m == Money{} }

// Duration is a length of time, written "90s", "10m", "2h", "3d", "2w" or a row of them ("1h30m"). A bare number is an error.
type Duration time.Duration

// durationUnits are the units from long to short, none of which depends on a calendar.
var durationUnits = [...]struct {
	name string
	size time.Duration
}{{"w", 7 * 24 * time.Hour}, {"d", 24 * time.Hour}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}}

// Seconds is the length in whole seconds.
func (d Duration) Seconds() int64 { return int64(time.Duration(d) / time.Second) }

// Instant is the length in milliseconds, for arithmetic on Instants.
func (d Duration) Instant() belwacht.Instant {
	return belwacht.Instant(time.Duration(d) / time.Millisecond)
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Duration) UnmarshalText(b []byte) error {
	s := strings.ReplaceAll(strings.TrimSpace(string(b)), " ", "")
	if s != "" && strings.Trim(s, "0123456789") == "" {
		return belwacht.Errorf(belwacht.Config, "%s has no unit of time; write %ss, %sm, %sh or %sd for seconds, minutes, hours or days", clip(s), clip(s), clip(s), clip(s), clip(s))
	}
	var total time.Duration
	rest := s
	for rest != "" {
		n := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
		count, err := strconv.ParseInt(rest[:n], 10, 32)
		unit := unitOf(rest[n:])
		if err != nil || unit < 0 || count > int64(math.MaxInt64-total)/int64(durationUnits[unit].size) {
			return belwacht.Errorf(belwacht.Config, "%q is no length of time; write a whole number and s, m, h, d or w, such as 10m or 2h", clip(s))
		}
		total += time.Duration(count) * durationUnits[unit].size
		rest = rest[n+1:]
	}
	if s == "" {
		return belwacht.Errorf(belwacht.Config, "is no length of time; write for example 10m")
	}
	*d = Duration(total)
	return nil
}

// unitOf is the index of the unit that s begins with, −1 where there is none.
func unitOf(s string) int {
	for i, u := range durationUnits {
		if strings.HasPrefix(s, u.name) {
			return i
		}
	}
	return -1
}

// String is the shortest way to write it.
func (d Duration) String() string {
	rest := time.Duration(d)
	if rest < time.Second {
		return "0s"
	}
	var b strings.Builder
	for _, u := range durationUnits {
		if n := rest / u.size; n > 0 {
			b.WriteString(strconv.FormatInt(int64(n), 10) + u.name)
			rest -= n * u.size
		}
	}
	return b.String()
}

// MarshalText implements encoding.TextMarshaler.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// Size is a number of bytes, written "10 MB" (decimal) or "10 MiB" (binary). A bare number is an error.
type Size int64

// sizeUnits are the units that a size may have, long names first so that "MB" is not read as "B".
var sizeUnits = [...]struct {
	name string
	size int64
}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"GB", 1e9}, {"MB", 1e6}, {"kB", 1e3}, {"KB", 1e3}, {"B", 1}}

// UnmarshalText implements encoding.TextUnmarshaler.
func (z *Size) UnmarshalText(b []byte) error {
	s := strings.TrimSpace(string(b))
	if s != "" && strings.Trim(s, "0123456789") == "" {
		return belwacht.Errorf(belwacht.Config, "%s has no unit of size; write %s MB or %s kB", clip(s), clip(s), clip(s))
	}
	for _, u := range sizeUnits {
		digits, ok := strings.CutSuffix(s, u.name)
		if !ok {
			continue
		}
		if n, err := strconv.ParseInt(strings.TrimSpace(digits), 10, 64); err == nil && n >= 0 && n <= math.MaxInt64/u.size {
			*z = Size(n * u.size)
			return nil
		}
		break
	}
	return belwacht.Errorf(belwacht.Config, "%q is no size; write a whole number and B, kB, MB, GB, KiB, MiB or GiB", clip(s))
}

// MarshalText implements encoding.TextMarshaler.
func (z Size) MarshalText() ([]byte, error) {
	for _, u := range sizeUnits {
		if z != 0 && int64(z)%u.size == 0 {
			return []byte(strconv.FormatInt(int64(z)/u.size, 10) + " " + u.name), nil
		}
	}
	return []byte("0 B"), nil
}

// Share is a part of a whole, 0 to 1, written "1 %" or "0,5 %". A bare number is an error, since 1 could be all or a hundredth.
type Share float64

// UnmarshalText implements encoding.TextUnmarshaler.
func (h *Share) UnmarshalText(b []byte) error {
	s := strings.TrimSpace(string(b))
	digits, ok := strings.CutSuffix(s, "%")
	m, good := belwacht.ParseMoney(strings.TrimSpace(digits))
	if good && !ok {
		return belwacht.Errorf(belwacht.Config, "%s has no unit; write %s %%", clip(s), clip(s))
	}
	if !good || m < 0 || m > 100*belwacht.Unit {
		return belwacht.Errorf(belwacht.Config, "%q is no share; write a number from 0 to 100 and %%, such as 1 %%", clip(s))
	}
	*h = Share(m.Float() / 100)
	return nil
}

// MarshalText implements encoding.TextMarshaler.
func (h Share) MarshalText() ([]byte, error) {
	return []byte(strconv.FormatFloat(math.Round(float64(h)*1e8)/1e6, 'f', -1, 64) + " %"), nil
}
