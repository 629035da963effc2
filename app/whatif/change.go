package whatif

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/web/whatif"
)

// changed is an organisation with one setting changed. rules are all there are.
func changed(t *config.Tenant, rules []whatif.Change, ch whatif.Change) (config.Tenant, error) {
	if ch.Rule == "" {
		return t.WithLimit(ch.Scope, ch.Key, ch.Value)
	}
	var to config.Switch
	if err := to.UnmarshalText([]byte(ch.Switch)); err != nil {
		return *t, belwacht.Errorf(belwacht.Invalid, "%w", err)
	}
	if slices.ContainsFunc(rules, func(r whatif.Change) bool { return r.Rule == ch.Rule }) {
		return t.WithRule(ch.Rule, to), nil
	}
	return *t, belwacht.Errorf(belwacht.Invalid, "there is no rule %.40q", ch.Rule)
}

// switched is how a rule stands in an organisation.
func switched(t *config.Tenant, name, mode string) string {
	if own, ok := t.Rules[name]; ok {
		return string(own)
	}
	if mode != "" {
		return mode
	}
	return "enforce"
}

// other is the switch that a rule is held against: whether it adds to the suspicion or not.
func other(now string) string {
	if now == "enforce" {
		return "off"
	}
	return "enforce"
}

// Rules implements whatif.Chooser.
func (d *Desk) Rules(tenant string) ([]whatif.Change, error) {
	c := d.Config.Config()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.by != c {
		d.by = c
		clear(d.rules)
	}
	if list := d.rules[tenant]; list != nil {
		return list, nil
	}
	t, err := tenantOf(c, tenant)
	if err != nil {
		return nil, err
	}
	set, err := t.RuleSet()
	if err != nil {
		return nil, err
	}
	var list []whatif.Change
	for _, r := range set.Rules() {
		was := switched(t, r.Name, r.Mode)
		english, dutch := r.Plain()
		list = append(list, whatif.Change{Rule: r.Name, Switch: other(was), Was: was, English: english, Dutch: dutch})
	}
	d.rules[tenant] = list
	return list, nil
}

// Wrong refusals that are looked at, and changes that are thought of for one.
const (
	wrongMost   = 50
	changesMost = 4
)

// wrongFor is for how long a list of wrong refusals is good: pages that draw themselves anew ask for it again and again.
const wrongFor = 10 * time.Second

// wrongs is such a list.
type wrongs struct {
	at   time.Time
	list []whatif.Wrong
}

// Wrong implements whatif.Chooser. A list is good for some seconds.
func (d *Desk) Wrong(ctx context.Context, tenant string) ([]whatif.Wrong, error) {
	d.mu.Lock()
	known, there := d.wrong[tenant]
	d.mu.Unlock()
	if there && time.Since(known.at) < wrongFor {
		return known.list, nil
	}
	list, err := d.findWrong(ctx, tenant)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.wrong) >= tenantMost {
		clear(d.wrong)
	}
	d.wrong[tenant] = wrongs{time.Now(), list}
	return list, nil
}

// findWrong looks for them.
func (d *Desk) findWrong(ctx context.Context, tenant string) ([]whatif.Wrong, error) {
	t, err := tenantOf(d.Config.Config(), tenant)
	if err != nil {
		return nil, err
	}
	rules, err := d.Rules(tenant)
	if err != nil {
		return nil, err
	}
	fine, _, err := d.Store.InForcePage(ctx, &belwacht.InForceQuery{Tenant: tenant, Kind: belwacht.KindFeedback, Page: belwacht.Page{Most: belwacht.PageMost}})
	if err != nil {
		return nil, err
	}
	since := d.now() - days*belwacht.Day
	var list []whatif.Wrong
	seen := make(map[string]bool)
	for i := range fine {
		f := &fine[i]
		if f.Says != "fine" || f.Since < since || seen[f.Subject] || len(list) >= wrongMost {
			continue
		}
		seen[f.Subject] = true
		of, _, err := d.Store.Decisions(ctx, &belwacht.DecisionQuery{Tenant: tenant, Call: f.Subject, Page: belwacht.Page{Most: 10}})
		if err != nil {
			return nil, err
		}
		for j := range of {
			x := &of[j]
			if x.Word < belwacht.Refuse || !x.Enforced {
				continue
			}
			w := whatif.Wrong{Call: x.ID, Site: x.Site, Account: x.Account, Number: x.Number, Cause: x.Cause, At: x.Time, Changes: mayAvoid(t, rules, x)}
			w.Social = x.Trace != nil && x.Trace.Class == belwacht.ClassSocial.String()
			list = append(list, w)
			break
		}
	}
	return list, nil
}

// mayAvoid are the changes that may have kept a decision from being made: each rule that spoke off, the strongest first, or the limit away, wherever it is set.
func mayAvoid(t *config.Tenant, rules []whatif.Change, x *belwacht.Decision) (list []whatif.Change) {
	if what, ok := strings.CutPrefix(x.Cause, "limit."); ok {
		for _, key := range config.LimitKeys() {
			if limitCause(key) != what {
				continue
			}
			for _, scope := range scopes(t, x.Account, key) {
				list = append(list, whatif.Change{Scope: scope, Key: key})
			}
		}
		return list[:min(len(list), changesMost)]
	}
	if !strings.HasPrefix(x.Cause, "rule.") {
		return nil
	}
	for _, name := range x.Rules {
		c := whatif.Change{Rule: name, Switch: "off", Was: "enforce"}
		if _, err := changed(t, rules, c); err == nil && t.Rules[name] != "off" && t.Rules[name] != "monitor" && len(list) < changesMost {
			list = append(list, c)
		}
	}
	return list
}

// limitCause is the cause of a decision by a limit, without its "limit.".
func limitCause(key string) string {
	switch key {
	case "longest_call":
		return "longest"
	case "calls_at_once":
		return "at-once"
	case "calls_at_once_abroad":
		return "at-once-abroad"
	case "only_countries", "no_countries":
		return "country"
	case "no_classes":
		return "class"
	}
	return strings.Replace(key, "_per_", ".", 1)
}

// scopes are where a key of a limit is set that may have held for an account.
func scopes(t *config.Tenant, account, key string) (list []string) {
	has := func(l *config.Limit) bool { return l != nil && l.Has(key) }
	if l, ok := t.Limits.Accounts[account]; ok && has(&l) {
		list = append(list, account)
	}
	for _, name := range slices.Sorted(maps.Keys(t.Limits.Groups)) {
		if l := t.Limits.Groups[name]; has(&l) {
			list = append(list, "group "+name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(t.Limits.Trunks)) {
		if l := t.Limits.Trunks[name]; has(&l) {
			list = append(list, "trunk "+name)
		}
	}
	if has(t.Limits.Organisation) {
		list = append(list, "organisation")
	}
	return list
}
