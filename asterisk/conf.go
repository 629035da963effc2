package asterisk

import "strings"

// ConfKind says what a line of a configuration file is.
type ConfKind uint8

// The kinds.
const (
	ConfSection   ConfKind = iota + 1 // [name]
	ConfSetting                       // name = value, or name => value
	ConfDirective                     // #include "file": the name is include, tryinclude or exec
)

// ConfLine is one line of a configuration file that says something.
type ConfLine struct {
	Number int // from 1
	Kind   ConfKind
	Name   string
	Value  string // of a section its options in parentheses, such as + or a template; of a directive the file without quotes
}

// ReadConf reads a configuration file as Asterisk does (main/config.c, process_text_line): comments end lines or stand between ;-- and --; on several,
// and \; is none. open is the line on which a comment begins that never ends, 0 for none: whatever is put behind it is not read. It never fails; a line
// that says nothing is left out.
func ReadConf(data []byte) (lines []ConfLine, open int) {
	depth, n := 0, 0
	for raw := range strings.SplitSeq(string(data), "\n") {
		n++
		was := depth
		var text string
		text, depth = uncomment(raw, depth)
		switch {
		case depth > 0 && was == 0:
			open = n
		case depth == 0:
			open = 0
		}
		if l, ok := confLine(strings.TrimSpace(text)); ok {
			l.Number = n
			lines = append(lines, l)
		}
	}
	return lines, open
}

// maxNested is how deep comments may lie in each other.
const maxNested = 128

// uncomment takes the comments out of a line that begins depth comments deep.
func uncomment(s string, depth int) (string, int) {
	var b strings.Builder
	from := 0 // where what is not yet looked at begins
	for {
		i := strings.IndexByte(s[from:], ';')
		if i < 0 {
			break
		}
		i += from
		switch {
		case i > 0 && s[i-1] == '\\':
			if depth == 0 {
				b.WriteString(s[from:i-1] + ";")
			}
			from = i + 1
		case strings.HasPrefix(s[i:], ";--") && !strings.HasPrefix(s[i:], ";---") && depth < maxNested:
			if depth == 0 {
				b.WriteString(s[from:i])
			}
			depth++
			from = i + 3
		case depth > 0 && i >= from+2 && s[i-2:i] == "--":
			depth--
			from = i + 1
		case depth == 0:
			b.WriteString(s[from:i])
			return b.String(), 0
		default:
			from = i + 1
		}
	}
	if depth == 0 {
		b.WriteString(s[from:])
	}
	return b.String(), depth
}

// confLine reads what is left of a line.
func confLine(s string) (ConfLine, bool) {
	switch {
	case s == "":
		return ConfLine{}, false
	case s[0] == '[':
		name, rest, ok := strings.Cut(s[1:], "]")
		if !ok {
			return ConfLine{}, false
		}
		rest = strings.TrimSpace(rest)
		if strings.HasPrefix(rest, "(") {
			rest, _, _ = strings.Cut(rest[1:], ")")
		} else {
			rest = ""
		}
		return ConfLine{Kind: ConfSection, Name: name, Value: rest}, true
	case s[0] == '#':
		s = s[1:]
		i := strings.IndexAny(s, " \t\"<")
		if i < 0 {
			return ConfLine{}, false
		}
		return ConfLine{Kind: ConfDirective, Name: strings.ToLower(s[:i]), Value: strings.Trim(strings.TrimSpace(s[i:]), `"<>`)}, true
	}
	name, value, ok := strings.Cut(s, "=")
	if !ok {
		return ConfLine{}, false
	}
	return ConfLine{Kind: ConfSetting, Name: strings.TrimSpace(name), Value: strings.TrimSpace(strings.TrimPrefix(value, ">"))}, true
}
