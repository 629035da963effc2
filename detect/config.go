package detect

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/calendar"
	"github.com/belwacht/belwacht/count"
	"github.com/belwacht/belwacht/network"
	"github.com/belwacht/belwacht/number"
	"github.com/belwacht/belwacht/rule"
	"github.com/belwacht/belwacht/rule/builtin"
)

// Config is what an engine needs to know.
type Config struct {
	Rules   *rule.Set // of organisations that have none of their own
	Tenants []Tenant
	// Observe, where set, is shown every view that was judged by evidence, with the decision's word and probability, before it is acted on: for fitting
	// weights and for tests. The view is reused after the call.
	Observe func(v *rule.View, call string, word belwacht.Word, probability float64)
	// Oracle, where set, may change what was judged of a call: the first round of a fit plays a guard that already knows.
	Oracle func(call string, word belwacht.Word, probability float64) (belwacht.Word, float64)
	// Trace keeps the full trace of every call to a notable number, not only of those above allow.
	Trace bool
	// Live says that what records tell has happened, whatever is decided: nothing of it is refused or ended, only told.
	Live bool
}

// Tenant is one organisation.
type Tenant struct {
	Name     string
	Mode     belwacht.Mode
	Numbers  *number.Site
	Calendar *calendar.Calendar
	Accounts []belwacht.Account // declared ones
	Limits   Limits
	Policy   Policy
	Rules    *rule.Set // nil = Config.Rules
	Currency string    // ISO 4217; "" = EUR
	Memory   count.Config
	// Networks says where addresses are that somebody logs in from; nil = no country is known.
	Networks *network.Table
}

// Limits are the owner's will, by scope. Nil or missing limits nothing.
type Limits struct {
	Organisation *belwacht.Limit
	Groups       map[string]*belwacht.Limit
	Accounts     map[string]*belwacht.Limit
	Trunks       map[string]*belwacht.Limit
}

// Policy is what wrong and missed decisions cost the owner. The zero Policy is not usable: begin with DefaultPolicy.
type Policy struct {
	RefuseCost belwacht.Money // of wrongly refusing a call
	AlertCost  belwacht.Money // of a needless alert
	// Foothold is what it costs to let one fraudulent call through besides its minutes: a break-in that works is used again and sold on.
	Foothold     belwacht.Money
	LeastAtRisk  belwacht.Money // nothing is refused on evidence where less is at risk
	Horizon      int64          // seconds for which a call's money is at risk
	Early        int64          // the same of a call that begins and can be ended later, if it turns out to be fraud: for how long it will have run then
	PriorHome    float64        // chance of fraud of an attempt at home, before any evidence
	PriorInbound float64        // that a minute of calls from outside belongs to a flood
	PriorAbroad  float64        // the same abroad, premium, satellite, networks, unknown
	DayFactor    float64        // R_day: a call's risk, this many times, if the same pattern goes on for a day
	SureAlert    float64        // probability from which an alert is given whatever the money
	SureOther    float64        // the same where the harm is not in the minutes: at home, from outside, and of what leads nowhere, by which a way out is sought
	Watch        float64        // probability from which a call is kept
	Brake        belwacht.Money // per night and trunk
	BrakeOff     bool
}

// DefaultPolicy is what was found on simulated organisations (docs/judging.md has the measurements).
func DefaultPolicy() Policy {
	return Policy{RefuseCost: 80 * belwacht.Unit, AlertCost: 60 * belwacht.Unit, Foothold: belwacht.Unit / 2, LeastAtRisk: belwacht.Unit / 2, Horizon: 600, Early: 180,
		PriorHome: 2e-3, PriorInbound: 0.04, PriorAbroad: rule.Probability(builtin.Prior()), DayFactor: 1, SureAlert: 0.92, SureOther: 0.8, Watch: 0.01, Brake: 50 * belwacht.Unit}
}

// stakes are what is lost if the call is fraud. Risk is R of DESIGN §4: what it and its running siblings cost within the horizon, or as long again as it
// has lasted: alerts go by it. Loss is what letting this one go costs: one that begins is looked at again half a minute after its answer and costs little
// until then, so that nobody is cut off at his first word, but an intruder has learned that his way works; one that runs has found its way already.
func (p *Policy) stakes(v *rule.View) (risk, loss belwacht.Money) {
	own := v.Price.Cost(max(p.Horizon, int64(v.Values.Elapsed)))
	risk = belwacht.Money(float64(own) * float64(max(v.Values.Running, v.Values.RangeRunning, 1)))
	switch early := v.Price.Cost(min(p.Early, p.Horizon)); {
	case v.Scope == rule.Home && v.Daytime: // there somebody reads the alert, and a team with a list of new numbers must not stand still
		return risk, early
	case v.Scope != rule.Running:
		return risk, early + p.Foothold
	case v.Values.Elapsed < 30: // seconds
		return risk, early
	}
	return risk, own
}

// word decides by expected loss.
func (p *Policy) word(v *rule.View, prob float64, risk, loss belwacht.Money) belwacht.Word {
	switch {
	case loss >= p.LeastAtRisk && prob*float64(loss) > (1-prob)*float64(p.RefuseCost):
		return belwacht.Refuse
	case prob*p.day(v, risk) > (1-prob)*float64(p.AlertCost) || prob >= p.sure(v):
		return belwacht.Warn
	case prob >= p.Watch:
		return belwacht.Watch
	default:
		return belwacht.Allow
	}
}

// day is R_day of DESIGN §4: what the same pattern costs if it goes on for a day. A call that runs on does so literally, the surer the longer
// it has lasted; four hours make it certain.
func (p *Policy) day(v *rule.View, risk belwacht.Money) float64 {
	day := float64(risk) * p.DayFactor
	if v.Scope == rule.Running {
		day = max(day, float64(v.Price.Cost(86400))*min(float64(v.Values.Elapsed)/14400, 1))
	}
	return day
}

// sure is the probability from which an alert is given whatever the money.
func (p *Policy) sure(v *rule.View) float64 {
	if v.Scope == rule.Home || v.Scope == rule.Inbound || !v.Number.Dialable {
		return p.SureOther
	}
	return p.SureAlert
}

// prior is the score before any evidence.
func (p *Policy) prior(s rule.Scope) float64 {
	switch s {
	case rule.Home:
		return rule.Bits(p.PriorHome)
	case rule.Inbound:
		return rule.Bits(p.PriorInbound)
	}
	return rule.Bits(p.PriorAbroad)
}
