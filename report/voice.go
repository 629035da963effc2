package report

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

// voice writes numbers, money, times and names as people of one language and currency read them.
type voice struct {
	*words
	lang     text.Language
	currency string
	zone     *time.Location
	mask     bool
	page     bool // amounts are not broken by a browser
}

func newVoice(lang text.Language, currency string, zone *time.Location, mask bool) *voice {
	v := &voice{words: wordsOf(lang), lang: lang, currency: currency, zone: zone, mask: mask}
	if zone == nil {
		v.zone = time.UTC
	}
	if currency == "" {
		v.currency = "EUR"
	}
	return v
}

// pick is the text of the voice's language.
func (v *voice) pick(english, dutch string) string { return v.lang.Pick(english, dutch) }

// money is an amount with its currency: "€ 12.34", in Dutch "€ 12,34".
func (v *voice) money(m belwacht.Money) string {
	s := text.Money(v.lang, m, v.currency)
	if v.page {
		s = strings.ReplaceAll(s, " ", "\u00a0")
	}
	return s
}

// count is a number with its thousands apart.
func (v *voice) count(n int64) string { return text.Count(v.lang, n) }

// decimal is a number with so many decimals; what is no number is a dash.
func (v *voice) decimal(f float64, decimals int) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return "–"
	}
	return text.Decimal(v.lang, f, decimals)
}

// percent is a share of 1. Near 0 and near 1 it keeps as many decimals as it takes not to say "0 %" or "100 %" of what is neither.
func (v *voice) percent(p float64) string {
	switch {
	case math.IsNaN(p):
		return "–"
	case p <= 0:
		return "0 %"
	case p >= 1:
		return "100 %"
	case p < 0.0001:
		return "<" + v.decimal(0.01, 2) + " %"
	case p > 0.9999:
		return ">" + v.decimal(99.99, 2) + " %"
	case p < 0.01 || p > 0.99:
		return v.decimal(p*100, 2) + " %"
	case p < 0.1 || p > 0.9:
		return v.decimal(p*100, 1) + " %"
	}
	return v.decimal(p*100, 0) + " %"
}

// chance is a probability: it is never certain, whatever its rounding says.
func (v *voice) chance(p float64) string { return v.percent(max(1e-9, min(p, 1-1e-9))) }

// edge is the end of a bin of probability, with no more decimals than it has.
func (v *voice) edge(p float64) string {
	s := strconv.FormatFloat(math.Round(p*1e6)/1e4, 'f', -1, 64)
	if v.lang == text.Dutch {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s + " %"
}

// day is a date: "18 April 2026".
func (v *voice) day(t time.Time) string {
	return strconv.Itoa(t.Day()) + " " + text.MonthName(v.lang, t.Month()) + " " + strconv.Itoa(t.Year())
}

// shortDay is a date with its weekday: "Sat 18 Apr".
func (v *voice) shortDay(t time.Time) string {
	return v.Weekdays[(int(t.Weekday())+6)%7] + " " + strconv.Itoa(t.Day()) + " " + v.Months[t.Month()-1]
}

// moment is a date and time in the organisation's zone: "Sat 18 Apr 00:15".
func (v *voice) moment(i belwacht.Instant) string {
	if i == 0 {
		return "–"
	}
	t := i.Time().In(v.zone)
	return v.shortDay(t) + t.Format(" 15:04")
}

// shortMoment is a date and time without the weekday: "18 Apr 00:15".
func (v *voice) shortMoment(i belwacht.Instant) string {
	t := i.Time().In(v.zone)
	return strconv.Itoa(t.Day()) + " " + v.Months[t.Month()-1] + t.Format(" 15:04")
}

// span is "23 February to 17 May 2026", without the first year where both have the same.
func (v *voice) span(from, to time.Time) string {
	a, b := v.day(from), v.day(to)
	if a == b {
		return a
	}
	if from.Year() == to.Year() {
		a = strings.TrimSuffix(a, " "+strconv.Itoa(from.Year()))
	}
	if v.lang == text.Dutch {
		return a + " tot en met " + b
	}
	return a + " to " + b
}

// country is a country's name (CLDR), its code where it has none, and a network's or "–" for none.
func (v *voice) country(c belwacht.Country, network string) string {
	if c == (belwacht.Country{}) {
		if network == "" {
			return "–"
		}
		return v.clean(network)
	}
	return text.Country(v.lang, c)
}

// className is what a class is called.
func (v *voice) className(c belwacht.Class) string {
	if int(c) >= len(v.Classes) {
		c = belwacht.ClassUnknown
	}
	return v.Classes[c]
}

// word is a decision as people say it: "refused", "geweigerd".
func (v *voice) word(w belwacht.Word) string {
	switch w {
	case belwacht.Watch:
		return v.pick("watched", "in de gaten gehouden")
	case belwacht.Warn:
		return v.Alerted
	case belwacht.Refuse:
		return v.Refused
	case belwacht.EndNow:
		return v.Ended
	}
	return v.pick("allowed", "doorgelaten")
}

// mode is what a mode is called.
func (v *voice) mode(m belwacht.Mode) string {
	switch m {
	case belwacht.Learn:
		return v.pick("learn", "leren")
	case belwacht.Monitor:
		return v.pick("monitor", "monitor")
	}
	return v.pick("enforce", "handhaven")
}

// riskName is what a risk is called.
func (v *voice) riskName(r belwacht.Risk) string {
	return [...]string{v.pick("usual", "gewoon"), v.pick("raised", "verhoogd"), v.pick("high", "hoog"), v.pick("listed", "op een lijst")}[min(r, belwacht.RiskListed)]
}

// number is a telephone number as it may be shown: a helpline's never, masked where that is wanted.
func (v *voice) number(number string, c belwacht.Class) string {
	switch {
	case c == belwacht.ClassSocial:
		return v.Helpline
	case v.mask:
		return text.Mask(v.clean(number))
	}
	return v.clean(number)
}

// reason is the decision's sentence in the voice's language, the other where it has only that.
func (v *voice) reason(d *belwacht.Decision) string {
	d.Tell()
	s := d.Reason
	if v.lang == text.Dutch && d.ReasonNL != "" || s == "" {
		s = d.ReasonNL
	}
	return v.prose(s)
}

// prose cleans a sentence, and masks the telephone numbers in it where numbers are masked: eight digits and more, spaces between.
func (v *voice) prose(s string) string {
	s = v.clean(s)
	if !v.mask {
		return s
	}
	return text.MaskProse(s)
}

// maxText is the longest text of a stranger that is shown, in characters.
const maxText = 1_000

// clean makes a stranger's text harmless for a terminal: no control characters, no direction overrides, no broken UTF-8.
func (v *voice) clean(s string) string { return text.Clean(s, maxText) }

// plural is "1 call" or "12 calls".
func (v *voice) plural(n int64, one, many string) string {
	return text.Plural(v.lang, n, one, many)
}

// seconds is a length of time.
func (v *voice) seconds(n int64) string { return text.Seconds(v.lang, n) }
