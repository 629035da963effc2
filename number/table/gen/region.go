package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/nyaruka/phonenumbers"
)

// kinds are libphonenumber's descriptions of a region in the order in which its getNumberTypeHelper asks them, with our class.
var kinds = []struct {
	desc  func(*phonenumbers.PhoneMetadata) *phonenumbers.PhoneNumberDesc
	class belwacht.Class
}{
	{(*phonenumbers.PhoneMetadata).GetPremiumRate, belwacht.ClassPremium},
	{(*phonenumbers.PhoneMetadata).GetTollFree, belwacht.ClassFreephone},
	{(*phonenumbers.PhoneMetadata).GetSharedCost, belwacht.ClassSharedCost},
	{(*phonenumbers.PhoneMetadata).GetVoip, belwacht.ClassGeographic},
	{(*phonenumbers.PhoneMetadata).GetPersonalNumber, belwacht.ClassPersonal},
	{(*phonenumbers.PhoneMetadata).GetPager, belwacht.ClassMobile},
	{(*phonenumbers.PhoneMetadata).GetUan, belwacht.ClassGeographic},
	{(*phonenumbers.PhoneMetadata).GetVoicemail, belwacht.ClassMobile},
	{(*phonenumbers.PhoneMetadata).GetFixedLine, belwacht.ClassGeographic},
	{(*phonenumbers.PhoneMetadata).GetMobile, belwacht.ClassMobile},
}

// region is a country, or a shared country code, with the languages that its patterns describe.
type region struct {
	meta    *phonenumbers.PhoneMetadata // nil for a code that only own/class.txt knows
	short   *phonenumbers.PhoneMetadata // nil where none
	iso     string                      // "" for shared codes
	code    int
	index   int
	kinds   [10]language // each within the region's general description
	leading language     // numbers whose leading digits settle the region, 0 where none do
	main    lengths      // of numbers like the examples, country code included
}

// format is one of libphonenumber's ways to write a country's numbers: it tells whether the trunk prefix is written.
type format struct {
	pattern, leading language
	bare             bool
}

func mask(l []int32) (m lengths) {
	for _, v := range l {
		if v > 0 {
			m |= 1 << v
		}
	}
	return m
}

// compile reads the region's patterns into languages of national numbers.
func (r *region) compile(l *languages) error {
	longest := belwacht.MaxDigits - len(strconv.Itoa(r.code))
	desc := func(d *phonenumbers.PhoneNumberDesc) (language, error) {
		return l.compile(d.GetNationalNumberPattern(), mask(d.GetPossibleLength()), longest, false)
	}
	general, err := desc(r.meta.GetGeneralDesc())
	if err != nil {
		return fmt.Errorf("%s: %w", r.iso, err)
	}
	for i, k := range kinds {
		kind, err := desc(k.desc(r.meta))
		if err != nil {
			return fmt.Errorf("%s: %w", r.iso, err)
		}
		r.kinds[i] = l.intersect(kind, general)
	}
	for _, d := range []*phonenumbers.PhoneNumberDesc{r.meta.GetFixedLine(), r.meta.GetMobile()} {
		if n := len(d.GetExampleNumber()); n > 0 {
			r.main |= 1 << (n + len(strconv.Itoa(r.code)))
		}
	}
	r.leading, err = l.compile(r.meta.GetLeadingDigits(), 0, longest, true)
	return err
}

func formats(l *languages, m *phonenumbers.PhoneMetadata, longest int) ([]format, error) {
	var out []format
	for _, f := range m.GetNumberFormat() {
		pattern, err := l.compile(f.GetPattern(), 0, longest, false)
		if err != nil {
			return nil, err
		}
		leading := "" // any
		if n := len(f.GetLeadingDigitsPattern()); n > 0 {
			leading = f.GetLeadingDigitsPattern()[n-1]
		}
		id, err := l.compile("(?:"+leading+")", 0, longest, true)
		if err != nil {
			return nil, err
		}
		trunk := m.GetNationalPrefix()
		rule := strings.NewReplacer("$1", "", "$", "").Replace(f.GetNationalPrefixFormattingRule())
		out = append(out, format{pattern, id, trunk == "" || !strings.Contains(rule, trunk) || f.GetNationalPrefixOptionalWhenFormatting()})
	}
	if m.GetNationalPrefix() == "" {
		out = append(out, format{-1, -1, true})
	}
	return out, nil
}

// words lists a finite language, at most limit strings, shortest first.
func (l *languages) words(id language, limit int) []string {
	var out []string
	var walk func(id language, prefix string)
	walk = func(id language, prefix string) {
		if id == 0 || len(out) >= limit {
			return
		}
		if l.nodes[id].accept {
			out = append(out, prefix)
		}
		for d, next := range l.nodes[id].next {
			walk(next, prefix+string(rune('0'+d)))
		}
	}
	walk(id, "")
	slices.SortFunc(out, func(a, b string) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return strings.Compare(a, b)
	})
	return out
}

// plan writes how the region dials, in the four lines that table.Plan reads.
func (r *region) plan(l *languages, o *own) (string, error) {
	id, err := l.compile(r.meta.GetInternationalPrefix(), 0, 8, false)
	if err != nil {
		return "", fmt.Errorf("%s: international prefix: %w", r.iso, err)
	}
	international := l.words(id, 100)
	if p := strings.ReplaceAll(r.meta.GetPreferredInternationalPrefix(), "~", ""); p != "" {
		international = append([]string{p}, slices.DeleteFunc(international, func(s string) bool { return s == p })...)
	}
	trunks, err := r.trunks(l)
	if err != nil {
		return "", err
	}
	emergency := []string{"112", "911"}
	if r.short != nil {
		id, err := l.compile(r.short.GetEmergency().GetNationalNumberPattern(), mask(r.short.GetEmergency().GetPossibleLength()), 8, false)
		if err != nil {
			return "", fmt.Errorf("%s: emergency numbers: %w", r.iso, err)
		}
		emergency = append(emergency, l.words(id, 300)...)
	}
	for _, n := range o.emergency[r.iso] {
		if without, ok := strings.CutPrefix(n, "-"); ok {
			emergency = slices.DeleteFunc(emergency, func(s string) bool { return s == without })
		} else {
			emergency = append(emergency, n)
		}
	}
	social := slices.Concat(o.social["EU"], o.social[r.iso])
	for _, list := range [][]string{emergency, social} {
		slices.Sort(list)
	}
	emergency, social = slices.Compact(emergency), slices.Compact(social)
	social = slices.DeleteFunc(social, func(s string) bool { return slices.Contains(emergency, s) })
	return strings.Join([]string{strings.Join(international, " "), strings.Join(trunks, " "), strings.Join(emergency, " "), strings.Join(social, " ")}, "\n"), nil
}

// trunks are the prefixes that may stand before a national number, the usual one first. Where the pattern that libphonenumber strips also holds
// carrier codes or moves digits about, only the usual one.
func (r *region) trunks(l *languages) ([]string, error) {
	usual := r.meta.GetNationalPrefix()
	if usual == "" {
		return nil, nil
	}
	out := []string{usual}
	pattern := r.meta.GetNationalPrefixForParsing()
	if strings.Contains(strings.ReplaceAll(pattern, "(?:", ""), "(") {
		return out, nil
	}
	id, err := l.compile(pattern, 0, 8, false)
	if err != nil {
		return nil, fmt.Errorf("%s: national prefix: %w", r.iso, err)
	}
	for _, w := range l.words(id, 10) {
		if w != usual {
			out = append(out, w)
		}
	}
	return out, nil
}
