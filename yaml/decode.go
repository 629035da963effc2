package yaml

import (
	"encoding"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/goccy/go-yaml/ast"
)

// decoder walks the syntax tree beside the destination and gathers mistakes instead of stopping at one.
type decoder struct {
	place func(line int) string // "belwacht.yaml:7"
	lines Lines
	errs  []error
}

// fail keeps one mistake; more than MaxErrors help nobody.
func (d *decoder) fail(n ast.Node, path, format string, args ...any) {
	if len(d.errs) >= MaxErrors {
		return
	}
	at := d.place(line(n))
	if path != "" {
		at += ": " + clip(path)
	}
	d.errs = append(d.errs, belwacht.Errorf(belwacht.Config, "%s: %s", at, fmt.Sprintf(format, args...)))
}

// line is where a node begins; of a mapping its first key, since its own token is the first colon.
func line(n ast.Node) int {
	if n == nil {
		return 1
	}
	if t := n.GetToken(); t != nil && t.Position != nil {
		return t.Position.Line
	}
	return 1
}

// value decodes n into v.
func (d *decoder) value(n ast.Node, v reflect.Value, path string) {
	if n == nil {
		return
	}
	d.lines[path] = line(n)
	if _, null := n.(*ast.NullNode); null {
		return // "key:" with nothing behind it: as if left out
	}
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		d.value(n, v.Elem(), path)
		return
	}
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if s, ok := d.text(n, path, "one value"); ok {
			if err := u.UnmarshalText([]byte(s)); err != nil {
				d.fail(n, path, "%s", clip300(err.Error()))
			}
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		d.structure(n, v, path)
	case reflect.Map:
		d.mapping(n, v, path)
	case reflect.Slice:
		d.list(n, v, path)
	case reflect.Interface:
		if a := d.free(n, path); a != nil {
			v.Set(reflect.ValueOf(a))
		}
	default:
		d.scalar(n, v, path)
	}
}

// clip300 bounds a message that repeats a value.
func clip300(s string) string {
	if r := []rune(s); len(r) > 300 {
		return string(r[:300]) + "…"
	}
	return s
}

// text is the text of a scalar as it was written: a number keeps its leading zeros, which telephone numbers need.
func (d *decoder) text(n ast.Node, path, want string) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, true
	default:
		d.fail(n, path, "must be %s, not %s", want, kind(n))
		return "", false
	}
}

// kind names what stands in the file.
func kind(n ast.Node) string {
	switch n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a group of keys"
	case *ast.SequenceNode:
		return "a list"
	default:
		return "a single value"
	}
}

