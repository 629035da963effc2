package text

import (
	"fmt"
	"strings"
)

// notes are what readers of call records say of a file or table, in English as they say it and in Dutch; %s is what it is said of. A note within a note, such
// as one of a file behind the file's name, is put into Dutch as well.
func notes() [][2]string {
	return [][2]string{
		{"the call records of PBX %s: %s", "de gespreksgegevens van PBX %s: %s"},
		{"the call records of PBX %s are not read", "de gespreksgegevens van PBX %s worden niet gelezen"},
		{"packed with %s", "ingepakt met %s"},
		{"read as %s", "gelezen als %s"},
		{"named twice, read once", "twee keer genoemd, één keer gelezen"},
		{"is empty and is left out", "is leeg en wordt overgeslagen"},
		{"rows are newest first and are read from the end", "de nieuwste regels staan vooraan; er wordt vanaf het einde gelezen"},
		{"the layout of the file, guessed from its columns (%s), is unverified: compare a call or two",
			"de indeling van het bestand is geraden uit de kolommen (%s) en niet geverifieerd: vergelijk een paar gesprekken"},
		{"the layout of %s is unverified: compare a call or two", "de indeling van %s is niet geverifieerd: vergelijk een paar gesprekken"},
		{"times are UTC, shown by the uniqueids", "de tijden zijn UTC, zoals de uniqueids laten zien"},
		{"times are taken as %s, as this format has them", "de tijden worden gelezen als %s, zoals bij dit formaat hoort"},
		{"uniqueids and times do not agree on a time zone; times are taken as %s, say --times if they are another's",
			"uniqueids en tijden zijn het niet eens over een tijdzone; de tijden worden gelezen als %s, zeg het met --times als ze van een andere zijn"},
		{"times are %s, shown by the uniqueids", "de tijden zijn %s, zoals de uniqueids laten zien"},
		{"more than %s rows begin in the five minutes from %s; those beyond are not read", "meer dan %s regels beginnen in de vijf minuten vanaf %s; de rest wordt niet gelezen"},
		{"%s rows that begin before %s were put into the table afterwards and were not read", "%s regels die voor %s beginnen kwamen pas later in de tabel en zijn niet gelezen"},
		{"the table %s has no index that begins with %s, so each look goes through all of it; as its administrator: %s",
			"de tabel %s heeft geen index die met %s begint, dus elke keer wordt alles doorgelezen; als beheerder: %s"},
		{"%s was read up to byte %s and is not there any more under any name; what was written to it after that is not read",
			"%s is gelezen tot byte %s en staat er onder geen enkele naam meer; wat er daarna in kwam is niet gelezen"},
		{"%s holds no call records that are known; what is wrong stands in the notes", "%s bevat geen gespreksgegevens die herkend worden; wat er mis is staat erbij"},
		{"%s holds %s files or more; those beyond are not looked at: move some away", "%s bevat %s bestanden of meer; naar de rest wordt niet gekeken: haal er een paar weg"},
		{"%s cannot be read: %s", "%s kan niet worden gelezen: %s"},
		{"%s cannot be unpacked: %s", "%s kan niet worden uitgepakt: %s"},
		{"%s refuses the user %s or the password in secret_file", "%s weigert gebruiker %s of het wachtwoord in secret_file"},
		{"the user %s may not read %s; as its administrator: %s", "gebruiker %s mag %s niet lezen; als beheerder: %s"},
		{"there is no database %s at %s; FreePBX's is asteriskcdrdb", "er is geen database %s op %s; die van FreePBX heet asteriskcdrdb"},
		{"there is no table %s in %s, or %s may not read it: %s", "er is geen tabel %s in %s, of %s mag die niet lezen: %s"},
		{"%s took longer than its limit to answer: the query was ended", "%s deed er langer over dan mag; de vraag is afgebroken"},
		{"%s did not answer in time: the query was ended", "%s antwoordde niet op tijd; de vraag is afgebroken"},
		{"%s cannot be reached (%s); is the database running, and does address lead to it", "%s is niet te bereiken (%s); draait de database, en leidt address erheen"},
		{"%s files: %s", "%s bestanden: %s"},
		{"%s: %s", "%s: %s"},
	}
}

// nested says of each %s of a pattern whether a note stands for it: behind a colon, up to the end or a semicolon.
func nested(pattern string) (list []bool) {
	parts := strings.Split(pattern, "%s")
	for i, before := range parts[:len(parts)-1] {
		list = append(list, strings.HasSuffix(before, ": ") && (parts[i+1] == "" || parts[i+1][0] == ';'))
	}
	return list
}

// Note is what a reader of call records says of a file or table, or status of Belwacht itself, in a language. What is not known stays as it is.
func Note(l Language, note string) string {
	if l != Dutch || len(note) > 4000 {
		return note
	}
	for _, n := range append(problems(), notes()...) {
		if values, ok := parts(n[0], note); ok {
			for i, at := range nested(n[0]) {
				if at {
					values[i] = Note(l, values[i].(string))
				}
			}
			return fmt.Sprintf(n[1], values...)
		}
	}
	return note
}

// parts takes apart what was made of a pattern: what stands for each %s, of which the last may be long and all others are short.
func parts(pattern, s string) (values []any, ok bool) {
	fixed := strings.Split(pattern, "%s")
	if !strings.HasPrefix(s, fixed[0]) {
		return nil, false
	}
	s = s[len(fixed[0]):]
	for i, f := range fixed[1:] {
		at := strings.Index(s, f)
		if i == len(fixed)-2 { // the rest
			at = len(s) - len(f)
			if at < 0 || s[at:] != f {
				return nil, false
			}
		}
		if at <= 0 {
			return nil, false
		}
		values = append(values, s[:at])
		s = s[at+len(f):]
	}
	return values, s == ""
}
