package report

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

// words are the texts of terminal and page in one language. Each is written down with its other language beside it, so that one cannot
// be changed without seeing the other.
type words struct {
	Lang, Calls, Spent, Saved, WouldSave, Decisions, Alerted, Refused, Ended, Alerts, ByRule, ByAccount, ByDay  string
	Rule, Cause, Account, Country, Day, Money, Kept, Stopped, Told, Others, Number, Calibration, CalibrationWhy string
	Probability, Expected, Confirmed, Top, TopWhy, Brake, BrakeShort, Safety, Social, Reading, Settings, Mode   string
	RefuseCost, Off, EmptyTitle, Empty, Quiet, Destinations, Networks, Timeline, MoneyTime, Figures, Evidence   string
	Bits, Private, Skip, Helpline, NotCounted, When, Said, PageTitle, CalibrationBar                            string

	Weekdays [7]string // from Monday, short
	Months   [12]string
	Families [belwacht.Families]string
	Classes  [13]string
	Changes  [changes]string
}

// wordsOf are the words of a language.
func wordsOf(l text.Language) *words {
	w := &words{Lang: l.String()}
	w.summary(l.Pick)
	w.details(l.Pick)
	w.lists(l == text.Dutch)
	return w
}

// summary are the words of the summary.
func (w *words) summary(p func(english, dutch string) string) {
	w.Calls = p("calls", "gesprekken")
	w.Spent = p("spent", "uitgegeven")
	w.Saved = p("saved", "bespaard")
	w.WouldSave = p("would have saved", "zou bespaard zijn")
	w.Decisions = p("What was decided", "Wat is besloten")
	w.Alerted = p("alerted", "gemeld")
	w.Refused = p("refused", "geweigerd")
	w.Ended = p("ended", "beëindigd")
	w.Alerts = p("alerts", "meldingen")
	w.ByRule = p("By rule", "Per regel")
	w.ByAccount = p("By account", "Per toestel")
	w.ByDay = p("By day", "Per dag")
	w.Rule = p("rule", "regel")
	w.Cause = p("cause", "oorzaak")
	w.Account = p("account", "toestel")
	w.Country = p("country", "land")
	w.Day = p("day", "dag")
	w.Money = p("money", "geld")
	w.Kept = p("kept", "behouden")
	w.Stopped = p("stopped", "gestopt")
	w.Told = p("told", "verteld")
	w.Others = p("others", "overige")
	w.Number = p("number", "nummer")
	w.Calibration = p("How sure it was", "Hoe zeker het was")
	w.CalibrationWhy = p("Calls by their probability of fraud, how many frauds that makes one expect, and, where the truth is known, how many there were.",
		"Gesprekken naar hun kans op fraude, hoeveel fraude dat doet verwachten en, waar de waarheid bekend is, hoeveel het er waren.")
	w.Probability = p("probability", "kans")
	w.Expected = p("expected", "verwacht")
	w.Confirmed = p("were fraud", "waren fraude")
	w.Top = p("Most worth a look", "Het meest een blik waard")
	w.TopWhy = p("One call of each story: the same account calling the same kind of destination.",
		"Eén gesprek van elk verhaal: hetzelfde toestel dat dezelfde soort bestemming belt.")
	w.Brake = p("The brake", "De rem")
	w.BrakeShort = p("brake", "rem")
	w.Safety = p("Calls that may never be refused", "Gesprekken die nooit geweigerd mogen worden")
	w.Social = p("%s calls to helplines and the like passed, %s refused",
		"%s gesprekken met hulplijnen en dergelijke doorgelaten, %s geweigerd")
	w.Reading = p("What was read", "Wat is gelezen")
	w.Settings = p("Settings", "Instellingen")
	w.Mode = p("mode", "stand")
}

// details are the words of the page, of one decision and of a comparison.
func (w *words) details(p func(english, dutch string) string) {
	w.RefuseCost = p("cost of a wrong refusal", "prijs van een onterechte weigering")
	w.Off = p("off", "uit")
	w.EmptyTitle = p("No calls", "Geen gesprekken")
	w.Empty = p("There was not one call in what was read, so there was nothing to judge. `belwacht records FILE` shows how the rows of a file are understood; most often it is another format, an empty export or the wrong file.",
		"Er stond geen enkel gesprek in wat is gelezen, dus er viel niets te beoordelen. `belwacht records BESTAND` laat zien hoe de regels van een bestand worden begrepen; meestal is het een ander formaat, een lege export of het verkeerde bestand.")
	w.Quiet = p("Nothing suspicious: every call fits what its extension usually does and what the limits allow. That is good news, and an ordinary result; it says nothing about calls that are not in these records.",
		"Niets verdachts: elk gesprek past bij wat het toestel gewoonlijk doet en bij wat de grenzen toestaan. Dat is goed nieuws en een gewone uitkomst; over gesprekken die niet in deze gegevens staan, zegt het niets.")
	w.Destinations = p("Destinations", "Bestemmingen")
	w.Networks = p("Satellite and international networks", "Satelliet- en internationale netwerken")
	w.Timeline = p("What was refused, ended and alerted", "Wat is geweigerd, beëindigd en gemeld")
	w.MoneyTime = p("Money", "Geld")
	w.Figures = p("The same in figures", "Hetzelfde in cijfers")
	w.Evidence = p("Evidence", "Aanwijzingen")
	w.Bits = p("bits", "bits")
	w.Private = p("This page holds telephone numbers: it is for those who may see them.",
		"Deze pagina bevat telefoonnummers: zij is voor wie die mag zien.")
	w.Skip = p("Skip to the figures", "Naar de cijfers")
	w.Helpline = p("a helpline", "een hulplijn")
	w.NotCounted = p("not counted", "niet meegeteld")
	w.When = p("when", "wanneer")
	w.Said = p("only said, not carried out", "alleen gezegd, niet uitgevoerd")
	w.PageTitle = p("What the replay found", "Wat het naspelen liet zien")
	w.CalibrationBar = p("The bar is the share that was fraud, the mark what was said beforehand.",
		"De balk is het deel dat fraude was, het streepje wat vooraf werd gezegd.")
}

// lists are the words that come in a row.
func (w *words) lists(dutch bool) {
	w.Weekdays = [...]string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}
	w.Months = [...]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}
	w.Families = [...]string{"destination", "amount", "time", "sequence", "source", "list"}
	w.Classes = [...]string{"unknown", "emergency", "helpline", "freephone", "geographic", "mobile", "shared cost", "premium", "personal", "satellite", "international network", "short code", "internal"}
	w.Changes = [...]string{"Newly stopped", "No longer stopped", "Newly alerted", "No longer alerted", "Newly watched", "No longer watched", "Stopped in another way"}
	if dutch {
		w.Weekdays = [...]string{"ma", "di", "wo", "do", "vr", "za", "zo"}
		w.Months = [...]string{"jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"}
		w.Families = [...]string{"bestemming", "hoeveelheid", "tijd", "volgorde", "bron", "lijst"}
		w.Classes = [...]string{"onbekend", "noodnummer", "hulplijn", "gratis", "vast", "mobiel", "gedeeld tarief", "duur (0900)", "persoonlijk", "satelliet", "internationaal netwerk", "kort nummer", "intern"}
		w.Changes = [...]string{"Nieuw gestopt", "Niet langer gestopt", "Nieuw gemeld", "Niet langer gemeld", "Nieuw in de gaten", "Niet langer in de gaten", "Anders gestopt"}
	}
}
