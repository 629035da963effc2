package text

import "github.com/belwacht/belwacht"

// Class is a class of numbers in words.
func Class(l Language, c belwacht.Class) string {
	switch c {
	case belwacht.ClassEmergency:
		return l.Pick("emergency", "noodnummer")
	case belwacht.ClassSocial:
		return l.Pick("helpline", "hulplijn")
	case belwacht.ClassFreephone:
		return l.Pick("free of charge", "gratis nummer")
	case belwacht.ClassGeographic:
		return l.Pick("fixed line", "vast nummer")
	case belwacht.ClassMobile:
		return l.Pick("mobile", "mobiel")
	case belwacht.ClassSharedCost:
		return l.Pick("shared cost", "gedeelde kosten")
	case belwacht.ClassPremium:
		return l.Pick("premium", "betaalnummer")
	case belwacht.ClassPersonal:
		return l.Pick("personal number", "persoonlijk nummer")
	case belwacht.ClassSatellite:
		return l.Pick("satellite", "satelliet")
	case belwacht.ClassNetwork:
		return l.Pick("international network", "internationaal netwerk")
	case belwacht.ClassShortCode:
		return l.Pick("short number", "kort nummer")
	case belwacht.ClassInternal:
		return l.Pick("in the house", "intern")
	}
	return l.Pick("unknown", "onbekend")
}
