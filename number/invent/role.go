package invent

import "github.com/belwacht/belwacht"

// hours are the parts of the day in which a role works.
type hours uint8

const (
	hoursOffice hours = iota
	hoursLate
	hoursNight
	hoursShop
	hoursAll
	hoursGuest
	hoursShift
)

// Role is a way of telephoning: medians from which each person's own habits are drawn.
type Role struct {
	Name            string
	kind            belwacht.AccountKind
	out, in, inside float64 // calls a day
	spread          float64 // of activity between people
	abroad          float64 // share of contacts abroad
	dear            float64 // share of his countries that are dear
	lands           float64 // countries he calls
	fresh           float64 // share of calls to new numbers
	talk            float64 // seconds
	contacts        float64
	forwarding      float64 // share of people whose calls are forwarded now and then
	hours           hours
	flat            bool // no lunch, no humps
	weekend, Always bool // works at weekends; works on holidays too
	Campaign        bool // dials lists
}

// Roles are all ways of telephoning.
func Roles() map[string]*Role {
	list := []Role{
		{Name: "clerk", out: 3.2, in: .7, inside: .8, spread: .9, abroad: .02, lands: .5, fresh: .06, talk: 90, contacts: 24, forwarding: .06},
		{Name: "manager", out: 4.5, in: 1.2, inside: 1, spread: .7, abroad: .08, lands: 2, fresh: .08, talk: 150, contacts: 45, forwarding: .4},
		{Name: "reception", kind: belwacht.KindSharedDesk, out: 9, in: 14, inside: 4, spread: .5, abroad: .03, lands: 1.5, fresh: .12, talk: 60, contacts: 70, forwarding: .1},
		{Name: "sales", out: 13, in: 2.5, inside: .8, spread: .7, abroad: .18, lands: 3, fresh: .18, talk: 130, contacts: 90, forwarding: .3},
		{Name: "export", out: 11, in: 2, inside: .8, spread: .6, abroad: .6, dear: .12, lands: 6, fresh: .1, talk: 160, contacts: 60, forwarding: .2},
		{Name: "trader", out: 12, in: 2.5, inside: .6, spread: .6, abroad: .8, dear: .3, lands: 7, fresh: .1, talk: 210, contacts: 50, forwarding: .25},
		{Name: "buyer", out: 6, in: 1.5, inside: .8, spread: .6, abroad: .25, dear: .05, lands: 3, fresh: .07, talk: 140, contacts: 40, forwarding: .1},
		{Name: "planner", out: 22, in: 7, inside: 3, spread: .5, abroad: .05, lands: 2, fresh: .08, talk: 70, contacts: 120},
		{Name: "support", kind: belwacht.KindAgent, out: 7, in: 16, inside: 1.5, spread: .4, abroad: .04, lands: 2, fresh: .45, talk: 240, contacts: 40, weekend: true},
		{Name: "agent", kind: belwacht.KindAgent, out: 120, in: 6, inside: .5, spread: .4, abroad: .01, lands: .5, fresh: .9, talk: 55, contacts: 10, Campaign: true, flat: true},
		{Name: "evening agent", kind: belwacht.KindAgent, out: 80, in: 3, inside: .3, spread: .4, abroad: .01, lands: .3, fresh: .9, talk: 50, contacts: 8, Campaign: true, flat: true, hours: hoursLate},
		{Name: "export agent", kind: belwacht.KindAgent, out: 70, in: 4, inside: .5, spread: .4, abroad: .7, lands: 3, fresh: .8, talk: 60, contacts: 10, Campaign: true, flat: true},
		{Name: "shop", kind: belwacht.KindSharedDesk, out: 5, in: 7, inside: .8, spread: .6, abroad: .01, lands: .6, fresh: .25, talk: 70, contacts: 24, hours: hoursShop, weekend: true, forwarding: .2},
		{Name: "workshop", kind: belwacht.KindSharedDesk, out: 1.6, in: .6, inside: 1.6, spread: .8, abroad: .01, lands: .3, fresh: .08, talk: 55, contacts: 12, hours: hoursShift, weekend: true},
		{Name: "teacher", out: .9, in: .4, inside: .8, spread: .8, abroad: .01, lands: .3, fresh: .2, talk: 120, contacts: 12, forwarding: .03},
		{Name: "doctor", out: 7, in: 4, inside: 3, spread: .5, abroad: .005, lands: .3, fresh: .4, talk: 110, contacts: 40, forwarding: .25, weekend: true},
		{Name: "nurse", kind: belwacht.KindSharedDesk, out: 4, in: 3, inside: 5, spread: .6, abroad: .005, lands: .3, fresh: .3, talk: 80, contacts: 20, hours: hoursShift, weekend: true, Always: true},
		{Name: "guest room", kind: belwacht.KindRoom, out: .9, in: .12, inside: .8, spread: .6, abroad: .45, dear: .1, lands: 1, fresh: .6, talk: 170, contacts: 2, hours: hoursGuest, flat: true, weekend: true, Always: true},
		{Name: "meeting room", kind: belwacht.KindRoom, out: .6, in: .1, inside: .3, spread: .5, abroad: .08, lands: 1.5, fresh: .3, talk: 500, contacts: 8},
		{Name: "night desk", kind: belwacht.KindSharedDesk, out: 4, in: 4, inside: 4, spread: .4, abroad: .06, lands: 2, fresh: .2, talk: 70, contacts: 30, hours: hoursNight, flat: true, weekend: true, Always: true},
		{Name: "guard", out: 2, in: .6, inside: .8, spread: .4, abroad: .01, lands: .2, fresh: .05, talk: 45, contacts: 8, hours: hoursNight, flat: true, weekend: true, Always: true},
		{Name: "cleaner", kind: belwacht.KindSharedDesk, out: .4, in: .05, inside: .1, spread: .5, abroad: .12, lands: .8, fresh: .1, talk: 150, contacts: 4, hours: hoursLate},
		{Name: "tenant", out: 2.4, in: 1.4, inside: .1, spread: .9, abroad: .07, dear: .1, lands: 1.2, fresh: .12, talk: 140, contacts: 25, hours: hoursGuest, weekend: true, Always: true},
		{Name: "engineer", out: 8, in: 6, inside: 2, spread: .5, abroad: .12, lands: 3, fresh: .1, talk: 260, contacts: 50, forwarding: .5, weekend: true},
		{Name: "machine", kind: belwacht.KindMachine, out: 1.4, spread: .6, talk: 25, hours: hoursAll, flat: true, weekend: true, Always: true},
		{Name: "queue", kind: belwacht.KindQueue, in: 12, spread: .5, talk: 150, contacts: 40, weekend: true},
		{Name: "spare", contacts: 0},
	}
	m := make(map[string]*Role, len(list))
	for i := range list {
		m[list[i].Name] = &list[i]
	}
	return m
}

