package belwacht

// Risk is what is known of a destination apart from its price.
type Risk uint8

// The risks, from low to high.
const (
	RiskUsual  Risk = iota
	RiskRaised      // a country with some revenue-share history, or a dear one
	RiskHigh        // a country or range with much revenue-share history, satellite, premium abroad
	RiskListed      // a known test or revenue-share number or range, from a list
)

// String is the word used in output.
func (r Risk) String() string {
	switch r {
	case RiskRaised:
		return "raised"
	case RiskHigh:
		return "high"
	case RiskListed:
		return "listed"
	default:
		return "usual"
	}
}

// MarshalText implements encoding.TextMarshaler.
func (r Risk) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// Number is what was dialled and what it means, read by a site's dial plan. It holds no pointers of its own but strings that
// live as long as the tables, so it is copied freely.
type Number struct {
	Dialled string  // as it was dialled
	E164    E164    // what the plan makes of it; zero for internal numbers, short codes and what is no number
	Country Country // of E164; none for networks
	Class   Class
	Network string // the satellite or international network, such as "Iridium", else ""
	Risk    Risk
	Price   Price
	// Canonical is what an emergency or social number is sent as ("112"): never the caller's own string. Else "".
	Canonical string
	// Target is the number that the caller most likely tries to reach where that is another than E164: the target hidden behind
	// outside-line digits, doubled prefixes and junk. TargetCountry, TargetClass, TargetRisk and TargetPrice describe it.
	Target        E164
	TargetCountry Country
	TargetClass   Class
	TargetRisk    Risk
	TargetPrice   Price
	Abroad        bool // E164 is outside the site's own country and zone
	Junk          bool // characters other than digits, one leading plus, and * or # of feature codes
	Dialable      bool // the plan can send it to a trunk
}

// External says whether the call leaves the house: anything but internal numbers.
func (n *Number) External() bool { return n.Class != ClassInternal }

// Hides says whether the target hidden in it is judged rather than what the plan makes of it: the dearer and riskier of the two.
func (n *Number) Hides() bool {
	return n.Target != 0 && (n.E164 == 0 || n.Junk && (n.TargetRisk > n.Risk || n.TargetPrice.PerMinute > n.Price.PerMinute))
}

// Privileged says whether no evidence and no money limit may refuse it: emergency and social numbers.
func (n *Number) Privileged() bool { return n.Class == ClassEmergency || n.Class == ClassSocial }
