package edit

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/calendar"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/network"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/yaml"
)

// What is one value that changes in what holds.
type What struct {
	Key    string `json:"key"`
	Before string `json:"before,omitempty"` // "" = nothing was said
	After  string `json:"after,omitempty"`
}

// between are the differences of what two configurations say, by key.
func between(before, after *config.Config) ([]What, error) {
	was, err := before.Flat()
	if err != nil {
		return nil, err
	}
	is, err := after.Flat()
	if err != nil {
		return nil, err
	}
	var list []What
	for k, v := range is {
		if was[k] != v {
			list = append(list, What{k, was[k], v})
		}
	}
	for k, v := range was {
		if _, ok := is[k]; !ok {
			list = append(list, What{k, v, ""})
		}
	}
	slices.SortFunc(list, func(a, b What) int { return strings.Compare(a.Key, b.Key) })
	return list, nil
}

// Deed is what a plan is, of all that it changes the gravest, for the audit log and for who must be told of it or agree. tenant is whose part is changed, "" = what
// concerns all.
func (p *Plan) Deed(tenant string) *access.Deed {
	d := &access.Deed{Act: access.SettingChange, Tenant: tenant}
	most := -1
	var detail []string
	for _, w := range p.What {
		act := w.act()
		info, _ := access.InfoOf(act)
		rank := 0
		if info.Weakens {
			rank = 1
		}
		if info.Two {
			rank = 2
		}
		if rank > most {
			most, d.Act, d.Subject = rank, act, w.Key
		}
		detail = append(detail, w.Key+": "+w.Show(w.Before)+" → "+w.Show(w.After))
	}
	d.Detail = text.Clean(strings.Join(detail, "; "), 900)
	if p.Undoes != "" {
		d.Detail = text.Clean("undone: "+d.Detail, 900)
	}
	d.Exact = exact(p.What)
	return d
}

