package invent

import (
	"fmt"
	"math/rand/v2"
)

// AccountName is what the i-th account is called, by the form of the organisation's names.
func (g *Geography) AccountName(rng *rand.Rand, form string, i int) string {
	switch form {
	case "2":
		return fmt.Sprint(10 + i)
	case "4":
		return fmt.Sprint(4000 + i)
	case "5":
		return fmt.Sprint(31000 + i)
	case "u":
		return fmt.Sprintf("u%d", 4000+i)
	case "desk":
		words := map[string]string{"NL": "kantoor", "BE": "bureau", "DE": "platz", "FR": "poste", "ES": "puesto", "IT": "posto", "PL": "biuro"}
		word := words[g.Nation.ISO]
		if word == "" {
			word = "desk"
		}
		return fmt.Sprintf("%s-%d", word, i+1)
	case "name":
		return fmt.Sprintf("%c%c%03d", 'a'+rng.IntN(26), 'a'+rng.IntN(26), i)
	}
	return fmt.Sprint(200 + i)
}
