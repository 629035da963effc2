package number

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/number/table"
)

// Prices a minute from which a destination is worth a fraudster's while, whatever its country.
const (
	raisedFrom = 40 * cent
	highFrom   = 100 * cent
)

// risk is what is known of a destination: lists first, then the kind of network, the country's history, and the price.
func (s *Site) risk(e belwacht.E164, x table.Entry, p belwacht.Price) belwacht.Risk {
	if s.listed.has(e) {
		return belwacht.RiskListed
	}
	r := s.world.Region(x)
	risk := belwacht.RiskUsual
	if s.abroad(r) {
		risk = s.world.Risk(r)
	}
	switch s.world.Class(x) {
	case belwacht.ClassSatellite, belwacht.ClassNetwork:
		risk = belwacht.RiskHigh
	case belwacht.ClassPremium, belwacht.ClassPersonal:
		if s.abroad(r) {
			risk = belwacht.RiskHigh
		} else {
			risk = max(risk, belwacht.RiskRaised)
		}
	}
	switch {
	case p.PerMinute >= highFrom:
		risk = max(risk, belwacht.RiskHigh)
	case p.PerMinute >= raisedFrom:
		risk = max(risk, belwacht.RiskRaised)
	}
	return risk
}
