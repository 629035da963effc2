package setup

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/web"
	"github.com/belwacht/belwacht/yaml/splice"
)

// wrong is what is wrong with a form.
func wrong(format string, values ...any) error {
	return belwacht.Errorf(belwacht.Invalid, "%s", fmt.Sprintf(format, values...))
}

// get is a field, without what cannot be seen and cut where it is too long.
func get(a *web.Ask, name string) string { return text.Clean(a.PostForm.Get(name), 400) }

// set is an edit of a value, which is taken out where it is empty.
func set(value any, path ...string) splice.Edit {
	if value == "" || value == splice.Plain("") {
		value = nil
	}
	return splice.Edit{Path: path, Value: value}
}

// changed adds an edit where a value is another one than it was.
func changed(edits []splice.Edit, is, was string, value any, path ...string) []splice.Edit {
	if is == was {
		return edits
	}
	return append(edits, set(value, path...))
}

// amount is money as it was typed, in the organisation's currency where none was.
func amount(a *web.Ask, v string) string {
	if v != "" && strings.Trim(v, "0123456789.,") == "" {
		currency := a.Tenant.Currency
		if currency == "" {
			currency = "EUR"
		}
		return currency + " " + v
	}
	return v
}

// readMode reads mode, office hours, brake and what mistakes cost.
func readMode(a *web.Ask, s *Sheet) (edits []splice.Edit, err error) {
	switch mode := get(a, "mode"); mode {
	case "learn", "monitor", "enforce":
		edits = changed(edits, mode, s.Mode, splice.Plain(mode), "mode")
	default:
		return nil, wrong("%s", a.T("Choose a mode."))
	}
	hours := get(a, "hours")
	edits = changed(edits, hours, s.Hours, hours, "organisation", "office_hours")
	off := get(a, "brake") == "off"
	if off != s.BrakeOff {
		edits = append(edits, set(splice.Plain(map[bool]string{true: "true"}[off]), "brake", "off"))
	}
	for _, x := range []struct {
		field, was string
		path       []string
	}{{"money", s.Brake, []string{"brake", "money"}}, {"refuse", s.Refuse, []string{"costs", "refuse"}}, {"alert", s.Alert, []string{"costs", "alert"}}} {
		v := amount(a, get(a, x.field))
		edits = changed(edits, v, x.was, v, x.path...)
	}
	return edits, nil
}

// Key is a value that a limit can have.
type Key struct {
	Name  string
	Says  string // English text of the catalogue
	money bool
	list  bool
}

// Keys are the values that a limit can have.
func Keys() []Key {
	return []Key{
		{"money_per_day", "money a day", true, false}, {"money_per_hour", "money an hour", true, false}, {"money_per_month", "money a month", true, false},
		{"calls_at_once", "calls at once", false, false}, {"calls_at_once_abroad", "calls abroad at once", false, false}, {"calls_per_hour", "calls an hour", false, false},
		{"calls_per_day", "calls a day", false, false}, {"calls_per_month", "calls a month", false, false}, {"minutes_per_hour", "minutes an hour", false, false},
		{"minutes_per_day", "minutes a day", false, false}, {"minutes_per_month", "minutes a month", false, false}, {"longest_call", "longest call", false, false},
		{"hours", "only in these hours", false, false}, {"no_classes", "kinds of number that are barred", false, true}, {"only_countries", "only these countries", false, true},
		{"no_countries", "barred countries", false, true}, {"usual_bill", "the usual bill of a month", true, false},
	}
}

// Says is a key in words, itself where there are none.
func (v *view) Says(name string) string {
	for _, k := range Keys() {
		if k.Name == name {
			return k.Says
		}
	}
	return name
}

