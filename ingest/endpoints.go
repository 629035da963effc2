package ingest

import (
	"hash/maphash"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/asterisk"
	"github.com/belwacht/belwacht/count"
	"github.com/belwacht/belwacht/number"
)

// maxEndpoints bounds the endpoints, names and numbers that are remembered; what comes beyond is judged by its own rows only.
const maxEndpoints = 200_000

// endpoint is what is known of one so far.
type endpoint struct {
	name    string
	trunk   bool             // calls go out or come in over it
	phone   bool             // it was called by its name, or placed calls as a phone does
	fixed   bool             // the owner said which
	callers [3]belwacht.E164 // outside callers seen on it while it was not known to be a trunk
}

// endpoints is what is known of a site's endpoints, in the order of start: nothing in it comes from later rows.
type endpoints struct {
	numbers  *number.Site
	declared func(string) bool
	contexts map[string]bool
	known    *count.Names[endpoint]
	names    map[string]string // one copy of each name
	reached  map[string]string // a DID or extension number → the endpoint that it rang, where that has another name
	seed     maphash.Seed
	memory   [4096]remembered
	context  remembered // of the context asked for last, whether calls from outside come in by it
	last     *endpoint  // the trunk asked for last: most rows have the same one
	recent   *endpoint  // the one looked up last: a row asks for its own several times
}

// remembered is what the dial plan said of a dialled string: the same ones come again and again.
type remembered struct {
	length   uint8
	external bool
	dialled  [30]byte
}

// keep remembers what was said of a string that is not too long.
func (m *remembered) keep(s string, external bool) {
	if len(s) <= len(m.dialled) {
		m.length, m.external = uint8(copy(m.dialled[:], s)), external
	}
}

func newEndpoints(c *Config) *endpoints {
	e := &endpoints{numbers: c.Numbers, declared: c.Extensions, contexts: map[string]bool{}, known: count.NewNames[endpoint](), names: map[string]string{},
		reached: map[string]string{}, seed: maphash.MakeSeed(), last: &endpoint{}, recent: &endpoint{}}
	for _, t := range c.Trunks {
		name := t
		if strings.Contains(t, "/") {
			name = asterisk.ParseChannel(t).Endpoint
		}
		if e.known.Get(name) == nil {
			p, own := e.known.Put(name)
			*p = endpoint{name: own, trunk: true, fixed: true}
		}
	}
	for _, name := range c.TrunkContexts {
		e.contexts[name] = true
	}
	return e
}

// seen is what is known of an endpoint, nil where nothing is.
func (e *endpoints) seen(name string) *endpoint {
	if name == e.recent.name && name != "" {
		return e.recent
	}
	p := e.known.Get(name)
	if p != nil {
		e.recent = p
	}
	return p
}

// get is what is known of an endpoint from now on, nil where nothing is and nothing more can be remembered.
func (e *endpoints) get(name string) *endpoint {
	p := e.seen(name)
	if p == nil && e.known.Len() < maxEndpoints && name != "" {
		var own string
		p, own = e.known.Put(name)
		p.name = own
		if e.declared != nil && e.declared(name) {
			p.phone, p.fixed = true, true
		}
	}
	return p
}

// trunk says whether an endpoint is known to be one.
func (e *endpoints) trunk(name string) bool {
	if name == e.last.name && name != "" {
		return e.last.trunk
	}
	p := e.seen(name)
	if p == nil || !p.trunk {
		return false
	}
	e.last = p
	return true
}

// phone says whether an endpoint is known to be one.
func (e *endpoints) phone(name string) bool {
	p := e.get(name)
	return p != nil && p.phone && !p.trunk
}

// isTrunk notes that an endpoint is a trunk. A declared extension stays one.
func (e *endpoints) isTrunk(name string) bool {
	p := e.get(name)
	if p == nil {
		return true
	}
	if !p.fixed {
		p.trunk = true
	}
	return p.trunk
}

// isPhone notes that an endpoint behaves like a phone.
func (e *endpoints) isPhone(name string) {
	if p := e.get(name); p != nil {
		p.phone = true
	}
}

// outsider notes an outside caller on an endpoint that is not known as a trunk: with the third of them it is one, for a phone that
// shows outside numbers shows its own.
func (e *endpoints) outsider(name string, caller belwacht.E164) {
	p := e.get(name)
	if p == nil || p.fixed || p.trunk || caller == 0 {
		return
	}
	for i := range p.callers {
		if p.callers[i] == caller {
			return
		}
		if p.callers[i] == 0 {
			p.callers[i] = caller
			p.trunk = i == len(p.callers)-1 && !p.phone
			return
		}
	}
}

// intern gives one copy of a name, so that a kept name does not keep its row.
func (e *endpoints) intern(s string) string {
	switch s {
	case "":
		return ""
	case e.last.name:
		return e.last.name
	case e.recent.name:
		return e.recent.name
	}
	if p := e.known.Get(s); p != nil {
		return p.name
	}
	if n, ok := e.names[s]; ok {
		return n
	}
	n := strings.Clone(s)
	if len(e.names) < maxEndpoints {
		e.names[n] = n
	}
	return n
}

// external says whether a dialled string leaves the house.
func (e *endpoints) external(dialled string) bool {
	if asterisk.Special(dialled) {
		return false
	}
	m := &e.memory[maphash.String(e.seed, dialled)%uint64(len(e.memory))]
	if string(m.dialled[:m.length]) == dialled {
		return m.external
	}
	external := false
	if e.declared == nil || !e.declared(dialled) {
		n := e.numbers.Read(dialled)
		external = n.External()
	}
	m.keep(dialled, external)
	return external
}

// outside is the number of a caller from outside, zero where the caller shows no such number. Providers send E.164 with a plus, without
// one, or the national form.
func (e *endpoints) outside(caller string) belwacht.E164 {
	if len(caller) < 7 {
		return 0
	}
	if n := e.numbers.Caller(caller); n != 0 {
		return n
	}
	if len(caller) >= 9 {
		n, _ := belwacht.ParseE164(caller)
		return n
	}
	return 0
}

// trunkContext says whether calls from outside come in by a context.
func (e *endpoints) trunkContext(context string) bool {
	m := &e.context // most rows have the same one
	if string(m.dialled[:m.length]) == context {
		return m.external
	}
	yes := asterisk.TrunkContext(context) || e.contexts[context]
	m.keep(context, yes)
	return yes
}

// rang notes that a number rang one endpoint of another name.
func (e *endpoints) rang(number, endpoint string) {
	if number != endpoint && number != "" && len(e.reached) < maxEndpoints {
		e.reached[e.intern(number)] = e.intern(endpoint)
	}
}

// behind is the endpoint that a number is known to ring, else the number itself.
func (e *endpoints) behind(number string) string {
	if n, ok := e.reached[number]; ok {
		return n
	}
	return e.intern(number)
}
