package text

import (
	"fmt"

	"github.com/belwacht/belwacht"
)

// Word begins the sentence of a decision: what was done, or what would have been.
func Word(l Language, w belwacht.Word, enforced bool) string {
	switch {
	case w == belwacht.Refuse && enforced:
		return l.Pick("Refused", "Geweigerd")
	case w == belwacht.Refuse:
		return l.Pick("Would be refused", "Zou geweigerd zijn")
	case w == belwacht.EndNow && enforced:
		return l.Pick("Ended", "Beëindigd")
	case w == belwacht.EndNow:
		return l.Pick("Would be ended", "Zou beëindigd zijn")
	case w == belwacht.Warn:
		return l.Pick("Let through, please look", "Doorgelaten, kijk hiernaar")
	case w == belwacht.Watch:
		return l.Pick("Let through and watched", "Doorgelaten en gevolgd")
	default:
		return l.Pick("Let through", "Doorgelaten")
	}
}

// causes are the sentences of the causes that speak for themselves; docs/causes.md has the same list. Causes "rule.…" have the clauses of
// their evidence instead.
func causes(code string) (english, dutch string) {
	switch code {
	case "emergency":
		return "An emergency call: it always goes through", "Een noodoproep: die gaat altijd door"
	case "feedback.fine":
		return "Somebody said that calls like this are fine", "Iemand heeft gezegd dat zulke gesprekken in orde zijn"
	case "feedback.fraud":
		return "Somebody said that calls like this are fraud", "Iemand heeft gezegd dat zulke gesprekken fraude zijn"
	case "brake.night":
		return "The night's sum for dear numbers and new countries is used up on this trunk", "Het bedrag per nacht voor dure nummers en nieuwe landen is op deze lijn op"
	case "limit.class":
		return "The owner does not allow this kind of number", "De eigenaar staat dit soort nummers niet toe"
	case "limit.country":
		return "The owner does not allow calls to this country", "De eigenaar staat gesprekken naar dit land niet toe"
	case "limit.hours":
		return "The owner does not allow calls at this hour", "De eigenaar staat op dit uur geen gesprekken toe"
	case "limit.at-once":
		return "The owner's limit of calls at once is reached", "De grens van de eigenaar voor gesprekken tegelijk is bereikt"
	case "limit.at-once-abroad":
		return "The owner's limit of calls abroad at once is reached", "De grens van de eigenaar voor gesprekken tegelijk naar het buitenland is bereikt"
	case "limit.longest":
		return "The call has lasted as long as the owner allows", "Het gesprek heeft zo lang geduurd als de eigenaar toestaat"
	case "limit.calls.hour":
		return "The owner's limit of calls an hour is reached", "De grens van de eigenaar voor gesprekken per uur is bereikt"
	case "limit.calls.day":
		return "The owner's limit of calls a day is reached", "De grens van de eigenaar voor gesprekken per dag is bereikt"
	case "limit.calls.month":
		return "The owner's limit of calls a month is reached", "De grens van de eigenaar voor gesprekken per maand is bereikt"
	case "limit.minutes.hour":
		return "The owner's limit of minutes an hour is reached", "De grens van de eigenaar voor minuten per uur is bereikt"
	case "limit.minutes.day":
		return "The owner's limit of minutes a day is reached", "De grens van de eigenaar voor minuten per dag is bereikt"
	case "limit.minutes.month":
		return "The owner's limit of minutes a month is reached", "De grens van de eigenaar voor minuten per maand is bereikt"
	case "limit.money.hour":
		return "The owner's limit of money an hour is reached", "De grens van de eigenaar voor geld per uur is bereikt"
	case "limit.money.day":
		return "The owner's limit of money a day is reached", "De grens van de eigenaar voor geld per dag is bereikt"
	case "limit.money.month":
		return "The owner's limit of money a month is reached", "De grens van de eigenaar voor geld per maand is bereikt"
	case "limit.near":
		return "A limit of the owner will soon be reached", "Een grens van de eigenaar is bijna bereikt"
	}
	return "", ""
}

// Cause is the sentence of a cause, without its full stop; empty where the evidence speaks.
func Cause(l Language, code string) string { return l.Pick(causes(code)) }

// Estimated marks a price that no rate deck says.
func Estimated(l Language) string { return l.Pick(", estimated", ", geschat") }

// Odds closes a sentence of evidence: the chance of fraud, what is at risk, and how much history it was held against.
func Odds(l Language, p float64, risk belwacht.Money, days, calls float32) string {
	share := Percent(l, p, 1)
	if p >= 0.9995 {
		share = l.Pick("over 99.9 %", "meer dan 99,9 %")
	}
	return fmt.Sprintf(l.Pick("Fraud %s, %s at risk in ten minutes (known for %d days, %d calls).", "Fraude %s, %s op het spel in tien minuten (%d dagen bekend, %d gesprekken)."),
		share, Money(l, risk, "EUR"), int(days), int(calls))
}