// words are those of a list as it was typed.
func words(s string) []string {
	list := strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '\n' || r == '\r' || r == '\t' })
	var out []string
	for _, w := range list[:min(len(list), 300)] {
		if w = strings.TrimSpace(w); !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// readLimit reads one value of one limit.
func readLimit(a *web.Ask, s *Sheet) ([]splice.Edit, error) {
	kind, name, ok := strings.Cut(get(a, "for"), ":")
	path := []string{"limits", kind}
	switch {
	case kind == "organisation":
	case (kind == "groups" || kind == "trunks" || kind == "accounts") && ok:
		if kind == "accounts" && name == "" {
			name = get(a, "account")
		}
		if name == "" {
			return nil, wrong("%s", a.T("Say which extension."))
		}
		path = append(path, name)
	default:
		return nil, wrong("%s", a.T("Say for whom."))
	}
	i := slices.IndexFunc(Keys(), func(k Key) bool { return k.Name == get(a, "key") })
	if i < 0 {
		return nil, wrong("%s", a.T("Say what is limited."))
	}
	k := Keys()[i]
	path = append(path, k.Name)
	v := get(a, "value")
	switch {
	case get(a, "remove") != "":
		return []splice.Edit{set(nil, path...)}, nil
	case v == "":
		return nil, wrong("%s", a.T("Say how much; to limit nothing, take the limit away."))
	case k.list:
		list := words(v)
		if strings.HasSuffix(k.Name, "countries") {
			known, err := countries(a, v)
			if err != nil {
				return nil, err
			}
			list = known
		}
		return []splice.Edit{set(splice.Members(list), path...)}, nil
	case k.money:
		return []splice.Edit{set(amount(a, v), path...)}, nil
	case k.Name == "longest_call":
		if strings.Trim(v, "0123456789") == "" {
			v += "m"
		}
		return []splice.Edit{set(splice.Plain(strings.ReplaceAll(v, " ", "")), path...)}, nil
	case k.Name == "hours":
		return []splice.Edit{set(v, path...)}, nil
	}
	if _, err := strconv.Atoi(v); err != nil {
		return nil, wrong(a.T("%s is no whole number."), v)
	}
	return []splice.Edit{set(splice.Plain(v), path...)}, nil
}

// countries are codes as they were typed, each known.
func countries(a *web.Ask, s string) ([]string, error) {
	var out []string
	for _, w := range words(strings.ToUpper(s)) {
		c, ok := belwacht.ParseCountry(w)
		if !ok || text.Country(text.English, c) == c.String() || text.Country(text.English, c) == "" {
			return nil, wrong(a.T("%s is no country; write its two letters, such as NL."), text.Clean(w, 20))
		}
		if !slices.Contains(out, c.String()) {
			out = append(out, c.String())
		}
	}
	return out, nil
}

// readCountries reads which countries may be called.
func readCountries(a *web.Ask, s *Sheet) (edits []splice.Edit, err error) {
	only, err := countries(a, get(a, "only"))
	if err != nil {
		return nil, err
	}
	never, err := countries(a, get(a, "never"))
	if err != nil {
		return nil, err
	}
	if get(a, "which") != "some" {
		only = nil
	} else if len(only) == 0 {
		return nil, wrong("%s", a.T("Write the countries that you have to do with, your own among them."))
	}
	list := func(codes, was []string, last string) {
		if slices.Equal(slices.Sorted(slices.Values(codes)), slices.Sorted(slices.Values(was))) {
			return
		}
		if len(codes) == 0 {
			edits = append(edits, set(nil, "limits", "organisation", last))
			return
		}
		edits = append(edits, set(splice.Members(codes), "limits", "organisation", last))
	}
	list(only, s.Only, "only_countries")
	if a.PostForm.Has("never") {
		list(never, s.Never, "no_countries")
	}
	return edits, nil
}

// readRules reads the switches of all rules.
func readRules(a *web.Ask, s *Sheet) (edits []splice.Edit, err error) {
	for _, r := range s.Rules {
		switch v := get(a, "rule-"+r.Name); v {
		case "", r.Switch:
		case "off", "monitor", "enforce":
			edits = append(edits, set(v, "rules", r.Name))
		default:
			return nil, wrong("%s", a.T("A rule enforces, monitors or is off."))
		}
	}
	return edits, nil
}

// readKeep reads for how long what is kept.
func readKeep(a *web.Ask, s *Sheet) (edits []splice.Edit, err error) {
	for _, d := range s.Keep {
		v := get(a, "keep-"+d.Key)
		was := ""
		if d.Days > 0 {
			was = strconv.Itoa(d.Days)
		}
		if v != "" {
			if _, err := strconv.Atoi(v); err != nil {
				return nil, wrong(a.T("%s is no whole number."), v)
			}
		}
		edits = changed(edits, v, was, splice.Plain(v), "keep", d.Key)
	}
	reason := get(a, "reason")
	return changed(edits, reason, s.Reason, reason, "keep", "shorter_because"), nil
}

// readPeople reads one person, or the mail server.
func (p *pages) readPeople(a *web.Ask, s *Sheet) (edits []splice.Edit, err error) {
	if a.PostForm.Has("server") {
		return p.readMail(a, s)
	}
	at := get(a, "at")
	i, err := strconv.Atoi(at)
	switch {
	case at == splice.End:
		i = -1
	case err != nil || i < 0 || i >= len(s.People):
		return nil, wrong("%s", a.T("That person is not there any more."))
	}
	if get(a, "remove") != "" && i >= 0 {
		return []splice.Edit{set(nil, "alerts", "people", at)}, nil
	}
	was := Person{}
	if i >= 0 {
		was = s.People[i]
	}
	is := Person{get(a, "name"), get(a, "mail"), get(a, "sms"), get(a, "telegram"), get(a, "language"), get(a, "hours"), get(a, "least"), get(a, "outside")}
	if is.Name == "" || is.Mail == "" && is.SMS == "" && is.Telegram == "" {
		return nil, wrong("%s", a.T("A person has a name and a way to be reached."))
	}
	var g splice.Group
	for _, x := range []struct{ key, is, was string }{{"name", is.Name, was.Name}, {"mail", is.Mail, was.Mail}, {"sms", is.SMS, was.SMS}, {"telegram", is.Telegram, was.Telegram},
		{"language", is.Language, was.Language}, {"hours", is.Hours, was.Hours}, {"least", is.Least, was.Least}, {"outside", is.Outside, was.Outside}} {
		if x.is != "" {
			g = append(g, splice.Member{Key: x.key, Value: x.is})
		}
		edits = changed(edits, x.is, x.was, x.is, "alerts", "people", at, x.key)
	}
	if i < 0 {
		return []splice.Edit{set(g, "alerts", "people", splice.End)}, nil
	}
	return edits, nil
}

// readMail reads the mail server. A password is written into a file of its own, and only where one was typed.
func (p *pages) readMail(a *web.Ask, s *Sheet) (edits []splice.Edit, err error) {
	server := get(a, "server")
	if server == "" {
		return []splice.Edit{set(nil, "alerts", "mail")}, nil
	}
	if !strings.Contains(server, ":") {
		server += ":587"
	}
	edits = changed(edits, server, s.Mail.Server, server, "alerts", "mail", "server")
	for _, x := range []struct{ key, was string }{{"security", s.Mail.Security}, {"user", s.Mail.User}, {"from", s.Mail.From}} {
		v := get(a, x.key)
		edits = changed(edits, v, x.was, v, "alerts", "mail", x.key)
	}
	to := words(get(a, "to"))
	if !slices.Equal(to, s.Mail.To) {
		if len(to) == 0 {
			edits = append(edits, set(nil, "alerts", "mail", "to"))
		} else {
			edits = append(edits, set(splice.Members(to), "alerts", "mail", "to"))
		}
	}
	if password := a.PostForm.Get("password"); password != "" && p.Secrets {
		edits = append(edits, set(Secret{Name: "mail", Value: password}, "alerts", "mail", "password_file"))
	}
	return edits, nil
}
