package explain

import (
	"testing"

	"github.com/belwacht/belwacht/text"
)

// TestWords: a clause may begin with any character, and numbers have the language's comma.
func TestWords(t *testing.T) {
	for _, c := range [][2]string{{"€ 0.75 a minute", "€ 0.75 a minute"}, {"élan", "Élan"}, {"9 calls", "9 calls"}, {"extension", "Extension"}, {"", ""}} {
		if got := text.Capital(c[0]); got != c[1] {
			t.Errorf("%q became %q", c[0], got)
		}
	}
	for _, c := range []struct {
		value               float32
		english, nederlands string
	}{{2.5, "2.5", "2,5"}, {3, "3", "3"}, {1412, "1,412", "1.412"}, {0.04, "0.0", "0,0"}, {2e9, "-", "-"}, {12.4, "12", "12"}} {
		if en, nl := figure(text.English, c.value), figure(text.Dutch, c.value); en != c.english || nl != c.nederlands {
			t.Errorf("%g: %q and %q", c.value, en, nl)
		}
	}
}
