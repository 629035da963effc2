package calendar

import (
	"slices"
	"strconv"
	"strings"

	"github.com/belwacht/belwacht"
)

const week = 7 * 1440 // minutes

// ParseHours reads spans of the week: "mon-fri 08:00-18:00", "mon-fri 08:00-12:30 13:00-17:30, sat 09:00-13:00" (a break is the gap
// between two spans), "mon-sun 00:00-24:00". Days are English or Dutch, short or in full, alone, as a range or several before one
// time ("mon wed fri 09:00-12:00"). A span that ends at or before its begin goes over midnight. "" and "none" are nil: not known.
// The error is one sentence of code Config.
func ParseHours(s string) (*belwacht.TimeWindows, error) {
	trimmed := strings.TrimSpace(s)
	if trimmed == "" || strings.EqualFold(trimmed, "none") {
		return nil, nil
	}
	if len(trimmed) > 500 {
		return nil, belwacht.Errorf(belwacht.Config, "is longer than 500 characters; write for example mon-fri 08:00-18:00")
	}
	w := &belwacht.TimeWindows{Text: trimmed}
	var days []int
	var timed bool // the days have had a time, so the next word of days begins anew
	for word := range strings.FieldsFuncSeq(strings.ToLower(trimmed), func(r rune) bool { return r == ' ' || r == ',' || r == ';' || r == '\t' }) {
		if word[0] < '0' || word[0] > '9' {
			more, ok := parseDays(word)
			if !ok {
				return nil, belwacht.Errorf(belwacht.Config, "%q is no day; write mon, tue, wed, thu, fri, sat, sun or a range such as mon-fri", clip(word))
			}
			if timed {
				days, timed = nil, false
			}
			days = append(days, more...)
			continue
		}
		from, to, ok := parseSpan(word)
		if !ok {
			return nil, belwacht.Errorf(belwacht.Config, "%q is no span of time; write for example 08:00-18:00", clip(word))
		}
		if len(days) == 0 {
			return nil, belwacht.Errorf(belwacht.Config, "%q has no day before it; write for example mon-fri %s", clip(word), clip(word))
		}
		timed = true
		for _, d := range days {
			w.Spans = append(w.Spans, [2]int{d*1440 + from, d*1440 + to})
		}
	}
	if !timed {
		return nil, belwacht.Errorf(belwacht.Config, "%q ends without a time; write for example mon-fri 08:00-18:00", clip(trimmed))
	}
	w.Spans = normalise(w.Spans)
	return w, nil
}

// clip bounds what a message repeats.
func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// parseDays reads "mon" or "mon-fri"; a range may go over the end of the week.
func parseDays(word string) ([]int, bool) {
	a, b, isRange := strings.Cut(word, "-")
	first, ok := dayOf(a)
	if !ok || !isRange {
		return []int{first}, ok
	}
	last, ok := dayOf(b)
	if !ok {
		return nil, false
	}
	days := []int{first}
	for d := first; d != last; {
		d = (d + 1) % 7
		days = append(days, d)
	}
	return days, true
}

// dayOf is 0 for Monday to 6 for Sunday, by the English or Dutch name in full or its usual short forms.
func dayOf(s string) (int, bool) {
	s = strings.TrimSuffix(s, ".")
	names := [7][]string{
		{"mon", "monday", "ma", "maa", "maandag"}, {"tue", "tues", "tuesday", "di", "din", "dinsdag"}, {"wed", "wednesday", "wo", "woe", "woensdag"},
		{"thu", "thur", "thurs", "thursday", "do", "don", "donderdag"}, {"fri", "friday", "vr", "vri", "vrijdag"}, {"sat", "saturday", "za", "zat", "zaterdag"},
		{"sun", "sunday", "zo", "zon", "zondag"},
	}
	for d, forms := range names {
		if slices.Contains(forms, s) {
			return d, true
		}
	}
	return 0, false
}

// parseSpan reads "08:00-18:00" as minutes of the day; the end lies after the begin, if need be on the next day.
func parseSpan(word string) (from, to int, ok bool) {
	a, b, has := strings.Cut(word, "-")
	from, ok1 := parseTime(a)
	to, ok2 := parseTime(b)
	if !has || !ok1 || !ok2 || from == 1440 {
		return 0, 0, false
	}
	if to <= from {
		to += 1440
	}
	return from, to, true
}

// parseTime reads 8:00, 08:00, 08.00 or 24:00.
func parseTime(s string) (int, bool) {
	h, m, ok := strings.Cut(strings.Replace(s, ".", ":", 1), ":")
	if !ok || len(h) < 1 || len(h) > 2 || len(m) != 2 {
		return 0, false
	}
	hour, err1 := strconv.ParseUint(h, 10, 8)
	minute, err2 := strconv.ParseUint(m, 10, 8)
	at := int(hour*60 + minute)
	return at, err1 == nil && err2 == nil && minute < 60 && at <= 1440
}

// normalise cuts spans at the end of the week, sorts them and joins those that touch.
func normalise(spans [][2]int) [][2]int {
	var cut [][2]int
	for _, s := range spans {
		if s[1] > week {
			cut = append(cut, [2]int{s[0], week}, [2]int{0, s[1] - week})
			continue
		}
		cut = append(cut, s)
	}
	slices.SortFunc(cut, func(a, b [2]int) int { return a[0] - b[0] })
	out := cut[:1]
	for _, s := range cut[1:] {
		if last := &out[len(out)-1]; s[0] <= last[1] {
			last[1] = max(last[1], s[1])
			continue
		}
		out = append(out, s)
	}
	return out
}
