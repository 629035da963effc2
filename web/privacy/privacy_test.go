package privacy_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/web"
	"github.com/belwacht/belwacht/web/privacy"
	"github.com/belwacht/belwacht/web/webtest"
)

func TestCatalogue(t *testing.T) {
	frame, err := web.ReadWords(webtest.Frame(), "words.txt")
	if err != nil {
		t.Fatal(err)
	}
	webtest.Catalogue(t, frame)
	webtest.Icons(t, "../ui/icons.txt")
}

// facts are settings that change between questions.
type facts struct{ privacy.Facts }

func (f *facts) of(context.Context, string) (*privacy.Facts, error) { c := f.Facts; return &c, nil }

func careful() privacy.Facts {
	return privacy.Facts{Organisation: "Oak", Mode: belwacht.Enforce, Kept: []privacy.Kept{{Kind: "calls", Days: 183}, {Kind: "sums", Days: 1096}}, Pseudonyms: 120, Networks: 2, SecondAll: true, Networked: true,
		Sources: []privacy.Source{{PBX: "hk", Asked: true, Events: true, Records: true}}, Ways: []privacy.Way{{Kind: "mail"}}, People: 3}
}

func careless() privacy.Facts {
	return privacy.Facts{Organisation: webtest.Hostile, Mode: belwacht.Monitor, Kept: []privacy.Kept{{Kind: "calls", Days: 900}}, Shorter: webtest.Hostile, FullNumbers: true, Hours: webtest.Hostile, People: 2,
		Sources: []privacy.Source{{PBX: webtest.Hostile, Asked: true}}, Ways: []privacy.Way{{Kind: "slack", Outside: true}, {Kind: "sms", Outside: true}}}
}

func stand(t *testing.T) (*web.Site, *webtest.Door, *facts) {
	t.Helper()
	s, d := webtest.Site(t, time.Date(2026, 4, 18, 12, 0, 0, 0, time.UTC))
	f := &facts{careful()}
	if err := privacy.New(s, privacy.Config{Facts: f.of}); err != nil {
		t.Fatal(err)
	}
	return s, d, f
}

var papers = []string{"dpia", "register", "notice", "council"}

// TestDocuments: each paper is there in both languages whatever the page's, says what the settings say, and changes with them.
func TestDocuments(t *testing.T) {
	s, _, f := stand(t)
	paths := []string{"/privacy"}
	for _, p := range papers {
		paths = append(paths, "/privacy/"+p, "/privacy/"+p+"?in=nl", "/privacy/"+p+"?in=en", "/privacy/"+p+"?in=xx")
	}
	webtest.Pages(t, s, paths...)
	article := func(path string) string {
		body := webtest.Get(s, path, "en").Body.String()
		_, in, _ := strings.Cut(body, "<article")
		return in
	}
	for path, want := range map[string][]string{
		"/privacy/dpia?in=en":     {`lang="en"`, "Oak", "art. 35", "183 days", "After 120 days", "it refuses and ends calls", "2 networks", "everybody", "masked", "hk: asks before it dials"},
		"/privacy/dpia?in=nl":     {`lang="nl"`, "Oak", "art. 35", "183 dagen", "Na 120 dagen", "weigert en beëindigt", "18 april 2026", "e-mail"},
		"/privacy/register?in=en": {"art. 30", "legitimate interest", "1096 days", "e-mail", "administrator"},
		"/privacy/register?in=nl": {"art. 30", "gerechtvaardigd belang", "beheerder"},
		"/privacy/notice?in=en":   {"art. 13 and 14", "After at most 183 days", "112", "it can refuse or end"},
		"/privacy/notice?in=nl":   {"art. 13 en 14", "Na hoogstens 183 dagen", "Autoriteit Persoonsgegevens"},
		"/privacy/council?in=en":  {"art. 27(1)(k)", "183 days"},
		"/privacy/council?in=nl":  {"WOR art. 27 lid 1 onder k", "183 dagen"},
	} {
		got := article(path)
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s does not say %q", path, w)
			}
		}
	}
	if strings.Contains(article("/privacy/dpia?in=en"), "Still to be decided") {
		t.Error("something is still to be decided with careful settings")
	}
	f.Facts = careless()
	webtest.Pages(t, s, paths...)
	got := article("/privacy/dpia?in=en")
	for _, w := range []string{"Still to be decided", "keep.pseudonymise", "in full for at least one", "more than a year", "companies outside", "all networks", "it watches and tells", "900 days", "less than 92 days"} {
		if !strings.Contains(got, w) {
			t.Errorf("with careless settings it does not say %q", w)
		}
	}
	f.Facts = privacy.Facts{}
	webtest.Pages(t, s, paths...)
	if got := article("/privacy/register?in=en"); !strings.Contains(got, "[name of the organisation]") || !strings.Contains(got, "None.") {
		t.Error("with nothing set it does not ask for the name")
	}
}

// TestFiles: each paper is a file that needs nothing else.
func TestFiles(t *testing.T) {
	s, _, f := stand(t)
	f.Facts = careless()
	for _, p := range papers {
		for language, title := range map[string]string{"en": "<title>Belwacht: ", "nl": "<title>Belwacht: "} {
			w := webtest.Get(s, "/privacy/"+p+"/file?in="+language, "en")
			body := w.Body.String()
			if w.Code != 200 || !strings.Contains(w.Header().Get("Content-Disposition"), `attachment; filename="belwacht-`+p+"-"+language+`.html"`) || !strings.Contains(body, title) ||
				!strings.Contains(body, `<html lang="`+language+`">`) || strings.Contains(body, "<img") || strings.Contains(body, "<script") || strings.Contains(body, `src="`) || !strings.HasSuffix(body, "</html>\n") {
				t.Errorf("%s in %s: %d %v\n%.300s", p, language, w.Code, w.Header(), body)
			}
		}
	}
	if w := webtest.Get(s, "/privacy/dpia/file?in=nl", "en"); !strings.Contains(w.Body.String(), "Effectbeoordeling") {
		t.Error("the title of a Dutch paper is English")
	}
}

// TestWho: papers are for who may see them.
func TestWho(t *testing.T) {
	s, d, _ := stand(t)
	for _, path := range []string{"/privacy/nonsense", "/privacy/nonsense/file"} {
		if w := webtest.Get(s, path, "en"); w.Code != 404 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	for _, c := range []struct {
		rights []web.Right
		want   int
	}{{[]web.Right{web.SeeSettings, web.SeeCalls}, 403}, {[]web.Right{web.Right(access.PrivacyRead)}, 200}} {
		d.V = &web.Visitor{Name: "x", Role: "auditor", Rights: c.rights}
		for _, path := range []string{"/privacy", "/privacy/dpia", "/privacy/dpia/file"} {
			if w := webtest.Get(s, path, "en"); w.Code != c.want {
				t.Errorf("%s with %v: %d", path, c.rights, w.Code)
			}
		}
	}
}
