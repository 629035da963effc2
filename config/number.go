package config

import "github.com/belwacht/belwacht/number"

// NumberConfig is what package number takes: the site's dial plan, with the known numbers of lists.numbers.
func (t *Tenant) NumberConfig() number.Config {
	return number.Config{
		Country: t.Country, International: t.Plan.International, Trunk: t.Plan.Trunk, OutsideLine: t.Plan.OutsideLine, Extensions: t.Plan.Extensions,
		ShortCodes: t.Plan.ShortCodes, Own: t.Plan.Own, Emergency: t.Plan.Emergency, Social: t.Plan.Social, Listed: t.listed, AreaCode: t.Plan.AreaCode,
	}
}

// Site is the tenant's dial plan, without prices.
func (t *Tenant) Site() (*number.Site, error) { return number.New(t.NumberConfig()) }
