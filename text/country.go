package text

import (
	"github.com/belwacht/belwacht"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Country is the name of a country in a language; its code where there is no name.
func Country(l Language, c belwacht.Country) string {
	region, err := language.ParseRegion(c.String())
	if err != nil {
		return c.String()
	}
	namer := display.Regions(language.English)
	if l == Dutch {
		namer = display.Regions(language.Dutch)
	}
	if name := namer.Name(region); name != "" {
		return name
	}
	return c.String()
}
