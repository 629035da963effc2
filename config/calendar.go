package config

import "github.com/belwacht/belwacht/calendar"

// CalendarConfig is what package calendar takes.
func (o *Organisation) CalendarConfig() calendar.Config {
	return calendar.Config{
		Timezone: o.Timezone, Country: o.Country, OfficeHours: o.OfficeHours,
		Liberation: o.Holidays.LiberationDay, GoodFriday: o.Holidays.GoodFriday, Closed: o.Holidays.Closed, Holidays: o.Holidays.Public,
	}
}

// Calendar is the organisation's calendar.
func (o *Organisation) Calendar() (*calendar.Calendar, error) {
	return calendar.New(o.CalendarConfig())
}
