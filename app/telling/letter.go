package telling

import (
	"fmt"
	"html"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/text"
)

// letter is a mail on the door, as lines. Its strings are one line each, and hostile until escaped.
type letter struct {
	subject string
	lines   []string
	quoted  string // kept as it is, below the lines; "" = none
}

// plain is it as text.
func (l *letter) plain() string {
	s := strings.Join(l.lines, "\n\n") + "\n"
	if l.quoted != "" {
		s += "\n" + l.quoted
	}
	return s
}

// html is it as a page.
func (l *letter) html() string {
	var b strings.Builder
	b.WriteString(`<!doctype html><html><body style="font-family:sans-serif;max-width:40em">`)
	for _, s := range l.lines {
		b.WriteString("<p>" + html.EscapeString(s) + "</p>")
	}
	if l.quoted != "" {
		b.WriteString(`<pre style="white-space:pre-wrap">` + html.EscapeString(l.quoted) + "</pre>")
	}
	b.WriteString("</body></html>")
	return b.String()
}

// said is what a person or a stranger wrote, as one line without whole telephone numbers.
func said(s string) string { return text.MaskProse(text.Clean(s, 600)) }

// noticeText is a notice in a language.
func noticeText(w *doorWays, n *belwacht.Notice, l text.Language) (x letter) {
	e := &n.Entry
	who, subject, detail := said(e.Who), said(e.Subject), said(e.Detail)
	about := subject
	if detail != "" {
		about = strings.TrimPrefix(about+": "+detail, ": ")
	}
	info, known := access.InfoOf(e.Act)
	did := l.Pick(info.English, info.Dutch)
	if !known {
		did = string(e.Act)
	}
	line := func(english, dutch string, args ...any) {
		x.lines = append(x.lines, fmt.Sprintf(l.Pick(english, dutch), args...))
	}
	switch n.Kind {
	case belwacht.NoticeNewDevice:
		x.subject = l.Pick("Belwacht: somebody signed in to your account with a new browser", "Belwacht: iemand meldde zich bij uw account aan met een nieuwe browser")
		line("Somebody signed in to your account %s with a browser that was not seen there before.", "Iemand meldde zich bij uw account %s aan met een browser die daar nog niet gezien was.", who)
		line("Was it you? Then there is nothing to do. If not: change your password and end that session, or call another administrator.",
			"Was u het zelf? Dan hoeft u niets te doen. Zo niet: wijzig uw wachtwoord en beëindig die sessie, of bel een andere beheerder.")
	case belwacht.NoticeProposal:
		x.subject = fmt.Sprintf(l.Pick("Belwacht: %s asks for a second administrator", "Belwacht: %s vraagt om een tweede beheerder"), who)
		line("%s wants to do something that takes two people: %s.", "%s wil iets doen wat twee mensen vraagt: %s.", who, proposed(detail, l))
		line("Agree or refuse within a day, in the console under “For two people”. Until then nothing is done.",
			"Stem in of weiger binnen een dag, in de console onder “Voor twee mensen”. Tot dan gebeurt er niets.")
	case belwacht.NoticeAgreed:
		x.subject = fmt.Sprintf(l.Pick("Belwacht: %s agreed to what you proposed", "Belwacht: %s stemde in met uw voorstel"), who)
		line("%s agreed to what you proposed: %s.", "%s stemde in met wat u voorstelde: %s.", who, proposed(detail, l))
		line("It is not done yet. Carry it out with one click in the console, under “For two people”, before the day is over.",
			"Het is nog niet gedaan. Voer het met één klik uit in de console, onder “Voor twee mensen”, voordat de dag om is.")
	case belwacht.NoticeLink:
		x.subject = l.Pick("Belwacht: a one-time link opens the console", "Belwacht: een eenmalige link opent de console")
		line("%s %s (%s).", "%s %s (%s).", who, did, about)
		line("Who can use the machine itself can make such a link when nobody can sign in. If nobody of you did, the machine is in other hands: act at once.",
			"Wie op de machine zelf kan, kan zo'n link maken als niemand zich kan aanmelden. Deed niemand van u dat, dan is de machine in andere handen: grijp meteen in.")
	default:
		x.subject = fmt.Sprintf(l.Pick("Belwacht: protection is lessened: %s %s", "Belwacht: de bescherming is verminderd: %s %s"), who, did)
		line("%s %s: %s.", "%s %s: %s.", who, did, about)
		line("Was it meant? If not, undo it and end that person's sessions: somebody may be using them.",
			"Was dat de bedoeling? Zo niet, maak het dan ongedaan en beëindig de sessies van die persoon: misschien gebruikt een ander ze.")
	}
	if e.Why != "" {
		line("Reason given: %s", "Opgegeven reden: %s", said(e.Why))
	}
	line("When: %s. From: %s, by %s. Entry %d of the audit log.", "Wanneer: %s. Vanaf: %s, via %s. Nummer %d in het logboek.", text.Moment(l, e.Time, w.zone), orDash(said(e.From)), orDash(said(e.Via)), e.Position)
	if e.Tenant != "" {
		line("Organisation: %s", "Organisatie: %s", said(e.Tenant))
	}
	x.lines = append(x.lines, w.signature(l, map[belwacht.NoticeKind]string{belwacht.NoticeProposal: "/proposals", belwacht.NoticeAgreed: "/proposals", belwacht.NoticeNewDevice: "/account"}[n.Kind])...)
	return x
}

// proposed is what is proposed, in words: the detail of its entry begins with the act.
func proposed(detail string, l text.Language) string {
	act, rest, ok := strings.Cut(detail, ": ")
	info, known := access.InfoOf(belwacht.Act(act))
	if !ok || !known {
		return detail
	}
	return l.Pick(info.English, info.Dutch) + ", " + rest
}

// headText is a signed head as a mail to be kept.
func headText(w *doorWays, h *belwacht.Head, l text.Language) letter {
	return letter{subject: fmt.Sprintf(l.Pick("Belwacht: head of the audit log, %s, %d entries", "Belwacht: kop van het logboek, %s, %d regels"), text.Date(l, h.Time, w.zone), h.Size),
		lines: append([]string{l.Pick("Keep this mail. It is what the audit log is held against: whoever changes, removes or cuts off what was in it by then is found out, even who owns the machine.",
			"Bewaar deze mail. Hiermee wordt het logboek vergeleken: wie wijzigt, weghaalt of afknipt wat er toen in stond, valt door de mand, ook wie de baas is over de machine."),
			l.Pick("To compare, put what is below into a file, the empty line too, and run: belwacht audit-log verify --head FILE",
				"Om te vergelijken: zet wat hieronder staat in een bestand, ook de lege regel, en geef: belwacht audit-log verify --head BESTAND")}, w.signature(l, "/audit")...), quoted: h.Note}
}

// signature says which Belwacht writes, and where to look.
func (w *doorWays) signature(l text.Language, path string) []string {
	if path == "" {
		path = "/audit?weakens=1"
	}
	s := "Belwacht"
	if w.host != "" {
		s = fmt.Sprintf(l.Pick("Belwacht on %s", "Belwacht op %s"), w.host)
	}
	if w.url != "" {
		s += ", " + w.url + path
	}
	return []string{s}
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}
