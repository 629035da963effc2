package config

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/calendar"
	"github.com/belwacht/belwacht/yaml"
)

// Limit is belwacht.Limit as the file has it: amounts with their units. What is left out limits nothing.
type Limit struct {
	CallsAtOnce       int                `yaml:"calls_at_once,omitempty"`
	CallsAtOnceAbroad int                `yaml:"calls_at_once_abroad,omitempty"`
	CallsPerHour      int                `yaml:"calls_per_hour,omitempty"`
	CallsPerDay       int                `yaml:"calls_per_day,omitempty"`
	CallsPerMonth     int                `yaml:"calls_per_month,omitempty"`
	MinutesPerHour    int                `yaml:"minutes_per_hour,omitempty"`
	MinutesPerDay     int                `yaml:"minutes_per_day,omitempty"`
	MinutesPerMonth   int                `yaml:"minutes_per_month,omitempty"`
	MoneyPerHour      yaml.Money         `yaml:"money_per_hour,omitempty"`
	MoneyPerDay       yaml.Money         `yaml:"money_per_day,omitempty"`
	MoneyPerMonth     yaml.Money         `yaml:"money_per_month,omitempty"`
	LongestCall       yaml.Duration      `yaml:"longest_call,omitempty"`
	OnlyCountries     []belwacht.Country `yaml:"only_countries,omitempty"`
	NoCountries       []belwacht.Country `yaml:"no_countries,omitempty"`
	NoClasses         []belwacht.Class   `yaml:"no_classes,omitempty"`
	Hours             string             `yaml:"hours,omitempty"` // as office hours
	UsualBill         yaml.Money         `yaml:"usual_bill,omitempty"`
}

// counts are the whole numbers by key, for checks.
func (l *Limit) counts() map[string]int {
	return map[string]int{
		"calls_at_once": l.CallsAtOnce, "calls_at_once_abroad": l.CallsAtOnceAbroad, "calls_per_hour": l.CallsPerHour, "calls_per_day": l.CallsPerDay,
		"calls_per_month": l.CallsPerMonth, "minutes_per_hour": l.MinutesPerHour, "minutes_per_day": l.MinutesPerDay, "minutes_per_month": l.MinutesPerMonth,
		"longest_call": int(l.LongestCall.Seconds()),
	}
}

// money are the amounts by key, for checks.
func (l *Limit) money() map[string]yaml.Money {
	return map[string]yaml.Money{"money_per_hour": l.MoneyPerHour, "money_per_day": l.MoneyPerDay, "money_per_month": l.MoneyPerMonth, "usual_bill": l.UsualBill}
}

// Limit is the noun that the engine takes. Its error is that of the hours.
func (l *Limit) Limit() (*belwacht.Limit, error) {
	hours, err := calendar.ParseHours(l.Hours)
	if err != nil {
		return nil, err
	}
	return &belwacht.Limit{
		CallsAtOnce: l.CallsAtOnce, CallsAtOnceAbroad: l.CallsAtOnceAbroad,
		CallsPerHour: l.CallsPerHour, CallsPerDay: l.CallsPerDay, CallsPerMonth: l.CallsPerMonth,
		MinutesPerHour: l.MinutesPerHour, MinutesPerDay: l.MinutesPerDay, MinutesPerMonth: l.MinutesPerMonth,
		MoneyPerHour: l.MoneyPerHour.Amount, MoneyPerDay: l.MoneyPerDay.Amount, MoneyPerMonth: l.MoneyPerMonth.Amount,
		LongestCall: l.LongestCall.Seconds(), OnlyCountries: l.OnlyCountries, NoCountries: l.NoCountries, NoClasses: l.NoClasses,
		Hours: hours, UsualBill: l.UsualBill.Amount,
	}, nil
}
