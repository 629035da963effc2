package setup

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/web"
	"github.com/belwacht/belwacht/yaml/splice"
)

// Access is from where and when the console is open.
type Access struct {
	Networks []string
	Hours    string
	Second   string // all, or administrators
}

// Numbers is the dial plan, where it departs from the country's.
type Numbers struct {
	AreaCode                                                                   string
	Trunk                                                                      string // "" = the country's, "-" = none
	International, OutsideLine, Extensions, ShortCodes, Own, Emergency, Social []string
}

// Account is a declared extension.
type Account struct {
	Name, Kind, Group string
	Numbers, List     []string
}

// Group is a group of extensions.
type Group struct {
	Name, Kind string
	Accounts   []string
}

// Ways are those by which alerts are told besides mail. What is secret is only said to be there.
type Ways struct {
	Webhook, Slack, Teams, Mattermost, Telegram, Ntfy, SMS bool
	WebhookURL                                             string // without what may be secret in it
	WebhookHidden, WebhookSigned                           bool   // its address is a secret; what is posted is signed
	Chat                                                   string // of Telegram
	NtfyURL                                                string
	NtfyToken, NtfyTopic                                   bool
	SMSURL, SMSForm                                        string
	SMSFields                                              []field
	SMSHeader                                              bool
	Syslog                                                 []Syslog
}

// Field adds a field of a text message. What may be a secret is "…".
func (w *Ways) Field(name, value string) { w.SMSFields = append(w.SMSFields, field{name, value}) }

// Syslog is a log server.
type Syslog struct{ Address, Format string }

// Escalate is what happens where nobody takes an alert.
type Escalate struct {
	Set                       bool
	After, Least, Then, Until string
	Order                     []string // a step each; several people with commas
	Link                      string   // by which people take alerts; "" = none
	Suggested                 string   // such a link, where there is none
}

// fieldError is what is wrong with one field of a form.
type fieldError struct {
	error
	field string
}

// Unwrap gives it its code.
func (f fieldError) Unwrap() error { return f.error }

// at is wrong of one field.
func at(field string, format string, values ...any) error {
	return fieldError{wrong(format, values...), field}
}

// Bad is what is wrong with a field, of those that were found: by its name, or by the key of the configuration that it is.
func (v *view) Bad(field, key string) (list []string) {
	for _, w := range v.Wrong {
		if v.Field == field || key != "" && (strings.Contains(w, key+":") || strings.Contains(w, key+"[") || strings.Contains(w, key+" ")) {
			list = append(list, w)
		}
	}
	return list
}

// Rows is how a list stands in a field, one a line.
func (*view) Rows(list []string) string { return strings.Join(list, "\n") }

// Kinds are what an extension can be.
func (*view) Kinds() []string {
	return []string{"person", "agent", "shared_desk", "queue", "machine", "room", "trunk", "canary"}
}

// Chats are ways that have nothing but an address.
func (*view) Chats() []string { return []string{"slack", "teams", "mattermost"} }

// Has says whether a way of Chats is set.
func (v *view) Has(chat string) bool {
	return chat == "slack" && v.Ways.Slack || chat == "teams" && v.Ways.Teams || chat == "mattermost" && v.Ways.Mattermost
}

// accountsShown is how many extensions one page has.
const accountsShown = 100

// Row is an extension with its place in the file.
type Row struct {
	At int
	Account
}

// Listed are the extensions that are looked for by what their name, group or kind begins with.
func (v *view) Listed() (list []Row) {
	for i, x := range v.Accounts {
		if v.Find == "" || strings.HasPrefix(x.Name, v.Find) || strings.HasPrefix(x.Group, v.Find) || x.Kind == v.Find {
			list = append(list, Row{i, x})
		}
	}
	v.More = max(0, len(list)-accountsShown)
	return list[:min(len(list), accountsShown)]
}

