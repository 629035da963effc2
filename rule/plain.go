package rule

import "strings"

// Plain is what a rule looks at, in English and Dutch, without any one call's values: an ellipsis stands for each.
func (r *Rule) Plain() (english, dutch string) { return plain(r.English), plain(r.Dutch) }

func plain(s string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(s, "{")
		_, after, closed := strings.Cut(rest, "}")
		if b.WriteString(before); !found || !closed {
			return b.String()
		}
		b.WriteString("…")
		s = after
	}
}
