package setup

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/web/api"
	"github.com/belwacht/belwacht/web/setup"
	"github.com/belwacht/belwacht/yaml"
	"github.com/belwacht/belwacht/yaml/splice"
)

// Program is the owner's file for programs. It implements api.Owner and api.Undoer, by way of the same plans as the pages.
type Program struct{ *Owner }

// unversioned is the version of a file that is not there.
const unversioned = "none"

// nested is how deep a value may go.
const nested = 4

// changeable are the keys that can be changed from afar, with the permission that each takes. * is any one key, ** all that follows; a key that ends in _file
// takes a secret and no path: whoever may change settings must not have Belwacht read files of the machine. What starts programs, and what else reaches into the
// machine (alerts.command, alerts.allow, data, control, pbx, records, lists, rates, web), is changed on the machine only.
func changeable() map[string]belwacht.Permission {
	all := map[string]belwacht.Permission{
		"limits.**": access.LimitsChange, "rules.*": access.RulesChange, "networks": access.RulesChange, "plan.*": access.RulesChange,
		"accounts": access.RulesChange, "accounts.**": access.RulesChange, "groups.**": access.RulesChange,
	}
	for _, key := range []string{"mode", "organisation.country", "organisation.timezone", "organisation.office_hours", "organisation.holidays.*", "brake.*", "costs.*", "keep.*",
		"access.networks", "access.hours", "access.second_factor", "alerts.language", "alerts.people", "alerts.people.**", "alerts.escalate", "alerts.escalate.*", "alerts.links.url",
		"alerts.summary", "alerts.summary.*", "alerts.heartbeat", "alerts.heartbeat.url_file", "alerts.heartbeat.every",
		"alerts.mail", "alerts.mail.server", "alerts.mail.security", "alerts.mail.user", "alerts.mail.from", "alerts.mail.to", "alerts.mail.password_file",
		"alerts.webhook", "alerts.webhook.url", "alerts.webhook.url_file", "alerts.webhook.secret_file", "alerts.slack", "alerts.slack.url_file", "alerts.teams", "alerts.teams.url_file",
		"alerts.mattermost", "alerts.mattermost.url_file", "alerts.telegram", "alerts.telegram.token_file", "alerts.telegram.chat",
		"alerts.ntfy", "alerts.ntfy.url", "alerts.ntfy.token_file", "alerts.ntfy.topic_file", "alerts.sms", "alerts.sms.url", "alerts.sms.form", "alerts.sms.fields.*", "alerts.sms.header_file",
		"alerts.syslog", "alerts.syslog.*", "alerts.syslog.*.address", "alerts.syslog.*.format"} {
		all[key] = access.SettingsWrite
	}
	return all
}

// needs is the permission that a path takes; false where it cannot be changed from afar.
func needs(path []string) (belwacht.Permission, bool) {
	for key, p := range changeable() {
		if fits(strings.Split(key, "."), path) {
			return p, true
		}
	}
	return "", false
}

func fits(pattern, path []string) bool {
	for i, word := range pattern {
		switch {
		case word == "**":
			return len(path) > i
		case i >= len(path) || word != "*" && word != path[i]:
			return false
		}
	}
	return len(path) == len(pattern)
}

// secretOf says what a key that names the file of a secret is of.
func secretOf(path []string) (name string, address, ok bool) {
	last := path[len(path)-1]
	if !strings.HasSuffix(last, "_file") || len(path) < 3 || path[0] != "alerts" {
		return "", false, false
	}
	return path[1], last == "url_file", true
}

// edited makes an edit of a change.
func edited(x *api.Setting, may func(belwacht.Permission) bool) (splice.Edit, error) {
	name := text.Clean(splice.Name(x.Path), 120)
	e := splice.Edit{Path: x.Path}
	p, ok := needs(x.Path)
	switch {
	case !ok:
		return e, belwacht.Errorf(belwacht.Invalid, "%s is no setting that is changed from afar; docs/console.md lists those that are", name)
	case !may(p):
		return e, belwacht.Errorf(belwacht.Forbidden, "this key or role may not change %s; it takes %s", name, p)
	}
	of, address, secret := secretOf(x.Path)
	switch {
	case secret && x.Value != nil, !secret && x.Secret != "":
		return e, belwacht.Errorf(belwacht.Invalid, "%s: what names the file of a secret is given as secret, and nothing else is", name)
	case x.Secret != "":
		e.Value = setup.Secret{Name: of, Value: x.Secret, URL: address}
		return e, nil
	case x.Value == nil:
		return e, nil
	}
	v, ok := written(x.Value, nested)
	if !ok {
		return e, belwacht.Errorf(belwacht.Invalid, "%s: is too long, too deep or no value of a setting", name)
	}
	if hasFile(x.Value) {
		return e, belwacht.Errorf(belwacht.Invalid, "%s: a key that names a file is set by itself, as a secret", name)
	}
	if list, ok := v.(splice.List); ok && x.Path[len(x.Path)-1] != "order" { // else order says nothing, and entries keep their places and comments
		v = members(list)
	}
	e.Value = v
	return e, nil
}

