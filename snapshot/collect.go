package snapshot

import (
	"cmp"
	"hash/crc32"
	"reflect"
	"slices"
	"strings"
)

// firstRoom bounds what is allocated on a count's word alone.
const firstRoom = 1 << 10

// List takes a slice of at most most elements. A slice that loads is made anew and grows as its elements arrive.
func List[T any](c *Codec, list *[]T, most int, each func(*Codec, *T)) {
	n := c.Len(len(*list), most)
	if c.Saving() {
		for i := range *list {
			each(c, &(*list)[i])
		}
		return
	}
	*list = make([]T, 0, min(n, firstRoom))
	for range n {
		if c.Failed() {
			return
		}
		var v T
		each(c, &v)
		*list = append(*list, v)
	}
}

// Map takes a map of at most most entries, in the order of its keys, so that equal memories make equal files. each takes key and value; a map
// that loads is filled beside what it holds.
func Map[K comparable, V any](c *Codec, m map[K]V, most int, order func(a, b K) int, each func(*Codec, *K, *V)) {
	n := c.Len(len(m), most)
	if c.Saving() {
		keys := make([]K, 0, len(m))
		for k := range m {
			keys = append(keys, k)
		}
		slices.SortFunc(keys, order)
		for _, k := range keys {
			v := m[k]
			each(c, &k, &v)
		}
		return
	}
	for range n {
		var k K
		var v V
		each(c, &k, &v)
		if c.Failed() {
			return
		}
		m[k] = v
	}
}

// Ordered orders keys of a plain type, for Map.
func Ordered[K cmp.Ordered](a, b K) int { return cmp.Compare(a, b) }

// Fields takes every field of a struct by itself: v points to a struct whose fields are all exported and are numbers, truth values, strings
// (of at most mostText bytes), arrays or structs of such. The names of the fields are summed up in the file the first time, so that a
// file of a program whose struct looked otherwise is refused and not misread. It is slower than a method that names each field.
func (c *Codec) Fields(v any, mostText int) {
	s := reflect.ValueOf(v).Elem()
	if t := s.Type(); !c.layouts[t] {
		c.layouts[t] = true
		var b strings.Builder
		layout(&b, t)
		want := crc32.ChecksumIEEE([]byte(b.String()))
		got := want
		if c.Uint32(&got); got != want {
			c.Fail("it was written by a program that keeps %s otherwise", t)
			return
		}
	}
	c.value(s, mostText)
}

// layout writes a type down: kinds, and names of fields.
func layout(b *strings.Builder, t reflect.Type) {
	b.WriteString(t.Kind().String())
	switch t.Kind() {
	case reflect.Array:
		layout(b, t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			b.WriteString(" " + t.Field(i).Name + ":")
			layout(b, t.Field(i).Type)
		}
		b.WriteString(";")
	}
}

// value takes one value of any kind that Fields knows.
func (c *Codec) value(v reflect.Value, mostText int) {
	switch v.Kind() {
	case reflect.Bool:
		x := v.Bool()
		c.Bool(&x)
		v.SetBool(x)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		x := v.Int()
		if c.Int64(&x); v.OverflowInt(x) {
			c.Fail("a number in it is too great: %d", x)
			return
		}
		v.SetInt(x)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		x := v.Uint()
		if c.Uint64(&x); v.OverflowUint(x) {
			c.Fail("a number in it is too great: %d", x)
			return
		}
		v.SetUint(x)
	case reflect.Float32:
		x := float32(v.Float())
		c.Float32(&x)
		v.SetFloat(float64(x))
	case reflect.Float64:
		x := v.Float()
		c.Float64(&x)
		v.SetFloat(x)
	case reflect.String:
		x := v.String()
		c.Text(&x, mostText)
		v.SetString(x)
	case reflect.Array:
		for i := range v.Len() {
			c.value(v.Index(i), mostText)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			c.value(v.Field(i), mostText)
		}
	default:
		panic("internal error: snapshot.Fields cannot keep a " + v.Type().String())
	}
}
