package report

// words are the texts of terminal and page in one language. A test holds that no language lacks one and that both take the same
// placeholders.
type words struct {
	Lang string

	Calls, Out, In, Internal, Abroad, Spent, Saved, WouldSave       string
	Decisions, Allowed, Watched, Alerted, Refused, Ended, Alerts    string
	ByRule, ByCause, ByAccount, ByCountry, ByDay, ByHour            string
	Rule, Cause, Account, Country, Day, Week, Hour, Money, Kept     string
	Stopped, Told, Cost, Risk, Others, Price, Number, Decision      string
	Usual, Raised, High, Listed                                     string
	Calibration, CalibrationWhy, Probability, Expected, Confirmed   string
	Known, OfCalls                                                  string
	Top, TopWhy, More, MoreOne                                      string
	Brake, BrakeShort, BrakeOff, BrakeIdle, BrakeWorked, SavedWhy   string
	Watching, Sparks                                                string
	Safety, Emergency, EmergencyNone, EmergencyRefused, Social      string
	Reading, Zone, Format                                           string
	Settings, Mode, OfficeHours, None, RefuseCost, AlertCost, Rates string
	Off, Empty, EmptyTitle, Quiet, Hint                             string
	Learn, Monitor, Enforce                                         string

	HeatCalls, HeatMoney, HeatWhy, Destinations, DestinationsWhy    string
	Networks, Timeline, TimelineWhy, MoneyTime, MoneyTimeWhy        string
	Figures, Evidence, Bits, Less, Much, Private, Skip, MoneyGone   string
	Helpline, PerMinute, Estimate, Prior, Score, NotCounted, AtRisk string
	Value, UsualValue, Family, Observation, When, Who, Site         string
	History, Forwarded, Transferred, Trunked, Target, MaxSeconds    string
	Reference, RuleSet, Without, WithoutNone, Said, Carried         string
	Degraded, WouldBits, Talked, Root, Class, Direction, ID, Needed string

	NoCountry, Call, EmergencyTile, PageTitle, CalibrationBar       string
	CompareTitle, Before, After, CompareSame, CompareKnown, AndMore string
	CompareOverflow, CompareEmergency                               string
	Changes                                                         [changes]string

	// Weekdays from Monday, short; months from January, short.
	Weekdays [7]string
	Months   [12]string
	Families [6]string
	Classes  [13]string
}

