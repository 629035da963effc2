package text

import "slices"

// problems are what `status` and the health page say that somebody should look at, and how a source of calls is doing, in English as it is said and in Dutch; see notes.
func problems() [][2]string {
	return append([][2]string{
		{"the configuration was not taken, and the old one is in use: %s", "de configuratie is niet overgenomen; de oude geldt nog: %s"},
		{"no PBX is named in the configuration (pbx:), so nothing is guarded yet", "in de configuratie staat geen PBX (pbx:), dus er wordt nog niets bewaakt"},
		{"the engine is stalled: no time has passed for it for more than %s", "de beoordeling staat stil: al meer dan %s ging er voor haar geen tijd voorbij"},
		{"%s of %s questions had no verdict in time", "%s van %s vragen kregen niet op tijd een oordeel"},
		{"%s call left without being asked of since the start", "%s gesprek ging naar buiten zonder dat het gevraagd is, sinds de start"},
		{"%s calls left without being asked of since the start", "%s gesprekken gingen naar buiten zonder dat het gevraagd is, sinds de start"},
		{"%s record tells of a call that nothing else told of since the start", "%s gespreksregel noemt een gesprek waar niets anders van wist, sinds de start"},
		{"%s records tell of calls that nothing else told of since the start", "%s gespreksregels noemen gesprekken waar niets anders van wist, sinds de start"},
		{"%s call was dialled although it was refused since the start", "%s gesprek werd gekozen hoewel het geweigerd was, sinds de start"},
		{"%s calls were dialled although they were refused since the start", "%s gesprekken werden gekozen hoewel ze geweigerd waren, sinds de start"},
		{"%s call that should have been ended was not since the start", "%s gesprek dat beëindigd moest worden is dat niet, sinds de start"},
		{"%s calls that should have been ended were not since the start", "%s gesprekken die beëindigd moesten worden zijn dat niet, sinds de start"},
		{"%s question had a wrong secret since the start", "%s vraag had een verkeerd geheim, sinds de start"},
		{"%s questions had a wrong secret since the start", "%s vragen hadden een verkeerd geheim, sinds de start"},
		{"alerts do not arrive by %s since %s: %s", "meldingen komen niet aan per %s sinds %s: %s"},
		{"%s alert was not told by %s since the start", "%s melding is niet verstuurd per %s, sinds de start"},
		{"%s alerts were not told by %s since the start", "%s meldingen zijn niet verstuurd per %s, sinds de start"},
	}, slices.Concat(feeds(), kept(), certificates())...)
}

// certificates are what keeps the console from having a certificate that browsers trust. What the authority says stays in its own words.
func certificates() [][2]string {
	return [][2]string{
		{"the console shows a certificate that signs itself, since there is none for %s yet: %s", "de console toont een certificaat dat zichzelf ondertekent, want er is er nog geen voor %s: %s"},
		{"the console shows a certificate that signs itself, since that for %s is over and cannot be renewed: %s",
			"de console toont een certificaat dat zichzelf ondertekent, want dat voor %s is verlopen en niet te verlengen: %s"},
		{"the console's certificate for %s ends on %s and cannot be renewed: %s", "het certificaat van de console voor %s verloopt op %s en is niet te verlengen: %s"},
		{"the authority cannot be reached: %s", "de certificaatautoriteit is niet te bereiken: %s"},
		{"the authority did not answer in time", "de certificaatautoriteit antwoordde niet op tijd"},
		{"web.acme.http: %s cannot be listened on: %s", "web.acme.http: op %s kan niet geluisterd worden: %s"},
	}
}

// feeds are how the feed of a PBX is doing.
func feeds() [][2]string {
	return [][2]string{
		{"the feed of PBX %s: %s; running calls cannot be ended there", "de gebeurtenissen van PBX %s: %s; lopende gesprekken zijn daar niet te beëindigen"},
		{"not started yet", "nog niet begonnen"},
		{"not read", "niet gelezen"},
		{"not connected yet", "nog niet verbonden"},
		{"not connected since %s", "niet verbonden sinds %s"},
		{"connected since %s", "verbonden sinds %s"},
		{"connected; the PBX takes %s s to answer", "verbonden; de PBX doet er %s s over om te antwoorden"},
		{"connected; the manager user may not do %s, so that something is not seen or cannot be ended",
			"verbonden; de managergebruiker mag %s niet, zodat er iets niet gezien wordt of niet te beëindigen is"},
		{"the PBX refuses the log-in; the manager user and its secret must be those of its manager.conf (belwacht connect writes both)",
			"de PBX weigert de aanmelding; managergebruiker en geheim moeten die van haar manager.conf zijn (belwacht connect schrijft beide)"},
		{"history, %s rows, in the last hour %s s after the call in the median, %s s at most", "geschiedenis, %s regels, in het laatste uur in het midden %s s na het gesprek, hoogstens %s s"},
		{"live, %s rows, in the last hour %s s after the call in the median, %s s at most", "bij, %s regels, in het laatste uur in het midden %s s na het gesprek, hoogstens %s s"},
		{"lost, %s rows, in the last hour %s s after the call in the median, %s s at most", "kwijt, %s regels, in het laatste uur in het midden %s s na het gesprek, hoogstens %s s"},
		{"history, %s rows", "geschiedenis, %s regels"},
		{"live, %s rows", "bij, %s regels"},
		{"lost, %s rows", "kwijt, %s regels"},
	}
}

// kept are what keeps the store and the memory from lasting.
func kept() [][2]string {
	return [][2]string{
		{"calls, decisions and alerts are not kept on disk: %s", "gesprekken, besluiten en meldingen worden niet op schijf bewaard: %s"},
		{"calls, decisions and alerts are not getting to disk: %s", "gesprekken, besluiten en meldingen komen niet op schijf: %s"},
		{"rows of the store were dropped since the start: %s", "sinds de start zijn regels voor de opslag verloren gegaan: %s"},
		{"old data cannot be let go: %s", "oude gegevens zijn niet te verwijderen: %s"},
		{"the disk of %s is full; make room, writing goes on by itself: %s", "de schijf van %s is vol; maak ruimte, het schrijven gaat vanzelf verder: %s"},
		{"another program holds %s; end it, writing goes on by itself: %s", "een ander programma houdt %s vast; beëindig het, het schrijven gaat vanzelf verder: %s"},
		{"%s is damaged; stop Belwacht and put a backup in its place: %s", "%s is beschadigd; stop Belwacht en zet er een reservekopie voor terug: %s"},
		{"%s cannot be written; look at the disk and the file's owner, writing goes on by itself: %s",
			"%s kan niet worden geschreven; kijk naar de schijf en de eigenaar van het bestand, het schrijven gaat vanzelf verder: %s"},
		{"the memory cannot be written into %s: %s; is the disk full?", "het geheugen kan niet in %s worden geschreven: %s; is de schijf vol?"},
		{"an old memory cannot be removed from %s: %s", "een oud geheugen kan niet uit %s worden verwijderd: %s"},
		{"%s cannot be written: %s; is the disk full?", "%s kan niet worden geschreven: %s; is de schijf vol?"},
		{"no space left on device", "er is geen ruimte meer op het apparaat"},
		{"permission denied", "geen toestemming"},
		{"read-only file system", "het bestandssysteem is alleen-lezen"},
	}
}
