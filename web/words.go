package web

import (
	"bufio"
	"fmt"
	"html/template"
	"io/fs"
	"regexp"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

// Words is the catalogue: Dutch by English. Both stand under each other in words.txt, the Dutch line after a tab, so that one is not changed without seeing
// the other. A line that begins with # is for who writes it. English that means two things has its context in front: "verb::Open".
type Words map[string]string

// ReadWords reads a catalogue. An error of code Internal names the line that is wrong.
func ReadWords(files fs.FS, name string) (Words, error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Internal, "there is no catalogue %s", name)
	}
	defer f.Close()
	w := Words{}
	english := ""
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		dutch, is := strings.CutPrefix(line, "\t")
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case is && english == "":
			return nil, belwacht.Errorf(belwacht.Internal, "%s:%d: Dutch without English above it", name, n)
		case is:
			w[english], english = dutch, ""
		case english != "":
			return nil, belwacht.Errorf(belwacht.Internal, "%s:%d: %q has no Dutch", name, n-1, english)
		case w[line] != "":
			return nil, belwacht.Errorf(belwacht.Internal, "%s:%d: %q stands there twice", name, n, line)
		default:
			english = line
		}
	}
	if english != "" {
		return nil, belwacht.Errorf(belwacht.Internal, "%s: %q has no Dutch", name, english)
	}
	if err := lines.Err(); err != nil {
		return nil, belwacht.Errorf(belwacht.Internal, "%s cannot be read: %w", name, err)
	}
	return w, w.check(name)
}

var verbs = regexp.MustCompile(`%(\[\d+\])?[sd%]`)

// check wants the same placeholders on both sides.
func (w Words) check(name string) error {
	for english, dutch := range w {
		if e, d := verbs.FindAllString(english, -1), verbs.FindAllString(dutch, -1); fmt.Sprint(e) != fmt.Sprint(d) {
			return belwacht.Errorf(belwacht.Internal, "%s: %q and %q have other placeholders", name, english, dutch)
		}
	}
	return nil
}

// Say is a text in a language, its placeholders filled in as fmt.Sprintf does. A text that the catalogue does not have stays English; tests find it.
func (w Words) Say(l text.Language, english string, values ...any) string {
	s := english
	if d, ok := w[english]; ok {
		if l == text.Dutch {
			s = d
		}
		if _, after, has := strings.Cut(s, "::"); has {
			s = after
		}
	}
	if len(values) == 0 {
		return strings.ReplaceAll(s, "%%", "%")
	}
	for i, v := range values {
		if h, is := v.(template.HTML); is {
			values[i] = string(h)
		}
	}
	return fmt.Sprintf(s, values...)
}
