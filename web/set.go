package web

import (
	"bytes"
	"context"
	"html/template"
	"io/fs"
	"maps"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

// Set is the templates of one sub-package with the frame around them, once for each way of reading: language, and telephone numbers in full or masked.
type Set struct {
	site  *Site
	words Words
	by    map[variant]*template.Template
}

// variant is a way of reading.
type variant struct {
	language text.Language
	full     bool // telephone numbers are shown in full
}

// Set makes a set of the templates (*.html) and the catalogue (words.txt) of a sub-package. A text that the frame has already is not said again.
func (s *Site) Set(files fs.FS) (*Set, error) {
	t, err := s.frame.Clone()
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Internal, "the frame's templates: %w", err)
	}
	if t, err = t.ParseFS(files, "*.html"); err != nil {
		return nil, belwacht.Errorf(belwacht.Internal, "templates: %w", err)
	}
	more, err := ReadWords(files, "words.txt")
	if err != nil {
		return nil, err
	}
	set, err := s.finish(t)
	if err != nil {
		return nil, err
	}
	for english, dutch := range more {
		if known, ok := s.words[english]; ok && known != dutch {
			return nil, belwacht.Errorf(belwacht.Internal, "words.txt says %q for %q, and the frame %q", dutch, english, known)
		}
	}
	maps.Copy(set.words, more)
	return set, nil
}

// finish makes all ways of reading a template.
func (s *Site) finish(t *template.Template) (*Set, error) {
	set := &Set{site: s, words: maps.Clone(s.words), by: map[variant]*template.Template{}}
	for _, v := range []variant{{text.English, false}, {text.English, true}, {text.Dutch, false}, {text.Dutch, true}} {
		c, err := t.Clone()
		if err != nil {
			return nil, belwacht.Errorf(belwacht.Internal, "templates: %w", err)
		}
		v.bind(c, set)
		set.by[v] = c
	}
	return set, nil
}

func (v variant) bind(t *template.Template, set *Set) { t.Funcs(set.site.functionsOf(v, set)) }

// Words are all texts of a set, those of the frame included.
func (s *Set) Words() Words { return s.words }

// Templates are the names of a set's templates, for tests that execute each.
func (s *Set) Templates() (names []string) {
	for _, t := range s.by[variant{}].Templates() {
		names = append(names, t.Name())
	}
	return names
}

// frame is what the template of that name is given.
type frame struct {
	*Ask
	Page    *Page
	Theme   string
	Menu    []group
	Notices []Notice
	Said    string
	Bad     bool
	Built   bool
	Style   string
	Script  string
	First   string // script that sets the theme
	Tenants []Tenant
	Zone    *time.Location
	Content template.HTML
}

type group struct {
	Title   string
	Entries []lit
}

type lit struct {
	Entry
	Here  bool
	Count int
}

// draw executes a page inside the frame. Where its content fails nothing is sent of it.
func (s *Set) draw(a *Ask, p *Page) ([]byte, error) {
	content, err := s.Fragment(a, p.Template, p.Data)
	if err != nil {
		return nil, err
	}
	f := s.site.around(a, p)
	f.Content = template.HTML(content) // drawn by a template just now
	var b bytes.Buffer
	if err := s.by[variant{a.Language, a.May(FullNumbers)}].ExecuteTemplate(&b, "frame", f); err != nil {
		return nil, belwacht.Errorf(belwacht.Internal, "the frame: %w", err)
	}
	return b.Bytes(), nil
}

// View is what a template is given: who asks, and the page's own data.
type View struct {
	*Ask
	Data any
}

// Fragment executes one template of the set, without the frame: for what is swapped into a page.
func (s *Set) Fragment(a *Ask, name string, data any) ([]byte, error) {
	var b bytes.Buffer
	if err := s.by[variant{a.Language, a.May(FullNumbers)}].ExecuteTemplate(&b, name, &View{a, data}); err != nil {
		return nil, belwacht.Errorf(belwacht.Internal, "template %s: %w", name, err)
	}
	return b.Bytes(), nil
}

// around is what stands around a page.
func (s *Site) around(a *Ask, p *Page) *frame {
	f := &frame{Ask: a, Page: p, Theme: theme(a.Request), Built: s.built, Style: s.assets.href("placeholder.css"), Zone: a.Tenant.Zone}
	if s.built {
		f.Style, f.Script, f.First = s.assets.href("app.css"), s.assets.href("app.js"), s.assets.href("theme.js")
	}
	f.Said, f.Bad = said(a)
	here := p.Here
	if here == "" {
		here = a.URL.Path
	}
	f.Menu = s.menuOf(a.Context(), a, here)
	if a.Visitor != nil {
		for _, t := range s.cfg.Tenants() {
			if a.Visitor.Sees(t.Name) {
				f.Tenants = append(f.Tenants, t)
			}
		}
		if s.cfg.Notices != nil {
			f.Notices = s.cfg.Notices(a.Context(), a)
		}
	}
	return f
}

// menuOf is the menu of who asks.
func (s *Site) menuOf(ctx context.Context, a *Ask, here string) []group {
	var out []group
	at := map[string]int{}
	if a.Visitor == nil {
		return nil
	}
	for _, e := range s.menu {
		if !a.May(e.Right) {
			continue
		}
		i, ok := at[e.Group]
		if !ok {
			i = len(out)
			at[e.Group] = i
			out = append(out, group{Title: e.Group})
		}
		l := lit{Entry: e, Here: e.Path == here}
		if e.Badge != nil {
			l.Count = e.Badge(ctx, a)
		}
		out[i].Entries = append(out[i].Entries, l)
	}
	return out
}
