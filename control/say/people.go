package say

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ledger"
	"github.com/belwacht/belwacht/text"
)

// Users says who may come in.
func (s *Speaker) Users(list []belwacht.User) {
	if len(list) == 0 {
		s.Say("Nobody can sign in yet: belwacht access link makes a link for the first administrator.", "Nog niemand kan zich aanmelden: belwacht access link maakt een link voor de eerste beheerder.")
		return
	}
	for _, u := range list {
		factor := s.Language.Pick("no second factor", "geen tweede factor")
		if u.SignedIn != 0 {
			factor = s.Language.Pick("last in ", "laatst binnen ") + s.moment(u.SignedIn)
		}
		if u.Disabled {
			factor = s.Language.Pick("barred", "geweerd")
		}
		s.Line(text.Clean(u.Login, 64) + "  " + string(u.Role) + "  " + text.Clean(u.Name, 60) + "  " + factor)
	}
}

// Entries says what people did, newest first.
func (s *Speaker) Entries(list []belwacht.Entry, says func(belwacht.Act) string) {
	if len(list) == 0 {
		s.Say("The audit log has no such entry.", "Zo'n regel staat er niet in het logboek.")
		return
	}
	for i := range list {
		e := &list[i]
		line := s.moment(e.Time) + "  "
		if e.Forgotten {
			s.Line(line + string(e.Act) + s.Language.Pick("  (who and what is forgotten by retention)", "  (wie en wat is na de bewaartijd gewist)"))
			continue
		}
		line += text.Clean(e.Who, 64) + " " + says(e.Act)
		for _, more := range []string{e.Subject, e.Detail, e.Why, e.From} {
			if more != "" {
				line += "; " + text.Clean(more, 200)
			}
		}
		if e.Failed != "" {
			line += s.Language.Pick("; failed: ", "; mislukt: ") + text.Clean(e.Failed, 200)
		}
		s.Line(line)
	}
}

// Report says what a verification found.
func (s *Speaker) Report(r *ledger.Report) {
	if r.OK() {
		s.Say("The audit log is whole: %s entries, %s of them forgotten by retention, and %s heads that they fit.",
			"Het logboek is gaaf: %s regels, waarvan %s na de bewaartijd gewist, en %s koppen waarmee ze kloppen.",
			text.Count(s.Language, int64(r.Entries)), text.Count(s.Language, int64(r.Forgotten)), text.Count(s.Language, int64(r.Heads)))
		return
	}
	s.Say("The audit log was CHANGED:", "Het logboek is VERANDERD:")
	for _, f := range r.Faults {
		s.Line("  " + text.Clean(f, 300))
	}
	if r.More > 0 {
		s.Say("  and %s more", "  en nog %s", text.Count(s.Language, int64(r.More)))
	}
}
