package belwacht

// Class says what kind of destination a number is.
type Class uint8

// The classes of DESIGN §2.
const (
	ClassUnknown Class = iota
	ClassEmergency
	ClassSocial // helplines, police on a service number, the owner's alarm centre
	ClassFreephone
	ClassGeographic
	ClassMobile
	ClassSharedCost
	ClassPremium
	ClassPersonal
	ClassSatellite
	ClassNetwork   // international networks: +882, +883, aircraft and ships …
	ClassShortCode // operator services
	ClassInternal  // an extension, feature code or anything else that stays in the house
	classes
)

var classNames = [classes]string{"unknown", "emergency", "social", "freephone", "geographic", "mobile", "shared_cost", "premium", "personal",
	"satellite", "network", "short_code", "internal"}

// String is the word used in configuration and output, such as "shared_cost".
func (c Class) String() string {
	if c >= classes {
		return "unknown"
	}
	return classNames[c]
}

// ParseClass reads the word that String gives.
func ParseClass(s string) (Class, bool) {
	for i, n := range classNames {
		if n == s {
			return Class(i), true
		}
	}
	return ClassUnknown, false
}

// MarshalText implements encoding.TextMarshaler.
func (c Class) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (c *Class) UnmarshalText(b []byte) error {
	v, ok := ParseClass(string(b))
	if !ok {
		return Errorf(Invalid, "%q is no class of numbers; there are %v", b, classNames)
	}
	*c = v
	return nil
}

// Costly says whether numbers of this class earn money for whoever holds them: premium, personal, satellite, international network.
// The brake and the prior treat them as calls abroad.
func (c Class) Costly() bool {
	return c == ClassPremium || c == ClassPersonal || c == ClassSatellite || c == ClassNetwork
}