// members is a list of words as one whose order says nothing; the list itself where it has others.
func members(list splice.List) any {
	var words splice.Members
	for _, x := range list {
		w, ok := x.(string)
		if !ok {
			return list
		}
		words = append(words, w)
	}
	return words
}

// hasFile says whether a value has a key somewhere that names a file.
func hasFile(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			if strings.HasSuffix(k, "_file") || hasFile(x) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, hasFile)
	}
	return false
}

// written is a value of JSON as it is written into the file.
func written(v any, deep int) (any, bool) {
	switch v := v.(type) {
	case string:
		return v, len(v) <= 1000
	case bool:
		return splice.Plain(strconv.FormatBool(v)), true
	case float64:
		return splice.Plain(strconv.FormatFloat(v, 'f', -1, 64)), true
	case json.Number:
		return splice.Plain(v), true
	case []any:
		list := splice.List{}
		for _, x := range v {
			y, ok := written(x, deep-1)
			if !ok {
				return nil, false
			}
			list = append(list, y)
		}
		return list, deep > 0 && len(v) <= 1000
	case map[string]any:
		var g splice.Group
		for _, k := range slices.Sorted(maps.Keys(v)) {
			y, ok := written(v[k], deep-1)
			if !ok || len(k) > 256 {
				return nil, false
			}
			g = append(g, splice.Member{Key: k, Value: y})
		}
		return g, deep > 0 && len(v) > 0 && len(v) <= 100
	}
	return nil, false
}

// Read implements api.Owner.
func (o Program) Read(_ context.Context, tenant string, all bool) (*api.Settings, error) {
	look, err := o.File.Look()
	if err != nil {
		return nil, err
	}
	i, t, err := part(look.Config, tenant)
	if err != nil {
		return nil, err
	}
	shown := &config.Config{Organisation: t.Organisation, Settings: t.Settings}
	if all {
		whole := look.Config.Shown()
		shown.Alerts, shown.Keep, shown.Access = whole.Alerts, whole.Keep, whole.Access
		shown.Alerts.People = slices.Clone(shown.Alerts.People)
		for n := range shown.Alerts.People {
			if p := &shown.Alerts.People[n]; p.SMS != "" {
				p.SMS = text.Mask(p.SMS)
			}
		}
	}
	b, err := yaml.Write(shown)
	if err != nil {
		return nil, err
	}
	values, err := config.Plain(b)
	if err != nil {
		return nil, err
	}
	return &api.Settings{Version: cmp.Or(look.Sum, unversioned), Shared: i >= 0, Values: values}, nil
}

// Plan implements api.Owner.
func (o Program) Plan(ctx context.Context, tenant, version string, list []api.Setting, may func(belwacht.Permission) bool) (*api.Plan, error) {
	var edits []splice.Edit
	for i := range list {
		e, err := edited(&list[i], may)
		if err != nil {
			return nil, err
		}
		edits = append(edits, e)
	}
	if version == unversioned {
		look, err := o.File.Look()
		if err != nil {
			return nil, err
		}
		if version = ""; !look.Missing {
			return nil, told(o.File.Other())
		}
	}
	p, err := o.Owner.Plan(ctx, tenant, version, edits)
	if err != nil {
		return nil, err
	}
	return planFor(p), nil
}

// planFor is a plan as the API has it.
func planFor(p *setup.Plan) *api.Plan {
	out := &api.Plan{Deed: p.Deed, Version: cmp.Or(p.Sum, unversioned), Same: p.Same, Write: p.Write, What: changesFor(p.What)}
	if p.Admits != nil {
		out.Admits = func(from netip.Addr, now time.Time) error { return p.Admits(from, now) }
	}
	return out
}

func changesFor(list []setup.What) (out []api.SettingChange) {
	for _, w := range list {
		out = append(out, api.SettingChange{Key: w.Key, Before: strings.TrimPrefix(w.Before, "–"), After: strings.TrimPrefix(w.After, "–")})
	}
	return out
}

// Past implements api.Undoer.
func (o Program) Past(ctx context.Context, tenant string) (out []api.PastChange, err error) {
	list, err := o.History(ctx, tenant)
	for _, v := range list {
		out = append(out, api.PastChange{ID: v.ID, Time: v.Time, Who: v.Who, What: changesFor(v.What), Undone: v.Undo, Last: v.Last})
	}
	return out, err
}

// Undo implements api.Undoer.
func (o Program) Undo(ctx context.Context, tenant, id string) (*api.Plan, error) {
	p, err := o.Owner.Undo(ctx, tenant, id)
	if err != nil {
		return nil, err
	}
	return planFor(p), nil
}