// rows are the entries of a field, one a line or with commas between, each once: as many as a form holds.
func rows(a *web.Ask, name string) (list []string) {
	there := map[string]bool{}
	for _, w := range strings.FieldsFunc(a.PostForm.Get(name), func(r rune) bool { return r == '\n' || r == '\r' || r == ',' || r == ';' }) {
		if w = strings.TrimSpace(text.Clean(w, 200)); w != "" && !there[w] {
			there[w] = true
			list = append(list, w)
		}
	}
	return list
}

// listed adds an edit where a list of words is another one than it was.
func listed(edits []splice.Edit, is, was []string, path ...string) []splice.Edit {
	if slices.Equal(slices.Sorted(slices.Values(is)), slices.Sorted(slices.Values(was))) {
		return edits
	}
	if len(is) == 0 {
		return append(edits, set(nil, path...))
	}
	return append(edits, set(splice.Members(is), path...))
}

// readAccess reads from where and when the console is open.
func readAccess(a *web.Ask, s *Sheet) (edits []splice.Edit, err error) {
	edits = listed(nil, rows(a, "networks"), s.Access.Networks, "access", "networks")
	hours := get(a, "hours")
	edits = changed(edits, hours, s.Access.Hours, hours, "access", "hours")
	switch second := get(a, "second"); second {
	case "administrators", "all":
		if second != cmp.Or(s.Access.Second, "administrators") {
			edits = append(edits, set(map[bool]string{true: "all"}[second == "all"], "access", "second_factor"))
		}
	default:
		return nil, at("second", "%s", a.T("Say of whom a second factor is asked."))
	}
	return edits, nil
}

// readPlan reads the dial plan and the organisation's own networks.
func readPlan(a *web.Ask, s *Sheet) (edits []splice.Edit, err error) {
	area := get(a, "area")
	edits = changed(edits, area, s.Dial.AreaCode, area, "plan", "area_code")
	switch trunk := strings.ReplaceAll(get(a, "trunk"), "–", "-"); trunk {
	case s.Dial.Trunk:
	case "-":
		edits = append(edits, splice.Edit{Path: []string{"plan", "trunk"}, Value: ""})
	default:
		edits = append(edits, set(trunk, "plan", "trunk"))
	}
	for _, x := range []struct {
		field, key string
		was        []string
	}{{"international", "international", s.Dial.International}, {"outside", "outside_line", s.Dial.OutsideLine}, {"extensions", "extensions", s.Dial.Extensions}, {"short", "short_codes", s.Dial.ShortCodes},
		{"own", "own", s.Dial.Own}, {"emergency", "emergency", s.Dial.Emergency}, {"social", "social", s.Dial.Social}} {
		edits = listed(edits, rows(a, x.field), x.was, "plan", x.key)
	}
	return listed(edits, rows(a, "networks"), s.Networks, "networks"), nil
}

// readAccounts reads one extension or one group.
func readAccounts(a *web.Ask, s *Sheet) ([]splice.Edit, error) {
	if a.PostForm.Has("group-name") {
		return readGroup(a, s)
	}
	place := get(a, "at")
	i, err := strconv.Atoi(place)
	switch {
	case place == splice.End:
		i = -1
	case err != nil || i < 0 || i >= len(s.Accounts):
		return nil, wrong("%s", a.T("That extension is not there any more."))
	}
	if get(a, "remove") != "" && i >= 0 {
		return []splice.Edit{set(nil, "accounts", place)}, nil
	}
	was := Account{Kind: "person"}
	if i >= 0 {
		was = s.Accounts[i]
	}
	is := Account{Name: get(a, "name"), Kind: get(a, "kind"), Group: get(a, "group"), Numbers: rows(a, "numbers"), List: rows(a, "list")}
	switch {
	case is.Name == "":
		return nil, at("name", "%s", a.T("Say which extension."))
	case i < 0 && slices.ContainsFunc(s.Accounts, func(x Account) bool { return x.Name == is.Name }):
		return nil, at("name", a.T("%s is in the list already."), is.Name)
	}
	kind := is.Kind
	if kind == "person" {
		kind = ""
	}
	if i >= 0 {
		var edits []splice.Edit
		edits = changed(edits, is.Name, was.Name, is.Name, "accounts", place, "name")
		edits = changed(edits, is.Kind, was.Kind, kind, "accounts", place, "kind")
		edits = changed(edits, is.Group, was.Group, is.Group, "accounts", place, "group")
		edits = listed(edits, is.Numbers, was.Numbers, "accounts", place, "numbers")
		return listed(edits, is.List, was.List, "accounts", place, "list"), nil
	}
	g := splice.Group{{Key: "name", Value: is.Name}}
	for _, x := range []splice.Member{{Key: "kind", Value: kind}, {Key: "group", Value: is.Group}} {
		if x.Value != "" {
			g = append(g, x)
		}
	}
	for _, x := range []struct {
		key  string
		list []string
	}{{"numbers", is.Numbers}, {"list", is.List}} {
		if len(x.list) > 0 {
			g = append(g, splice.Member{Key: x.key, Value: splice.Members(x.list)})
		}
	}
	return []splice.Edit{set(g, "accounts", splice.End)}, nil
}

