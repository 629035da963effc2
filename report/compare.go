package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/terminal"
	"github.com/belwacht/belwacht/text"
)

// maxCompared is how many calls above allow a Compare keeps; further ones are only counted.
const maxCompared = 1_000_000

// Compare holds two runs over the same records against each other: as configured now, and as changed. It keeps the calls that were
// above allow in either run. It must not be used by two goroutines at once.
type Compare struct {
	o        Options
	rows     map[callKey]*compared
	calls    [2]int64
	cost     [2]belwacht.Money
	kept     [2]belwacht.Money
	stopped  [2]int64
	told     [2]int64
	refused  [2]int64 // emergency calls, which must stay 0
	overflow int64
}

// callKey is what makes a call of one run the call of the other.
type callKey struct{ tenant, site, id string }

// compared is one call in both runs.
type compared struct {
	account, number string
	class           belwacht.Class
	time            belwacht.Instant
	cost            belwacht.Money
	word            [2]belwacht.Word
	kept            [2]belwacht.Money
	cause           [2]string
	id              string
}

// NewCompare returns an empty Compare.
func NewCompare(o Options) *Compare {
	if o.Top <= 0 {
		o.Top = 10
	}
	return &Compare{o: o, rows: make(map[callKey]*compared)}
}

// AddBefore counts a call as it was decided under the present settings.
func (c *Compare) AddBefore(o *belwacht.Outcome) { c.add(0, o) }

// AddAfter counts the same call as it was decided under the changed settings. The order of the two runs does not matter.
func (c *Compare) AddAfter(o *belwacht.Outcome) { c.add(1, o) }

func (c *Compare) add(run int, o *belwacht.Outcome) {
	d := gravest(o)
	saved, would := kept(o, d)
	c.calls[run]++
	c.cost[run] += o.Cost
	c.kept[run] += saved + would
	if d == nil || d.Word == belwacht.Allow {
		return
	}
	if d.Word >= belwacht.Warn {
		c.told[run]++
	}
	if d.Word >= belwacht.Refuse {
		c.stopped[run]++
		if o.Number.Class == belwacht.ClassEmergency {
			c.refused[run]++
		}
	}
	key := callKey{o.Call.Tenant, o.Call.Site, o.Call.ID}
	r := c.rows[key]
	if r == nil {
		if len(c.rows) >= maxCompared {
			c.overflow++
			return
		}
		key = callKey{strings.Clone(cut(key.tenant)), strings.Clone(cut(key.site)), strings.Clone(cut(key.id))}
		r = &compared{account: strings.Clone(cut(o.Call.Account)), number: strings.Clone(cut(d.Number)), class: o.Number.Class,
			time: o.Call.Start, cost: o.Cost, id: key.id}
		c.rows[key] = r
	}
	r.word[run], r.kept[run], r.cause[run] = min(d.Word, belwacht.EndNow), saved+would, strings.Clone(cut(d.Cause))
}

// change is a kind of difference between the runs, the weightiest first.
type change int

// The changes.
const (
	newlyStopped change = iota
	noLongerStopped
	newlyTold
	noLongerTold
	newlyWatched
	noLongerWatched
	stoppedOtherwise
	changes
)

// changeOf sorts a call's difference; false where both runs decided alike.
func changeOf(before, after belwacht.Word) (change, bool) {
	level := func(w belwacht.Word) belwacht.Word { return min(w, belwacht.Refuse) }
	b, a := level(before), level(after)
	switch {
	case before == after:
		return 0, false
	case b == a:
		return stoppedOtherwise, true
	case a == belwacht.Refuse:
		return newlyStopped, true
	case b == belwacht.Refuse:
		return noLongerStopped, true
	case a == belwacht.Warn:
		return newlyTold, true
	case b == belwacht.Warn:
		return noLongerTold, true
	case a == belwacht.Watch:
		return newlyWatched, true
	}
	return noLongerWatched, true
}

// group is all calls of one change.
type group struct {
	rows         []*compared
	more         belwacht.Money // kept after less kept before
	known, fraud int64
}

// groups sorts the calls by change, each group by money, then time.
func (c *Compare) groups() (all [changes]group) {
	for _, r := range c.rows {
		ch, ok := changeOf(r.word[0], r.word[1])
		if !ok {
			continue
		}
		g := &all[ch]
		g.rows = append(g.rows, r)
		g.more += r.kept[1] - r.kept[0]
		if c.o.Truth != nil {
			if fraud, known := c.o.Truth(r.id); known {
				g.known++
				if fraud {
					g.fraud++
				}
			}
		}
	}
	for i := range all {
		slices.SortFunc(all[i].rows, func(a, b *compared) int {
			return cmp.Or(cmp.Compare(b.cost, a.cost), cmp.Compare(a.time, b.time), cmp.Compare(a.id, b.id))
		})
	}
	return all
}

