package network

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/network/table"
)

func TestPlaces(t *testing.T) {
	world, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	office, err := ParsePrefix("193.0.0.0/21")
	if err != nil {
		t.Fatal(err)
	}
	known, err := New(Config{Known: map[netip.Prefix]belwacht.Country{netip.MustParsePrefix("192.0.2.0/24"): {'N', 'L'}}})
	if err != nil {
		t.Fatal(err)
	}
	own := world.With([]netip.Prefix{office})
	for _, c := range []struct {
		table   *Table
		address string
		country string
		inside  bool
	}{
		{world, "193.0.6.139", "NL", false}, // the RIPE NCC, Amsterdam
		{world, "145.97.1.1", "NL", false},  // SURF
		{world, "::ffff:145.97.1.1", "NL", false},
		{world, "89.28.1.1", "MD", false},
		{world, "102.88.1.1", "NG", false},
		{world, "47.64.113.136", "DE", false},
		{world, "8.8.8.8", "US", false},
		{world, "2001:67c:2e8::1", "NL", false},
		{world, "2001:4860:4860::8888", "US", false},
		{known, "192.0.2.1", "NL", false},
		{known, "89.28.1.1", "MD", false},
		{world, "192.0.2.1", "", false}, // for documentation: nobody's
		{world, "2001:db8::1", "", false},
		{world, "10.1.2.3", "", true},
		{world, "fd00::1", "", true},
		{world, "127.0.0.1", "", true},
		{world, "169.254.7.7", "", true},
		{world, "fe80::1%eth0", "", true},
		{world, "100.64.0.1", "", true},
		{world, "100.128.0.1", "US", false},
		{own, "193.0.6.139", "", true},
		{own, "193.0.8.1", "NL", false},
		{nil, "8.8.8.8", "", false},
		{nil, "192.168.1.1", "", true},
		{(*Table)(nil).With([]netip.Prefix{office}), "193.0.6.139", "", true},
	} {
		p := c.table.Place(netip.MustParseAddr(c.address))
		if p.Country.String() != c.country || p.Inside != c.inside || p.Net == 0 || p.Inside != (p.Net == InsideNet) {
			t.Errorf("%s: %+v, want %q, inside %v", c.address, p, c.country, c.inside)
		}
	}
	for _, nowhere := range []netip.Addr{{}, netip.IPv4Unspecified(), netip.IPv6Unspecified(), netip.MustParseAddr("224.0.0.1")} {
		if p := world.Place(nowhere); p != (Place{}) {
			t.Errorf("%v: %+v", nowhere, p)
		}
	}
	a, b, c := world.Place(netip.MustParseAddr("84.80.1.1")), world.Place(netip.MustParseAddr("84.80.255.9")), world.Place(netip.MustParseAddr("84.81.1.1"))
	if a.Net != b.Net || a.Net == c.Net {
		t.Errorf("networks %d, %d and %d: the first two are one", a.Net, b.Net, c.Net)
	}
}

func TestPrefixes(t *testing.T) {
	for in, want := range map[string]string{"203.0.113.9/24": "203.0.113.0/24", "203.0.113.9": "203.0.113.9/32", "2001:db8::/32": "2001:db8::/32",
		"::ffff:203.0.113.9": "203.0.113.9/32"} {
		if p, err := ParsePrefix(in); err != nil || p.String() != want {
			t.Errorf("%s: %v, %v; want %s", in, p, err, want)
		}
	}
	for _, bad := range []string{"", "office", "203.0.113.0/33", "0.0.0.0/0", "::/0", "::ffff:203.0.113.0/120", "203.0.113.0/24 ", "10.0.0"} {
		if p, err := ParsePrefix(bad); err == nil || belwacht.CodeOf(err) != belwacht.Config {
			t.Errorf("%q: %v, %v; want an error of the configuration", bad, p, err)
		}
	}
}

// mmdb writes the smallest table there is (MaxMind DB format 2.0): one node, both of whose sides lead to the same record.
func mmdb(record []byte) []byte {
	var b bytes.Buffer
	for range 2 {
		b.Write([]byte{0, 0, 1 + 16}) // nodes + the 16 bytes between tree and data
	}
	b.Write(make([]byte, 16))
	b.Write(record)
	b.WriteString("\xab\xcd\xefMaxMind.com")
	word := func(s string) { b.WriteByte(0x40 | byte(len(s))); b.WriteString(s) }
	number := func(key string, v uint16) {
		word(key)
		b.WriteByte(5<<5 | 2)
		_ = binary.Write(&b, binary.BigEndian, v)
	}
	b.WriteByte(7<<5 | 6)
	number("node_count", 1)
	number("record_size", 24)
	number("ip_version", 4)
	number("binary_format_major_version", 2)
	number("binary_format_minor_version", 0)
	word("database_type")
	word("ASN")
	return b.Bytes()
}

// asn is a record as GeoLite2-ASN has it: AS64500 (RFC 5398), named Example.
func asn() []byte {
	const number, name = "autonomous_system_number", "autonomous_system_organization"
	return []byte("\xe2" + "\x58" + number + "\xc2\xfb\xf4" + "\x5d\x01" + name + "\x47Example")
}

func file(t testing.TB, data []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "own.mmdb")
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestOwnTables(t *testing.T) {
	world, err := table.World()
	if err != nil {
		t.Fatal(err)
	}
	own, err := New(Config{Files: []string{file(t, mmdb(asn())), file(t, world)}})
	if err != nil {
		t.Fatal(err)
	}
	p := own.Place(netip.MustParseAddr("145.97.1.1"))
	if p.AS != 64500 || p.Name != "Example" || p.Country.String() != "NL" {
		t.Errorf("%+v, want AS64500 Example in NL", p)
	}
	if q := own.Place(netip.MustParseAddr("89.28.1.1")); q.Net != p.Net || q.Country.String() != "MD" {
		t.Errorf("%+v: one autonomous system is one network, wherever its addresses are", q)
	}
	for name, want := range map[string]string{"missing.mmdb": "is the name right", t.TempDir(): "is the name right", file(t, []byte("not a table")): "MaxMind's format"} {
		if _, err := New(Config{Files: []string{name}}); err == nil || belwacht.CodeOf(err) != belwacht.Config || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
	if _, err := New(Config{Files: make([]string, filesMost+1)}); err == nil {
		t.Error("tables without end are read")
	}
}

// FuzzTable asks damaged tables: they say nothing or something, and never panic.
func FuzzTable(f *testing.F) {
	f.Add(mmdb(asn()))
	f.Add(mmdb([]byte{0x42, 'N', 'L'}))
	f.Fuzz(func(t *testing.T, data []byte) {
		own, err := New(Config{Files: []string{file(t, data)}})
		if err != nil {
			return
		}
		for _, a := range []string{"1.2.3.4", "200.1.1.1", "2001:67c::1"} {
			own.files[0].Lookup(netip.MustParseAddr(a))
			own.Place(netip.MustParseAddr(a))
		}
	})
}

func BenchmarkPlace(b *testing.B) {
	world, err := New(Config{})
	if err != nil {
		b.Fatal(err)
	}
	a := netip.MustParseAddr("145.97.1.1")
	for b.Loop() {
		world.Place(a)
	}
}
