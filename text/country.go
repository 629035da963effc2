package text

import (
	"sync"

	"github.com/belwacht/belwacht"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// countryNames are the names of all countries in both languages, by belwacht.Country.Index. They are looked up once: Unicode's tables are slow.
var countryNames = sync.OnceValue(func() *[2][26*26 + 1]string {
	var names [2][26*26 + 1]string
	for i, namer := range [2]display.Namer{display.Regions(language.English), display.Regions(language.Dutch)} {
		for a := byte('A'); a <= 'Z'; a++ {
			for b := byte('A'); b <= 'Z'; b++ {
				c := belwacht.Country{a, b}
				names[i][c.Index()] = c.String()
				if region, err := language.ParseRegion(c.String()); err == nil {
					if name := namer.Name(region); name != "" {
						names[i][c.Index()] = name
					}
				}
			}
		}
	}
	return &names
})

// Country is the name of a country in a language; its code where there is no name.
func Country(l Language, c belwacht.Country) string {
	i := c.Index()
	if i <= 0 || i > 26*26 {
		return c.String()
	}
	if l == Dutch {
		return countryNames()[1][i]
	}
	return countryNames()[0][i]
}
