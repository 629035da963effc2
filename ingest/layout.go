package ingest

import (
	"strings"
	"time"

	"github.com/belwacht/belwacht"
)

// Layout is a way to write a time, in parts: words such as YYYY and what stands between them.
type Layout []string

// layoutWords are the words of a layout, longer ones before those that they begin with.
var layoutWords = []string{"YYYY", "YY", "MMM", "MM", "DD", "HH", "hh", "mm", "ss", "AP", "ZZ"}

// ParseLayout takes a layout such as DD-MM-YYYY HH:mm:ss apart.
func ParseLayout(s string) (Layout, error) {
	var l Layout
	found := false
	for len(s) > 0 {
		word := s[:1]
		for _, w := range layoutWords {
			if strings.HasPrefix(s, w) {
				word, found = w, true
				break
			}
		}
		l = append(l, word)
		s = s[len(word):]
	}
	if !found {
		return nil, belwacht.Errorf(belwacht.Config, "a layout of times is made of YYYY YY MMM MM DD HH hh mm ss AP ZZ, such as DD-MM-YYYY HH:mm:ss")
	}
	return l, nil
}

// Stamp is a time as it was written: seconds since 1970 as if it were UTC. Zoned says that Offset (seconds east of UTC) stood beside it.
type Stamp struct {
	Naive  int64
	Offset int64
	Zoned  bool
}

// months are the first three letters of the months in English, Dutch and German.
var months = map[string]int64{"jan": 1, "feb": 2, "mar": 3, "mrt": 3, "maa": 3, "apr": 4, "may": 5, "mei": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9,
	"oct": 10, "okt": 10, "nov": 11, "dec": 12, "mai": 5, "dez": 12}

// Read reads s by the layout: all of it.
func (l Layout) Read(s string) (Stamp, bool) {
	var st Stamp
	year, month, day, hour, minute, second := int64(1970), int64(1), int64(1), int64(0), int64(0), int64(0)
	afternoon, twelve := false, false
	for _, word := range l {
		ok := true
		switch word {
		case "YYYY":
			year, s, ok = digits(s, 4, 4)
		case "YY":
			year, s, ok = digits(s, 2, 2)
			year += 2000
		case "MMM":
			if ok = len(s) >= 3; ok {
				month, ok = months[strings.ToLower(s[:3])]
				s = strings.TrimLeft(s[3:], "abcdefghijklmnopqrstuvwxyz.")
			}
		case "MM":
			month, s, ok = digits(s, 1, 2)
		case "DD":
			day, s, ok = digits(s, 1, 2)
		case "HH", "hh":
			hour, s, ok = digits(s, 1, 2)
		case "mm":
			minute, s, ok = digits(s, 2, 2)
		case "ss":
			if second, s, ok = digits(s, 2, 2); ok && len(s) > 1 && (s[0] == '.' || s[0] == ',') {
				s = strings.TrimLeft(s[1:], "0123456789")
			}
		case "AP":
			if ok = len(s) >= 2 && (s[1] == 'M' || s[1] == 'm'); ok {
				afternoon, twelve = s[0] == 'P' || s[0] == 'p', true
				s = s[2:]
			}
		case "ZZ":
			st.Offset, s, ok = offset(s)
			st.Zoned = true
		default:
			if ok = strings.HasPrefix(s, word); ok {
				s = s[len(word):]
			}
		}
		if !ok {
			return Stamp{}, false
		}
	}
	if twelve {
		if hour %= 12; afternoon {
			hour += 12
		}
	}
	days, ok := civil(year, month, day)
	if !ok || s != "" || hour > 23 || minute > 59 || second > 60 {
		return Stamp{}, false
	}
	st.Naive = days*86400 + hour*3600 + minute*60 + second
	return st, true
}

// digits reads a number of at least least and at most most digits from the beginning of s.
func digits(s string, least, most int) (int64, string, bool) {
	var v int64
	n := 0
	for n < len(s) && n < most && s[n] >= '0' && s[n] <= '9' {
		v = v*10 + int64(s[n]-'0')
		n++
	}
	return v, s[n:], n >= least
}

