package access

import (
	"net/netip"
	"time"

	"github.com/belwacht/belwacht"
)

// Policy is the owner's will on who comes in from where and when. The zero Policy, filled, lets administrators in from anywhere at any time, with two factors.
type Policy struct {
	Networks []netip.Prefix        // console and API are open to; none = to all. The machine itself always
	Hours    *belwacht.TimeWindows // when they are open; nil = always
	Zone     *time.Location        // of the hours; nil = UTC
	Own      []netip.Prefix        // the organisation's declared networks: there self-service needs no second factor
	Everyone bool                  // a second factor is asked of all, everywhere
	Idle     time.Duration         // a session ends that is not used for so long; 0 = 30 minutes
	Longest  time.Duration         // and however much it is used after so long; 0 = 12 hours
	Each     int                   // sessions of one user at a time, the oldest ends; 0 = 5
	Origin   string                // of the console, such as https://belwacht.example.org; "" = as it is asked for
}

// Bounds of a policy.
const (
	idleUsual, idleMost       = 30 * time.Minute, 12 * time.Hour
	longestUsual, longestMost = 12 * time.Hour, 7 * 24 * time.Hour
	eachUsual, eachMost       = 5, 20
)

// Filled is p with what is usual where nothing is said; an error of code Config where it is out of bounds.
func (p Policy) Filled() (Policy, error) {
	if p.Idle == 0 {
		p.Idle = idleUsual
	}
	if p.Longest == 0 {
		p.Longest = longestUsual
	}
	if p.Each == 0 {
		p.Each = eachUsual
	}
	if p.Zone == nil {
		p.Zone = time.UTC
	}
	switch {
	case p.Idle < time.Minute || p.Idle > idleMost:
		return p, belwacht.Errorf(belwacht.Config, "access.sessions.idle: must be between 1m and 12h")
	case p.Longest < p.Idle || p.Longest > longestMost:
		return p, belwacht.Errorf(belwacht.Config, "access.sessions.longest: must be between the idle time and 168h")
	case p.Each < 1 || p.Each > eachMost:
		return p, belwacht.Errorf(belwacht.Config, "access.sessions.each: must be between 1 and %d", eachMost)
	}
	return p, nil
}

// Inside says whether an address is in one of some networks.
func Inside(a netip.Addr, networks []netip.Prefix) bool {
	a = a.Unmap().WithZone("")
	for _, n := range networks {
		if n.Contains(a) {
			return true
		}
	}
	return false
}

// Admits says whether the door is open for an address at a time; an error of code Forbidden says why not.
func (p *Policy) Admits(from netip.Addr, now time.Time) error {
	if from.Unmap().IsLoopback() {
		return nil // the machine itself
	}
	if len(p.Networks) > 0 && !Inside(from, p.Networks) {
		return Errorf(belwacht.Forbidden, "this console is not open to your network; use an allowed one, or the way in from the machine itself: belwacht access link",
			"deze console is niet open voor uw netwerk; gebruik een toegelaten netwerk, of de weg vanaf de machine zelf: belwacht access link")
	}
	if p.Hours != nil {
		at := now.In(p.Zone)
		minute := (int(at.Weekday())+6)%7*1440 + at.Hour()*60 + at.Minute()
		if !p.Hours.Contains(minute) {
			return Errorf(belwacht.Forbidden, "this console is open %s only; at other times use the way in from the machine itself: belwacht access link",
				"deze console is alleen open %s; gebruik op andere tijden de weg vanaf de machine zelf: belwacht access link", p.Hours.Text)
		}
	}
	return nil
}

// NeedsSecond says whether a second factor is asked of a user who comes from an address.
func (p *Policy) NeedsSecond(u *belwacht.User, from netip.Addr) bool {
	return Administrative(u.Role) || p.Everyone || !p.Within(from)
}

// Within says whether an address is inside the organisation.
func (p *Policy) Within(from netip.Addr) bool {
	return from.Unmap().IsLoopback() || Inside(from, p.Own)
}
