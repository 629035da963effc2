package number

import (
	"testing"

	"github.com/belwacht/belwacht"
)

func BenchmarkRead(b *testing.B) {
	s := site(b, "NL")
	for _, c := range []struct{ name, dialled string }{{"national", "0201234567"}, {"abroad", "00442079460000"}, {"plus", "+252612345678"}, {"internal", "212"}, {"emergency", "112"},
		{"hidden", "900148614236058"}, {"junk", "00-972592277524"}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				n := s.Read(c.dialled)
				if n.Dialled == "" {
					b.Fatal(n)
				}
			}
		})
	}
}

func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		site(b, "NL")
	}
}

func BenchmarkCountryOf(b *testing.B) {
	s := site(b, "NL")
	e, _ := belwacht.ParseE164("252612345678")
	b.ReportAllocs()
	for b.Loop() {
		s.CountryOf(e)
	}
}
