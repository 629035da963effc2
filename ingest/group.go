package ingest

import "slices"

// rows are the rows of one call, in order.
type rows struct {
	records []record
	legs    []leg // by record.leg; the first is none
	out     int   // how many of the legs dial out by what their own dial string says
}

// leg is one channel that rows of a call reached.
type leg struct {
	first    int  // the first row that reached it
	byNumber bool // a dial string names a number outside beside it
	maybe    bool // a number outside was dialled and nothing says that it is a phone
}

// gather lays out the rows of the call that row i belongs to. Calls of several rows stay laid out while their bucket is at hand, or a call
// of a thousand rows would be laid out a thousand times.
func (a *Assembler) gather(i int32) {
	first, n := i, 1
	for j := a.shelf.row(i).sibling; j != i; j = a.shelf.row(j).sibling {
		first = min(first, j)
		n++
	}
	if n == 1 {
		a.shelf.view(i, &a.single[0])
		a.group, a.legs = a.single[:], nil
		return
	}
	g := a.groups[first]
	if g == nil {
		g = a.layOut(first, n)
		a.groups[first] = g
	}
	a.group, a.legs = g.records, g
}

// layOut lays out a call of several rows.
func (a *Assembler) layOut(first int32, n int) *rows {
	g := &rows{records: make([]record, n), legs: make([]leg, 1, n+1)}
	j := first
	for k := range g.records {
		a.shelf.view(j, &g.records[k])
		j = a.shelf.row(j).sibling
	}
	slices.SortFunc(g.records, func(x, y record) int { return a.order(x.index, y.index) })
	names := make(map[string]int, n+1)
	number := func(name string) int {
		if name == "" {
			return 0
		}
		v, ok := names[name]
		if !ok {
			v = len(names) + 1
			names[name] = v
		}
		return v
	}
	for k := range g.records {
		r := &g.records[k]
		r.place, r.leg = number(r.channel), number(r.dstChannel)
	}
	for range len(names) {
		g.legs = append(g.legs, leg{first: -1})
	}
	a.group, a.legs = g.records, g
	for k := range g.records {
		r := &g.records[k]
		l := &g.legs[r.leg]
		if r.leg == 0 || r.dch.Local() {
			continue
		}
		if l.first < 0 {
			l.first = k
		}
		number, how := a.dialled(k)
		if number != "" && how == byNumber && !l.byNumber {
			l.byNumber = true
			g.out++
		}
		l.maybe = l.maybe || number != "" && how != byName
	}
	return g
}

// dialsOut says whether row i dials a number over what is or looks like a trunk, without learning from it.
func (a *Assembler) dialsOut(i int) bool {
	q := &a.group[i]
	if !q.device() {
		return false
	}
	if a.legs == nil {
		number, how := a.dialled(i)
		return number != "" && (how == byNumber || how != byName && a.endpoints.trunk(q.dch.Endpoint))
	}
	l := &a.legs.legs[q.leg]
	return l.byNumber || l.maybe && a.endpoints.trunk(q.dch.Endpoint)
}
