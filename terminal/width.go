package terminal

import (
	"strings"
	"unicode"
	"unicode/utf8"

	pretty "github.com/jedib0t/go-pretty/v6/text"
)

// Ink is a colour of the terminal (ECMA-48 SGR parameters).
type Ink string

// The inks; they keep their meaning on light and on dark terminals.
const (
	Plain  Ink = ""
	Bold   Ink = "1"
	Faint  Ink = "2"
	Red    Ink = "31"
	Green  Ink = "32"
	Yellow Ink = "33"
	Blue   Ink = "36"
	Grave  Ink = "1;31"
)

// Tint puts text into an ink where colours are wanted.
func Tint(colour bool, ink Ink, s string) string {
	if !colour || ink == Plain || s == "" {
		return s
	}
	return "\x1b[" + string(ink) + "m" + s + "\x1b[0m"
}

// Width is how many columns of a terminal a text takes.
func Width(s string) int { return pretty.StringWidthWithoutEscSequences(s) }

// Snip shortens a text to a width, with an ellipsis where something was cut.
func Snip(s string, width int) string {
	if Width(s) <= width {
		return s
	}
	return pretty.Snip(s, width, "…")
}

// Left puts a text at the left of a width.
func Left(s string, width int) string { return s + strings.Repeat(" ", max(width-Width(s), 0)) }

// Right puts a text at the right of a width.
func Right(s string, width int) string { return strings.Repeat(" ", max(width-Width(s), 0)) + s }

// Bar draws a share of a width with eighths of a block; more than nothing is never drawn as nothing.
func Bar(share float64, width int) string {
	if !(share > 0) {
		return ""
	}
	eighths := max(int(min(share, 1)*float64(width)*8+0.5), 1)
	s := strings.Repeat("█", eighths/8)
	if r := eighths % 8; r > 0 {
		s += string([]rune("▏▎▍▌▋▊▉")[r-1])
	}
	return s
}

// Spark draws values as one line of little columns. A value above zero is never drawn as nothing.
func Spark(values []float64) string {
	top := 0.0
	for _, v := range values {
		top = max(top, v)
	}
	var b strings.Builder
	for _, v := range values {
		if !(v > 0) {
			b.WriteRune('·')
			continue
		}
		b.WriteRune([]rune("▁▂▃▄▅▆▇█")[min(int(v/top*8), 7)])
	}
	return b.String()
}

// printable keeps letters and spaces: an escape sequence has no width, and could not be broken.
func printable(r rune) rune {
	if r == utf8.RuneError || unicode.IsControl(r) && !unicode.IsSpace(r) {
		return '·'
	}
	return r
}

// Wrap breaks a text without colours at spaces into lines of at most width columns; a longer word is broken, an amount is kept with its currency.
func Wrap(s string, width int) []string {
	var lines []string
	line, width := "", max(width, 2) // a wide letter must fit
	for _, word := range glued(strings.Fields(strings.Map(printable, s))) {
		for line != "" && Width(line)+1+Width(word) > width || Width(word) > width {
			if line != "" {
				lines = append(lines, line)
				line = ""
				continue
			}
			head := pretty.Trim(word, width)
			lines, word = append(lines, head), word[len(head):]
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// glued joins a currency sign with its amount and a number with its percent sign, which no line should part.
func glued(words []string) []string {
	out := words[:0]
	for _, w := range words {
		if n := len(out); n > 0 && (w == "%" || out[n-1] == "€" || out[n-1] == "£" || out[n-1] == "$") {
			out[n-1] += " " + w
			continue
		}
		out = append(out, w)
	}
	return out
}
