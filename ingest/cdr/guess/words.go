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
// those of exports of PBXs and hosted telephony in English, Dutch and German, and some of French, Spanish and Italian.
var names = [roles][]string{
	start: {"start", "starttime", "startdatetime", "startdate", "starttimestamp", "startstamp", "startedat", "started", "callstart", "callstarttime", "calldate", "calldatetime",
		"datetime", "dateandtime", "datetimestamp", "timestamp", "begin", "begintime", "begintijd", "starttijd", "starttijdstip", "startdatum", "datumtijd", "datumentijd",
		"tijdstip", "datumuhrzeit", "datumzeit", "beginn", "startzeit", "zeitpunkt", "setuptime", "setup", "initiated", "initiatedat", "inittime", "createdat", "calledat",
		"calltime", "dialtime", "time", "tijd", "zeit", "date", "datum",
		"debut", "heuredebut", "datedebut", "dateheure", "dateetheure", "datedelappel", "dateappel", "horodatage", "fechayhora", "fechahora", "inicio", "horainicio", "fechainicio", "dataora", "dataeora", "inizio", "orainizio", "fecha", "data"},
	date: {"date", "calldate", "datum", "day", "startdate", "startdatum", "dag",
		"jour", "fecha", "dia", "data", "giorno"},
	clock: {"time", "tijd", "uhrzeit", "zeit", "calltime", "starttime", "starttijd", "tijdstip", "timeofday", "startzeit",
		"heure", "hora", "ora"},
	answer: {"answer", "answertime", "answeredat", "answered", "answerstamp", "connect", "connecttime", "connectedat", "conversationstart", "beantwoordom", "opgenomenom", "angenommenum", "verbunden"},
	end: {"end", "endtime", "enddatetime", "endedat", "ended", "endstamp", "enddate", "hangup", "hanguptime", "disconnecttime", "disconnected", "stop", "stoptime", "finished", "released", "eind", "eindtijd", "einde", "ende", "endzeit",
		"fin", "heurefin", "fine"},
	talk: {"billsec", "billseconds", "billableseconds", "billsecs", "talk", "talktime", "talkduration", "talkingtime", "talksec", "talkseconds", "conversationduration", "conversationtime", "connectedtime", "billedduration", "billduration", "gespreksduur", "gespreksseconden", "sprechzeit", "gesprachsdauer", "gespraechsdauer",
		"talking", "dureeconversation", "dureecommunication", "tiempoconversacion", "duracionconversacion", "durataconversazione"},
	length: {"duration", "durationsec", "durationsecs", "durationseconds", "durations", "callduration", "totalduration", "calllength", "length", "seconds", "secs", "sec", "elapsed", "duur", "duurmin", "duurminuten", "duursec", "seconden", "dauer", "dauermin", "dauerminuten", "dauersek", "sekunden",
		"minutes", "minuten", "min", "duree", "dureeappel", "duracion", "durata", "secondes", "segundos", "secondi"},
	extension: {"extension", "ext", "extensionnumber", "callerextension", "callerext", "fromextension", "fromext", "sourceextension", "srcextension", "user", "username", "fromuser", "srcuser", "agent", "station", "toestel", "toestelnummer", "intern", "internnummer", "nebenstelle", "gebruiker",
		"poste", "anexo", "interno", "utilisateur", "usuario", "utente"},
	from: {"from", "caller", "callerid", "calleridnumber", "callernumber", "callingnumber", "callingparty", "callingpartynumber", "calling", "src", "source", "sourcenumber", "fromnumber", "fromphone", "fromphonenumber", "originator", "origin", "originatingnumber", "cli", "ani", "anumber", "aparty", "anummer", "van", "vannummer", "beller", "anrufer", "rufnummeranrufer", "absender", "bron", "lijn", "callerphone",
		"quelle", "anrufendenummer", "appelant", "numeroappelant", "emetteur", "origen", "llamante", "numeroorigen", "chiamante", "numerochiamante"},
	called: {"to", "called", "callednumber", "calledparty", "calledpartynumber", "callee", "calleenumber", "calleeid", "dst", "dest", "destination", "destinationnumber", "dialed", "dialled", "dialednumber", "dialednum", "dialeddigits", "dialledno", "diallednumber", "tonumber", "tophone", "tophonenumber", "bnumber", "bparty", "bnummer", "recipient", "receiver", "target", "dnis", "dstuser", "naar", "naarnummer", "gebeld", "gebeldnummer", "bestemming", "bestemmingsnummer", "kiesnummer", "angerufener", "zielrufnummer", "zielnummer", "ziel", "gewahltenummer", "gewaehltenummer", "rufnummer", "nummer", "number", "phonenumber", "telefoonnummer",
		"appele", "numeroappele", "numerocompose", "destinataire", "destino", "numerodestino", "numeromarcado", "llamado", "numerollamado", "chiamato", "numerochiamato", "destinazione", "destinatario"},
	direction: {"direction", "calldirection", "inout", "richting", "richtung", "anrufrichtung", "calltype", "type", "soort", "typ",
		"sens", "direccion", "sentido", "direzione", "tipo"},
	disposition: {"disposition", "result", "callresult", "outcome", "status", "callstatus", "finalstatus", "state", "hangupcause", "terminationreason", "endreason", "releasecause", "cause", "sipreason", "reason", "answered", "isanswered", "beantwoord", "resultaat", "ergebnis", "anrufstatus",
		"statut", "resultat", "estado", "resultado", "stato", "esito"},
	id:     {"uniqueid", "callid", "cdrid", "calluuid", "uuid", "id", "recordid", "callref", "callreference", "referentie", "gespreksid", "reference"},
	link:   {"linkedid", "conversationid", "parentcallid", "correlationid", "sessionid", "historyid"},
	trunk:  {"trunk", "trunkname", "outtrunk", "gateway", "carrier", "outboundtrunk", "provider"},
	person: {"callername", "calleridname", "fromname", "sourcename", "clid", "naambeller", "name"},
}

