// Package say puts what a running Belwacht answers into words for a terminal, in English and Dutch. [Speaker] has one method for each answer of package
// control; strangers' strings in them are made fit to show.
package say

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/control"
	"github.com/belwacht/belwacht/terminal"
	"github.com/belwacht/belwacht/text"
)

// Speaker writes to a terminal, in one language and with the clock of one zone.
type Speaker struct {
	*terminal.Printer
	Language text.Language
	Zone     *time.Location
}

// Say writes a sentence, of the two languages the speaker's, with what belongs in it.
func (s *Speaker) Say(english, dutch string, args ...any) {
	s.Paragraph(0, terminal.Plain, fmt.Sprintf(s.pick(english, dutch), args...))
}

func (s *Speaker) pick(english, dutch string) string { return s.Language.Pick(english, dutch) }

// some is a number of things.
func (s *Speaker) some(n int, one, many, een, meer string) string {
	return text.Plural(s.Language, int64(n), s.pick(one, een), s.pick(many, meer))
}

// moment is an instant as the zone's clock has it; "–" for none.
func (s *Speaker) moment(at belwacht.Instant) string {
	if at == 0 {
		return "–"
	}
	return at.Time().In(s.Zone).Format("2006-01-02 15:04:05")
}

// Status says how a Belwacht is.
func (s *Speaker) Status(v *control.Status) {
	s.Say("Belwacht %s runs since %s.", "Belwacht %s draait sinds %s.", text.Clean(v.Version, 60), s.moment(v.Since))
	if v.Panic {
		s.Paragraph(0, terminal.Red, text.Cause(s.Language, "panic")+".")
	}
	for _, o := range v.Tenants {
		name := text.Clean(o.Name, 60)
		if name == "" {
			name = s.pick("The organisation", "De organisatie")
		}
		s.Say("%s: mode %s, %s", "%s: stand %s, %s", name, o.Mode, s.some(o.Locks, "account locked", "accounts locked", "toestel geblokkeerd", "toestellen geblokkeerd"))
	}
	for i := range v.PBXs {
		s.pbx(&v.PBXs[i])
	}
	count := func(key string) string { return text.Count(s.Language, int64(v.Counts[key])) }
	s.Say("%s now, %s judged, %s refused, %s ended, %s since the memory began.", "%s nu, %s beoordeeld, %s geweigerd, %s beëindigd, %s sinds het geheugen begon.",
		s.some(v.Calls, "call", "calls", "gesprek", "gesprekken"), count("guard_attempts"), count("guard_refused"), count("guard_ended"),
		s.some(v.Alerts, "alert", "alerts", "melding", "meldingen"))
	s.Say("Memory kept: %s, in %s.", "Geheugen bewaard: %s, in %s.", s.moment(v.Memory.Saved), text.Clean(v.Memory.Folder, 200))
	s.kept(&v.Store)
	for i := range v.Ways {
		w := &v.Ways[i]
		s.Say("Alerts by %s: %s told, %d waiting, last %s.", "Meldingen per %s: %s verteld, %d wachten, laatste %s.", text.Clean(w.Name, 100), text.Count(s.Language, int64(w.Sent)),
			w.Waiting, s.moment(w.LastSent))
	}
	for _, x := range v.Problems {
		s.Beside("! ", terminal.Red, text.Clean(text.Note(s.Language, x), 400))
	}
	s.Guarded(v)
}

// kept says how much is kept and for how long.
func (s *Speaker) kept(v *control.Store) {
	if len(v.Days) == 0 {
		return
	}
	words := map[string][2]string{"events": {"events", "gebeurtenissen"}, "calls": {"calls", "gesprekken"}, "decisions": {"decisions", "oordelen"}, "alerts": {"alerts", "meldingen"},
		"in_force": {"locks and the like", "blokkades en dergelijke"}, "logins": {"log-ins", "aanmeldingen"}, "registrations": {"devices", "apparaten"},
		"changes": {"changes", "wijzigingen"}, "sums": {"sums", "tellingen"}}
	by := map[int64][]string{}
	for _, kind := range slices.Sorted(maps.Keys(v.Days)) {
		if w, ok := words[kind]; ok {
			by[v.Days[kind]] = append(by[v.Days[kind]], s.pick(w[0], w[1]))
		}
	}
	var parts []string
	for _, days := range slices.Sorted(maps.Keys(by)) {
		parts = append(parts, text.List(s.Language, by[days])+" "+s.some(int(days), "day", "days", "dag", "dagen"))
	}
	if n := v.Days["names"]; n > 0 {
		parts = append(parts, s.pick("names and numbers ", "namen en nummers ")+s.some(int(n), "day", "days", "dag", "dagen"))
	}
	s.Say("Kept: %s MB on disk; %s.", "Bewaard: %s MB op schijf; %s.", text.Decimal(s.Language, float64(v.Bytes)/1e6, 1), strings.Join(parts, "; "))
	if v.Shorter != "" {
		s.Say("Some of it is kept for less than 92 days, because: %s", "Een deel wordt korter dan 92 dagen bewaard, omdat: %s", text.Clean(v.Shorter, 400))
	}
}

