package simulate

import (
	"encoding/csv"
	"errors"
	"io"
	"math"
	"slices"
	"strconv"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/number"
)

// maxHoneypotRows bounds what is read of a honeypot's records.
const maxHoneypotRows = 5_000_000

// played is one real source of calls, played from an account of the organisation.
type played struct {
	source  string
	account int // index of the person
	calls   []playedCall
}

// playedCall is one dialled string of a source.
type playedCall struct {
	at       belwacht.Instant // after the first request of all sources
	dialled  string
	connects bool
}

// NewHoneypot makes up an organisation by base and lets real attackers dial from it: the sources in a honeypot's records (CSV with the
// columns ts, remote_host, method, uri_user, to_user, as honeypot-2020.csv has them). Each source that dials an outside number (one
// string with eight digits or more) dials from an account of its own, in its order and spacing, from the end of the learning weeks on.
// What the plan can dial connects and is answered for some seconds; the rest fails at once. Truth holds each source as one attack of kind
// "scanner". Base's own attacks are left out unless it names some.
func NewHoneypot(r io.Reader, base Config, plan *number.Site) (*Organisation, error) {
	sources, err := readHoneypot(r, plan)
	if err != nil {
		return nil, err
	}
	if base.Attacks == nil {
		base.Attacks, base.AttackCount, base.EarlyAttacks = []string{}, -1, -1
	}
	o, err := New(base)
	if err != nil {
		return nil, err
	}
	people := o.people()
	rng := stream(o.seed, streamAttacks+100)
	order := rng.Perm(len(people))
	order = slices.DeleteFunc(order, func(i int) bool { return people[i].role.name == "spare" || people[i].kind == belwacht.KindQueue })
	if len(order) == 0 {
		return nil, belwacht.Errorf(belwacht.Invalid, "no account of the organisation telephones, so nobody can be played from one; make it larger")
	}
	for i := range sources {
		sources[i].account = order[i%len(order)]
	}
	o.played = sources
	o.attacks = nil
	for _, a := range o.newRun().attackers {
		o.attacks = append(o.attacks, a.describe())
	}
	return o, nil
}

// readHoneypot reads the INVITEs of each source.
func readHoneypot(r io.Reader, plan *number.Site) ([]played, error) {
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
	var list []played
	index, outside, first := map[string]int{}, map[string]bool{}, math.Inf(1)
	for line := 2; line < maxHoneypotRows; line++ {
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
			list = append(list, played{source: host})
		}
		n := plan.Read(dialled)
		list[i].calls = append(list[i].calls, playedCall{belwacht.Instant(ts * 1000), dialled, valid(&n)})
		outside[host] = outside[host] || digitCount(dialled) >= 8
	}
	list = slices.DeleteFunc(list, func(p played) bool { return !outside[p.source] })
	for i := range list {
		slices.SortStableFunc(list[i].calls, func(a, b playedCall) int { return int(a.at - b.at) })
		for k := range list[i].calls {
			list[i].calls[k].at -= belwacht.Instant(first * 1000)
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

// planPlayed lets the real sources dial.
func (r *run) planPlayed() {
	rng := stream(r.o.seed, streamAttacks+200)
	begin := r.o.at(7*r.o.config.LearnWeeks, 8)
	for _, p := range r.o.played {
		a := &attacker{index: int16(len(r.attackers)), kind: "scanner", scored: true, rng: rng, users: []*person{r.people[p.account]}, slower: 1}
		for _, c := range p.calls {
			in := plain(begin+c.at, a.users[0], c.dialled, wayOut)
			in.disp, in.ring = belwacht.Failed, 0
			if c.connects {
				in.ring, in.talk = int16(1+rng.IntN(8)), int32(5+rng.IntN(56))
			}
			in.attack = a.index
			a.script = append(a.script, in)
			r.queue.push(in)
		}
		r.attackers = append(r.attackers, a)
	}
}
