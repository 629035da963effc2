package text

import (
	"strings"

	"github.com/belwacht/belwacht"
)

// signs are the sentences of what is told and is no single call; docs/causes.md has the same list.
func signs(code string) (english, dutch string) {
	switch code {
	case "login.scan":
		return "Somebody tries the passwords of many accounts from one address", "Iemand probeert vanaf één adres de wachtwoorden van veel accounts"
	case "login.guessing":
		return "Somebody guesses the password of an account, or a telephone has a wrong one", "Iemand raadt het wachtwoord van een account, of een toestel heeft een verkeerd wachtwoord"
	case "login.spraying":
		return "Far more addresses than usual fail to log in, each a few times", "Veel meer adressen dan normaal proberen vergeefs aan te melden, elk een paar keer"
	case "login.forced":
		return "After failed attempts somebody logged in from a network that is new to the account: change its password",
			"Na mislukte pogingen meldde iemand zich aan vanaf een netwerk dat nieuw is voor het account: wijzig het wachtwoord"
	case "login.strange":
		return "Somebody logged in from a country that is new to the account: is it its owner?", "Iemand meldde zich aan vanuit een land dat nieuw is voor het account: is het de eigenaar?"
	case "login.tool":
		return "Somebody logged in with a program that attackers use: change the password", "Iemand meldde zich aan met een programma dat aanvallers gebruiken: wijzig het wachtwoord"
	case "login.unknown":
		return "A device in the house tries accounts that do not exist", "Een apparaat in huis probeert accounts die niet bestaan"
	case "login.manager":
		return "Log-ins at the management of the telephone system, or of Belwacht itself, fail", "Aanmeldingen bij het beheer van de telefooncentrale of van Belwacht zelf mislukken"
	case "voicemail.guessing":
		return "Somebody may be guessing the PIN of a voicemail box", "Iemand raadt misschien de pincode van een voicemailbox"
	case "trunk.flapping":
		return "The telephone system loses its registration at the provider again and again", "De telefooncentrale verliest telkens haar aanmelding bij de provider"
	case "pbx.restart":
		return "The telephone system began anew and nobody had stopped it", "De telefooncentrale is opnieuw begonnen zonder dat iemand haar had gestopt"
	case "phones.anew":
		return "Many telephones registered anew at once, and nothing says why: was there a power cut?", "Veel toestellen meldden zich tegelijk opnieuw aan, zonder bekende oorzaak: viel de stroom uit?"
	case "far.refusals":
		return "Far more calls abroad than usual are refused by other networks", "Andere netwerken weigeren veel meer gesprekken naar het buitenland dan normaal"
	case "pbx.slow":
		return "The telephone system answers far more slowly than is usual at this hour", "De telefooncentrale antwoordt veel trager dan normaal is op dit uur"
	case "trunk.slow":
		return "The provider answers far more slowly than is usual at this hour", "De provider antwoordt veel trager dan normaal is op dit uur"
	case "feed.gap":
		return "The telephone system says nothing: calls may pass unseen", "De telefooncentrale laat niets horen: gesprekken kunnen ongezien voorbijgaan"
	}
	return "", ""
}

// Sign is the sentence of a sign: its cause, who it is about, how many there were, and where they came from (see Where). who is a stranger's string; n is 0 where
// there is nothing to count. Of feed.gap n is seconds.
func Sign(l Language, cause, who, where string, n int64) string {
	var details []string
	if who = Clean(who, 40); who != "" {
		details = append(details, who)
	}
	if n > 0 {
		details = append(details, counted(l, cause, n))
	}
	if where != "" {
		details = append(details, l.Pick("from ", "vanaf ")+where)
	}
	s := Cause(l, cause)
	ask := strings.HasSuffix(s, "?")
	if len(details) > 0 {
		s = strings.TrimSuffix(s, "?") + " (" + strings.Join(details, ", ") + ")"
		if ask {
			s += "?"
		}
	}
	if ask {
		return s
	}
	return s + "."
}

// counted says how many there were of what a sign counts.
func counted(l Language, cause string, n int64) string {
	switch cause {
	case "login.spraying":
		return Plural(l, n, l.Pick("address within an hour", "adres binnen een uur"), l.Pick("addresses within an hour", "adressen binnen een uur"))
	case "login.forced":
		return Plural(l, n, l.Pick("failed log-in", "mislukte aanmelding"), l.Pick("failed log-ins", "mislukte aanmeldingen"))
	case "voicemail.guessing":
		return Plural(l, n, l.Pick("short call or wrong PIN within an hour", "kort gesprek of verkeerde pincode binnen een uur"),
			l.Pick("short calls or wrong PINs within an hour", "korte gesprekken of verkeerde pincodes binnen een uur"))
	case "trunk.flapping":
		return Plural(l, n, l.Pick("time within an hour", "keer binnen een uur"), l.Pick("times within an hour", "keer binnen een uur"))
	case "phones.anew":
		return Plural(l, n, l.Pick("telephone within two minutes", "toestel binnen twee minuten"), l.Pick("telephones within two minutes", "toestellen binnen twee minuten"))
	case "far.refusals":
		return Plural(l, n, l.Pick("call within an hour", "gesprek binnen een uur"), l.Pick("calls within an hour", "gesprekken binnen een uur"))
	case "feed.gap":
		return Seconds(l, n)
	case "pbx.slow", "trunk.slow":
		return Count(l, n) + " ms"
	}
	return Plural(l, n, l.Pick("failed log-in within an hour", "mislukte aanmelding binnen een uur"), l.Pick("failed log-ins within an hour", "mislukte aanmeldingen binnen een uur"))
}

// Where names an address: "203.0.113.9 in Moldova, Example Net". name is that of its network as a table has it, or "".
func Where(l Language, address string, country belwacht.Country, name string, inside bool) string {
	s := Clean(address, 60)
	if inside {
		return s + l.Pick(" in your own network", " in het eigen netwerk")
	}
	if country.Index() != 0 {
		s += " in " + Country(l, country)
	}
	if name != "" {
		s += ", " + Clean(name, 40)
	}
	return s
}