// readGroup reads one group.
func readGroup(a *web.Ask, s *Sheet) ([]splice.Edit, error) {
	name := get(a, "group-name")
	i := slices.IndexFunc(s.GroupList, func(g Group) bool { return g.Name == name })
	switch {
	case name == "":
		return nil, at("group-name", "%s", a.T("Give the group a name."))
	case get(a, "remove") != "" && i >= 0:
		return []splice.Edit{set(nil, "groups", name)}, nil
	}
	was := Group{}
	if i >= 0 {
		was = s.GroupList[i]
	}
	list, kind := rows(a, "accounts"), get(a, "kind")
	if len(list) == 0 && i < 0 {
		return nil, at("accounts", "%s", a.T("Say which extensions are in the group."))
	}
	edits := listed(nil, list, was.Accounts, "groups", name, "accounts")
	return changed(edits, kind, was.Kind, kind, "groups", name, "kind"), nil
}

// readEscalate reads who is asked where nobody takes an alert.
func readEscalate(a *web.Ask, s *Sheet) (edits []splice.Edit, err error) {
	e := &s.Escalate
	link := get(a, "link")
	if get(a, "remove") != "" {
		return []splice.Edit{set(nil, "alerts", "escalate")}, nil
	}
	var order []string
	for _, line := range strings.FieldsFunc(a.PostForm.Get("order"), func(r rune) bool { return r == '\n' || r == '\r' }) {
		if line = strings.TrimSpace(text.Clean(line, 400)); line != "" {
			order = append(order, line)
		}
	}
	if len(order) > 100 {
		return nil, at("order", "%s", a.T("At most a hundred steps."))
	}
	if len(order) == 0 {
		return nil, at("order", "%s", a.T("Say who is asked, one on each line."))
	}
	if link == "" {
		return nil, at("link", "%s", a.T("Without a link nobody could take an alert from a message."))
	}
	edits = changed(edits, link, e.Link, link, "alerts", "links", "url")
	if !slices.Equal(order, e.Order) {
		list := splice.List{}
		for _, o := range order {
			list = append(list, o)
		}
		edits = append(edits, set(list, "alerts", "escalate", "order"))
	}
	after := get(a, "after")
	if after != "" && strings.Trim(after, "0123456789") == "" {
		after += "m"
	}
	edits = changed(edits, after, e.After, splice.Plain(strings.ReplaceAll(after, " ", "")), "alerts", "escalate", "after")
	for _, x := range []struct{ field, was string }{{"least", e.Least}, {"then", e.Then}, {"until", e.Until}} {
		v := get(a, x.field)
		edits = changed(edits, v, x.was, v, "alerts", "escalate", x.field)
	}
	return edits, nil
}

// secret is a field whose value is kept in a file of its own; "" where nothing was typed.
func secret(a *web.Ask, name string) string { return strings.TrimSpace(a.PostForm.Get(name)) }

