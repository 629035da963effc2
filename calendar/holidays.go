package calendar

import (
	"time"

	"github.com/belwacht/belwacht"
	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/aa"
	"github.com/rickar/cal/v2/ar"
	"github.com/rickar/cal/v2/at"
	"github.com/rickar/cal/v2/au"
	"github.com/rickar/cal/v2/be"
	"github.com/rickar/cal/v2/bg"
	"github.com/rickar/cal/v2/br"
	"github.com/rickar/cal/v2/ca"
	"github.com/rickar/cal/v2/ch"
	"github.com/rickar/cal/v2/cz"
	"github.com/rickar/cal/v2/de"
	"github.com/rickar/cal/v2/dk"
	"github.com/rickar/cal/v2/es"
	"github.com/rickar/cal/v2/fr"
	"github.com/rickar/cal/v2/gb"
	"github.com/rickar/cal/v2/gr"
	"github.com/rickar/cal/v2/hr"
	"github.com/rickar/cal/v2/ie"
	"github.com/rickar/cal/v2/it"
	"github.com/rickar/cal/v2/jp"
	"github.com/rickar/cal/v2/lt"
	"github.com/rickar/cal/v2/lv"
	"github.com/rickar/cal/v2/mw"
	"github.com/rickar/cal/v2/nc"
	"github.com/rickar/cal/v2/nl"
	"github.com/rickar/cal/v2/no"
	"github.com/rickar/cal/v2/nz"
	"github.com/rickar/cal/v2/pl"
	"github.com/rickar/cal/v2/ro"
	"github.com/rickar/cal/v2/ru"
	"github.com/rickar/cal/v2/se"
	"github.com/rickar/cal/v2/si"
	"github.com/rickar/cal/v2/sk"
	"github.com/rickar/cal/v2/ua"
	"github.com/rickar/cal/v2/us"
	"github.com/rickar/cal/v2/za"
)

// publicDay is one holiday of the organisation's country under the owner's switches.
type publicDay struct {
	name string
	rule *cal.Holiday
	only func(year int) bool // nil = each year
}

// in calls mark with the day on which the holiday falls and, where it is another, the day on which it is kept.
func (p publicDay) in(year int, mark func(day int32)) {
	if p.only != nil && !p.only(year) {
		return
	}
	actual, observed := p.rule.Calc(year)
	if actual.IsZero() {
		return
	}
	mark(dayNumber(actual))
	if !observed.Equal(actual) {
		mark(dayNumber(observed))
	}
}

// dayNumber is a date as days since 1970-01-01. rickar/cal dates stand in the machine's zone, of which only the date counts.
func dayNumber(t time.Time) int32 {
	y, m, d := t.Date()
	return int32(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// holidaysOf lists the days of the owner's country under his switches, and says whether the country's are known.
func holidaysOf(c Config) ([]publicDay, bool, error) {
	lustrum := func(year int) bool { return year%5 == 0 }
	switch c.Liberation {
	case "", LiberationLustre:
	case LiberationEvery:
		lustrum = nil
	case LiberationNever:
		lustrum = func(int) bool { return false }
	default:
		return nil, false, belwacht.Errorf(belwacht.Config, "liberation_day: %q; write never, lustrum or every", clip(c.Liberation))
	}
	country, ok := belwacht.ParseCountry(c.Country)
	if !ok && c.Country != "" {
		return nil, false, belwacht.Errorf(belwacht.Config, "country: %q is no country code of two letters, such as NL", clip(c.Country))
	}
	lists, known := national(country.String())
	if c.Holidays != nil && !*c.Holidays {
		return nil, true, nil
	}
	goodFriday := country.String() != "NL"
	if c.GoodFriday != nil {
		goodFriday = *c.GoodFriday
	}
	var out []publicDay
	hasFriday := false
	for _, h := range shared(lists) {
		p := publicDay{name: h.Name, rule: h}
		switch {
		case h == nl.BevrijdingsDag:
			p.only = lustrum
		case isGoodFriday(h):
			hasFriday = true
			if !goodFriday {
				continue
			}
		case h.Type == cal.ObservanceOther:
			continue // Midsummer's Eve and the like: shops close early, the law knows no holiday
		}
		out = append(out, p)
	}
	if c.GoodFriday != nil && goodFriday && !hasFriday {
		out = append(out, publicDay{name: "Good Friday", rule: aa.GoodFriday})
	}
	return out, known, nil
}

// isGoodFriday says whether a holiday is two days before (western or eastern) Easter.
func isGoodFriday(h *cal.Holiday) bool {
	western, _ := aa.GoodFriday.Calc(2026)
	actual, _ := h.Calc(2026)
	return actual.Equal(western) || h.Julian && h.Offset == -2
}

// shared keeps the holidays of the first list that every other list has on the same days too: of a country whose parts differ, those
// of which a caller anywhere in it can be sure.
func shared(lists [][]*cal.Holiday) []*cal.Holiday {
	if len(lists) == 0 {
		return nil
	}
	var out []*cal.Holiday
	for _, h := range lists[0] {
		everywhere := true
		for _, other := range lists[1:] {
			found := false
			for _, o := range other {
				a, _ := h.Calc(2026)
				b, _ := o.Calc(2026)
				c, _ := h.Calc(2027)
				d, _ := o.Calc(2027)
				found = found || a.Equal(b) && c.Equal(d)
			}
			everywhere = everywhere && found
		}
		if everywhere {
			out = append(out, h)
		}
	}
	return out
}

// national is a country's lists of holidays: one, or one for each part of it.
func national(country string) ([][]*cal.Holiday, bool) {
	switch country {
	case "AU":
		return [][]*cal.Holiday{au.HolidaysNSW, au.HolidaysACT, au.HolidaysNT, au.HolidaysQLD, au.HolidaysSA, au.HolidaysTAS, au.HolidaysVIC, au.HolidaysWA}, true
	case "CH":
		return [][]*cal.Holiday{ch.HolidaysZH, ch.HolidaysBE, ch.HolidaysLU, ch.HolidaysSG, ch.HolidaysAG, ch.HolidaysVD, ch.HolidaysTI, ch.HolidaysVS, ch.HolidaysGE}, true
	}
	one, ok := map[string][]*cal.Holiday{
		"AR": ar.Holidays, "AT": at.Holidays, "BE": be.Holidays, "BG": bg.Holidays, "BR": br.Holidays, "CA": ca.Holidays, "CZ": cz.Holidays,
		"DE": de.Holidays, "DK": dk.Holidays, "ES": es.Holidays, "FR": fr.Holidays, "GB": gb.Holidays, "GR": gr.Holidays, "HR": hr.Holidays,
		"IE": ie.Holidays, "IT": it.Holidays, "JP": jp.Holidays, "LT": lt.Holidays, "LV": lv.Holidays, "MW": mw.Holidays, "NC": nc.Holidays,
		"NL": nl.Holidays, "NO": no.Holidays, "NZ": nz.Holidays, "PL": pl.Holidays, "RO": ro.Holidays, "RU": ru.Holidays, "SE": se.Holidays,
		"SI": si.Holidays, "SK": sk.Holidays, "UA": ua.Holidays, "US": us.Holidays, "ZA": za.Holidays,
	}[country]
	return [][]*cal.Holiday{one}, ok
}
