package guess

import "strings"

// role is what a column is.
type role uint8

const (
	start role = iota
	date
	clock
	answer
	end
	talk
	length // seconds of which it is not said whether ringing is among them
	extension
	from
	called
	direction
	disposition
	id
	link
	trunk
	person
	roles
)

// A name of a column is looked for as a whole first, in this order, then as a part of longer names. They are written as squeezed gives them. The words are
// those of exports of PBXs and hosted telephony in English, Dutch and German.
var names = [roles][]string{
	start: {"start", "starttime", "startdatetime", "startdate", "starttimestamp", "startstamp", "startedat", "started", "callstart", "callstarttime", "calldate", "calldatetime",
		"datetime", "dateandtime", "datetimestamp", "timestamp", "begin", "begintime", "begintijd", "starttijd", "starttijdstip", "startdatum", "datumtijd", "datumentijd",
		"tijdstip", "datumuhrzeit", "datumzeit", "beginn", "startzeit", "zeitpunkt", "setuptime", "setup", "initiated", "initiatedat", "inittime", "createdat", "calledat",
		"calltime", "dialtime", "time", "tijd", "zeit", "date", "datum"},
	date:        {"date", "calldate", "datum", "day", "startdate", "startdatum", "dag"},
	clock:       {"time", "tijd", "uhrzeit", "zeit", "calltime", "starttime", "starttijd", "tijdstip", "timeofday", "startzeit"},
	answer:      {"answer", "answertime", "answeredat", "answered", "answerstamp", "connect", "connecttime", "connectedat", "conversationstart", "beantwoordom", "opgenomenom", "angenommenum", "verbunden"},
	end:         {"end", "endtime", "enddatetime", "endedat", "ended", "endstamp", "enddate", "hangup", "hanguptime", "disconnecttime", "disconnected", "stop", "stoptime", "finished", "released", "eind", "eindtijd", "einde", "ende", "endzeit"},
	talk:        {"billsec", "billseconds", "billableseconds", "billsecs", "talk", "talking", "talktime", "talkduration", "talkingtime", "talksec", "talkseconds", "conversationduration", "conversationtime", "connectedtime", "billedduration", "billduration", "gespreksduur", "gespreksseconden", "sprechzeit", "gesprachsdauer", "gespraechsdauer"},
	length:      {"duration", "durationsec", "durationsecs", "durationseconds", "durations", "callduration", "totalduration", "calllength", "length", "seconds", "secs", "sec", "elapsed", "duur", "duursec", "seconden", "dauer", "dauersek", "sekunden"},
	extension:   {"extension", "ext", "extensionnumber", "callerextension", "callerext", "fromextension", "fromext", "sourceextension", "srcextension", "user", "username", "fromuser", "srcuser", "agent", "station", "toestel", "toestelnummer", "intern", "internnummer", "nebenstelle", "gebruiker"},
	from:        {"from", "caller", "callerid", "calleridnumber", "callernumber", "callingnumber", "callingparty", "callingpartynumber", "calling", "src", "source", "sourcenumber", "fromnumber", "fromphone", "fromphonenumber", "originator", "origin", "originatingnumber", "cli", "ani", "anumber", "aparty", "anummer", "van", "vannummer", "beller", "anrufer", "rufnummeranrufer", "absender", "bron", "lijn", "callerphone"},
	called:      {"to", "called", "callednumber", "calledparty", "calledpartynumber", "callee", "calleenumber", "calleeid", "dst", "dest", "destination", "destinationnumber", "dialed", "dialled", "dialednumber", "dialednum", "dialeddigits", "dialledno", "diallednumber", "tonumber", "tophone", "tophonenumber", "bnumber", "bparty", "bnummer", "recipient", "receiver", "target", "dnis", "dstuser", "naar", "naarnummer", "gebeld", "gebeldnummer", "bestemming", "bestemmingsnummer", "kiesnummer", "angerufener", "zielrufnummer", "zielnummer", "ziel", "gewahltenummer", "gewaehltenummer", "rufnummer", "nummer", "number", "phonenumber", "telefoonnummer"},
	direction:   {"direction", "calldirection", "inout", "richting", "richtung", "anrufrichtung", "calltype", "type", "soort", "typ"},
	disposition: {"disposition", "result", "callresult", "outcome", "status", "callstatus", "finalstatus", "state", "hangupcause", "terminationreason", "endreason", "releasecause", "cause", "sipreason", "reason", "answered", "isanswered", "beantwoord", "resultaat", "ergebnis", "anrufstatus"},
	id:          {"uniqueid", "callid", "cdrid", "calluuid", "uuid", "id", "recordid", "callref", "callreference", "referentie", "gespreksid", "reference"},
	link:        {"linkedid", "conversationid", "parentcallid", "correlationid", "sessionid", "historyid"},
	trunk:       {"trunk", "trunkname", "outtrunk", "gateway", "carrier", "outboundtrunk", "provider"},
	person:      {"callername", "calleridname", "fromname", "sourcename", "clid", "naambeller", "name"},
}

