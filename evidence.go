package belwacht

// Family groups evidence that rests on the same kind of observation.
type Family uint8

// The families of DESIGN §4.
const (
	FamilyDestination Family = iota
	FamilyAmount
	FamilyTime
	FamilySequence
	FamilySource
	FamilyList
	Families // how many there are
)

var familyNames = [Families]string{"destination", "amount", "time", "sequence", "source", "list"}

// String is the word used in rule files and output.
func (f Family) String() string {
	if f >= Families {
		return "?"
	}
	return familyNames[f]
}

// ParseFamily reads the word that String gives.
func ParseFamily(s string) (Family, bool) {
	for i, n := range familyNames {
		if n == s {
			return Family(i), true
		}
	}
	return 0, false
}

// MarshalText implements encoding.TextMarshaler.
func (f Family) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (f *Family) UnmarshalText(b []byte) error {
	v, ok := ParseFamily(string(b))
	if !ok {
		return Errorf(Invalid, "%q is no family of evidence; there are %v", b, familyNames)
	}
	*f = v
	return nil
}

// Evidence is one observation with its weight: how much more likely it is under fraud than under this account's normal life,
// log2 of the ratio.
type Evidence struct {
	Rule string `json:"rule"`
	// With is the other rule where two say something together, on top of what each says alone.
	With   string  `json:"with,omitempty"`
	Family Family  `json:"family"`
	Bits   float32 `json:"bits"`
	// Value is what was observed, in the rule's own measure (calls, euro, days, …); Usual is what this account's history says.
	Value float32 `json:"value"`
	Usual float32 `json:"usual,omitempty"`
	// Counted is false where the bits are shown but not added: a rule in monitor, or not the strongest of its family.
	Counted bool `json:"counted"`
	// English and Dutch are one plain clause each ("Extension 212 never called Somalia"); filled only where a trace is kept.
	English string `json:"en,omitempty"`
	Dutch   string `json:"nl,omitempty"`
}
