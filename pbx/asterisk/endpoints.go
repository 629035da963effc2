package asterisk

import (
	"strings"

	"github.com/belwacht/belwacht"
	wire "github.com/belwacht/belwacht/asterisk"
	"github.com/belwacht/belwacht/number"
)

// maxEndpoints bounds the endpoints that are remembered; what comes beyond is judged by its own calls only.
const maxEndpoints = 20_000

// endpoint is what is known of one so far.
type endpoint struct {
	trunk bool // calls go out or come in over it
	phone bool // it was called by its name
	fixed bool // the owner said which
}

// endpoints is what is known of a site's endpoints. It learns by the rules of ingest.
type endpoints struct {
	numbers  *number.Site
	declared func(string) bool
	contexts map[string]bool
	known    map[string]endpoint
	help     string            // an emergency number, "" where the site has none
	reached  map[string]string // a DID or extension number → the endpoint that it rang, where that has another name
}

func newEndpoints(c *Config) *endpoints {
	e := &endpoints{numbers: c.Numbers, declared: c.Extensions, contexts: map[string]bool{}, known: map[string]endpoint{}, reached: map[string]string{}}
	for _, t := range c.Trunks {
		if strings.Contains(t, "/") {
			t = wire.ParseChannel(t).Endpoint
		}
		e.known[t] = endpoint{trunk: true, fixed: true}
	}
	for _, name := range c.TrunkContexts {
		e.contexts[name] = true
	}
	if list := c.Numbers.EmergencyNumbers(); len(list) > 0 {
		e.help = list[0]
	}
	return e
}

func (e *endpoints) trunk(name string) bool { return e.known[name].trunk }

func (e *endpoints) phone(name string) bool {
	p := e.known[name]
	return p.phone && !p.trunk || e.isDeclared(name)
}

func (e *endpoints) isDeclared(name string) bool {
	return e.declared != nil && name != "" && e.declared(name)
}

// isTrunk notes that an endpoint is a trunk, unless the owner says that it is an extension.
func (e *endpoints) isTrunk(name string) bool {
	p := e.known[name]
	if p.fixed || e.isDeclared(name) || name == "" {
		return p.trunk
	}
	p.trunk = true
	e.note(name, p)
	return true
}

// isPhone notes that an endpoint was called by its name.
func (e *endpoints) isPhone(name string) {
	if p := e.known[name]; !p.phone && name != "" {
		p.phone = true
		e.note(name, p)
	}
}

func (e *endpoints) note(name string, p endpoint) {
	if _, known := e.known[name]; known || len(e.known) < maxEndpoints {
		e.known[name] = p
	}
}

// rang notes that a number rang one endpoint of another name.
func (e *endpoints) rang(number, endpoint string) {
	if number == endpoint || wire.Special(number) {
		return
	}
	if _, known := e.reached[number]; known || len(e.reached) < maxEndpoints {
		e.reached[number] = endpoint
	}
}

// behind is the endpoint that a number is known to ring, else the number itself.
func (e *endpoints) behind(number string) string {
	if n, ok := e.reached[number]; ok {
		return n
	}
	return number
}

// external says whether a dialled string leaves the house.
func (e *endpoints) external(dialled string) bool {
	if wire.Special(dialled) || e.isDeclared(dialled) {
		return false
	}
	n := e.numbers.Read(dialled)
	return n.External()
}

// outside says whether a caller shows a number from outside.
func (e *endpoints) outside(caller string) bool {
	if len(caller) < 7 {
		return false
	}
	if e.numbers.Caller(caller) != 0 {
		return true
	}
	_, ok := belwacht.ParseE164(caller)
	return ok && len(caller) >= 9
}

// trunkContext says whether calls from outside come in by a context.
func (e *endpoints) trunkContext(context string) bool {
	return wire.TrunkContext(context) || e.contexts[context]
}

// urgent says whether a number is an emergency number of the site, in a form in which it is dialled or a trunk is told it.
func (e *endpoints) urgent(n string) bool {
	return e.numbers.Read(e.numbers.Sent(n)).Class == belwacht.ClassEmergency
}