// english are the words of the command line, and of the page unless Dutch is asked for.
func english() *words {
	return &words{
		Lang:  "en",
		Calls: "calls", Out: "out", In: "in", Internal: "internal", Abroad: "abroad and costly", Spent: "spent", Saved: "saved",
		WouldSave: "would have saved", Decisions: "What was decided", Allowed: "allowed", Watched: "watched", Alerted: "alerted",
		Refused: "refused", Ended: "ended", Alerts: "alerts",
		ByRule: "By rule", ByCause: "By cause", ByAccount: "By account", ByCountry: "By country", ByDay: "By day",
		ByHour: "By hour of the week",
		Rule:   "rule", Cause: "cause", Account: "account", Country: "country", Day: "day", Week: "week", Hour: "hour", Money: "money",
		Kept: "kept", Stopped: "stopped", Told: "told", Cost: "cost", Risk: "risk", Others: "others", Price: "price",
		Number: "number", Decision: "decision",
		Usual: "usual", Raised: "raised", High: "high", Listed: "listed",
		Calibration: "How sure it was",
		CalibrationWhy: "Calls by their probability of fraud, how many frauds that makes one expect, and, where the truth is known, how many " +
			"there were.",
		Probability: "probability", Expected: "expected", Confirmed: "were fraud", Known: "known", OfCalls: "of calls",
		Top:    "Most worth a look",
		TopWhy: "One call of each story: the same account calling the same kind of destination.",
		More:   "%s more like it, %s together", MoreOne: "one more like it, %s together",
		Brake:      "The brake",
		BrakeShort: "brake", SavedWhy: "carried out in every mode: the brake", Watching: "watched",
		Sparks:           "calls refused, ended or alerted, %s – %s, a column a %s",
		BrakeOff:         "The brake is switched off: in monitor and learn mode nothing bounds the loss of a night.",
		BrakeIdle:        "The brake (%s per night and trunk, in every mode) had nothing to do.",
		BrakeWorked:      "The brake (%s per night and trunk, in every mode) stopped %s calls and saved %s.",
		Safety:           "Calls that may never be refused",
		Emergency:        "%s emergency calls passed, 0 refused",
		EmergencyNone:    "no emergency calls were made",
		EmergencyRefused: "%s emergency calls passed, %s REFUSED: this must never be; please report it as a fault",
		Social:           "%s calls to helplines and the like passed, %s refused",
		Reading:          "What was read",
		Zone:             "time zone", Format: "format",
		Settings: "Settings", Mode: "mode", OfficeHours: "office hours", None: "none", RefuseCost: "cost of a wrong refusal",
		AlertCost: "cost of an alert", Rates: "rates", Off: "off",
		EmptyTitle: "No calls",
		Empty: "There was not one call in what was read, so there was nothing to judge. `belwacht records FILE` shows how the rows of " +
			"a file are understood; most often it is another format, an empty export or the wrong file.",
		Quiet: "Nothing suspicious: every call fits what its extension usually does and what the limits allow. That is good news, " +
			"and an ordinary result; it says nothing about calls that are not in these records.",
		Hint:  "belwacht explain ID --decisions FILE says of any call why it was decided so.",
		Learn: "learn", Monitor: "monitor", Enforce: "enforce",

		HeatCalls: "Calls by hour of the week", HeatMoney: "Money by hour of the week",
		HeatWhy: "Stronger is more. A ring marks hours in which calls were refused, ended or alerted.", Destinations: "Destinations",
		DestinationsWhy: "What was spent by country, dearest first. The green part is what was stopped.",
		Networks:        "Satellite and international networks", Timeline: "What was refused, ended and alerted",
		TimelineWhy: "Calls above watch, by %s.", MoneyTime: "Money",
		MoneyTimeWhy: "What was spent, and what was or would have been kept from being spent, by %s.",
		Figures:      "The same in figures", Evidence: "Evidence", Bits: "bits", Less: "less", Much: "more", MoneyGone: "spent",
		Private: "This page holds telephone numbers: it is for those who may see them.", Skip: "Skip to the figures",
		Helpline: "a helpline", PerMinute: "a minute", Estimate: "estimate", Prior: "before any evidence", Score: "together",
		NotCounted: "not counted", AtRisk: "at risk in ten minutes", Value: "seen", UsualValue: "usual", Family: "family",
		Observation: "observation", When: "when", Who: "account", Site: "site", History: "%s days, %s calls known of the account",
		Forwarded: "forwarded", Transferred: "transferred", Trunked: "trunk to trunk", Target: "hidden target",
		MaxSeconds: "longest", Reference: "reference", RuleSet: "rule set",
		Without:     "Without “%s” the probability would have been %s.",
		WithoutNone: "It was decided by %s: no evidence was needed.",
		Said:        "only said, not carried out", Carried: "carried out",
		Degraded:  "Part of the counters could not be reached; it was decided on what this node knew.",
		WouldBits: "with rules in monitor", Talked: "talked so far", Root: "begun by", Class: "class", Direction: "direction", ID: "call",
		Needed: "With %s at risk and %s as the cost of a wrong refusal, a call is refused from a probability of %s on (%s bits).",

		NoCountry: "short and emergency numbers", Call: "call", EmergencyTile: "emergency calls refused", PageTitle: "What the replay found",
		CalibrationBar: "The bar is the share that was fraud, the mark what was said beforehand.",
		CompareTitle:   "What the changed settings would do", Before: "now", After: "changed",
		CompareSame:  "The changed settings would decide each of the %s calls as the present ones do.",
		CompareKnown: ", %s of %s known ones fraud", AndMore: "and %s more",
		CompareOverflow:  "%s further calls above allow were not compared one by one; take a shorter time.",
		CompareEmergency: "%s EMERGENCY CALLS would be refused: this must never be; please report it as a fault.",
		Changes: [changes]string{"Newly stopped", "No longer stopped", "Newly alerted", "No longer alerted", "Newly watched",
			"No longer watched", "Stopped in another way"},

		Weekdays: [7]string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"},
		Months:   [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
		Families: [6]string{"destination", "amount", "time", "sequence", "source", "list"},
		Classes: [13]string{"unknown", "emergency", "helpline", "freephone", "geographic", "mobile", "shared cost", "premium", "personal",
			"satellite", "international network", "short code", "internal"},
	}
}

// dutch are the words of the page where the organisation's language is Dutch.
func dutch() *words {
	return &words{
		Lang:  "nl",
		Calls: "gesprekken", Out: "uit", In: "in", Internal: "intern", Abroad: "buitenland en duur", Spent: "uitgegeven",
		Saved: "bespaard", WouldSave: "zou bespaard zijn", Decisions: "Wat is besloten", Allowed: "doorgelaten",
		Watched: "in de gaten gehouden", Alerted: "gemeld", Refused: "geweigerd", Ended: "beëindigd", Alerts: "meldingen",
		ByRule: "Per regel", ByCause: "Per oorzaak", ByAccount: "Per toestel", ByCountry: "Per land", ByDay: "Per dag",
		ByHour: "Per uur van de week",
		Rule:   "regel", Cause: "oorzaak", Account: "toestel", Country: "land", Day: "dag", Week: "week", Hour: "uur", Money: "geld",
		Kept: "behouden", Stopped: "gestopt", Told: "verteld", Cost: "kosten", Risk: "risico", Others: "overige", Price: "prijs",
		Number: "nummer", Decision: "besluit",
		Usual: "gewoon", Raised: "verhoogd", High: "hoog", Listed: "op een lijst",
		Calibration: "Hoe zeker het was",
		CalibrationWhy: "Gesprekken naar hun kans op fraude, hoeveel fraude dat doet verwachten en, waar de waarheid bekend is, hoeveel het " +
			"er waren.",
		Probability: "kans", Expected: "verwacht", Confirmed: "waren fraude", Known: "bekend", OfCalls: "van de gesprekken",
		Top:    "Het meest een blik waard",
		TopWhy: "Eén gesprek van elk verhaal: hetzelfde toestel dat dezelfde soort bestemming belt.",
		More:   "nog %s zoals dit, samen %s", MoreOne: "nog één zoals dit, samen %s",
		Brake:      "De rem",
		BrakeShort: "rem", SavedWhy: "in elke stand uitgevoerd: de rem", Watching: "bekeken",
		Sparks:           "geweigerd, beëindigd of gemeld, %s – %s, een kolom per %s",
		BrakeOff:         "De rem staat uit: in monitor- en leerstand begrenst niets het verlies van een nacht.",
		BrakeIdle:        "De rem (%s per nacht en trunk, in elke stand) hoefde niets te doen.",
		BrakeWorked:      "De rem (%s per nacht en trunk, in elke stand) stopte %s gesprekken en bespaarde %s.",
		Safety:           "Gesprekken die nooit geweigerd mogen worden",
		Emergency:        "%s noodoproepen doorgelaten, 0 geweigerd",
		EmergencyNone:    "er waren geen noodoproepen",
		EmergencyRefused: "%s noodoproepen doorgelaten, %s GEWEIGERD: dit mag nooit; meld het alstublieft als fout",
		Social:           "%s gesprekken met hulplijnen en dergelijke doorgelaten, %s geweigerd",
		Reading:          "Wat is gelezen",
		Zone:             "tijdzone", Format: "formaat",
		Settings: "Instellingen", Mode: "stand", OfficeHours: "kantoortijden", None: "geen", RefuseCost: "prijs van een onterechte weigering",
		AlertCost: "prijs van een melding", Rates: "tarieven", Off: "uit",
		EmptyTitle: "Geen gesprekken",
		Empty: "Er stond geen enkel gesprek in wat is gelezen, dus er viel niets te beoordelen. `belwacht records BESTAND` laat zien hoe de " +
			"regels van een bestand worden begrepen; meestal is het een ander formaat, een lege export of het verkeerde bestand.",
		Quiet: "Niets verdachts: elk gesprek past bij wat het toestel gewoonlijk doet en bij wat de grenzen toestaan. Dat is goed nieuws en " +
			"een gewone uitkomst; over gesprekken die niet in deze gegevens staan, zegt het niets.",
		Hint:  "belwacht explain ID --decisions BESTAND zegt van elk gesprek waarom zo is besloten.",
		Learn: "leren", Monitor: "monitor", Enforce: "handhaven",

		HeatCalls: "Gesprekken per uur van de week", HeatMoney: "Geld per uur van de week",
		HeatWhy: "Sterker is meer. Een ring staat om uren waarin gesprekken zijn geweigerd, beëindigd of gemeld.", Destinations: "Bestemmingen",
		DestinationsWhy: "Wat is uitgegeven per land, de duurste eerst. Het groene deel is gestopt.",
		Networks:        "Satelliet- en internationale netwerken", Timeline: "Wat is geweigerd, beëindigd en gemeld",
		TimelineWhy: "Gesprekken boven ‘in de gaten gehouden’, per %s.", MoneyTime: "Geld",
		MoneyTimeWhy: "Wat is uitgegeven en wat behouden is of behouden zou zijn, per %s.",
		Figures:      "Hetzelfde in cijfers", Evidence: "Aanwijzingen", Bits: "bits", Less: "minder", Much: "meer", MoneyGone: "uitgegeven",
		Private: "Deze pagina bevat telefoonnummers: zij is voor wie die mag zien.", Skip: "Naar de cijfers",
		Helpline: "een hulplijn", PerMinute: "per minuut", Estimate: "schatting", Prior: "vóór elke aanwijzing", Score: "samen",
		NotCounted: "niet meegeteld", AtRisk: "op het spel in tien minuten", Value: "gezien", UsualValue: "gewoonlijk", Family: "familie",
		Observation: "waarneming", When: "wanneer", Who: "toestel", Site: "vestiging", History: "%s dagen, %s gesprekken van het toestel bekend",
		Forwarded: "doorgeschakeld", Transferred: "doorverbonden", Trunked: "van trunk naar trunk", Target: "verborgen doel",
		MaxSeconds: "ten hoogste", Reference: "kenmerk", RuleSet: "regels",
		Without:     "Zonder ‘%s’ zou de kans %s zijn geweest.",
		WithoutNone: "Het besluit kwam van %s: daar was geen aanwijzing voor nodig.",
		Said:        "alleen gezegd, niet uitgevoerd", Carried: "uitgevoerd",
		Degraded:  "Een deel van de tellers was niet bereikbaar; er is besloten op wat dit knooppunt wist.",
		WouldBits: "met regels in monitorstand", Talked: "al gesproken", Root: "begonnen door", Class: "soort", Direction: "richting", ID: "gesprek",
		Needed: "Met %s op het spel en %s als prijs van een onterechte weigering wordt geweigerd vanaf een kans van %s (%s bits).",

		NoCountry: "korte nummers en noodnummers", Call: "gesprek", EmergencyTile: "noodoproepen geweigerd", PageTitle: "Wat het naspelen liet zien",
		CalibrationBar: "De balk is het deel dat fraude was, het streepje wat vooraf werd gezegd.",
		CompareTitle:   "Wat de gewijzigde instellingen zouden doen", Before: "nu", After: "gewijzigd",
		CompareSame:  "De gewijzigde instellingen zouden over elk van de %s gesprekken hetzelfde besluiten als de huidige.",
		CompareKnown: ", %s van %s bekende fraude", AndMore: "en nog %s",
		CompareOverflow:  "%s verdere gesprekken zijn niet één voor één vergeleken; neem een kortere tijd.",
		CompareEmergency: "%s NOODOPROEPEN zouden worden geweigerd: dit mag nooit; meld het alstublieft als fout.",
		Changes: [changes]string{"Nieuw gestopt", "Niet langer gestopt", "Nieuw gemeld", "Niet langer gemeld", "Nieuw in de gaten",
			"Niet langer in de gaten", "Anders gestopt"},

		Weekdays: [7]string{"ma", "di", "wo", "do", "vr", "za", "zo"},
		Months:   [12]string{"jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"},
		Families: [6]string{"bestemming", "hoeveelheid", "tijd", "volgorde", "bron", "lijst"},
		Classes: [13]string{"onbekend", "noodnummer", "hulplijn", "gratis", "vast", "mobiel", "gedeeld tarief", "duur (0900)", "persoonlijk",
			"satelliet", "internationaal netwerk", "kort nummer", "intern"},
	}
}
