package text

import "testing"

func TestNote(t *testing.T) {
	for note, want := range map[string]string{
		"/var/log/a: b.csv: packed with gzip":                "/var/log/a: b.csv: ingepakt met gzip",
		"a.csv: times are UTC+03:00, shown by the uniqueids": "a.csv: de tijden zijn UTC+03:00, zoals de uniqueids laten zien",
		"3 files: times are UTC, shown by the uniqueids":     "3 bestanden: de tijden zijn UTC, zoals de uniqueids laten zien",
		"the call records of PBX hk: asteriskcdrdb.cdr at 127.0.0.1:1 cannot be reached (refused); is the database running, and does address lead to it": "de gespreksgegevens van PBX hk: asteriskcdrdb.cdr at 127.0.0.1:1 is niet te bereiken (refused); draait de database, en leidt address erheen",
		"a.csv cannot be read: permission denied": "a.csv kan niet worden gelezen: geen toestemming",
		"the table cdr has no index that begins with calldate, so each look goes through all of it; as its administrator: CREATE INDEX a ON b (c)": "de tabel cdr heeft geen index die met calldate begint, dus elke keer wordt alles doorgelezen; als beheerder: CREATE INDEX a ON b (c)",
		"%s %s packed":      "%s %s packed",
		"what nobody knows": "what nobody knows", "": "",
	} {
		if got := Note(Dutch, note); got != want {
			t.Errorf("%q: %q", note, got)
		}
		if got := Note(English, note); got != note {
			t.Errorf("%q in English: %q", note, got)
		}
	}
	for _, n := range notes() { // each is found by itself, before a wider one is
		if got := Note(Dutch, n[0]); got != n[1] && n[0] != "%s: %s" {
			t.Errorf("%q: %q", n[0], got)
		}
	}
}
