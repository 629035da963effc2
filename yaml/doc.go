// Package yaml reads Belwacht's YAML files (configuration, rules, record mappings) strictly, so that a slip of the pen is an error
// with a place and never a silently ignored setting.
//
// [Read] decodes into a struct whose fields carry a tag (`yaml:"office_hours"`). It is an error, named by file and line:
// a key that no field has (with the nearest that there is), a key written twice, a value of another type, and a quantity
// without its unit. Quantities are the types [Money], [Duration], [Size] and [Share]; any type with UnmarshalText is read by it.
// All mistakes of a file are reported at once, at most [MaxErrors].
//
// What is left out stays as it was in the destination, so defaults are set by filling it before reading.
//
// A file may come from a stranger: it is at most [MaxBytes] long and nested at most [MaxDepth] deep; anchors, aliases,
// merge keys and tags, by which a short file can grow without bound or make types of its own, are refused.
//
// The grammar is goccy/go-yaml's parser; the decoding is ours, because its own stops at the first mistake and knows no units.
package yaml
