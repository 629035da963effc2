package text

import "fmt"

// Sentence is what a person is told, in both languages.
type Sentence struct{ English, Dutch string }

// Say makes a sentence. Both languages take the same values in the same order, as fmt.Sprintf does.
func Say(english, dutch string, values ...any) Sentence {
	return Sentence{fmt.Sprintf(english, values...), fmt.Sprintf(dutch, values...)}
}

// In is the sentence in a language.
func (s Sentence) In(l Language) string { return l.Pick(s.English, s.Dutch) }
