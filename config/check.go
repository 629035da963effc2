package config

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/calendar"
	"github.com/belwacht/belwacht/ingest/cdr"
	"github.com/belwacht/belwacht/number"
	"github.com/belwacht/belwacht/rule/builtin"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/yaml"
	"golang.org/x/text/language"
)

// checker gathers what is wrong with values that are well formed each by itself.
type checker struct {
	c    *Config
	errs []mistake
}

// mistake is an error with its line, by which they are told.
type mistake struct {
	line int
	err  error
}

// line is where a path stands, or its nearest parent that was written; 0 where none was.
func (c *Config) line(path string) int {
	for {
		if n := c.lines[path]; n > 0 && path != "" {
			return n
		}
		i := strings.LastIndexAny(path, ".[")
		if i < 0 {
			return 0
		}
		path = path[:i]
	}
}

// at is the place of a path: file and line.
func (c *Config) at(path string) string {
	switch n := c.line(path); {
	case c.file == "":
		return "configuration"
	case n == 0:
		return c.file
	default:
		return fmt.Sprintf("%s:%d", c.file, n)
	}
}

// fail keeps one mistake, up to as many as help.
func (k *checker) fail(path, format string, args ...any) {
	if len(k.errs) < yaml.MaxErrors {
		err := belwacht.Errorf(belwacht.Config, "%s: %s: %s", k.c.at(path), text.Clean(path, 300), text.Clean(fmt.Sprintf(format, args...), 2000))
		k.errs = append(k.errs, mistake{k.c.line(path), err})
	}
}

// Check says all that is wrong, one error a line, each with its place; nil where nothing is.
func (c *Config) Check() error {
	k := &checker{c: c}
	if len(c.Tenants) == 0 {
		k.organisation(&c.Organisation, "organisation.")
		k.settings(&c.Settings, "", &c.Organisation)
	}
	if len(c.Tenants) > 0 && (c.Organisation.Country != "" || c.Organisation.Name != "") {
		k.fail("tenants", "stands beside organisation; write one organisation or a list of tenants")
	}
	names := map[string]bool{}
	for i := range c.Tenants {
		t := &c.Tenants[i]
		path := fmt.Sprintf("tenants[%d].", i)
		if t.Name == "" || names[t.Name] {
			k.fail(path+"name", "must be there and differ from the other tenants'; it tells them apart")
		}
		names[t.Name] = true
		k.organisation(&t.Organisation, path)
		k.settings(&t.Settings, path, &t.Organisation)
	}
	k.records()
	k.live()
	k.alerts()
	k.access()
	k.web()
	k.keep()
	if !isCurrency(c.Rates.Currency) {
		k.fail("rates.currency", "%.40q is no currency; write its code of three letters, such as EUR", c.Rates.Currency)
	}
	slices.SortFunc(k.errs, func(a, b mistake) int { return cmp.Or(a.line-b.line, strings.Compare(a.err.Error(), b.err.Error())) })
	var all []error
	for _, m := range k.errs {
		all = append(all, m.err)
	}
	return errors.Join(all...)
}

