package config

import (
	"maps"
	"slices"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/yaml"
)

// WithRule is the organisation with one rule switched otherwise; t stays as it is.
func (t *Tenant) WithRule(name string, to Switch) Tenant {
	out := *t
	out.Rules = maps.Clone(t.Rules)
	if out.Rules == nil {
		out.Rules = make(map[string]Switch)
	}
	out.Rules[name] = to
	return out
}

// WithLimit is the organisation with one value of one limit otherwise, written as in the configuration file; t stays as it is. scope is "organisation", "group NAME",
// "trunk NAME" or an account. An empty value takes the limit away. An error of code Invalid says what is wrong with the value, as the file's check does.
func (t *Tenant) WithLimit(scope, key, value string) (Tenant, error) {
	out, l := *t, Limit{}
	of, name := &out.Limits.Accounts, scope
	switch kind, rest, _ := strings.Cut(scope, " "); {
	case kind == "group" && rest != "":
		of, name = &out.Limits.Groups, rest
	case kind == "trunk" && rest != "":
		of, name = &out.Limits.Trunks, rest
	}
	if scope == "organisation" {
		if out.Limits.Organisation != nil {
			l = *out.Limits.Organisation
		}
	} else {
		l = (*of)[name]
	}
	l, err := l.with(key, value, &out.Organisation)
	if err != nil {
		return out, err
	}
	if scope == "organisation" {
		out.Limits.Organisation = &l
		return out, nil
	}
	if *of = maps.Clone(*of); *of == nil {
		*of = make(map[string]Limit)
	}
	(*of)[name] = l
	return out, nil
}

// with is a limit with one key otherwise.
func (l Limit) with(key, value string, o *Organisation) (Limit, error) {
	b, err := yaml.Write(&l)
	if err != nil {
		return l, err
	}
	m, err := Plain(b)
	if err != nil {
		return l, err
	}
	delete(m, key)
	if b, err = yaml.Write(m); err != nil {
		return l, err
	}
	var next Limit
	if len(m) > 0 {
		if err := yaml.Read(b, "the limit", &next); err != nil {
			return l, err
		}
	}
	if !slices.Contains(LimitKeys(), key) {
		return l, belwacht.Errorf(belwacht.Invalid, "%.40q is no limit; there are %s", key, strings.Join(LimitKeys(), ", "))
	}
	if strings.TrimSpace(value) == "" {
		return next, nil
	}
	if err := yaml.ReadValue([]string{key}, value, key, &next); err != nil {
		return l, belwacht.Errorf(belwacht.Invalid, "%w", err)
	}
	k := &checker{c: &Config{lines: yaml.Lines{"limit." + key: 1}}}
	k.limit("limit", &next, o)
	if len(k.errs) > 0 {
		_, said, _ := strings.Cut(k.errs[0].err.Error(), "limit."+key) // of a list, [0] stands before the colon
		_, said, _ = strings.Cut(said, ": ")
		return l, belwacht.Errorf(belwacht.Invalid, "%s: %s", key, said)
	}
	return next, nil
}

// Has says whether a limit has a key.
func (l *Limit) Has(key string) bool {
	b, err := yaml.Write(l)
	if err != nil {
		return false
	}
	m, err := Plain(b)
	_, has := m[key]
	return err == nil && has
}

// LimitKeys are the keys of a limit, as the file has them.
func LimitKeys() []string {
	return []string{"calls_at_once", "calls_at_once_abroad", "calls_per_hour", "calls_per_day", "calls_per_month", "minutes_per_hour", "minutes_per_day", "minutes_per_month",
		"money_per_hour", "money_per_day", "money_per_month", "longest_call", "only_countries", "no_countries", "no_classes", "hours", "usual_bill"}
}
