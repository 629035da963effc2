package snapshot

import (
	"reflect"
	"testing"
)

// rule is shared, and never changes.
type rule struct{ bits []int }

type cell struct {
	n    int
	many *[4]int
}

// whole has one of each.
type whole struct {
	name   string
	cells  []cell
	slab   [][]int
	plain  [3]int
	rows   [2][]int
	byName map[string]*cell
	flat   map[string]int
	lists  map[int][]int
	self   *whole
	one    *cell
	same   *cell
	leads  *whole
	rule   *rule
	rules  []*rule
	do     func()
	none   []int
	empty  map[string]int
}

func made() *whole {
	r := &rule{[]int{1, 2}}
	w := &whole{name: "a", cells: []cell{{1, &[4]int{1}}, {2, nil}}, slab: [][]int{{1}, {2, 3}}, plain: [3]int{1, 2, 3}, rows: [2][]int{{7}, nil}, byName: map[string]*cell{"x": {n: 5}},
		flat: map[string]int{"k": 1}, lists: map[int][]int{1: {2}}, rule: r, rules: []*rule{r}, do: func() {}}
	w.one = &cell{n: 9}
	w.same = w.one
	w.self = w
	w.leads = &whole{name: "b", self: w}
	return w
}

// TestCopy: a copy is the same, what shall be shared is, and nothing that is done to the original afterwards is seen in it.
func TestCopy(t *testing.T) {
	w, same := made(), made()
	c := Copy(w, []reflect.Type{reflect.TypeFor[rule]()}, Flat[string, int]())
	if c.self != c || c.leads.self != c || c.rule != w.rule || c.rules[0] != w.rule || c == w || c.leads == w.leads || c.none != nil || c.empty != nil {
		t.Errorf("what leads where is another thing: %+v", c)
	}
	w.name, w.cells[0].n, w.cells[0].many[0], w.slab[1][0], w.plain[0], w.rows[0][0] = "z", 100, 100, 100, 100, 100
	w.byName["x"].n, w.byName["y"], w.flat["k"], w.lists[1][0], w.one.n, w.leads.name = 100, &cell{}, 100, 100, 100, "z"
	w.cells = append(w.cells, cell{})
	c.do, same.do, c.rule, same.rule, c.rules, same.rules = nil, nil, nil, nil, nil, nil
	if !reflect.DeepEqual(c, same) {
		t.Errorf("the copy changed with the original:\n%+v\n%+v", c, same)
	}
}
