package connect

import (
	"fmt"

	"github.com/belwacht/belwacht/text"
)

// Sentence is what a person is told, in both languages.
type Sentence struct{ English, Dutch string }

// In is the sentence in a language.
func (s Sentence) In(l text.Language) string { return l.Pick(s.English, s.Dutch) }

// say makes a sentence; both languages take the same values in the same order.
func say(english, dutch string, values ...any) Sentence {
	return Sentence{fmt.Sprintf(english, values...), fmt.Sprintf(dutch, values...)}
}
