package access

import (
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/belwacht/belwacht/text"
)

// The bounds of a password: the guide's least, and a most that keeps hashing from being a way to eat the machine.
const (
	passwordLeast = 12   // characters
	passwordMost  = 256  // bytes
	wordLeast     = 4    // letters of a name that a password may not contain
	differentOnes = 6    // characters that differ
	commonMost    = 1024 // bytes of a line in the list
)

// common is the list of words that everybody's guesses begin with: lower case, sorted, one a line. Package guesses makes it.
//
//go:embed guesses/list.txt
var common string

// Weakness is one thing that is wrong with a password.
type Weakness string

// The weaknesses.
const (
	TooShort    Weakness = "too_short"
	TooLong     Weakness = "too_long"
	NoCapital   Weakness = "no_capital"
	NoDigit     Weakness = "no_digit"
	NoSpecial   Weakness = "no_special"
	TooUniform  Weakness = "too_uniform"
	TooCommon   Weakness = "too_common"
	ContainsOwn Weakness = "contains_name"
)

// Says is the weakness as a sentence.
func (w Weakness) Says(l text.Language) string {
	switch w {
	case TooShort:
		return l.Pick("A password has at least 12 characters.", "Een wachtwoord heeft minstens 12 tekens.")
	case TooLong:
		return l.Pick("A password has at most 256 bytes.", "Een wachtwoord heeft hoogstens 256 bytes.")
	case NoCapital:
		return l.Pick("A capital letter is missing.", "Er ontbreekt een hoofdletter.")
	case NoDigit:
		return l.Pick("A digit is missing.", "Er ontbreekt een cijfer.")
	case NoSpecial:
		return l.Pick("A special character is missing, such as - or !", "Er ontbreekt een bijzonder teken, zoals - of !")
	case TooUniform:
		return l.Pick("It repeats the same few characters.", "Het herhaalt dezelfde paar tekens.")
	case TooCommon:
		return l.Pick("It is among the passwords that attackers try first.", "Het hoort bij de wachtwoorden die aanvallers het eerst proberen.")
	case ContainsOwn:
		return l.Pick("It contains your name, or that of this machine or organisation.", "Het bevat uw naam, of die van deze machine of organisatie.")
	}
	return string(w)
}

// Weaknesses lists what is wrong with a password; none = it may be used. own are names that it may not contain: of the user, the machine, the organisation.
func Weaknesses(password string, own ...string) (list []Weakness) {
	var capital, digit, special bool
	different := map[rune]bool{}
	for _, r := range password {
		different[unicode.ToLower(r)] = true
		switch {
		case unicode.IsUpper(r):
			capital = true
		case unicode.IsDigit(r):
			digit = true
		case !unicode.IsLetter(r):
			special = true
		}
	}
	for _, c := range []struct {
		wrong bool
		is    Weakness
	}{
		{utf8.RuneCountInString(password) < passwordLeast, TooShort},
		{len(password) > passwordMost, TooLong},
		{!capital, NoCapital}, {!digit, NoDigit}, {!special, NoSpecial},
		{len(different) < differentOnes, TooUniform},
	} {
		if c.wrong {
			list = append(list, c.is)
		}
	}
	if len(password) > passwordMost {
		return list
	}
	if isCommon(password) {
		list = append(list, TooCommon)
	}
	if contains(password, own) {
		list = append(list, ContainsOwn)
	}
	return list
}

// plain undoes the substitutions that everybody knows.
func plain(s string) string {
	return strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "8", "b", "@", "a", "$", "s", "!", "i", "|", "l", "+", "t").Replace(s)
}

// Core is what of a password is left without case and without what people put around a word to satisfy a rule: digits and signs before and behind it, and the word
// once more.
func Core(password string) string {
	core := strings.TrimFunc(strings.ToLower(password), func(r rune) bool { return !unicode.IsLetter(r) })
	for n := wordLeast; n <= len(core)/2; n++ {
		if len(core)%n == 0 && strings.Repeat(core[:n], len(core)/n) == core {
			return core[:n]
		}
	}
	return core
}

// isCommon says whether a password's core is in the list.
func isCommon(password string) bool {
	core := Core(password)
	return listed(core) || listed(plain(core))
}

// listed looks for a word in the list by halving it.
func listed(word string) bool {
	if len(word) < wordLeast || strings.ContainsRune(word, '\n') {
		return false
	}
	low, high := 0, len(common) // of bytes; always at a line's beginning
	for low < high {
		middle := low + (high-low)/2
		from := strings.LastIndexByte(common[low:middle], '\n') + 1 + low
		to := strings.IndexByte(common[from:min(len(common), from+commonMost)], '\n')
		if to < 0 {
			return false // the last line ends, or the list is damaged
		}
		switch c := strings.Compare(common[from:from+to], word); {
		case c == 0:
			return true
		case c < 0:
			low = from + to + 1
		default:
			high = from
		}
	}
	return false
}

// contains says whether a password has a word of a name in it, of at least four letters.
func contains(password string, own []string) bool {
	lower := strings.ToLower(password)
	for _, name := range own {
		for word := range strings.FieldsFuncSeq(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			if utf8.RuneCountInString(word) >= wordLeast && (strings.Contains(lower, word) || strings.Contains(plain(lower), plain(word))) {
				return true
			}
		}
	}
	return false
}
