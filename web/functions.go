package web

import (
	"fmt"
	"html/template"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

// functions are those that templates are parsed with; those of [Site.functionsOf] take their place.
func (s *Site) functions(v variant) template.FuncMap {
	return s.functionsOf(v, &Set{site: s, words: s.words})
}

// functionsOf are what templates may call, in one way of reading.
//
//	t "Text" values…       the text in the reader's language
//	n 3 "call" "calls"     "3 calls": the count with its word, both texts of the catalogue
//	money, count, decimal, percent, seconds, country, ago, clock, moment, date, day: see package text
//	number "+31…"          a telephone number, in full or masked
//	clean s 60             a stranger's string fit to be shown
//	word, cause            what was decided, and why
//	there "/path"          whether the site has this page: packages do not know each other
//	icon "phone"           a picture beside words; screen readers skip it
//	asset "app.css"        the address of a file of web/ui
//	args "Key" value …     a map, for a template that takes several values
func (s *Site) functionsOf(v variant, set *Set) template.FuncMap {
	l := v.language
	say := func(english string, values ...any) string {
		if _, own := set.words[english]; !own {
			return s.titles.Say(l, english, values...)
		}
		return set.words.Say(l, english, values...)
	}
	return template.FuncMap{
		"t":     say,
		"n":     func(n any, one, many string) string { return text.Plural(l, whole(n), say(one), say(many)) },
		"count": func(n any) string { return text.Count(l, whole(n)) },
		"money": func(m belwacht.Money, currency string) string { return text.Money(l, m, currency) },
		"cost":  func(m belwacht.Money, currency string) string { return Cost(l, m, currency) },
		"euro": func(v float64, currency string) string {
			return text.Money(l, belwacht.Money(v*float64(belwacht.Unit)), currency)
		},
		"decimal": func(v any, decimals int) string { return text.Decimal(l, real(v), decimals) },
		"percent": func(share float64) string { return text.Percent(l, share, 1) },
		"seconds": func(n int64) string { return text.Seconds(l, n) },
		"country": func(c belwacht.Country) string { return text.Country(l, c) },
		"named":   func(code string) string { c, _ := belwacht.ParseCountry(code); return text.Country(l, c) },
		"clock":   func(i belwacht.Instant, z *time.Location) string { return text.Clock(l, i, z) },
		"moment":  func(i belwacht.Instant, z *time.Location) string { return text.Moment(l, i, z) },
		"day":     func(i belwacht.Instant, z *time.Location) string { return text.Date(l, i, z) },
		"month": func(i belwacht.Instant, z *time.Location) string {
			t := i.Time().In(z)
			return fmt.Sprint(text.MonthName(l, t.Month()), " ", t.Year())
		},
		"hour":   func(i belwacht.Instant, z *time.Location) string { return i.Time().In(z).Format("15:04:05") },
		"short":  func(i belwacht.Instant, now belwacht.Instant, z *time.Location) string { return short(l, i, now, z) },
		"ago":    func(i, now belwacht.Instant) string { return Ago(l, i, now) },
		"iso":    func(i belwacht.Instant) string { return i.String() },
		"number": func(n any) string { return v.number(fmt.Sprint(n)) },
		"prose":  func(s string, most int) string { return v.prose(s, most) },
		"clean":  func(s string, most int) string { return text.Clean(s, most) },
		"word":   func(w belwacht.Word, enforced bool) string { return text.Word(l, w, enforced) },
		"tint":   tint,
		"cause": func(code string) string {
			if c := text.Cause(l, code); c != "" {
				return c
			}
			return text.Clean(code, 60)
		},
		"class":    func(c belwacht.Class) string { return text.Class(l, c) },
		"there":    func(path string) bool { return s.there[path] },
		"icon":     func(name string) template.HTML { return s.icon(name) },
		"asset":    func(name string) string { return s.assets.href(name) },
		"pick":     func(english, dutch string) string { return l.Pick(english, dutch) },
		"args":     args,
		"weekday":  func(i int) string { return text.Weekday(l, time.Weekday((i+1)%7)) },
		"weekdays": func() []label { return weekdays(l) },
		"hours":    hours,
		"lang":     func() string { return l.String() },
	}
}

// number is a telephone number as the reader may see it.
func (v variant) number(n string) string {
	if v.full {
		return text.Clean(n, 40)
	}
	return text.Mask(n)
}

// prose is a sentence, with the telephone numbers in it as the reader may see them.
func (v variant) prose(s string, most int) string {
	if s = text.Clean(s, most); v.full {
		return s
	}
	return text.MaskProse(s)
}

// Prose is a sentence, with the telephone numbers in it as who asks may see them.
func (a *Ask) Prose(s string) string { return variant{full: a.May(FullNumbers)}.prose(s, proseMost) }

// proseMost bounds a sentence, in bytes.
const proseMost = 2000

// Number is a telephone number as who asks may see it.
func (a *Ask) Number(n string) string { return variant{full: a.May(FullNumbers)}.number(n) }

// icon is a picture of 20 by 20 pixels, empty where none are built in.
func (s *Site) icon(name string) template.HTML {
	inside, ok := s.icons[name]
	if !ok {
		return ""
	}
	return `<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">` + inside + `</svg>`
}

// tint is the colour of a decision: of Tabler's names.
func tint(w belwacht.Word) string {
	switch w {
	case belwacht.EndNow, belwacht.Refuse:
		return "red"
	case belwacht.Warn:
		return "orange"
	case belwacht.Watch:
		return "azure"
	}
	return "green"
}

// Cost is an amount to the cent; less than one is said to be that.
func Cost(l text.Language, m belwacht.Money, currency string) string {
	const cent = belwacht.Unit / 100
	if m > 0 && m < cent {
		return "< " + text.Money(l, cent, currency)
	}
	return text.Money(l, m, currency)
}

// Ago is how long ago an instant was, in words.
func Ago(l text.Language, i, now belwacht.Instant) string {
	switch s := now.Seconds(i); {
	case i == 0:
		return l.Pick("never", "nooit")
	case s < 0:
		return fmt.Sprintf(l.Pick("in %s", "over %s"), text.Seconds(l, -s))
	case s < 5:
		return l.Pick("just now", "zojuist")
	default:
		return fmt.Sprintf(l.Pick("%s ago", "%s geleden"), text.Seconds(l, s))
	}
}

// short is a time that is long enough to be understood: "14:03" of today, "Sun 12 Apr 14:03" of this year, with the year before.
func short(l text.Language, i, now belwacht.Instant, z *time.Location) string {
	if i == 0 {
		return "–"
	}
	t, n := i.Time().In(z), now.Time().In(z)
	clock := t.Format("15:04")
	if t.YearDay() == n.YearDay() && t.Year() == n.Year() {
		return clock
	}
	s := fmt.Sprintf("%s %d %s", cut(text.Weekday(l, t.Weekday()), len(l.Pick("Sun", "zo"))), t.Day(), cut(text.MonthName(l, t.Month()), 3))
	if t.Year() != n.Year() {
		s += fmt.Sprint(" ", t.Year())
	}
	return s + " " + clock
}

// cut is the beginning of a word.
func cut(s string, n int) string { return string([]rune(s)[:min(n, len([]rune(s)))]) }

// label is a word beside the picture of a week.
type label struct {
	Name      string
	Left, Top int
}

func weekdays(l text.Language) (list []label) {
	for i := range 7 {
		list = append(list, label{cut(text.Weekday(l, time.Weekday((i+1)%7)), len(l.Pick("Sun", "zo"))), 0, i*21 + 14})
	}
	return list
}

func hours() (list []label) {
	for h := 0; h < 24; h += 3 {
		list = append(list, label{fmt.Sprintf("%02d", h), weekLeft + h*24, 0})
	}
	return list
}

// args makes a map of keys and values.
func args(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, belwacht.Errorf(belwacht.Internal, "args takes keys and values")
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		m[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return m, nil
}

// whole is any whole number.
func whole(v any) int64 {
	switch v := v.(type) {
	case int:
		return int64(v)
	case int64:
		return v
	case uint64:
		return int64(v)
	case int32:
		return int64(v)
	case uint32:
		return int64(v)
	}
	return 0
}

// real is any number.
func real(v any) float64 {
	switch v := v.(type) {
	case float64:
		return v
	case float32:
		return float64(v)
	}
	return float64(whole(v))
}
