package access

import (
	"fmt"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

// Sentence is an error that the person at the door reads, in both languages. Its code is that of the belwacht.Error in it.
type Sentence struct {
	err   error
	dutch string
}

// Errorf makes a Sentence; what belongs in it stands in both languages in the same order.
func Errorf(code belwacht.Code, english, dutch string, args ...any) error {
	return &Sentence{belwacht.Errorf(code, english, args...), fmt.Sprintf(dutch, args...)}
}

func (s *Sentence) Error() string { return s.err.Error() }

// Unwrap gives the error its code.
func (s *Sentence) Unwrap() error { return s.err }

// Says is the sentence in a language.
func (s *Sentence) Says(l text.Language) string { return l.Pick(s.err.Error(), s.dutch) }
