package ingest

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/number"
)

// DefaultHorizon is how long rows are held back to put them in order.
const DefaultHorizon = belwacht.Day

// DefaultMaxHeld bounds the rows held back, some 250 bytes each.
const DefaultMaxHeld = 2_000_000

// Config is what an Assembler needs to know of a site.
type Config struct {
	Tenant  string
	Site    string
	Numbers *number.Site // the dial plan; required
	// Trunks are endpoints known to be trunks, as PJSIP/trunk or trunk. Others are found by what goes over them.
	Trunks []string
	// TrunkContexts are names of contexts that calls from outside come in by, besides the usual ones (from-trunk, from-pstn, …).
	TrunkContexts []string
	// Horizon is how long rows are held back; zero is DefaultHorizon.
	Horizon belwacht.Instant
	// MaxHeld bounds the rows held back; where it is reached the horizon is cut short and counted. Zero is DefaultMaxHeld.
	MaxHeld int
	// Extensions says whether a name is a declared extension, which is never a trunk; nil = none are declared.
	Extensions func(name string) bool
}

// Stats is what an Assembler has done so far.
type Stats struct {
	Rows       int64    // taken in
	Duplicates int64    // dropped: the same record again
	Calls      int64    // yielded, late ones included
	Late       int64    // calls that came after their horizon
	Forced     int64    // rows let go before their horizon, for want of room
	Held       int      // rows held back now
	Directions [4]int64 // calls by belwacht.Direction
}