// exact is a sum of all that changes: what is shown of it is cut, and hides where people are reached.
func exact(list []What) string {
	h := sha256.New()
	for _, w := range list {
		fmt.Fprintf(h, "%q %q %q\n", w.Key, w.Before, w.After)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// Show is a value as it stands in the log and on the page: what says where a person is reached does not.
func (w What) Show(v string) string {
	if v == "" {
		return "–"
	}
	if strings.HasPrefix(w.Key, "alerts.escalate.") {
		return text.MaskProse(v) // names, and times
	}
	if strings.Contains(w.Key, "alerts.") && !strings.HasSuffix(w.Key, ".hours") && !strings.HasSuffix(w.Key, ".language") && !strings.HasSuffix(w.Key, ".least") {
		return "…"
	}
	return text.MaskProse(v)
}

// own is a key without the organisation that it belongs to.
func (w What) own() string {
	if rest, ok := strings.CutPrefix(w.Key, "tenants["); ok {
		if _, key, ok := strings.Cut(rest, "]."); ok {
			return key
		}
	}
	return w.Key
}

// act is what a change is.
func (w What) act() belwacht.Act {
	key := w.own()
	last := key[strings.LastIndexByte(key, '.')+1:]
	section, _, _ := strings.Cut(key, ".")
	section, _, _ = strings.Cut(section, "[")
	switch section {
	case "mode":
		return pick(rank(w.After, "learn", "monitor", "enforce") < rank(w.Before, "learn", "monitor", "enforce"), access.ModeLower, access.ModeRaise)
	case "rules":
		return pick(rank(w.After, "off", "monitor", "enforce", "") < rank(w.Before, "off", "monitor", "enforce", ""), access.RuleOff, access.RuleOn)
	case "limits":
		return w.limit(last)
	case "brake":
		return w.brake(last)
	case "keep":
		return w.keep(last)
	case "costs":
		if more(w.Before, w.After) {
			return pick(last == "alert", access.TellingLess, access.RuleChange)
		}
	case "access":
		return pick(w.loosens(last), access.AccessLoosen, access.AccessTighten)
	case "web":
		if w.Key == "web.listen" && w.Before == "" && strings.HasPrefix(w.After, "127.0.0.1:") {
			return access.AccessTighten // on the machine itself only
		}
		return access.AccessLoosen
	case "networks", "plan", "trunks", "accounts", "groups":
		return access.RuleChange
	}
	if section == "alerts" && w.Before != "" {
		switch last {
		case "language", "numbers":
		default:
			return access.TellingLess
		}
	}
	return access.SettingChange
}

// loosens says whether a change of who may come in makes that easier, or is of a kind that cannot be told.
func (w What) loosens(last string) bool {
	switch last {
	case "networks":
		return w.After == "" || w.Before != "" && !covered(w.After, w.Before)
	case "hours":
		return w.After == "" || w.Before != "" && !within(w.After, w.Before)
	case "second_factor":
		return w.After != "all"
	case "idle", "longest", "each":
		return w.Before == "" || w.After == "" || more(w.Before, w.After)
	}
	return true
}

// covered says whether each network of a list is within one of another.
func covered(list, by string) bool {
	var wide []netip.Prefix
	for s := range strings.SplitSeq(by, ", ") {
		if p, err := network.ParsePrefix(s); err == nil {
			wide = append(wide, p)
		}
	}
	for s := range strings.SplitSeq(list, ", ") {
		p, err := network.ParsePrefix(s)
		if err != nil || !slices.ContainsFunc(wide, func(x netip.Prefix) bool { return x.Bits() <= p.Bits() && x.Contains(p.Addr()) }) {
			return false
		}
	}
	return true
}

// within says whether some hours of a week lie all in others.
func within(hours, others string) bool {
	a, err := calendar.ParseHours(hours)
	if err != nil || a == nil {
		return false
	}
	b, err := calendar.ParseHours(others)
	if err != nil || b == nil {
		return err == nil
	}
	for minute := range 7 * 1440 {
		if a.Contains(minute) && !b.Contains(minute) {
			return false
		}
	}
	return true
}

func pick(weaker bool, yes, no belwacht.Act) belwacht.Act {
	if weaker {
		return yes
	}
	return no
}

// rank is how high a word stands in a row; what is not in it is highest.
func rank(v string, row ...string) int {
	if i := slices.Index(row, v); i >= 0 {
		return i
	}
	return len(row)
}

// limit is what a change of a limit is.
func (w What) limit(last string) belwacht.Act {
	switch last {
	case "only_countries":
		return pick(w.After == "" || w.Before != "" && lacks(w.Before, w.After), access.CountryOpen, access.CountryClose)
	case "no_countries":
		return pick(lacks(w.After, w.Before), access.CountryOpen, access.CountryClose)
	case "no_classes":
		return pick(lacks(w.After, w.Before), access.LimitRaise, access.LimitLower)
	case "hours":
		return pick(w.Before != "", access.LimitRaise, access.LimitLower)
	}
	return pick(w.After == "" || w.Before != "" && more(w.Before, w.After), access.LimitRaise, access.LimitLower)
}

// lacks says whether a list of words misses one of another.
func lacks(list, of string) bool {
	have := strings.Split(list, ", ")
	for word := range strings.SplitSeq(of, ", ") {
		if word != "" && !slices.Contains(have, word) {
			return true
		}
	}
	return false
}

// brake is what a change of the brake is.
func (w What) brake(last string) belwacht.Act {
	if last == "off" {
		return pick(w.After == "true", access.BrakeOff, access.SettingChange)
	}
	return pick(more(w.Before, w.After), access.LimitRaise, access.LimitLower)
}

// keep is what a change of how long something is kept is. What is not said is half a year, of sums three years; of names for ever.
func (w What) keep(last string) belwacht.Act {
	usual := 183
	switch last {
	case "sums":
		usual = 1095
	case "pseudonymise":
		usual = 1 << 30
	case "shorter_because":
		return access.SettingChange // what it allows is told by the days themselves
	}
	days := func(s string) int {
		if n, err := strconv.Atoi(s); err == nil && n > 0 {
			return n
		}
		return usual
	}
	return pick(days(w.After) < days(w.Before), access.KeepShorten, access.KeepLengthen)
}

// more says whether a quantity grew, or is of a kind that cannot be compared.
func more(before, after string) bool {
	a, okA := quantity(before)
	b, okB := quantity(after)
	return !okA || !okB || b > a
}

// quantity is an amount, a length of time or a number.
func quantity(s string) (float64, bool) {
	var m yaml.Money
	var d yaml.Duration
	switch {
	case m.UnmarshalText([]byte(s)) == nil:
		return m.Amount.Float(), true
	case d.UnmarshalText([]byte(s)) == nil:
		return float64(d.Seconds()), true
	}
	n, err := strconv.ParseFloat(s, 64)
	return n, err == nil
}
