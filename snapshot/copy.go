package snapshot

import (
	"maps"
	"reflect"
	"unsafe"
)

// Copy is a copy of all that v leads to, for reading: while it is written down, which takes long, the original may go on. What a type of shared is, or a
// pointer to it, the two have in common, and functions, channels and what stands in interfaces; so these must not change. Nothing may change v meanwhile. Slabs of
// plain values are copied whole, which costs as little as copying memory does.
func Copy[T any](v *T, shared []reflect.Type, flat ...FlatMap) *T {
	c := copier{ways: make(map[reflect.Type]*way), made: make(map[pointed]unsafe.Pointer)}
	for _, t := range shared {
		c.ways[t] = &way{shared: true}
	}
	for _, m := range flat {
		c.ways[m.t] = &way{own: m.own}
	}
	out := new(T)
	*out = *v
	c.made[pointed{unsafe.Pointer(v), reflect.TypeFor[*T]()}] = unsafe.Pointer(out)
	if own := c.way(reflect.TypeFor[T]()).own; own != nil {
		own(unsafe.Pointer(out))
	}
	return out
}

// Flat is a map whose values lead nowhere, for [Copy]: copied by the runtime, it takes a tenth of the time.
func Flat[K comparable, V any]() FlatMap {
	return FlatMap{reflect.TypeFor[map[K]V](), func(at unsafe.Pointer) { *(*map[K]V)(at) = maps.Clone(*(*map[K]V)(at)) }}
}

// FlatMap is a kind of map, as [Flat] gives it.
type FlatMap struct {
	t   reflect.Type
	own func(at unsafe.Pointer)
}

// way is how what was copied flat becomes a copy of its own. It is found out once for each type, since there are very many values of few types.
type way struct {
	shared bool
	own    func(at unsafe.Pointer) // nil: a flat copy has nothing in common with the original that may change. Text never changes
}

// copier knows the ways.
type copier struct {
	ways map[reflect.Type]*way
	made map[pointed]unsafe.Pointer // copies of what pointers lead to
}

// pointed is what a pointer leads to: a struct and its first field have one address.
type pointed struct {
	at unsafe.Pointer
	t  reflect.Type
}

// way finds how a type is copied.
func (c *copier) way(t reflect.Type) *way {
	if w := c.ways[t]; w != nil {
		return w
	}
	w := &way{}
	c.ways[t] = w // before its parts, which may lead back to it
	switch t.Kind() {
	case reflect.Struct:
		w.own = c.structs(t)
	case reflect.Array:
		w.own = c.elements(t.Elem(), t.Len())
	case reflect.Slice:
		w.own = c.slices(t)
	case reflect.Pointer:
		w.own = c.pointers(t)
	case reflect.Map:
		w.own = c.maps(t)
	}
	return w
}

func (c *copier) structs(t reflect.Type) func(unsafe.Pointer) {
	type part struct {
		offset uintptr
		*way
	}
	var parts []part
	for i := range t.NumField() {
		f := t.Field(i)
		if w := c.way(f.Type); w.own != nil {
			parts = append(parts, part{f.Offset, w})
		}
	}
	if parts == nil {
		return nil
	}
	return func(at unsafe.Pointer) {
		for i := range parts {
			parts[i].own(unsafe.Add(at, parts[i].offset))
		}
	}
}

func (c *copier) elements(t reflect.Type, n int) func(unsafe.Pointer) {
	w, size := c.way(t), t.Size()
	if w.own == nil {
		return nil
	}
	return func(at unsafe.Pointer) {
		for i := range n {
			w.own(unsafe.Add(at, uintptr(i)*size))
		}
	}
}

func (c *copier) slices(t reflect.Type) func(unsafe.Pointer) {
	w, size := c.way(t.Elem()), t.Elem().Size()
	return func(at unsafe.Pointer) {
		v := reflect.NewAt(t, at).Elem()
		n := v.Len()
		if n == 0 {
			return
		}
		v.Set(reflect.AppendSlice(reflect.MakeSlice(t, 0, 0), v))
		if first := v.UnsafePointer(); w.own != nil {
			for i := range n {
				w.own(unsafe.Add(first, uintptr(i)*size))
			}
		}
	}
}

// pointers copies what pointers lead to: once, however many lead there, where it leads on; each for itself where it does not.
func (c *copier) pointers(t reflect.Type) func(unsafe.Pointer) {
	if w := c.ways[t.Elem()]; w != nil && w.shared {
		return nil
	}
	w := c.way(t.Elem())
	return func(at unsafe.Pointer) {
		to := (*unsafe.Pointer)(at)
		if *to == nil {
			return
		}
		k := pointed{*to, t}
		if w.own != nil {
			if made := c.made[k]; made != nil {
				*to = made
				return
			}
		}
		next := reflect.New(t.Elem())
		next.Elem().Set(reflect.NewAt(t.Elem(), *to).Elem())
		*to = next.UnsafePointer()
		if w.own != nil {
			c.made[k] = *to // before what it leads to, which may lead back
			w.own(*to)
		}
	}
}

// maps copies maps. Keys lead nowhere.
func (c *copier) maps(t reflect.Type) func(unsafe.Pointer) {
	w := c.way(t.Elem())
	return func(at unsafe.Pointer) {
		v := reflect.NewAt(t, at).Elem()
		if v.IsNil() {
			return
		}
		next := reflect.MakeMapWithSize(t, v.Len())
		value := reflect.New(t.Elem())
		for i := v.MapRange(); i.Next(); {
			value.Elem().Set(i.Value())
			if w.own != nil {
				w.own(value.UnsafePointer())
			}
			next.SetMapIndex(i.Key(), value.Elem())
		}
		v.Set(next)
	}
}