// isCurrency says whether s looks like an ISO 4217 code.
func isCurrency(s string) bool {
	return len(s) == 3 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// country says what is wrong with a country code, "" for nothing.
func country(code string) string {
	if code == "UK" {
		return "UK is written GB, by ISO 3166"
	}
	c, ok := belwacht.ParseCountry(code)
	r, err := language.ParseRegion(code)
	if !ok || err != nil || !r.IsCountry() || r.String() != c.String() {
		return fmt.Sprintf("%.40q is no country; write its two letters of ISO 3166, such as NL", code)
	}
	return ""
}

// organisation checks who and when; prefix is its path with a dot.
func (k *checker) organisation(o *Organisation, prefix string) {
	switch {
	case o.Country == "":
		k.fail(prefix+"country", "is missing; write the two letters of the organisation's country, such as NL")
	default:
		if wrong := country(o.Country); wrong != "" {
			k.fail(prefix+"country", "%s", wrong)
		}
	}
	if !isCurrency(o.Currency) {
		k.fail(prefix+"currency", "%.40q is no currency; write its code of three letters, such as EUR", o.Currency)
	}
	if o.Timezone == "" {
		k.fail(prefix+"timezone", "is missing; write the organisation's, such as Europe/Amsterdam")
		return
	}
	cc := o.CalendarConfig()
	cc.Country = "" // said above
	if _, err := calendar.New(cc); err != nil {
		// The calendar's errors begin with the key in its own words; the key's place is one level deeper for holidays.
		key, rest, _ := strings.Cut(err.Error(), ": ")
		if key == "liberation_day" || key == "closed" {
			key = "holidays." + key
		}
		k.fail(prefix+key, "%s", rest)
	}
}

// settings checks plan, limits, accounts and rules of one tenant.
func (k *checker) settings(s *Settings, prefix string, o *Organisation) {
	t := Tenant{Organisation: *o, Settings: *s}
	if country(o.Country) == "" {
		if _, err := number.New(t.NumberConfig()); err != nil {
			k.fail(prefix+"plan", "%s", err)
		}
	}
	k.networks(s, prefix)
	k.accounts(s, prefix)
	for path, m := range map[string]yaml.Money{"costs.refuse": s.Costs.Refuse, "costs.alert": s.Costs.Alert, "brake.money": s.Brake.Money} {
		k.currency(prefix+path, m, o)
	}
	if s.Brake.Money.Amount == 0 && !s.Brake.Off {
		k.fail(prefix+"brake.money", "of nothing would refuse the first call; write off: true to do without the brake")
	}
	groups := groupsOf(s)
	if s.Limits.Organisation != nil {
		k.limit(prefix+"limits.organisation", s.Limits.Organisation, o)
	}
	for _, name := range slices.Sorted(mapKeys(s.Limits.Groups)) {
		l := s.Limits.Groups[name]
		k.limit(prefix+"limits.groups."+name, &l, o)
		k.known(prefix+"limits.groups."+name, "group", name, groups)
	}
	for _, name := range slices.Sorted(mapKeys(s.Limits.Accounts)) {
		l := s.Limits.Accounts[name]
		k.limit(prefix+"limits.accounts."+name, &l, o)
	}
	for _, name := range slices.Sorted(mapKeys(s.Limits.Trunks)) {
		l := s.Limits.Trunks[name]
		k.limit(prefix+"limits.trunks."+name, &l, o)
		if len(s.Trunks) > 0 {
			k.known(prefix+"limits.trunks."+name, "trunk", name, s.Trunks)
		}
	}
	k.rules(s, prefix)
}

// known reports a name that is none of those declared.
func (k *checker) known(path, what, name string, names []string) {
	if slices.Contains(names, name) {
		return
	}
	if near, ok := yaml.Nearest(name, names); ok {
		k.fail(path, "there is no %s %.40s; did you mean %.40s?", what, name, near)
		return
	}
	if len(names) > 0 && len(names) <= 30 {
		k.fail(path, "there is no %s %.40s; there are %s", what, name, strings.Join(names, ", "))
		return
	}
	k.fail(path, "there is no %s %.40s; it must be declared in this file", what, name)
}

// groupsOf are the groups that the file names, in groups or in an account.
func groupsOf(s *Settings) []string {
	names := map[string]bool{}
	for g := range s.Groups {
		names[g] = true
	}
	for _, a := range s.Accounts {
		if a.Group != "" {
			names[a.Group] = true
		}
	}
	return slices.Sorted(mapKeys(names))
}

// accounts checks names and ranges.
func (k *checker) accounts(s *Settings, prefix string) {
	seen := map[string]int{}
	for i, a := range s.Accounts {
		path := fmt.Sprintf("%saccounts[%d]", prefix, i)
		if a.Name == "" || len(a.Name) > 80 {
			k.fail(path+".name", "must be there, at most 80 characters: the extension or endpoint, such as 212")
			continue
		}
		if first, twice := seen[a.Name]; twice {
			k.fail(path+".name", "account %s is declared twice; the first is entry %d", a.Name, first+1)
		}
		seen[a.Name] = i
		if a.Group != "" && len(s.Groups) > 0 {
			k.known(path+".group", "group", a.Group, slices.Sorted(mapKeys(s.Groups)))
		}
		if len(a.List) > 0 && a.Kind != belwacht.KindMachine {
			k.fail(path+".list", "is for machines, which call their list and nothing else; write kind: machine or leave the list out")
		}
	}
	for _, g := range slices.Sorted(mapKeys(s.Groups)) {
		for i, word := range s.Groups[g].Accounts {
			if _, ok := expand(word); !ok || word == "" {
				k.fail(fmt.Sprintf("%sgroups.%s.accounts[%d]", prefix, g, i), "%.40q is no account or range; write for example 212 or 200-249, at most %d accounts", word, maxRange)
			}
		}
	}
}

// limit checks one limit.
func (k *checker) limit(path string, l *Limit, o *Organisation) {
	for _, key := range slices.Sorted(mapKeys(l.counts())) {
		n, written := l.counts()[key], k.c.lines[path+"."+key] > 0
		if n < 0 || n == 0 && written {
			k.fail(path+"."+key, "must be more than 0; to allow none at all use only_countries, no_classes or hours, and to limit nothing leave it out")
		}
	}
	for _, key := range slices.Sorted(mapKeys(l.money())) {
		k.currency(path+"."+key, l.money()[key], o)
	}
	if _, err := calendar.ParseHours(l.Hours); err != nil {
		k.fail(path+".hours", "%s", err)
	}
	for key, list := range map[string][]belwacht.Country{"only_countries": l.OnlyCountries, "no_countries": l.NoCountries} {
		for i, c := range list {
			if wrong := country(c.String()); wrong != "" {
				k.fail(fmt.Sprintf("%s.%s[%d]", path, key, i), "%s", wrong)
			}
		}
	}
	for i, c := range l.NoClasses {
		if c == belwacht.ClassEmergency || c == belwacht.ClassSocial {
			k.fail(fmt.Sprintf("%s.no_classes[%d]", path, i), "%s calls are never refused; leave it out", c)
		}
	}
}

// currency reports an amount in another currency than the organisation's: rates and counters have one only.
func (k *checker) currency(path string, m yaml.Money, o *Organisation) {
	if m.Currency != "" && m.Currency != o.Currency {
		k.fail(path, "is in %s, and the organisation's currency is %s; write it in %s or set organisation.currency", m.Currency, o.Currency, o.Currency)
	}
}

// rules checks that each is one of ours.
func (k *checker) rules(s *Settings, prefix string) {
	if len(s.Rules) == 0 {
		return
	}
	folders, err := fs.ReadDir(builtin.Files(), ".") // a rule has the name of its folder
	if err != nil {
		k.fail(prefix+"rules", "%s", err)
		return
	}
	var names []string
	for _, f := range folders {
		if f.IsDir() {
			names = append(names, f.Name())
		}
	}
	for _, name := range slices.Sorted(mapKeys(s.Rules)) {
		if slices.Contains(names, name) {
			continue
		}
		if near, ok := yaml.Nearest(name, names); ok {
			k.fail(prefix+"rules."+name, "there is no such rule; did you mean %s?", near)
			continue
		}
		k.fail(prefix+"rules."+name, "there is no such rule; belwacht rules list shows them")
	}
}

// records checks how records are read.
func (k *checker) records() {
	r := &k.c.Records
	switch r.Times {
	case "", "utc", "local":
	default:
		if _, err := calendar.New(calendar.Config{Timezone: r.Times}); err != nil {
			k.fail("records.times", "%.40q is no time zone; write utc, local or AREA/CITY, such as Europe/Amsterdam", r.Times)
		}
	}
	if r.Format != "" {
		k.known("records.format", "format", r.Format, cdr.Formats())
	}
	for path, name := range map[string]string{"rates.file": k.c.RatesFile(), "records.mapping": k.c.MappingFile()} {
		if info, err := os.Stat(name); name != "" && (err != nil || info.IsDir()) {
			k.fail(path, "%.200s is no file that can be read; is the name right, seen from the configuration's folder?", name)
		}
	}
	if r.Horizon.Seconds() < 60 || r.Horizon.Seconds() > 32*86400 {
		k.fail("records.horizon", "must be from 1m to 32d; a call's rows come at most its length apart")
	}
}
