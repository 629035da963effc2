package report

import (
	"fmt"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

// sentence is the report in one breath: how long, under which settings, what would have been done, what that is worth, and
// what is left for a person to decide.
func (w *view) sentence() string {
	if w.total.calls == 0 {
		return w.v.Empty
	}
	if w.v.lang == text.Dutch {
		return w.zin()
	}
	v, t := w.v, &w.total
	stopped, enforced := t.stopped(), w.o.Mode == belwacht.Enforce
	would, saved := "would have ", "which would have saved "
	if enforced {
		would, saved = "", "which saved "
	}
	var b strings.Builder
	fmt.Fprintf(&b, "In these %s (%s), with these settings (%s), ", w.length(), w.dates(), w.settingsShort())
	switch {
	case stopped == 0 && t.told() == 0:
		fmt.Fprintf(&b, "Belwacht found nothing to refuse, end or tell among %s", v.plural(t.calls, "call", "calls"))
	case stopped == 0:
		fmt.Fprintf(&b, "Belwacht %srefused none of %s", would, v.plural(t.calls, "call", "calls"))
	default:
		fmt.Fprintf(&b, "Belwacht %srefused %s of %s and ended %s, %s%s of the %s spent", would, v.count(t.word[belwacht.Refuse]),
			v.plural(t.calls, "call", "calls"), v.count(t.word[belwacht.EndNow]), saved, v.money(t.kept()), v.money(t.cost))
	}
	b.WriteString(". ")
	fmt.Fprintf(&b, "%s left for a person to decide%s", v.plural(w.alerts, "alert was", "alerts were"), w.perWeek("about %s a week"))
	fmt.Fprintf(&b, "; %s.", w.safetyShort())
	return b.String()
}

// zin is the sentence in Dutch.
func (w *view) zin() string {
	v, t := w.v, &w.total
	stopped, enforced := t.stopped(), w.o.Mode == belwacht.Enforce
	would, ended, saved := "zou Belwacht", " hebben geweigerd", "dat zou %s van de uitgegeven %s hebben bespaard"
	if enforced {
		would, ended, saved = "heeft Belwacht", " geweigerd", "dat bespaarde %s van %s"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "In deze %s (%s), met deze instellingen (%s), ", w.length(), w.dates(), w.settingsShort())
	calls := v.plural(t.calls, "gesprek", "gesprekken")
	switch {
	case stopped == 0 && t.told() == 0:
		fmt.Fprintf(&b, "vond Belwacht onder %s niets om te weigeren, te beëindigen of te melden", calls)
	case stopped == 0:
		fmt.Fprintf(&b, "%s geen van de %s%s", would, calls, ended)
	default:
		fmt.Fprintf(&b, "%s %s van de %s%s en er %s beëindigd; "+saved, would, v.count(t.word[belwacht.Refuse]), calls, ended,
			v.count(t.word[belwacht.EndNow]), v.money(t.kept()), v.money(t.cost))
	}
	b.WriteString(". ")
	fmt.Fprintf(&b, "%s aan een mens om te beslissen%s", v.plural(w.alerts, "melding bleef over", "meldingen bleven over"),
		w.perWeek("ongeveer %s per week"))
	fmt.Fprintf(&b, "; %s.", w.safetyShort())
	return b.String()
}

// length is how long the records last, in weeks from two weeks on.
func (w *view) length() string {
	days := w.lengthDays()
	if days >= 14 {
		n := (days + 3) / 7
		if w.v.lang == text.Dutch {
			return w.v.plural(n, "week", "weken")
		}
		return w.v.plural(n, "week", "weeks")
	}
	if w.v.lang == text.Dutch {
		return w.v.plural(days, "dag", "dagen")
	}
	return w.v.plural(days, "day", "days")
}

// dates are the first and the last day.
func (w *view) dates() string {
	a, _ := w.clock.local(w.first)
	b, _ := w.clock.local(w.last)
	return w.v.span(date(a), date(b))
}

// settingsShort are the settings that decide most.
func (w *view) settingsShort() string {
	v := w.v
	s := v.Mode + " " + v.mode(w.o.Mode)
	brake := v.Off
	if w.o.Brake > 0 {
		brake = v.money(w.o.Brake)
	}
	s += "; " + v.BrakeShort + " " + brake
	if w.o.RefuseCost > 0 {
		s += "; " + v.RefuseCost + " " + v.money(w.o.RefuseCost)
	}
	return s
}

// perWeek is ", about 2 a week", or nothing where the records are shorter than two weeks or there is nothing.
func (w *view) perWeek(format string) string {
	days := w.lengthDays()
	if days < 14 || w.alerts == 0 {
		return ""
	}
	rate, decimals := float64(w.alerts)*7/float64(days), 0
	if rate < 3 {
		decimals = 1
	}
	return ", " + fmt.Sprintf(format, w.v.decimal(rate, decimals))
}

// safetyShort says that emergency calls passed, or that they did not.
func (w *view) safetyShort() string {
	v, e := w.v, w.emergency
	switch {
	case e.Refused > 0:
		return fmt.Sprintf(v.pick("%s emergency calls passed, %s REFUSED: this must never be; please report it as a fault",
			"%s noodoproepen doorgelaten, %s GEWEIGERD: dit mag nooit; meld het alstublieft als fout"), v.count(e.Passed), v.count(e.Refused))
	case e.Passed == 0:
		return v.pick("no emergency calls were made", "er waren geen noodoproepen")
	}
	return fmt.Sprintf(v.pick("%s emergency calls passed, 0 refused", "%s noodoproepen doorgelaten, 0 geweigerd"), v.count(e.Passed))
}

// brakeSentence says what the brake did.
func (w *view) brakeSentence() string {
	v := w.v
	switch {
	case w.o.Brake <= 0:
		return v.pick("The brake is switched off: in monitor and learn mode nothing bounds the loss of a night.",
			"De rem staat uit: in monitor- en leerstand begrenst niets het verlies van een nacht.")
	case w.brake.calls == 0:
		return fmt.Sprintf(v.pick("The brake (%s per night and trunk, in every mode) had nothing to do.",
			"De rem (%s per nacht en trunk, in elke stand) hoefde niets te doen."), v.money(w.o.Brake))
	}
	return fmt.Sprintf(v.pick("The brake (%s per night and trunk, in every mode) stopped %s calls and saved %s.",
		"De rem (%s per nacht en trunk, in elke stand) stopte %s gesprekken en bespaarde %s."), v.money(w.o.Brake), v.count(w.brake.stopped()), v.money(w.brake.kept()))
}

// more says how many calls stand behind the one that is shown.
func (w *view) more(p *pattern) string {
	together := w.v.money(p.tally.cost)
	switch p.calls {
	case 1:
		return ""
	case 2:
		return fmt.Sprintf(w.v.pick("one more like it, %s together", "nog één zoals dit, samen %s"), together)
	}
	return fmt.Sprintf(w.v.pick("%s more like it, %s together", "nog %s zoals dit, samen %s"), w.v.count(p.calls-1), together)
}

// readSentence says what became of the rows.
func (w *view) readSentence() string {
	v, r := w.v, &w.Summary.reading
	if v.lang == text.Dutch {
		return v.plural(r.Rows, "regel", "regels") + " uit " + v.plural(int64(r.Files), "bestand", "bestanden") + " werden " +
			v.plural(w.total.calls, "gesprek", "gesprekken") + "."
	}
	return v.plural(r.Rows, "row", "rows") + " of " + v.plural(int64(r.Files), "file", "files") + " became " +
		v.plural(w.total.calls, "call", "calls") + "."
}

// rejectedSentence says how many rows could not be read.
func (w *view) rejectedSentence() string {
	v, n := w.v, w.Summary.reading.Rejected
	if v.lang == text.Dutch {
		return v.plural(n, "regel was onleesbaar en is afgekeurd", "regels waren onleesbaar en zijn afgekeurd") + "."
	}
	return v.plural(n, "row could not be read and was rejected", "rows could not be read and were rejected") + "."
}

// lateSentence says how many calls came too late to teach.
func (w *view) lateSentence() string {
	v, n := w.v, max(w.Summary.reading.Late, w.late)
	if v.lang == text.Dutch {
		return v.plural(n, "gesprek kwam te laat: het is beoordeeld, maar telt in geen venster mee",
			"gesprekken kwamen te laat: ze zijn beoordeeld, maar tellen in geen venster mee") + "."
	}
	return v.plural(n, "call came late: it was judged, but counts in no window", "calls came late: they were judged, but count in no window") + "."
}
