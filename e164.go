package belwacht

// E164 is an international telephone number (ITU-T E.164, at most 15 digits) packed into 64 bits: the digits from the top,
// four bits each, and their count in the lowest four bits. The zero value is "no number". Packed numbers compare and hash
// as integers, and a prefix of one is a mask, so that the call path allocates nothing.
type E164 uint64

// MaxDigits is the greatest length of an E.164 number.
const MaxDigits = 15

// ParseE164 packs digits, with or without one leading plus. It reports false where there are none, more than 15, or
// anything but digits.
func ParseE164(digits string) (E164, bool) {
	if len(digits) > 0 && digits[0] == '+' {
		digits = digits[1:]
	}
	if len(digits) == 0 || len(digits) > MaxDigits {
		return 0, false
	}
	var e E164
	for i := 0; i < len(digits); i++ {
		d := digits[i] - '0'
		if d > 9 {
			return 0, false
		}
		e |= E164(d) << (60 - 4*uint(i))
	}
	return e | E164(len(digits)), true
}

// Len is the number of digits, 0 to 15.
func (e E164) Len() int { return int(e & 15) }

// Digit is the i-th digit from the left, 0 ≤ i < Len.
func (e E164) Digit(i int) byte { return byte(e>>(60-4*uint(i))) & 15 }

// Prefix keeps the first n digits; all of them where n exceeds Len, none where n ≤ 0.
func (e E164) Prefix(n int) E164 {
	if n >= e.Len() {
		return e
	}
	if n <= 0 {
		return 0
	}
	return e&(^E164(0)<<(64-4*uint(n))) | E164(n)
}

// HasPrefix says whether the number begins with p.
func (e E164) HasPrefix(p E164) bool { return p.Len() <= e.Len() && e.Prefix(p.Len()) == p }

// Range is the number without its last four digits, at least four digits where there are as many: the block out of which numbers
// are handed out, and of which an attacker owns many.
func (e E164) Range() E164 { return e.Prefix(max(e.Len()-4, 4)) }

// Tail is the last n digits as a number (they may begin with zeros); with fewer digits, all of them.
func (e E164) Tail(n int) uint64 {
	var v uint64
	for i := max(0, e.Len()-n); i < e.Len(); i++ {
		v = v*10 + uint64(e.Digit(i))
	}
	return v
}

// AppendDigits appends the digits without a plus.
func (e E164) AppendDigits(dst []byte) []byte {
	for i := range e.Len() {
		dst = append(dst, '0'+e.Digit(i))
	}
	return dst
}

// Digits returns the digits without a plus.
func (e E164) Digits() string {
	var b [MaxDigits]byte
	return string(e.AppendDigits(b[:0]))
}

// String returns the number with its plus, or "" for no number.
func (e E164) String() string {
	if e == 0 {
		return ""
	}
	b := [MaxDigits + 1]byte{'+'}
	return string(e.AppendDigits(b[:1]))
}

// MarshalText implements encoding.TextMarshaler.
func (e E164) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (e *E164) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*e = 0
		return nil
	}
	v, ok := ParseE164(string(b))
	if !ok {
		return Errorf(Invalid, "%q is no international number, such as +31201230000", b)
	}
	*e = v
	return nil
}
