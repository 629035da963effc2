package text

import (
	"fmt"
	"strings"

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

// Look begins a sentence on something that a person should look at and that is no call of ours.
func Look(l Language) string { return l.Pick("Please look", "Kijk hiernaar") }

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
	case "lock.account":
		return "This account is locked: only emergency and social numbers and calls inside go through", "Dit toestel is geblokkeerd: alleen noodnummers, hulplijnen en interne gesprekken gaan door"
	case "panic":
		return "The panic switch is on: no calls abroad, to paid numbers or to networks", "De noodknop staat aan: geen gesprekken naar het buitenland, betaalde nummers of netwerken"
	case "engine.late":
		return "No verdict came in time, and calls like this do not pass without one", "Er kwam niet op tijd een oordeel, en zonder oordeel gaan zulke gesprekken niet door"
	case "engine.bypassed":
		return "A call that was refused was dialled all the same, and is ended", "Een geweigerd gesprek werd toch gekozen, en wordt beëindigd"
	case "limit.near":
		return "A limit of the owner will soon be reached", "Een grens van de eigenaar is bijna bereikt"
	}
	return signs(code)
}

// Cause is the sentence of a cause, without its full stop; empty where the evidence speaks.
func Cause(l Language, code string) string { return l.Pick(causes(code)) }

// Near says that so much of a limit is used, or is forecast to be; of is the cause with which the limit refuses, or "bill". A limit that is
// reached has its own sentence.
func Near(l Language, of string, percent int) string {
	if of == "bill" {
		return fmt.Sprintf(l.Pick("At this pace the month will cost %d %% of the usual bill", "In dit tempo kost de maand %d %% van de gewone rekening"), percent)
	}
	if percent >= 100 {
		return Cause(l, of)
	}
	return fmt.Sprintf(l.Pick("%d %% of the owner's limit of %s is used", "%d %% van de grens van de eigenaar voor %s is gebruikt"), percent, l.Pick(amount(of)))
}

// amount names what a limit counts.
func amount(cause string) (english, dutch string) {
	switch cause {
	case "limit.at-once":
		return "calls at once", "gesprekken tegelijk"
	case "limit.at-once-abroad":
		return "calls abroad at once", "gesprekken tegelijk naar het buitenland"
	case "limit.calls.hour":
		return "calls an hour", "gesprekken per uur"
	case "limit.calls.day":
		return "calls a day", "gesprekken per dag"
	case "limit.calls.month":
		return "calls a month", "gesprekken per maand"
	case "limit.minutes.hour":
		return "minutes an hour", "minuten per uur"
	case "limit.minutes.day":
		return "minutes a day", "minuten per dag"
	case "limit.minutes.month":
		return "minutes a month", "minuten per maand"
	case "limit.money.hour":
		return "money an hour", "geld per uur"
	case "limit.money.day":
		return "money a day", "geld per dag"
	case "limit.money.month":
		return "money a month", "geld per maand"
	}
	return "calls", "gesprekken"
}

// Scope names whose limit it is: "organisation", "group NAME", "trunk NAME", or an account's name.
func Scope(l Language, scope string) string {
	if l != Dutch {
		return scope
	}
	if scope == "organisation" {
		return "organisatie"
	}
	if name, ok := strings.CutPrefix(scope, "group "); ok {
		return "groep " + name
	}
	if name, ok := strings.CutPrefix(scope, "trunk "); ok {
		return "lijn " + name
	}
	return scope
}

// Estimated marks a price that no rate deck says.
func Estimated(l Language) string { return l.Pick(", estimated", ", geschat") }

// Odds closes a sentence of evidence: the chance of fraud, what is at risk in a currency (ISO 4217, "" = EUR), and how much history it was held
// against.
func Odds(l Language, p float64, risk belwacht.Money, currency string, days, calls float32) string {
	share := Percent(l, p, 1)
	if p >= 0.9995 {
		share = l.Pick("over 99.9 %", "meer dan 99,9 %")
	}
	return fmt.Sprintf(l.Pick("Fraud %s, %s at risk in ten minutes (known for %s, %s).", "Fraude %s, %s op het spel in tien minuten (%s bekend, %s)."),
		share, Money(l, risk, currency), Plural(l, int64(days), l.Pick("day", "dag"), l.Pick("days", "dagen")), Plural(l, int64(calls), l.Pick("call", "gesprek"), l.Pick("calls", "gesprekken")))
}