// share is how many of an organisation's accounts have a role.
type share struct {
	Role   string
	Weight float64
}

// Kind is a kind of organisation.
type Kind struct {
	Name   string
	Does   string // what is special about it
	Shares []share
	Hours  string // office hours as configuration says them
}

// Kinds are the kinds of organisation.
func Kinds() []Kind {
	const office = "mon-fri 08:00-18:00"
	return []Kind{
		{"office", "clerks, managers, some sales, spare extensions", []share{{"clerk", 57}, {"manager", 9}, {"sales", 9}, {"agent", 1.5}, {"evening agent", .7}, {"guard", .7}, {"buyer", 4}, {"reception", 2}, {"meeting room", 3}, {"export", 1}, {"machine", 3}, {"spare", 8}, {"cleaner", 1}}, office},
		{"shop", "a few desks, open on Saturday, much inbound", []share{{"shop", 60}, {"clerk", 12}, {"manager", 10}, {"buyer", 6}, {"machine", 6}, {"spare", 6}}, "mon-sat 09:00-20:00"},
		{"callcentre", "agents dial lists of hundreds a day, evenings too", []share{{"agent", 30}, {"evening agent", 14}, {"export agent", 8}, {"support", 22}, {"clerk", 8}, {"manager", 6}, {"reception", 1}, {"machine", 2}, {"spare", 9}}, "mon-sat 08:00-22:00"},
		{"hotel", "rooms with guests who call home at any hour", []share{{"guest room", 70}, {"reception", 4}, {"night desk", 3}, {"clerk", 8}, {"manager", 4}, {"workshop", 4}, {"machine", 4}, {"spare", 3}}, "mon-sun 00:00-24:00"},
		{"provider", "many small tenants behind one trunk, and engineers on call", []share{{"tenant", 72}, {"engineer", 8}, {"support", 6}, {"sales", 4}, {"machine", 4}, {"spare", 6}}, "mon-fri 08:00-18:00"},
		{"clinic", "doctors and nurses, nights and weekends", []share{{"doctor", 24}, {"nurse", 30}, {"clerk", 22}, {"reception", 6}, {"manager", 3}, {"guard", 2}, {"machine", 6}, {"spare", 7}}, "mon-sun 00:00-24:00"},
		{"factory", "shifts, planners, buyers abroad, alarms and lifts", []share{{"workshop", 40}, {"clerk", 22}, {"planner", 5}, {"buyer", 8}, {"export", 5}, {"manager", 5}, {"guard", 2}, {"reception", 1}, {"machine", 6}, {"spare", 6}}, "mon-fri 06:00-22:00"},
		{"school", "hardly any calls, none in the holidays", []share{{"teacher", 66}, {"clerk", 12}, {"reception", 4}, {"manager", 4}, {"machine", 4}, {"cleaner", 2}, {"spare", 8}}, office},
		{"trader", "calls dear countries every day", []share{{"trader", 40}, {"export", 22}, {"clerk", 16}, {"manager", 8}, {"reception", 2}, {"machine", 2}, {"spare", 8}}, "mon-fri 07:30-19:00"},
		{"transport", "planners call drivers abroad from early to late", []share{{"planner", 30}, {"export", 12}, {"clerk", 24}, {"guard", 4}, {"manager", 8}, {"workshop", 10}, {"machine", 4}, {"spare", 8}}, "mon-sat 05:00-22:00"},
		{"software", "engineers on call at night, long conferences, customers everywhere", []share{{"engineer", 34}, {"sales", 14}, {"support", 16}, {"clerk", 12}, {"manager", 8}, {"meeting room", 8}, {"machine", 1}, {"spare", 7}}, office},
	}
}
