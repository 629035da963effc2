package doctor

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

// Level says how a thing is.
type Level uint8

// The levels.
const (
	OK      Level = iota
	Warning       // it works, and a person should look
	Wrong         // calls are not guarded, or soon will not be
)

// String is ok, warning or wrong.
func (l Level) String() string { return [...]string{"ok", "warning", "wrong"}[min(l, Wrong)] }

// MarshalText implements encoding.TextMarshaler.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText reads warning or wrong. It implements encoding.TextUnmarshaler.
func (l *Level) UnmarshalText(b []byte) error {
	for v := OK; v <= Wrong; v++ {
		if v.String() == string(b) {
			*l = v
			return nil
		}
	}
	return belwacht.Errorf(belwacht.Usage, "%q is no level; there are warning and wrong", text.Clean(string(b), 20))
}

// Result is what a check found.
type Result struct {
	Check string // which one, such as clock
	Level Level
	Says  text.Sentence
	Do    text.Sentence // what to do; empty where nothing is to be done
}

// fine is a result of which nothing is to be done.
func fine(check, english, dutch string, values ...any) Result {
	return Result{check, OK, text.Say(english, dutch, values...), text.Sentence{}}
}

// failed is an error as a result: its sentence says what to do.
func failed(check string, level Level, err error) Result {
	return Result{check, level, text.Say("%s.", "%s.", text.Clean(err.Error(), 500)), text.Sentence{}}
}
