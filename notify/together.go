package notify

import (
	"strings"
	"unicode/utf8"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

// Title is what one message about some alerts is about, in a few words. list has at least one.
func Title(list []*Message) string {
	if len(list) == 1 {
		return list[0].Title
	}
	l := list[0].In
	return "Belwacht: " + text.Plural(l, int64(len(list)), l.Pick("alert", "melding"), l.Pick("alerts", "meldingen"))
}

// Gravest is the gravest word of some alerts.
func Gravest(list []*Message) (word belwacht.Word) {
	for _, m := range list {
		word = max(word, m.Word)
	}
	return word
}

// Label is what a button says that takes an alert.
func Label(l text.Language) string { return l.Pick("I look after it", "Ik kijk ernaar") }

// Plain is a message about some alerts as plain text, each a paragraph with its link below, of at most so many bytes. Where they do not fit, it says how many are left out.
func Plain(list []*Message, most int) string {
	var b strings.Builder
	for i, m := range list {
		paragraph := m.Text
		if m.Link != "" {
			paragraph += "\n" + Label(m.In) + ": " + m.Link
		}
		if i > 0 {
			paragraph = "\n\n" + paragraph
		}
		left := most - b.Len() - 40
		if len(paragraph) > left {
			if i == 0 {
				b.WriteString(Short(m, most))
				i++
			}
			if rest := len(list) - i; rest > 0 {
				b.WriteString("\n" + m.In.Pick("and more: ", "en meer: ") + text.Plural(m.In, int64(rest), m.In.Pick("alert", "melding"), m.In.Pick("alerts", "meldingen")))
			}
			return b.String()
		}
		b.WriteString(paragraph)
	}
	return b.String()
}

// Short is one alert in at most so many bytes, its link whole.
func Short(m *Message, most int) string {
	link := ""
	if m.Link != "" {
		link = "\n" + m.Link
	}
	return Cut(m.Text, most-len(link)-40) + link
}

// Cut is a text of at most so many bytes, an ellipsis marking where it was cut.
func Cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	s = s[:max(0, most-len("…"))]
	for s != "" && !utf8.ValidString(s) {
		s = s[:len(s)-1]
	}
	return s + "…"
}
