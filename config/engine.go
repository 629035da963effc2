package config

import (
	"bufio"
	"os"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/detect"
	"github.com/belwacht/belwacht/number"
	"github.com/belwacht/belwacht/rule"
	"github.com/belwacht/belwacht/rule/builtin"
	"github.com/belwacht/belwacht/text"
)

// RuleSet compiles the built-in rules with the owner's switches.
func (t *Tenant) RuleSet() (*rule.Set, error) {
	rules, err := builtin.Rules()
	if err != nil {
		return nil, err
	}
	switches := make(map[string]string, len(t.Rules))
	for name, s := range t.Rules {
		switches[name] = string(s)
	}
	return rule.Compile(rules, switches)
}

// headSize is how much of a rate deck is looked at for its encoding.
const headSize = 32 << 10

// Deck reads the rate deck of a file, or the configuration's where file is empty; nil where there is none. What was odd about rows comes with it. How the
// configuration says to read its own deck, or one that it leaves unnamed, holds for the file too.
func (c *Config) Deck(t *Tenant, file string) (*number.Rates, []number.BadRow, error) {
	o := number.RateOptions{Currency: t.Currency, At: time.Now()}
	if file == "" {
		if file = c.RatesFile(); file == "" {
			return nil, nil, nil
		}
	}
	if c.Rates.File == "" || file == c.RatesFile() {
		o.Columns, o.SkipBad = c.Rates.Columns, c.Rates.SkipBad
		if c.Rates.Currency != "" {
			o.Currency = c.Rates.Currency
		}
	}
	o.Name = file
	f, err := os.Open(file)
	if err != nil {
		return nil, nil, belwacht.Errorf(belwacht.Invalid, "the rate deck %s cannot be read: %w", file, belwacht.Reason(err))
	}
	defer f.Close()
	in := bufio.NewReaderSize(f, headSize)
	head, _ := in.Peek(headSize) // what cannot be read is told as it is read
	e, note, err := text.EncodingOf("", head)
	if err != nil {
		return nil, nil, err
	}
	if e == nil {
		return number.ReadRates(in, o)
	}
	rates, bad, err := number.ReadRates(e.NewDecoder().Reader(in), o)
	return rates, append([]number.BadRow{{Reason: "it is read as " + note, Warning: true}}, bad...), err
}

// Engine makes what the engine takes of the organisation, with a rate deck or, where rates is nil, the estimates of its dial plan. Its errors say which key
// of the configuration is wrong.
func (t *Tenant) Engine(rates *number.Rates) (detect.Tenant, error) {
	site, err := t.Site()
	if err != nil {
		return detect.Tenant{}, err
	}
	if rates != nil {
		site = site.WithRates(rates)
	}
	cal, err := t.Calendar()
	if err != nil {
		return detect.Tenant{}, err
	}
	limits, err := limits(&t.Limits)
	if err != nil {
		return detect.Tenant{}, err
	}
	p := detect.DefaultPolicy()
	if !t.Costs.Refuse.IsZero() {
		p.RefuseCost = t.Costs.Refuse.Amount
	}
	if !t.Costs.Alert.IsZero() {
		p.AlertCost = t.Costs.Alert.Amount
	}
	if !t.Brake.Money.IsZero() {
		p.Brake = t.Brake.Money.Amount
	}
	p.BrakeOff = t.Brake.Off
	if t.asked { // nothing can be ended later
		p.Early = p.Horizon
	}
	return detect.Tenant{Name: t.Name, Mode: t.Mode, Numbers: site, Calendar: cal, Accounts: t.Declared(), Limits: limits, Policy: p, Currency: t.Currency, Networks: t.Network()}, nil
}

// limits turns the configuration's limits into the engine's.
func limits(l *Limits) (detect.Limits, error) {
	var out detect.Limits
	if l.Organisation != nil {
		limit, err := l.Organisation.Limit()
		if err != nil {
			return out, err
		}
		out.Organisation = limit
	}
	for _, m := range []struct {
		from map[string]Limit
		to   *map[string]*belwacht.Limit
	}{{l.Groups, &out.Groups}, {l.Accounts, &out.Accounts}, {l.Trunks, &out.Trunks}} {
		*m.to = make(map[string]*belwacht.Limit, len(m.from))
		for name, from := range m.from {
			limit, err := from.Limit()
			if err != nil {
				return out, err
			}
			(*m.to)[name] = limit
		}
	}
	return out, nil
}