// scalar decodes strings, numbers and booleans.
func (d *decoder) scalar(n ast.Node, v reflect.Value, path string) {
	want := map[reflect.Kind]string{reflect.String: "text", reflect.Bool: "true or false", reflect.Float64: "a number"}[v.Kind()]
	if want == "" {
		want = "a whole number"
	}
	s, ok := d.text(n, path, want)
	if !ok {
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(s)
		return
	case reflect.Bool:
		if _, ok := n.(*ast.BoolNode); ok || s == "true" || s == "false" {
			v.SetBool(strings.EqualFold(s, "true"))
			return
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if i, err := strconv.ParseInt(s, 10, v.Type().Bits()); err == nil {
			v.SetInt(i)
			return
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		want = "a whole number from 0"
		if i, err := strconv.ParseUint(s, 10, v.Type().Bits()); err == nil {
			v.SetUint(i)
			return
		}
	case reflect.Float32, reflect.Float64:
		want = "a number"
		if f, err := strconv.ParseFloat(s, 64); err == nil && !math.IsInf(f, 0) && !math.IsNaN(f) {
			v.SetFloat(f)
			return
		}
	default:
		panic("internal error: yaml cannot fill a " + v.Type().String())
	}
	d.fail(n, path, "%q is not %s", clip(s), want)
}

// list decodes a sequence; one value alone is a list of one.
func (d *decoder) list(n ast.Node, v reflect.Value, path string) {
	seq, ok := n.(*ast.SequenceNode)
	if !ok {
		if kind(n) != "a single value" {
			d.fail(n, path, "must be a list, not %s; begin each entry with a dash", kind(n))
			return
		}
		one := reflect.New(v.Type().Elem()).Elem()
		d.value(n, one, path)
		v.Set(reflect.Append(reflect.MakeSlice(v.Type(), 0, 1), one))
		return
	}
	out := reflect.MakeSlice(v.Type(), len(seq.Values), len(seq.Values))
	for i, e := range seq.Values {
		d.value(e, out.Index(i), path+"["+strconv.Itoa(i)+"]")
	}
	v.Set(out)
}

// pair is one key with its value and place.
type pair struct {
	key   string
	node  ast.Node
	value ast.Node
}

// pairs are the keys of a mapping, each once; a second is a mistake and left out.
func (d *decoder) pairs(n ast.Node, path string) []pair {
	var values []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	default:
		d.fail(n, path, "must be a group of keys, not %s", kind(n))
		return nil
	}
	out := make([]pair, 0, len(values))
	first := make(map[string]int, len(values))
	for _, m := range values {
		var key string
		switch k := m.Key.(type) {
		case *ast.StringNode:
			key = k.Value
		case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode:
			key = k.GetToken().Value
		default:
			d.fail(m.Key, path, "a key must be one word")
			continue
		}
		if at, twice := first[key]; twice {
			d.fail(m.Key, path, "key %s stands twice; the first is on line %d", clip(key), at)
			continue
		}
		first[key] = line(m.Key)
		out = append(out, pair{key, m.Key, m.Value})
	}
	return out
}

// mapping decodes a mapping whose keys are names.
func (d *decoder) mapping(n ast.Node, v reflect.Value, path string) {
	if v.IsNil() {
		v.Set(reflect.MakeMap(v.Type()))
	}
	for _, p := range d.pairs(n, path) {
		key := reflect.New(v.Type().Key()).Elem()
		if u, ok := key.Addr().Interface().(encoding.TextUnmarshaler); ok {
			if err := u.UnmarshalText([]byte(p.key)); err != nil {
				d.fail(p.node, path, "%s", clip300(err.Error()))
				continue
			}
		} else {
			key.SetString(p.key)
		}
		elem := reflect.New(v.Type().Elem()).Elem()
		if old := v.MapIndex(key); old.IsValid() {
			elem.Set(old)
		}
		d.value(p.value, elem, join(path, p.key))
		d.lines[join(path, p.key)] = line(p.node)
		v.SetMapIndex(key, elem)
	}
}

// structure decodes a mapping whose keys are fields.
func (d *decoder) structure(n ast.Node, v reflect.Value, path string) {
	fields := map[string]reflect.Value{}
	gather(v, fields)
	for _, p := range d.pairs(n, path) {
		f, ok := fields[p.key]
		if !ok {
			d.unknown(p.node, p.key, path, fields)
			continue
		}
		d.value(p.value, f, join(path, p.key))
		d.lines[join(path, p.key)] = line(p.node)
	}
}

// gather lists the fields by key; a struct field tagged ",inline" lends its own.
func gather(v reflect.Value, into map[string]reflect.Value) {
	for i := range v.NumField() {
		tag := v.Type().Field(i).Tag.Get("yaml")
		name, rest, _ := strings.Cut(tag, ",")
		switch {
		case rest == "inline":
			gather(v.Field(i), into)
		case name != "" && name != "-":
			into[name] = v.Field(i)
		}
	}
}

// unknown reports a key that no field has.
func (d *decoder) unknown(n ast.Node, key, path string, fields map[string]reflect.Value) {
	names := make([]string, 0, len(fields))
	for k := range fields {
		names = append(names, k)
	}
	slices.Sort(names)
	where := ""
	if path != "" {
		where = " under " + clip(path)
	}
	if len(key) > 0 && key[0] >= '0' && key[0] <= '9' {
		d.fail(n, "", "unknown key %s%s; a value with a comma or colon in it stands in quotes", clip(key), where)
		return
	}
	if near, ok := Nearest(key, names); ok {
		d.fail(n, "", "unknown key %s%s; did you mean %s?", clip(key), where, near)
		return
	}
	d.fail(n, "", "unknown key %s%s; there are %s", clip(key), where, strings.Join(names, ", "))
}

// descend goes to where path points and decodes n there.
func (d *decoder) descend(keys []string, n ast.Node, v reflect.Value, path string) {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		v = v.Elem()
	}
	if len(keys) == 0 {
		d.value(n, v, path)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		fields := map[string]reflect.Value{}
		gather(v, fields)
		f, ok := fields[keys[0]]
		if !ok {
			d.unknown(n, keys[0], path, fields)
			return
		}
		d.descend(keys[1:], n, f, join(path, keys[0]))
	case reflect.Map:
		if v.IsNil() {
			v.Set(reflect.MakeMap(v.Type()))
		}
		key := reflect.ValueOf(keys[0]).Convert(v.Type().Key())
		elem := reflect.New(v.Type().Elem()).Elem()
		if old := v.MapIndex(key); old.IsValid() {
			elem.Set(old)
		}
		d.descend(keys[1:], n, elem, join(path, keys[0]))
		v.SetMapIndex(key, elem)
	default:
		d.fail(n, path, "has no key %s below it", clip(keys[0]))
	}
}

// free decodes without a type: groups as map[string]any, lists as []any, the rest as string, int64, float64 or bool.
func (d *decoder) free(n ast.Node, path string) any {
	switch n := n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		out := map[string]any{}
		for _, p := range d.pairs(n, path) {
			d.lines[join(path, p.key)] = line(p.node)
			out[p.key] = d.free(p.value, join(path, p.key))
		}
		return out
	case *ast.SequenceNode:
		out := make([]any, len(n.Values))
		for i, e := range n.Values {
			out[i] = d.free(e, path+"["+strconv.Itoa(i)+"]")
		}
		return out
	case *ast.NullNode:
		return nil
	case *ast.BoolNode:
		return n.Value
	}
	s, ok := d.text(n, path, "one value")
	if !ok {
		return nil
	}
	switch n.(type) {
	case *ast.IntegerNode:
		if i, err := strconv.ParseInt(s, 10, 64); err == nil {
			return i
		}
	case *ast.FloatNode:
		if f, err := strconv.ParseFloat(s, 64); err == nil {
			return f
		}
	}
	return s
}

// join puts a key behind a path.
func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