// hidden is what stands where a caller's number is not shown, totals what a line of totals begins with.
var (
	hidden = []string{"anonymous", "unknown", "private", "withheld", "restricted", "unavailable", "anoniem", "onbekend", "afgeschermd", "prive", "anonym", "unbekannt", "unterdruckt", "anonyme",
		"inconnu", "masque", "anonimo", "desconocido", "privado", "oculto", "sconosciuto", "privato"}
	totals = []string{"total", "totaal", "sum", "som", "gesamt"}
)

// plain takes marks off the letters that stand in such names.
var plain = strings.NewReplacer("ä", "a", "ö", "o", "ü", "u", "é", "e", "è", "e", "ë", "e", "ï", "i", "ß", "ss", "Ä", "a", "Ö", "o", "Ü", "u", "á", "a", "à", "a", "â", "a", "ç", "c", "ê", "e", "í", "i", "ì", "i",
	"î", "i", "ñ", "n", "ó", "o", "ò", "o", "ô", "o", "ú", "u", "ù", "u", "û", "u", "É", "e", "Ó", "o")

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
		{"out", "out"}, {"uit", "out"}, {"ausg", "out"}, {"abg", "out"}, {"made", "out"}, {"placed", "out"}, {"dial", "out"}, {"originat", "out"}, {"mo", "out"}, {"sort", "out"}, {"sal", "out"}, {"usc", "out"},
		{"inte", "internal"}, {"exten", "internal"}, {"local", "internal"},
		{"in", "in"}, {"eing", "in"}, {"ank", "in"}, {"receiv", "in"}, {"ontvang", "in"}, {"terminat", "in"}, {"mt", "in"}, {"missed", "in"}, {"gemist", "in"}, {"entr", "in"},
	}
	fates = []struct{ part, is string }{
		{"noanswer", "no_answer"}, {"notanswer", "no_answer"}, {"unanswer", "no_answer"}, {"geenantwoord", "no_answer"}, {"geengehoor", "no_answer"}, {"onbeantwoord", "no_answer"},
		{"nietbeantwoord", "no_answer"}, {"nietopgenomen", "no_answer"}, {"nichtangenommen", "no_answer"}, {"unbeantwortet", "no_answer"}, {"nichtbeantwortet", "no_answer"},
		{"keineantwort", "no_answer"}, {"missed", "no_answer"}, {"gemist", "no_answer"}, {"verpasst", "no_answer"}, {"timeout", "no_answer"}, {"abandon", "no_answer"},
		{"nichtverbunden", "no_answer"}, {"nonrepond", "no_answer"}, {"sansreponse", "no_answer"}, {"manque", "no_answer"}, {"nocontest", "no_answer"}, {"sincontest", "no_answer"},
		{"perdida", "no_answer"}, {"nonrispost", "no_answer"}, {"senzarisposta", "no_answer"}, {"persa", "no_answer"}, {"occup", "busy"}, {"ocupad", "busy"},
		{"busy", "busy"}, {"bezet", "busy"}, {"besetzt", "busy"}, {"reject", "busy"}, {"declin", "busy"}, {"geweigerd", "busy"}, {"abgelehnt", "busy"},
		{"cancel", "cancelled"}, {"hangup", "cancelled"}, {"abgebrochen", "cancelled"}, {"afgebroken", "cancelled"},
		{"congest", "congestion"}, {"overbelast", "congestion"}, {"fail", "failed"}, {"mislukt", "failed"}, {"fehl", "failed"}, {"error", "failed"}, {"unavail", "failed"}, {"notfound", "failed"},
		{"answer", "answered"}, {"accept", "answered"}, {"connect", "answered"}, {"complet", "answered"}, {"success", "answered"}, {"beantwoord", "answered"}, {"beantwortet", "answered"},
		{"opgenomen", "answered"}, {"aangenomen", "answered"}, {"angenommen", "answered"}, {"gesprek", "answered"}, {"verbunden", "answered"}, {"repond", "answered"}, {"contest", "answered"}, {"rispost", "answered"}, {"ok", "answered"}, {"voicemail", "answered"},
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
	case "true", "yes", "ja", "oui", "si":
		return "answered"
	case "false", "no", "nee", "nein", "non":
		return "no_answer"
	}
	for _, f := range fates {
		if strings.Contains(word, f.part) {
			return f.is
		}
	}
	return ""
}
