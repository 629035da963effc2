// Package splice changes single values of a YAML file that a person wrote, and leaves all else byte for byte: comments, order, quotes, blank lines, the ends of
// lines.
//
//	after, err := splice.Apply(before, "belwacht.yaml", splice.Edit{Path: []string{"limits", "organisation", "money_per_day"}, Value: "EUR 50"})
//
// A value is replaced where it stands; what is not there yet is put behind the last key of its group, with the groups above it; what is taken out goes with its
// lines, and with the group that would be left empty.
//
// The places come from the grammar of package yaml, the ends of values from the text itself. Neither is believed: what was written is read again, and where it
// does not say what the file said before with just these values changed, the edit is refused and nothing is returned. So a form of YAML that this package does not
// understand costs an edit by hand, never a setting.
package splice