// readWays reads one way of telling.
func (p *pages) readWays(a *web.Ask, s *Sheet) (edits []splice.Edit, err error) {
	way, w := get(a, "way"), &s.Ways
	hidden := func(field string, address bool, key string) bool {
		v := secret(a, field)
		if v != "" && p.Secrets {
			edits = append(edits, set(Secret{Name: way, Value: v, URL: address}, "alerts", way, key))
		}
		return v != ""
	}
	if get(a, "remove") != "" && way != "syslog" && slices.Contains([]string{"webhook", "slack", "teams", "mattermost", "telegram", "ntfy", "sms"}, way) {
		return []splice.Edit{set(nil, "alerts", way)}, nil
	}
	switch way {
	case "slack", "teams", "mattermost":
		if !hidden("secret-address", true, "url_file") {
			return nil, at("secret-address", "%s", a.T("Type the address of the channel."))
		}
	case "telegram":
		if !hidden("secret-token", false, "token_file") && !w.Telegram {
			return nil, at("secret-token", "%s", a.T("Type the bot's token."))
		}
		chat := get(a, "chat")
		edits = changed(edits, chat, w.Chat, chat, "alerts", "telegram", "chat")
	case "ntfy":
		if !hidden("secret-topic", false, "topic_file") && !w.Ntfy {
			return nil, at("secret-topic", "%s", a.T("Type the topic."))
		}
		hidden("secret-token", false, "token_file")
		address := get(a, "url")
		edits = changed(edits, address, w.NtfyURL, address, "alerts", "ntfy", "url")
	case "webhook":
		if hidden("secret-address", true, "url_file") {
			if w.WebhookURL != "" {
				edits = append(edits, set(nil, "alerts", "webhook", "url"))
			}
		} else if !w.Webhook {
			return nil, at("secret-address", "%s", a.T("Type the address that alerts are posted to."))
		}
		hidden("secret-key", false, "secret_file")
	case "sms":
		hidden("secret-header", false, "header_file")
		return readSMS(a, w, edits)
	case "syslog":
		return readSyslog(a, w)
	default:
		return nil, wrong("%s", a.T("Say which way."))
	}
	return edits, nil
}

// readSMS reads the gateway of text messages. A field that says … stays as it is: it may be a secret.
func readSMS(a *web.Ask, w *Ways, edits []splice.Edit) ([]splice.Edit, error) {
	address := get(a, "url")
	if address == "" {
		return nil, at("url", "%s", a.T("Type the address of the gateway."))
	}
	edits = changed(edits, address, w.SMSURL, address, "alerts", "sms", "url")
	form := get(a, "form")
	edits = changed(edits, form, w.SMSForm, form, "alerts", "sms", "form")
	left := map[string]bool{}
	for _, line := range strings.FieldsFunc(a.PostForm.Get("fields"), func(r rune) bool { return r == '\n' || r == '\r' }) {
		name, value, ok := strings.Cut(text.Clean(line, 400), ":")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		if !ok || name == "" || len(left) >= 50 {
			return nil, at("fields", "%s", a.T("Write each field on a line of its own, such as to: {to}."))
		}
		left[name] = true
		i := slices.IndexFunc(w.SMSFields, func(f field) bool { return f.Name == name })
		switch {
		case i >= 0 && w.SMSFields[i].Value == value:
		case value == "…":
			return nil, at("fields", a.T("What %s is must be typed anew."), name)
		default:
			edits = append(edits, splice.Edit{Path: []string{"alerts", "sms", "fields", name}, Value: value})
		}
	}
	for _, f := range w.SMSFields {
		if !left[f.Name] {
			edits = append(edits, set(nil, "alerts", "sms", "fields", f.Name))
		}
	}
	return edits, nil
}

