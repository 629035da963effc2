package text

import "github.com/belwacht/belwacht"

// Language is what a sentence is written in.
type Language uint8

// The languages. English is the language of the command line and of logs.
const (
	English Language = iota
	Dutch
)

// String is the language's BCP 47 tag: en or nl.
func (l Language) String() string { return l.Pick("en", "nl") }

// Pick is the string of the language.
func (l Language) Pick(english, dutch string) string {
	if l == Dutch {
		return dutch
	}
	return english
}

// UnmarshalText reads en, nl or the languages' names. It implements encoding.TextUnmarshaler.
func (l *Language) UnmarshalText(b []byte) error {
	switch string(b) {
	case "en", "english", "English", "engels", "Engels":
		*l = English
	case "nl", "dutch", "Dutch", "nederlands", "Nederlands":
		*l = Dutch
	default:
		return belwacht.Errorf(belwacht.Usage, "%q is no language; there are en and nl", Clean(string(b), 20))
	}
	return nil
}

// MarshalText implements encoding.TextMarshaler.
func (l Language) MarshalText() ([]byte, error) { return []byte(l.String()), nil }
