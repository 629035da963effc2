package belwacht

// Country is an ISO 3166-1 alpha-2 code in capitals; the zero Country is "none": a satellite or international network, or
// not known.
type Country [2]byte

// ParseCountry reads two letters, small or capital.
func ParseCountry(s string) (Country, bool) {
	if len(s) != 2 {
		return Country{}, false
	}
	var c Country
	for i := range 2 {
		b := s[i] &^ 0x20
		if b < 'A' || b > 'Z' {
			return Country{}, false
		}
		c[i] = b
	}
	return c, true
}

// Index is a number under 677, unique to each country, 0 for none: for tables.
func (c Country) Index() int {
	if c[0] == 0 {
		return 0
	}
	return 1 + int(c[0]-'A')*26 + int(c[1]-'A')
}

// String is the code, or "" for none.
func (c Country) String() string {
	if c[0] == 0 {
		return ""
	}
	return string(c[:])
}

// MarshalText implements encoding.TextMarshaler.
func (c Country) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (c *Country) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*c = Country{}
		return nil
	}
	v, ok := ParseCountry(string(b))
	if !ok {
		return Errorf(Invalid, "%q is no country code of two letters, such as NL", b)
	}
	*c = v
	return nil
}