// offset reads Z, +02:00, +0200 or +02.
func offset(s string) (int64, string, bool) {
	if s = strings.TrimLeft(s, " "); s == "" {
		return 0, s, false
	}
	if s[0] == 'Z' || s[0] == 'z' {
		return 0, s[1:], true
	}
	if strings.HasPrefix(s, "UTC") {
		return 0, s[3:], true
	}
	if s[0] != '+' && s[0] != '-' {
		return 0, s, false
	}
	sign := int64(1)
	if s[0] == '-' {
		sign = -1
	}
	hours, rest, ok := digits(s[1:], 2, 2)
	if !ok || hours > 14 {
		return 0, s, false
	}
	rest = strings.TrimPrefix(rest, ":")
	minutes, after, ok := digits(rest, 2, 2)
	if !ok {
		minutes, after = 0, rest
	}
	return sign * (hours*3600 + minutes*60), after, true
}

// UsualDates are the layouts that are tried where a mapping names none. Day and month in the American order are not among them.
func UsualDates() []string {
	return []string{"YYYY-MM-DD HH:mm:ss", "YYYY-MM-DDTHH:mm:ssZZ", "YYYY-MM-DD HH:mm:ssZZ", "YYYY-MM-DDTHH:mm:ss", "DD-MM-YYYY HH:mm:ss",
		"DD-MM-YYYY HH:mm", "YYYY/MM/DD HH:mm:ss", "DD/MM/YYYY HH:mm:ss", "DD/MM/YYYY HH:mm", "DD.MM.YYYY HH:mm:ss", "DD.MM.YYYY HH:mm",
		"YYYY-MM-DD HH:mm", "DD-MM-YY HH:mm:ss", "DD MMM YYYY HH:mm:ss", "DD MMM YYYY HH:mm"}
}

// Seconds reads a length of time: 336, 336.4, 336,4, 05:36, 00:05:36, "5m 36s". "" is 0.
func Seconds(s string) (int64, bool) {
	s = strings.TrimSpace(s)
	if s == "" || s == "-" {
		return 0, true
	}
	if strings.Contains(s, ":") {
		var v int64
		parts := strings.Split(s, ":")
		if len(parts) > 3 {
			return 0, false
		}
		for i, p := range parts {
			if whole, _, cut := strings.Cut(p, "."); cut && i == len(parts)-1 {
				p = whole
			}
			n, ok := WholeNumber(p)
			if !ok || p == "" || i > 0 && n > 59 {
				return 0, false
			}
			v = v*60 + n
		}
		return v, true
	}
	if strings.ContainsAny(s, "hmsu") {
		return unitSeconds(s)
	}
	whole, _, _ := strings.Cut(strings.Replace(s, ",", ".", 1), ".")
	return WholeNumber(whole)
}

// unitSeconds reads a length with units: 1h 5m 36s, 5 min 36 sec, 1u 5m.
func unitSeconds(s string) (int64, bool) {
	var total int64
	for s = strings.TrimSpace(s); s != ""; {
		v, rest, ok := digits(s, 1, 9)
		if !ok {
			return 0, false
		}
		rest = strings.TrimLeft(rest, " ")
		if rest == "" {
			return 0, false
		}
		switch rest[0] {
		case 'h', 'u':
			total += v * 3600
		case 'm':
			total += v * 60
		case 's':
			total += v
		default:
			return 0, false
		}
		s = strings.TrimLeft(strings.TrimLeft(rest, "abcdefghijklmnopqrstuvwxyz."), " ")
	}
	return total, true
}

// WholeNumber reads a whole number of at most 15 digits, spaces around it allowed; "" is 0.
func WholeNumber(s string) (int64, bool) {
	if s != "" && (s[0] == ' ' || s[len(s)-1] == ' ') {
		s = strings.TrimSpace(s)
	}
	var v int64
	if len(s) > 15 {
		return 0, false
	}
	for i := 0; i < len(s); i++ {
		d := s[i] - '0'
		if d > 9 {
			return 0, false
		}
		v = v*10 + int64(d)
	}
	return v, true
}

// Stamped reads times that carry their zone: RFC 3339, the same without a colon in the zone, and seconds or milliseconds since 1970.
func Stamped(s string) (belwacht.Instant, bool) {
	for _, layout := range [...]string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999-0700", "2006-01-02 15:04:05.999999999-0700", "2006-01-02 15:04:05.999999999-07"} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() >= 1970 && t.Year() < 2200 {
			return belwacht.InstantOf(t), true
		}
	}
	whole, _, _ := strings.Cut(s, ".")
	v, ok := WholeNumber(whole)
	switch {
	case ok && v > 100_000_000 && v < 7_258_118_400:
		return belwacht.Instant(v) * belwacht.Second, true
	case ok && v > 100_000_000_000 && v < 7_258_118_400_000:
		return belwacht.Instant(v), true
	}
	return 0, false
}
