// Package honeypot plays real attackers from a made-up organisation: their dialled strings, in their order and spacing, as a honeypot
// recorded them. It reads records only and contacts nobody. What the organisation's dial plan could send to a carrier connects and
// is answered for some seconds; the rest fails at once, as it would at a PBX of that country.
package honeypot

import (
	"encoding/csv"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/number"
	"github.com/belwacht/belwacht/simulate"
)

// maxRows bounds what is read of a honeypot's records.
const maxRows = 5_000_000

// source is one sender of calls.
type source struct {
	host    string
	outside bool // one of its strings has eight digits or more
	calls   []simulate.ScriptCall
}

// New makes up an organisation by base and lets real attackers dial from it: the sources in a honeypot's records (CSV, decompressed, with
// the columns ts, remote_host, method, uri_user and to_user). Each source that dials an outside number (one string with eight digits or
// more) dials from an account of its own from the end of the learning weeks on; truth holds it as one attack of the kind "scanner". Made-up
// attacks are left out unless base names some.
func New(r io.Reader, base simulate.Config, plan *number.Site) (*simulate.Organisation, error) {
	sources, err := read(r, base.Seed, plan)
	if err != nil {
		return nil, err
	}
	if base.Attacks == nil {
		base.Attacks, base.AttackCount, base.EarlyAttacks = []string{}, -1, -1
	}
	for _, s := range sources {
		base.Scripts = append(base.Scripts, simulate.Script{Kind: "scanner", Calls: s.calls})
	}
	return simulate.New(base)
}

// read reads the INVITEs of each source.
func read(r io.Reader, seed uint64, plan *number.Site) ([]source, error) {
	in := csv.NewReader(r)
	in.FieldsPerRecord, in.ReuseRecord, in.LazyQuotes = -1, true, true
	head, err := in.Read()
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Invalid, "honeypot records cannot be read: %w; give the CSV, decompressed", err)
	}
	column := map[string]int{}
	for i, name := range head {
		column[name] = i
	}
	for _, name := range []string{"ts", "remote_host", "method", "uri_user", "to_user"} {
		if _, ok := column[name]; !ok {
			return nil, belwacht.Errorf(belwacht.Invalid, "honeypot records have no column %s in their first line; give a file with ts, remote_host, method, uri_user and to_user", name)
		}
	}
	var list []source
	rng := rand.New(rand.NewPCG(seed, 2020))
	index, first := map[string]int{}, math.Inf(1)
	for line := 2; line < maxRows; line++ {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, belwacht.Errorf(belwacht.Invalid, "honeypot records, line %d: %w", line, err)
		}
		field := func(name string) string {
			if i := column[name]; i < len(row) {
				return row[i]
			}
			return ""
		}
		dialled := field("uri_user")
		if dialled == "" {
			dialled = field("to_user")
		}
		ts, err := strconv.ParseFloat(field("ts"), 64)
		if field("method") != "INVITE" || dialled == "" || len(dialled) > 64 || err != nil || !(ts > 0 && ts < 1e11) {
			continue
		}
		first = math.Min(first, ts)
		host := field("remote_host")
		i, ok := index[host]
		if !ok {
			i = len(list)
			index[host] = i
			list = append(list, source{host: host})
		}
		n := plan.Read(dialled)
		c := simulate.ScriptCall{After: belwacht.Instant(ts * 1000), Dialled: dialled}
		if valid(&n) {
			c.Talk = int64(5 + rng.IntN(56))
		}
		list[i].calls = append(list[i].calls, c)
		list[i].outside = list[i].outside || digitCount(dialled) >= 8
	}
	list = slices.DeleteFunc(list, func(s source) bool { return !s.outside })
	for i := range list {
		slices.SortStableFunc(list[i].calls, func(a, b simulate.ScriptCall) int { return int(a.After - b.After) })
		for k := range list[i].calls {
			list[i].calls[k].After -= belwacht.Instant(first * 1000)
		}
	}
	return list, nil
}

// valid says whether a carrier would find somebody under a number: the plan can dial it and does not suspect another target behind it.
func valid(n *belwacht.Number) bool {
	return n.Dialable && n.E164 != 0 && n.External() && n.Class != belwacht.ClassUnknown && (n.Target == 0 || n.Target == n.E164)
}

// digitCount counts digits.
func digitCount(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			n++
		}
	}
	return n
}