// plain takes marks off the letters that stand in such names.
var plain = strings.NewReplacer("ä", "a", "ö", "o", "ü", "u", "é", "e", "è", "e", "ë", "e", "ï", "i", "ß", "ss", "Ä", "a", "Ö", "o", "Ü", "u")

// squeezed is a column's name as it is compared: small letters and digits only.
func squeezed(name string) string {
	var b strings.Builder
	for _, c := range strings.ToLower(plain.Replace(name)) {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			b.WriteRune(c)
		}
	}
	return b.String()
}

// said are words of a direction and of a call's end that cdr does not know by itself, by what begins them.
var (
	ways = []struct{ begin, is string }{
		{"out", "out"}, {"uit", "out"}, {"ausg", "out"}, {"abg", "out"}, {"made", "out"}, {"placed", "out"}, {"dial", "out"}, {"originat", "out"}, {"mo", "out"},
		{"inte", "internal"}, {"exten", "internal"}, {"local", "internal"},
		{"in", "in"}, {"eing", "in"}, {"ank", "in"}, {"receiv", "in"}, {"ontvang", "in"}, {"terminat", "in"}, {"mt", "in"}, {"missed", "in"}, {"gemist", "in"},
	}
	fates = []struct{ part, is string }{
		{"noanswer", "no_answer"}, {"notanswer", "no_answer"}, {"unanswer", "no_answer"}, {"geenantwoord", "no_answer"}, {"geengehoor", "no_answer"}, {"onbeantwoord", "no_answer"},
		{"nietbeantwoord", "no_answer"}, {"nietopgenomen", "no_answer"}, {"nichtangenommen", "no_answer"}, {"unbeantwortet", "no_answer"}, {"nichtbeantwortet", "no_answer"},
		{"keineantwort", "no_answer"}, {"missed", "no_answer"}, {"gemist", "no_answer"}, {"verpasst", "no_answer"}, {"timeout", "no_answer"}, {"abandon", "no_answer"},
		{"busy", "busy"}, {"bezet", "busy"}, {"besetzt", "busy"}, {"reject", "busy"}, {"declin", "busy"}, {"geweigerd", "busy"}, {"abgelehnt", "busy"},
		{"cancel", "cancelled"}, {"hangup", "cancelled"}, {"abgebrochen", "cancelled"}, {"afgebroken", "cancelled"},
		{"congest", "congestion"}, {"overbelast", "congestion"}, {"fail", "failed"}, {"mislukt", "failed"}, {"fehl", "failed"}, {"error", "failed"}, {"unavail", "failed"}, {"notfound", "failed"},
		{"answer", "answered"}, {"accept", "answered"}, {"connect", "answered"}, {"complet", "answered"}, {"success", "answered"}, {"beantwoord", "answered"}, {"beantwortet", "answered"},
		{"opgenomen", "answered"}, {"aangenomen", "answered"}, {"angenommen", "answered"}, {"gesprek", "answered"}, {"ok", "answered"}, {"voicemail", "answered"},
	}
)

// way is the direction that a word means, "" where it means none.
func way(word string) string {
	word = squeezed(word)
	for _, w := range ways {
		if strings.HasPrefix(word, w.begin) {
			return w.is
		}
	}
	return ""
}

// fate is the end that a word means, "" where it means none.
func fate(word string) string {
	word = squeezed(word)
	switch word {
	case "true", "yes", "ja":
		return "answered"
	case "false", "no", "nee", "nein":
		return "no_answer"
	}
	for _, f := range fates {
		if strings.Contains(word, f.part) {
			return f.is
		}
	}
	return ""
}
