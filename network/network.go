// Package network says where an address is: its country, the network it belongs to, and whether that is the owner's own.
//
//	table, err := network.New(network.Config{})          // the world's countries, built in
//	office := table.With(prefixes)                        // 203.0.113.0/24 is ours
//	p := office.Place(netip.MustParseAddr("198.51.100.7"))
//
// What it says is an aid, not a proof: addresses move between countries, a VPN stands where its user does not, and the built-in table knows
// five of six. An unknown country is never a sign of anything.
//
// The built-in table knows no names of networks. An owner who has a table with autonomous systems in MaxMind's format (GeoLite2-ASN, say) names
// it in the configuration (lists.networks); without one the network of an address is its first 16 bits, of IPv6 its first 32, about what a
// provider gets from its registry.
package network

import (
	"encoding/binary"
	"maps"
	"net/netip"
	"os"
	"slices"
	"sync"

	"github.com/oschwald/maxminddb-golang/v2"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/network/table"
)

// Place is where an address is.
type Place struct {
	Country belwacht.Country // the zero country where it is not known, and inside
	AS      uint32           // number of the autonomous system (RFC 6793), 0 = not known
	Name    string           // of the autonomous system as its table has it: clean it before it is shown; "" = not known
	Net     uint64           // the same for addresses of one network, never zero for a valid address; it stays the same as long as the tables do
	Inside  bool             // private, loopback, link-local, shared by a carrier (RFC 6598), or declared as the owner's
}

// InsideNet is the Net of all addresses inside: an office is one network, whatever its routers make of it.
const InsideNet = 1

// Config says which tables are asked.
type Config struct {
	Files []string                          // tables of the owner in MaxMind DB format, asked before the built-in one
	Known map[netip.Prefix]belwacht.Country // networks whose country is known from elsewhere, asked before all: stories and tests live in such
}

// Bounds of an owner's tables.
const (
	filesMost = 4
	bytesMost = 512 << 20
)

// Table maps addresses to places. It does not change and is safe for concurrent use. A nil *Table knows no country and no declared network.
type Table struct {
	files []*maxminddb.Reader
	world func() *maxminddb.Reader // unpacked when it is first asked; nil where it cannot be read
	known map[netip.Prefix]belwacht.Country
	own   []netip.Prefix
}

// New reads the owner's tables. Errors are of code Config. The built-in table is unpacked (5 MB) when the first address is looked up.
func New(c Config) (*Table, error) {
	if len(c.Files) > filesMost {
		return nil, belwacht.Errorf(belwacht.Config, "%d tables of networks; there may be %d", len(c.Files), filesMost)
	}
	t := &Table{world: sync.OnceValue(world), known: maps.Clone(c.Known)}
	for _, name := range c.Files {
		r, err := open(name)
		if err != nil {
			return nil, err
		}
		t.files = append(t.files, r)
	}
	return t, nil
}

func world() *maxminddb.Reader {
	data, err := table.World()
	if err != nil {
		return nil // a test opens it; a damaged program does not get as far as this
	}
	r, err := maxminddb.OpenBytes(data)
	if err != nil {
		return nil
	}
	return r
}

// open reads a table into memory: a mapped file that somebody writes over would be read half old and half new.
func open(name string) (*maxminddb.Reader, error) {
	info, err := os.Stat(name)
	if err != nil || !info.Mode().IsRegular() {
		return nil, belwacht.Errorf(belwacht.Config, "the table of networks %.200q is no file that can be read; is the name right?", name)
	}
	if info.Size() > bytesMost {
		return nil, belwacht.Errorf(belwacht.Config, "the table of networks %.200q has %d MB; it may have %d", name, info.Size()>>20, bytesMost>>20)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "the table of networks %.200q cannot be read: %w", name, err)
	}
	r, err := maxminddb.OpenBytes(data)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "%.200q is no table in MaxMind's format (.mmdb): %w", name, err)
	}
	return r, nil
}

// With is the same table with networks that are the owner's; those that t had declared are left out. A nil t is allowed.
func (t *Table) With(own []netip.Prefix) *Table {
	next := &Table{}
	if t != nil {
		*next = *t
	}
	next.own = slices.Clone(own)
	return next
}

// record is what we take of a table's record: that of ip-location-db, and those of MaxMind's country and ASN tables.
type record struct {
	Code    string `maxminddb:"country_code"`
	Country struct {
		Code string `maxminddb:"iso_code"`
	} `maxminddb:"country"`
	AS   uint32 `maxminddb:"autonomous_system_number"`
	Name string `maxminddb:"autonomous_system_organization"`
}

// Place says where an address is. An address that is none (the zero Addr, 0.0.0.0) is nowhere: the zero Place.
func (t *Table) Place(a netip.Addr) Place {
	a = a.Unmap().WithZone("")
	if !a.IsValid() || a.IsUnspecified() || a.IsMulticast() {
		return Place{}
	}
	if t.inside(a) {
		return Place{Net: InsideNet, Inside: true}
	}
	p := Place{Net: prefix(a)}
	if t == nil {
		return p
	}
	for k, country := range t.known {
		if k.Contains(a) {
			p.Country = country
		}
	}
	for _, r := range t.files {
		p.ask(r, a)
	}
	if p.Country == (belwacht.Country{}) && t.world != nil {
		p.ask(t.world(), a)
	}
	if p.AS != 0 {
		p.Net = 1<<32 | uint64(p.AS)
	}
	return p
}

// ask fills what is still empty from a table. A record of another form says nothing.
func (p *Place) ask(r *maxminddb.Reader, a netip.Addr) {
	if r == nil {
		return
	}
	var rec record
	if r.Lookup(a).Decode(&rec) != nil {
		return
	}
	if rec.Code == "" {
		rec.Code = rec.Country.Code
	}
	if c, ok := belwacht.ParseCountry(rec.Code); ok && p.Country == (belwacht.Country{}) {
		p.Country = c
	}
	if p.AS == 0 {
		p.AS, p.Name = rec.AS, rec.Name
	}
}

func (t *Table) inside(a netip.Addr) bool {
	if a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || a.Is4() && a.As4()[0] == 100 && a.As4()[1]&0xc0 == 64 {
		return true
	}
	return t != nil && slices.ContainsFunc(t.own, func(p netip.Prefix) bool { return p.Contains(a) })
}

// prefix stands for the network of an address where no table names it.
func prefix(a netip.Addr) uint64 {
	if a.Is4() {
		b := a.As4()
		return 2<<32 | uint64(binary.BigEndian.Uint16(b[:]))
	}
	b := a.As16()
	return 3<<32 | uint64(binary.BigEndian.Uint32(b[:]))
}