// Write writes the differences for a terminal of so many columns; no line is wider.
func (c *Compare) Write(w io.Writer, width int, colour bool) error {
	p, v := terminal.NewPrinter(w, width, colour), newVoice(c.o.Language, c.o.Currency, c.o.Zone, c.o.Mask)
	all := c.groups()
	p.Line(p.Tint(terminal.Bold, v.pick("What the changed settings would do", "Wat de gewijzigde instellingen zouden doen")))
	p.Rule()
	p.Paragraph(0, terminal.Plain, c.sentence(v, &all))
	p.Blank()
	p.Table([]terminal.Column{{Title: ""}, {Title: v.pick("now", "nu"), Right: true}, {Title: v.pick("changed", "gewijzigd"), Right: true}}, [][]string{
		{v.Calls, v.count(c.calls[0]), v.count(c.calls[1])},
		{v.Stopped, v.count(c.stopped[0]), v.count(c.stopped[1])},
		{v.Told, v.count(c.told[0]), v.count(c.told[1])},
		{v.Kept, v.money(c.kept[0]), v.money(c.kept[1])},
	}, nil)
	for ch := range all {
		c.group(p, v, change(ch), &all[ch])
	}
	if c.overflow > 0 {
		p.Blank()
		p.Paragraph(0, terminal.Yellow, fmt.Sprintf(v.pick("%s further calls above allow were not compared one by one; take a shorter time.",
			"%s verdere gesprekken zijn niet één voor één vergeleken; neem een kortere tijd."), v.count(c.overflow)))
	}
	return p.Flush()
}

// group writes one change with its dearest calls.
func (c *Compare) group(p *terminal.Printer, v *voice, ch change, g *group) {
	if len(g.rows) == 0 {
		return
	}
	title := fmt.Sprintf("%s: %s", v.Changes[ch], v.count(int64(len(g.rows))))
	if g.more != 0 {
		title += ", " + v.signedMoney(g.more)
	}
	if g.known > 0 {
		title += fmt.Sprintf(v.pick(", %s of %s known ones fraud", ", %s van %s bekende fraude"), v.count(g.fraud), v.count(g.known))
	}
	p.Heading(title)
	cols := []terminal.Column{{Title: v.When}, {Title: v.Account}, {Title: v.Number}, {Title: v.pick("cost", "kosten"), Right: true},
		{Title: v.pick("decision", "besluit"), Optional: true}, {Title: v.Cause, Optional: true, Elastic: true}}
	var rows [][]string
	for _, r := range g.rows[:min(len(g.rows), c.o.Top)] {
		cause := r.cause[1]
		if cause == "" {
			cause = r.cause[0]
		}
		rows = append(rows, []string{v.shortMoment(r.time), terminal.Snip(v.clean(r.account), 12), terminal.Snip(v.number(r.number, r.class), 18), v.money(r.cost),
			r.word[0].String() + " → " + r.word[1].String(), v.clean(cause)})
	}
	p.Table(cols, rows, nil)
	if n := len(g.rows) - len(rows); n > 0 {
		p.Paragraph(2, terminal.Faint, fmt.Sprintf(v.pick("and %s more", "en nog %s"), v.count(int64(n))))
	}
}

// signedMoney is an amount with its sign.
func (v *voice) signedMoney(m belwacht.Money) string {
	if m < 0 {
		return "−" + v.money(-m)
	}
	return "+" + v.money(m)
}

// sentence is the comparison in one breath.
func (c *Compare) sentence(v *voice, all *[changes]group) string {
	n := func(ch change) int64 { return int64(len(all[ch].rows)) }
	differences := int64(0)
	for ch := range all {
		differences += n(change(ch))
	}
	if c.refused[1] > 0 {
		return fmt.Sprintf(v.pick("%s EMERGENCY CALLS would be refused: this must never be; please report it as a fault.",
			"%s NOODOPROEPEN zouden worden geweigerd: dit mag nooit; meld het alstublieft als fout."), v.count(c.refused[1]))
	}
	if differences == 0 {
		return fmt.Sprintf(v.pick("The changed settings would decide each of the %s calls as the present ones do.",
			"De gewijzigde instellingen zouden over elk van de %s gesprekken hetzelfde besluiten als de huidige."), v.count(c.calls[1]))
	}
	more := c.kept[1] - c.kept[0]
	if v.lang == text.Dutch {
		verb := "meer"
		if more < 0 {
			verb, more = "minder", -more
		}
		return fmt.Sprintf("Met de gewijzigde instellingen geldt: %s; %s. Dat bespaart %s %s (%s in plaats van %s). U zou van %s meer en %s "+
			"minder een melding krijgen.",
			v.plural(n(newlyStopped), "gesprek dat nu doorgaat, wordt dan gestopt", "gesprekken die nu doorgaan, worden dan gestopt"),
			v.plural(n(noLongerStopped), "gesprek dat nu wordt gestopt, gaat dan door", "gesprekken die nu worden gestopt, gaan dan door"),
			v.money(more), verb, v.money(c.kept[1]), v.money(c.kept[0]),
			v.plural(n(newlyTold), "gesprek", "gesprekken"), v.count(n(noLongerTold)))
	}
	verb := "more"
	if more < 0 {
		verb, more = "less", -more
	}
	return fmt.Sprintf("With the changed settings %s; %s. That saves %s %s (%s instead of %s). You would be told of %s more and %s fewer.",
		v.plural(n(newlyStopped), "call that now goes on would be stopped", "calls that now go on would be stopped"),
		v.plural(n(noLongerStopped), "call that is now stopped would go on", "calls that are now stopped would go on"),
		v.money(more), verb, v.money(c.kept[1]), v.money(c.kept[0]), v.plural(n(newlyTold), "call", "calls"), v.count(n(noLongerTold)))
}