// Guarded says in one sentence since when it guards, by what, and what not yet.
func (s *Speaker) Guarded(v *control.Status) {
	if v.Waiting {
		s.Say("Not guarded yet: no PBX is named in the configuration; belwacht connect writes that.",
			"Nog niet bewaakt: de configuratie noemt geen centrale; belwacht connect schrijft die erin.")
		return
	}
	if v.Starting {
		s.Say("Not guarding yet: it starts, and learns from past call records first, which can take minutes.",
			"Bewaakt nog niet: het start, en leert eerst van eerdere gespreksgegevens, wat minuten kan duren.")
		return
	}
	var by, not []string
	way := func(there bool, english, dutch string) {
		if word := s.pick(english, dutch); there {
			by = append(by, word)
		} else {
			not = append(not, word)
		}
	}
	var ask, feed, records bool
	for i := range v.PBXs {
		p := &v.PBXs[i]
		ask, feed, records = ask || p.Ask != "" || p.FastAGI != "", feed || p.Feed != "", records || p.Records != ""
	}
	way(ask, "the dial plan's question before each call", "de vraag van het kiesplan voor elk gesprek")
	way(feed, "the PBX's events", "de gebeurtenissen van de centrale")
	way(records, "its call records", "haar gespreksgegevens")
	for _, o := range v.Tenants {
		if o.Mode != belwacht.Enforce {
			not = append(not, s.pick("refusing (mode "+o.Mode.String()+": told, and only the brake acts)", "weigeren (stand "+o.Mode.String()+": alleen gemeld, alleen de rem grijpt in)"))
			break
		}
	}
	end := "."
	if len(not) > 0 {
		end = s.pick("; not yet: ", "; nog niet: ") + strings.Join(not, ", ") + "."
	}
	if len(by) == 0 {
		by = []string{s.pick("nothing", "niets")}
	}
	s.Say("Guarded since %s, by %s%s", "Bewaakt sinds %s, door %s%s", s.moment(v.Since), text.List(s.Language, by), end)
}

// pbx says how a PBX is guarded.
func (s *Speaker) pbx(x *control.PBX) {
	var ways []string
	for _, w := range []struct{ english, dutch, value string }{{"asks at ", "vraagt op ", x.Ask}, {"FastAGI ", "FastAGI ", x.FastAGI}, {"events: ", "gebeurtenissen: ", x.Feed},
		{"records: ", "gespreksgegevens: ", x.Records}} {
		if w.value != "" {
			ways = append(ways, s.pick(w.english, w.dutch)+text.Clean(w.value, 100))
		}
	}
	s.Say("PBX %s, judged by %s: %s", "Centrale %s, beoordeeld op %s: %s", text.Clean(x.Name, 60), x.JudgeBy, strings.Join(ways, "; "))
	for _, note := range x.Notes {
		s.Beside("  ", terminal.Plain, text.Clean(text.Note(s.Language, note), 400))
	}
}

// Calls lists the calls that ring or run.
func (s *Speaker) Calls(list []belwacht.Running) {
	if len(list) == 0 {
		s.Say("No call to outside rings or runs.", "Er gaat of loopt geen gesprek naar buiten.")
		return
	}
	rows := make([][]string, 0, len(list))
	for i := range list {
		r := &list[i]
		answered := s.pick("rings", "gaat over")
		if r.Answered != 0 {
			answered = s.moment(r.Answered)
		}
		rows = append(rows, []string{text.Clean(r.ID, 60), text.Clean(r.Account, 40), text.Clean(r.Number, 40), s.moment(r.Began), answered,
			text.Decimal(s.Language, r.Cost, 2), r.Word.String()})
	}
	s.Table([]terminal.Column{{Title: "ID", Elastic: true}, {Title: s.pick("account", "toestel")}, {Title: s.pick("number", "nummer")}, {Title: s.pick("began", "begonnen")},
		{Title: s.pick("answered", "opgenomen")}, {Title: s.pick("cost", "kosten"), Right: true}, {Title: s.pick("decision", "oordeel")}}, rows, nil)
}

// Locks lists the accounts that are locked.
func (s *Speaker) Locks(list []belwacht.InForce) {
	if len(list) == 0 {
		s.Say("No account is locked.", "Er is geen toestel geblokkeerd.")
		return
	}
	rows := make([][]string, 0, len(list))
	for i := range list {
		l := &list[i]
		rows = append(rows, []string{text.Clean(l.Subject, 60), s.moment(l.Since), text.Clean(l.Who, 40), text.Clean(l.Why, 120), text.Clean(l.Tenant, 40)})
	}
	s.Table([]terminal.Column{{Title: s.pick("account", "toestel")}, {Title: s.pick("since", "sinds")}, {Title: s.pick("by", "door")},
		{Title: s.pick("why", "waarom"), Elastic: true}, {Title: s.pick("organisation", "organisatie")}}, rows, nil)
}

// Panic says how the switch stands.
func (s *Speaker) Panic(v *control.Panicked) {
	if !v.Panic {
		s.Say("The panic switch is off.", "De noodknop staat uit.")
		return
	}
	s.Say("%s. Emergency calls pass.", "%s. Noodoproepen gaan door.", text.Cause(s.Language, "panic"))
	if v.Ended > 0 {
		s.Say("Being ended: %s.", "Wordt beëindigd: %s.", s.some(v.Ended, "running call", "running calls", "lopend gesprek", "lopende gesprekken"))
	}
	if v.Left > 0 {
		s.Say("To be ended at the PBX itself, which has no feed (pbx.ami): %s.", "Te beëindigen op de centrale zelf, die geen gebeurtenissen doorgeeft (pbx.ami): %s.",
			s.some(v.Left, "running call", "running calls", "lopend gesprek", "lopende gesprekken"))
	}
}

// Why says what a code means.
func (s *Speaker) Why(v *control.Why) {
	s.Paragraph(0, terminal.Plain, text.Clean(s.pick(v.Reason, v.ReasonNL), 1000))
	for i := range v.Decisions {
		d := &v.Decisions[i]
		s.Say("Call %s by %s, %s. More: belwacht explain %s", "Gesprek %s door %s, %s. Meer: belwacht explain %s", text.Clean(d.ID, 60), text.Clean(d.Account, 40),
			s.moment(d.Time),
			text.Clean(d.ID, 60))
	}
}
