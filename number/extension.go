package number

import (
	"strconv"
	"strings"

	"github.com/belwacht/belwacht"
)

// extensions is a set of dialled strings: plain numbers, ranges of one length, and patterns in Asterisk's letters.
type extensions struct {
	plain    map[string]struct{}
	ranges   []extRange
	patterns []string // X any digit, Z 1 to 9, N 2 to 9, others themselves; a trailing dot stands for one character or more
}

type extRange struct {
	length   int
	from, to uint64
}

// maxExtension is the greatest length of a declared number; longer ones are no extensions.
const maxExtension = 18

func newExtensions(what string, list []string) (extensions, error) {
	x := extensions{plain: make(map[string]struct{}, len(list))}
	for _, s := range list {
		t := strings.TrimPrefix(strings.TrimSpace(s), "_")
		from, to, isRange := strings.Cut(t, "-")
		switch {
		case isRange && digitsOnly(from) && digitsOnly(to) && from != "" && len(from) == len(to) && len(from) <= maxExtension && from <= to:
			lo, _ := strconv.ParseUint(from, 10, 64)
			hi, _ := strconv.ParseUint(to, 10, 64)
			x.ranges = append(x.ranges, extRange{len(from), lo, hi})
		case isRange:
			return x, belwacht.Errorf(belwacht.Config, "%s of the dial plan: %q is no range; write two numbers of equal length, the smaller first, such as 200-399", what, s)
		case t == "" || len(t) > maxExtension || strings.Trim(t, "0123456789*#XZNxzn.") != "" || strings.Contains(strings.TrimSuffix(t, "."), "."):
			return x, belwacht.Errorf(belwacht.Config, "%s of the dial plan: %q is neither a number nor a range (200-399) nor a pattern (2XX)", what, s)
		case strings.ContainsAny(t, "XZNxzn."):
			x.patterns = append(x.patterns, strings.ToUpper(t))
		default:
			x.plain[t] = struct{}{}
		}
	}
	return x, nil
}

func (x *extensions) empty() bool { return len(x.plain)+len(x.ranges)+len(x.patterns) == 0 }

func (x *extensions) has(s string) bool {
	if len(s) > maxExtension || x.empty() {
		return false
	}
	if _, ok := x.plain[s]; ok {
		return true
	}
	if len(x.ranges) > 0 && digitsOnly(s) && s != "" {
		var v uint64
		for i := range len(s) {
			v = v*10 + uint64(s[i]-'0')
		}
		for _, r := range x.ranges {
			if r.length == len(s) && v >= r.from && v <= r.to {
				return true
			}
		}
	}
	for _, p := range x.patterns {
		if matches(p, s) {
			return true
		}
	}
	return false
}

// matches compares with one pattern; its letters are capitals.
func matches(pattern, s string) bool {
	for i := range len(pattern) {
		c := pattern[i]
		if c == '.' {
			return len(s) > i
		}
		if i >= len(s) {
			return false
		}
		low := s[i]
		switch c {
		case 'X':
			c = '0'
		case 'Z':
			c = '1'
		case 'N':
			c = '2'
		default:
			if c != low {
				return false
			}
			continue
		}
		if low < c || low > '9' {
			return false
		}
	}
	return len(s) == len(pattern)
}
