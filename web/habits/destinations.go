package habits

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/web"
)

// world is the map that was built in.
type world struct{ *web.World }

func newWorld() *world { return &world{web.Map()} }

// destinations is where calls and money go.
type destinations struct {
	Days      int
	Places    []place
	Networks  []place
	Lands     []land
	Width     float64
	Height    float64
	Cost      belwacht.Money
	Calls     int64
	WhatIf    *whatIf
	Allowed   string // codes, as the owner's limits have them; "" = all
	Suggested string // codes of all countries called
}

// place is a country, or a kind of number that lies in none.
type place struct {
	Country  belwacht.Country
	Name     string
	Class    belwacht.Class
	Calls    int64
	Answered int64
	Refused  int64
	Talk     int64
	Cost     belwacht.Money
	Share    float64 // of the money
	Risk     belwacht.Risk
}

// land is a shape of the map.
type land struct {
	web.Land
	Class string
	Title string
	Link  bool
}

// whatIf is what a list of allowed countries would have meant.
type whatIf struct {
	Text    string // as it was asked
	Unknown []string
	Refused []place // countries called that it does not have
	Calls   int64
	Cost    belwacht.Money
	YAML    string
	Codes   string // of those that may be called
}

// Sets says whether who asks may set it.
func (*whatIf) Sets(v *web.View) bool { return v.May("limits.write") }

func (p *pages) destinations(a *web.Ask) (*web.Page, error) {
	v := &destinations{Days: 30, Width: p.world.Width, Height: p.world.Height}
	switch a.URL.Query().Get("days") {
	case "7":
		v.Days = 7
	case "90":
		v.Days = 90
	}
	places, err := p.places(a, v.Days)
	if err != nil {
		return nil, err
	}
	by := map[string]*place{}
	for i := range places {
		x := &places[i]
		v.Calls += x.Calls
		v.Cost += x.Cost
		if x.Country.Index() == 0 {
			v.Networks = append(v.Networks, *x)
			continue
		}
		by[x.Country.String()] = x
	}
	for i := range places {
		if places[i].Country.Index() != 0 {
			places[i].Share = places[i].Cost.Float() / max(v.Cost.Float(), 1e-9)
			v.Places = append(v.Places, places[i])
		}
	}
	v.Lands = p.lands(a, by)
	if p.Allowed != nil {
		v.Allowed = codes(p.Allowed(a.Tenant.Name))
	}
	if asked := strings.TrimSpace(a.URL.Query().Get("allow")); asked != "" {
		if v.WhatIf, err = p.suppose(a, text.Clean(asked, 1000)); err != nil {
			return nil, err
		}
	}
	var called []belwacht.Country
	for i := range v.Places {
		called = append(called, v.Places[i].Country)
	}
	v.Suggested = codes(called)
	return &web.Page{Title: "Destinations", Template: "destinations", Data: v}, nil
}

// places are what was called in so many days, the dearest first, a country once.
func (p *pages) places(a *web.Ask, days int) ([]place, error) {
	today := belwacht.DateOf(a.Now, a.Tenant.Zone)
	sums, err := p.Sums.Sums(a.Context(), &belwacht.SumQuery{Tenant: a.Tenant.Name, By: belwacht.SumByCountry, From: today - belwacht.Date(days) + 1, Until: today, Most: 1000})
	if err != nil {
		return nil, err
	}
	type key struct {
		country belwacht.Country
		class   belwacht.Class
	}
	by := map[key]*place{}
	for _, s := range sums {
		if s.Class == belwacht.ClassSocial || s.Class == belwacht.ClassInternal || s.Class == belwacht.ClassEmergency {
			continue
		}
		k := key{country: s.Country}
		if s.Country.Index() == 0 {
			k.class = s.Class
		}
		x := by[k]
		if x == nil {
			x = &place{Country: s.Country, Name: text.Country(a.Language, s.Country), Class: k.class}
			if x.Name == "" {
				x.Name = text.Class(a.Language, s.Class)
			}
			if p.Risk != nil && s.Country.Index() != 0 {
				x.Risk = p.Risk(s.Country)
			}
			by[k] = x
		}
		x.Calls, x.Answered, x.Refused, x.Talk, x.Cost = x.Calls+s.Calls, x.Answered+s.Answered, x.Refused+s.Refused, x.Talk+s.Talk, x.Cost+s.Cost
	}
	var list []place
	for _, x := range by {
		list = append(list, *x)
	}
	slices.SortFunc(list, func(a, b place) int {
		return cmp.Or(cmp.Compare(b.Cost, a.Cost), cmp.Compare(b.Calls, a.Calls), cmp.Compare(a.Name, b.Name))
	})
	return list, nil
}

// lands are the shapes of the map, coloured: by money in four steps, those of raised risk and those where calls were stopped apart.
func (p *pages) lands(a *web.Ask, by map[string]*place) []land {
	most := 0.0
	for _, x := range by {
		most = max(most, x.Cost.Float())
	}
	out := make([]land, 0, len(p.world.Lands))
	for _, l := range p.world.Lands {
		x := by[l.Code]
		if x == nil {
			if !l.Dot {
				out = append(out, land{Land: l, Class: "land"})
			}
			continue
		}
		step := 1
		if most > 0 {
			step = 1 + int(math.Round(3*math.Log1p(x.Cost.Float()*100)/math.Log1p(most*100)))
		}
		class := "land land-" + string(rune('0'+min(step, 4)))
		switch {
		case x.Refused > 0:
			class = "land land-stopped"
		case x.Risk >= belwacht.RiskHigh:
			class = "land land-risk"
		}
		title := x.Name + ": " + text.Plural(a.Language, x.Calls, a.T("call"), a.T("calls")) + ", " + web.Cost(a.Language, x.Cost, a.Tenant.Currency)
		out = append(out, land{l, class, title, true})
	}
	return out
}

// suppose says what would have been refused in 90 days if only the countries of a list could be called.
func (p *pages) suppose(a *web.Ask, asked string) (*whatIf, error) {
	w := &whatIf{Text: asked}
	allowed := map[belwacht.Country]bool{}
	var list []belwacht.Country
	for _, word := range strings.FieldsFunc(asked, func(r rune) bool { return r == ',' || r == ' ' || r == ';' || r == '\n' || r == '\t' }) {
		c, ok := belwacht.ParseCountry(word)
		if !ok || c.String() == "ZZ" || text.Country(text.English, c) == c.String() {
			w.Unknown = append(w.Unknown, text.Clean(word, 10))
			continue
		}
		if !allowed[c] {
			list = append(list, c)
		}
		allowed[c] = true
	}
	places, err := p.places(a, 90)
	if err != nil {
		return nil, err
	}
	for _, x := range places {
		if x.Country.Index() == 0 || allowed[x.Country] || x.Calls == x.Refused {
			continue
		}
		w.Refused = append(w.Refused, x)
		w.Calls += x.Calls - x.Refused
		w.Cost += x.Cost
	}
	w.Codes = codes(list)
	w.YAML = "limits:\n  organisation:\n    only_countries: [" + codes(list) + "]\n"
	return w, nil
}

// codes are countries as a list in a configuration has them.
func codes(list []belwacht.Country) string {
	var s []string
	for _, c := range list {
		s = append(s, c.String())
	}
	slices.Sort(s)
	return strings.Join(s, ", ")
}