// readSyslog reads one log server.
func readSyslog(a *web.Ask, w *Ways) ([]splice.Edit, error) {
	place := get(a, "at")
	i, err := strconv.Atoi(place)
	is := Syslog{get(a, "address"), get(a, "format")}
	switch {
	case place == splice.End:
		if is.Address == "" {
			return nil, at("address", "%s", a.T("Type the address of the log server."))
		}
		g := splice.Group{{Key: "address", Value: is.Address}}
		if is.Format != "" {
			g = append(g, splice.Member{Key: "format", Value: is.Format})
		}
		return []splice.Edit{set(g, "alerts", "syslog", splice.End)}, nil
	case err != nil || i < 0 || i >= len(w.Syslog):
		return nil, wrong("%s", a.T("That log server is not there any more."))
	case get(a, "remove") != "":
		return []splice.Edit{set(nil, "alerts", "syslog", place)}, nil
	}
	edits := changed(nil, is.Address, w.Syslog[i].Address, is.Address, "alerts", "syslog", place, "address")
	return changed(edits, is.Format, w.Syslog[i].Format, is.Format, "alerts", "syslog", place, "format"), nil
}

// shut says why a change shuts out who makes it; nil where it does not.
func shut(a *web.Ask, plan *Plan) error {
	if plan.Admits == nil || a.Visitor.Person == nil {
		return nil
	}
	return plan.Admits(a.Visitor.Person.From, a.Now.Time())
}

// secretField says whether a field's value is kept nowhere but in a file of its own.
func secretField(name string) bool { return name == "password" || strings.HasPrefix(name, "secret-") }

// SecretSays is a field of a secret in words.
func (*view) SecretSays(name string) string {
	switch name {
	case "password":
		return "Password"
	case "secret-address":
		return "Address"
	case "secret-token":
		return "Token"
	case "secret-topic":
		return "Topic"
	case "secret-key":
		return "Secret by which messages are signed"
	}
	return "Line by which the gateway knows you"
}

// Opens says whether a way's form was sent and could not be saved.
func (v *view) Opens(way string) bool { return v.Form != nil && v.Form.Get("way") == way }

// ValIn is Val of one way's form.
func (v *view) ValIn(way, name, is string) string {
	if v.Opens(way) {
		return v.Val(name, is)
	}
	return text.Clean(is, 1000)
}

// BadIn is Bad of one way's form.
func (v *view) BadIn(way, field string) []string {
	if v.Opens(way) {
		return v.Bad(field, "")
	}
	return nil
}

// FieldRows are the fields of a text message, one a line.
func (v *view) FieldRows() string {
	var list []string
	for _, f := range v.Ways.SMSFields {
		list = append(list, f.Name+": "+f.Value)
	}
	return strings.Join(list, "\n")
}

// TypedAccount is the extension that was typed and could not be added.
func (v *view) TypedAccount() Account {
	if v.Form.Get("at") != splice.End {
		return Account{Kind: "person"}
	}
	f := v.Form.Get
	return Account{Name: f("name"), Kind: f("kind"), Group: f("group"), Numbers: strings.Split(f("numbers"), "\n"), List: strings.Split(f("list"), "\n")}
}

// TypedGroup is the group that was typed and could not be made.
func (v *view) TypedGroup() Group {
	if !v.Form.Has("group-name") {
		return Group{}
	}
	return Group{Name: v.Form.Get("group-name"), Kind: v.Form.Get("kind"), Accounts: strings.Split(v.Form.Get("accounts"), "\n")}
}

// Lined is text of several lines, each fit to be shown.
func (*view) Lined(s string) string {
	lines := strings.Split(strings.ReplaceAll(s, "\r", ""), "\n")
	for i := range lines {
		lines[i] = text.Clean(lines[i], 400)
	}
	return strings.Join(lines, "\n")
}

// Area is Val of a field with several lines.
func (v *view) Area(name, is string) string {
	if v.Form != nil && v.Form.Has(name) {
		is = v.Form.Get(name)
	}
	return v.Lined(is)
}

// AreaIn is Area of one way's form.
func (v *view) AreaIn(way, name, is string) string {
	if v.Opens(way) {
		return v.Area(name, is)
	}
	return v.Lined(is)
}
