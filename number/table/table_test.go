package table

import (
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/nyaruka/phonenumbers"
)

// classes is the class that each of libphonenumber's types has here, own tables aside.
func classes() map[phonenumbers.PhoneNumberType]belwacht.Class {
	return map[phonenumbers.PhoneNumberType]belwacht.Class{
		phonenumbers.FIXED_LINE: belwacht.ClassGeographic, phonenumbers.MOBILE: belwacht.ClassMobile,
		phonenumbers.FIXED_LINE_OR_MOBILE: belwacht.ClassGeographic,
		phonenumbers.TOLL_FREE:            belwacht.ClassFreephone, phonenumbers.PREMIUM_RATE: belwacht.ClassPremium,
		phonenumbers.SHARED_COST: belwacht.ClassSharedCost, phonenumbers.VOIP: belwacht.ClassGeographic,
		phonenumbers.PERSONAL_NUMBER: belwacht.ClassPersonal, phonenumbers.PAGER: belwacht.ClassMobile, phonenumbers.UAN: belwacht.ClassGeographic,
		phonenumbers.VOICEMAIL: belwacht.ClassMobile,
	}
}

// random walks the automaton to a valid number below the region's country code, or invents one.
func random(r *rand.Rand, w *World, code string) string {
	digits := []byte(code)
	n := Root
	for _, d := range digits {
		n = w.Next(n, d-'0')
	}
	free := r.IntN(4) == 0
	for len(digits) < belwacht.MaxDigits {
		if n != 0 && w.Exact(n) != 0 && r.IntN(3) == 0 {
			break
		}
		if free && r.IntN(12) == 0 {
			break
		}
		d := byte(r.IntN(10))
		if n != 0 && !free {
			live := 0
			for c := range byte(10) {
				if w.Next(n, c) != 0 {
					if live++; r.IntN(live) == 0 {
						d = c
					}
				}
			}
			if live == 0 {
				break
			}
		}
		digits = append(digits, d+'0')
		if n != 0 {
			n = w.Next(n, d)
		}
	}
	return string(digits)
}

// TestAgainstPhonenumbers compares validity, country and class with libphonenumber's on random numbers of all country codes.
func TestAgainstPhonenumbers(t *testing.T) {
	w := Open()
	rng := rand.New(rand.NewPCG(3, 1))
	type score struct{ all, valid, validity, country, class int }
	var total score
	perCode := map[string]score{}
	for code := range phonenumbers.GetSupportedCallingCodes() {
		cc := strconv.Itoa(code)
		var s score
		for range 300 {
			digits := random(rng, &w, cc)
			e, ok := belwacht.ParseE164(digits)
			if !ok {
				t.Fatalf("%q", digits)
			}
			national := digits[len(cc):]
			if national == "" {
				continue
			}
			zeros := 0
			for zeros < len(national)-1 && national[zeros] == '0' {
				zeros++
			}
			value, _ := strconv.ParseUint(national, 10, 64)
			c32, leading := int32(code), int32(zeros)
			p := &phonenumbers.PhoneNumber{CountryCode: &c32, NationalNumber: &value}
			if yes := true; zeros > 0 {
				p.ItalianLeadingZero, p.NumberOfLeadingZeros = &yes, &leading
			}
			s.all++
			x, valid := w.Walk(e)
			want := phonenumbers.IsValidNumber(p)
			if valid == want {
				s.validity++
			} else {
				t.Logf("+%s %s: valid %v, libphonenumber %v", cc, national, valid, want)
			}
			if !want {
				continue
			}
			s.valid++
			region := phonenumbers.GetRegionCodeForNumber(p)
			if region == "001" {
				region = ""
			}
			if w.Country(w.Region(x)).String() == region {
				s.country++
			}
			if region == "" {
				s.class++ // shared codes are satellites and networks here, which libphonenumber has no types for
			} else if w.Class(x) == classes()[phonenumbers.GetNumberType(p)] {
				s.class++
			}
		}
		total.all += s.all
		total.valid += s.valid
		total.validity += s.validity
		total.country += s.country
		total.class += s.class
		perCode[cc] = s
	}
	t.Logf("%d numbers, %d valid: validity agrees for %d (%.3f %%), country for %d of the valid (%.3f %%), class for %d (%.3f %%; own tables win)", total.all, total.valid,
		total.validity, 100*float64(total.validity)/float64(total.all), total.country, 100*float64(total.country)/float64(total.valid),
		total.class, 100*float64(total.class)/float64(total.valid))
	for cc, s := range perCode {
		if s.class*100 < s.valid*90 {
			t.Logf("+%s: class agrees for %d of %d", cc, s.class, s.valid)
		}
	}
	if total.validity*1000 < total.all*999 || total.country*1000 < total.valid*999 || total.class*100 < total.valid*98 {
		t.Error("the table departs from its source")
	}
}

// TestEveryCountry finds a plan for each country, and short and emergency numbers.
func TestEveryCountry(t *testing.T) {
	w := Open()
	countries := 0
	for r := Region(1); int(r) < w.Regions(); r++ {
		c := w.Country(r)
		if c.Index() == 0 {
			continue
		}
		countries++
		if w.FindRegion(c) != r {
			t.Errorf("%s: FindRegion gives %d, want %d", c, w.FindRegion(c), r)
		}
		p := w.Plan(r)
		if len(p.International) == 0 || len(p.Emergency) < 2 || len(p.Social) == 0 || w.Zone(r) == ZoneNone {
			t.Errorf("%s: incomplete plan %+v", c, p)
		}
	}
	if countries != len(phonenumbers.GetSupportedRegions()) {
		t.Errorf("%d countries, libphonenumber has %d", countries, len(phonenumbers.GetSupportedRegions()))
	}
	if w.Size() > 15<<20 {
		t.Errorf("the table has %d bytes", w.Size())
	}
	t.Logf("%d countries, %d bytes, %s", countries, w.Size(), w.Source())
}

func BenchmarkWalk(b *testing.B) {
	w := Open()
	e, _ := belwacht.ParseE164("31201234567")
	for b.Loop() {
		w.Walk(e)
	}
}
