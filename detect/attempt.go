package detect

import (
	"math"
	"slices"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/calendar"
	"github.com/belwacht/belwacht/count"
	"github.com/belwacht/belwacht/rule"
)

// dear is the price a minute from which a number at home deserves a look.
const dear = belwacht.Unit * 15 / 100

// rangWithin is for how long a call from outside makes its number known here, in seconds.
const rangWithin = 30 * 86400

// attempt judges somebody wanting a call.
func (s *shard) attempt(ev *belwacht.Event, k known, out *Out) {
	s.now = max(s.now, ev.Time)
	if ev.Dialled != "" && ev.Dialled[0] == '*' {
		s.visit(ev)
	}
	if ev.Direction == belwacht.In {
		s.ring(ev, k, out)
		return
	}
	sought := s.seek(ev.Account, k.account)
	n := k.read
	if n == nil {
		n = &out.Number
		s.read(ev.Dialled, n)
	}
	if n.Class == belwacht.ClassEmergency {
		s.emergency(ev, n, out)
		return
	}
	if ev.Late {
		return
	}
	if !n.External() {
		if ev.Account != "" {
			s.claim(sought, ev.Account, ev.Time)
		}
		return
	}
	account, p := s.claim(sought, ev.Account, ev.Time)
	v := &s.view
	*v = rule.View{} // emptied and filled in its place: it is large
	v.At, v.Lineage, v.Direction = ev.Time, ev.Lineage, belwacht.Out
	v.Number = *n
	s.judged(v)
	m := s.moment(ev.Time)
	notable := s.notable(v)
	out.Notable = notable
	a := count.Attempt{Key: k.key, At: ev.Time, Account: account, Number: v.Judged, Country: v.Country, Price: v.Price, Notable: notable}
	if !notable && s.plain && p.declared == nil {
		p.profile.Brief(ev.Time, v.Judged, &v.Own)
		s.house.Brief(ev.Time, v.Country, &v.House)
		if v.Own.NumberN == 0 && s.house.KnowsNumber(v.Judged) {
			v.House.NumberKnown = 1
		}
	} else {
		p.profile.Read(ev.Time, m.HourOfWeek, m.Day, v.Judged, v.Country, &v.Own)
		s.house.Read(ev.Time, m.HourOfWeek, v.Judged, v.Country, &v.House)
	}
	s.describe(v, &a, ev, notable)
	slot, again, ok := s.count.Begin(&a, &v.Values)
	s.surround(v, ev, p, &m)
	if notable && s.logins != nil {
		v.Login = s.logins.Facts(ev.Account, uint32(ev.Time/belwacht.Second))
	}
	if notable || v.OffList || v.Kind == belwacht.KindCanary { // what a machine or a bait does is never ordinary
		v.Scope = rule.Notable
	} else {
		v.Scope = rule.Home
	}
	var d decided
	s.decide(v, p, ev, &m, &d)
	if s.engine.oracle != nil {
		d.word, d.prob = s.engine.oracle(ev.Call, d.word, d.prob)
	}
	out.Probability = d.prob
	if s.engine.observe != nil {
		s.engine.observe(v, ev.Call, d.word, d.prob)
	}
	s.carryOut(ev, out, &d, slot, ok && !again, account, p, &m)
	s.unreached(ev, n.E164, out)
}

// judged takes the dearer and riskier of the number the plan makes of what was dialled and the target hidden in it.
func (s *shard) judged(v *rule.View) {
	n := &v.Number
	v.Judged, v.Country, v.Class, v.Risk, v.Price = n.E164, n.Country, n.Class, n.Risk, n.Price
	if n.Hides() {
		v.Judged, v.Country, v.Class, v.Risk, v.Price = n.Target, n.TargetCountry, n.TargetClass, n.TargetRisk, n.TargetPrice
	}
	if v.Country == s.tenant.Numbers.Country() && v.Class.Costly() {
		v.Country = rule.Services()
	}
}

// notable says whether a call deserves a look: abroad, dear, of a costly or unknown kind, or not to be dialled at all.
func (s *shard) notable(v *rule.View) bool {
	switch v.Class {
	case belwacht.ClassSocial, belwacht.ClassFreephone, belwacht.ClassShortCode:
		return v.Class != belwacht.ClassSocial && v.Price.PerMinute >= dear
	case belwacht.ClassUnknown:
		return true
	}
	return v.Country != s.tenant.Numbers.Country() || v.Class.Costly() || v.Price.PerMinute >= dear || v.Risk == belwacht.RiskListed || !v.Number.Dialable
}

// describe fills the attempt's flags and the view's own part of them.
func (s *shard) describe(v *rule.View, a *count.Attempt, ev *belwacht.Event, notable bool) {
	knows := v.Own.NumberN > 0 || v.House.NumberKnown > 0
	if !notable {
		a.HomeNew = !knows
		return
	}
	// A string that leads nowhere and hides an ordinary number at home, or one that the account talked with, is a slip of the finger until something else speaks.
	nowhere := !v.Number.Dialable && v.Number.E164 == 0
	slip := v.Country == s.tenant.Numbers.Country()
	v.Novel = !knows && !slip && !s.rang(v, ev.Time)
	v.Mistyped = v.Novel && nowhere && v.Judged != 0 && s.count.Talked(a.Account, v.Judged, ev.Time)
	v.Novel = v.Novel && !v.Mistyped
	if v.Novel {
		a.Flags |= count.Novel
	}
	if v.Own.RangeN == 0 {
		a.Flags |= count.NewRange
	}
	if v.Own.CountryN == 0 {
		a.Flags |= count.NewCountry
	}
	if ev.Lineage != belwacht.Dialled {
		a.Flags |= count.SentOn
	}
	if nowhere {
		a.Flags |= count.Undialable
	}
	if v.Class.Costly() {
		a.Flags |= count.Costly
	}
	a.Tail, a.Form = count.TailOf(v.Number.Dialled)
}

// rang says whether the number called us lately. A dear number that rang without being answered is no acquaintance: that is how bait
// for a call-back looks.
func (s *shard) rang(v *rule.View, at belwacht.Instant) bool {
	rang, missed := s.count.RangUs(v.Judged, at, rangWithin)
	return rang && !(missed && v.Price.PerMinute >= dear)
}

// surround fills what belongs to the account and the moment.
func (s *shard) surround(v *rule.View, ev *belwacht.Event, p *person, m *calendar.Moment) {
	v.HasHours, v.Open, v.Holiday, v.Daytime = m.HasHours, m.Open, m.Holiday, m.Daytime()
	v.NewAccount = v.House.Days > 35 && v.Own.Days < 30
	v.FromTrunk = ev.Lineage == belwacht.Trunked
	if ev.Trunk != "" && ev.Account == ev.Trunk {
		v.Kind = belwacht.KindTrunk
	}
	if p.group != nil {
		v.HasGroup = true
		p.group.profile.Read(ev.Time, m.HourOfWeek, m.Day, v.Judged, v.Country, &v.Group)
	}
	a := p.declared
	if a == nil {
		return
	}
	v.Kind = a.Kind
	v.OffList = a.Kind == belwacht.KindMachine && len(a.List) > 0 && !slices.Contains(a.List, v.Judged)
	if len(a.Numbers) > 0 && ev.Caller != "" && ev.Lineage == belwacht.Dialled {
		caller := s.tenant.Numbers.Caller(ev.Caller)
		v.ForeignID = caller != 0 && !slices.Contains(a.Numbers, caller)
	}
}

// decided is a decision before it is written down.
type decided struct {
	word     belwacht.Word
	cause    string
	prob     float64
	bits     float64
	risk     belwacht.Money
	loss     belwacht.Money // of letting it go, if it is fraud
	enforced bool
	longest  int64
	detail   string // of a limit: what was reached
}

// decide runs through the order of DESIGN §4 for an attempt that is no emergency, decisions in force first. The brake has the last word, in every mode.
func (s *shard) decide(v *rule.View, p *person, ev *belwacht.Event, m *calendar.Moment, d *decided) {
	d.enforced = s.tenant.Mode == belwacht.Enforce
	if d.cause = s.forbids(ev.Account, v); d.cause != "" {
		s.notice, d.word, d.enforced = notice{}, belwacht.Refuse, !s.past(ev)
		return
	}
	s.consider(v, p, ev, m, d)
	if s.tenant.Mode == belwacht.Learn {
		d.word = min(d.word, belwacht.Watch)
	}
	if s.braked(v, ev.Trunk, m) {
		d.word, d.cause, d.enforced = belwacht.Refuse, "brake.night", true
	}
	d.enforced = d.enforced && !s.past(ev)
}

// past says whether an event tells of what has happened, whatever is decided.
func (s *shard) past(ev *belwacht.Event) bool {
	return s.engine.live && ev.Source == belwacht.SourceRecords
}

// consider asks people's words, the owner's limits and the evidence in turn. "Fine" spares a call the evidence, not the limits.
func (s *shard) consider(v *rule.View, p *person, ev *belwacht.Event, m *calendar.Moment, d *decided) {
	s.verdict.N, s.verdict.Bits, s.verdict.Would = 0, 0, 0 // nothing is said yet
	word, said := s.says.speaks(ev.Account, v, ev.Time)
	if word == belwacht.Refuse && v.Class != belwacht.ClassSocial {
		d.word, d.cause = word, said
		return
	}
	if d.cause, d.detail, d.longest = s.limits(v, p, ev, m); d.cause != "" {
		d.word = belwacht.Refuse
		return
	}
	switch {
	case v.Class == belwacht.ClassSocial:
	case said != "":
		d.cause = said
	case v.Kind == belwacht.KindCanary:
		s.rules.Judge(v, &s.verdict)
		d.word, d.cause, d.prob, d.bits = belwacht.Refuse, "rule.canary", 1, 20
	default:
		s.weigh(v, d)
		if !v.Number.Dialable && v.Number.E164 == 0 && d.word == belwacht.Refuse {
			d.word = belwacht.Warn // it leads nowhere by itself: there is nothing to save, and much to tell
		}
	}
}

// weigh judges by evidence.
func (s *shard) weigh(v *rule.View, d *decided) {
	s.rules.Judge(v, &s.verdict)
	d.bits = s.prior[v.Scope] + float64(s.verdict.Bits)
	if d.prob = s.even[v.Scope]; s.verdict.Bits != 0 {
		d.prob = rule.Probability(d.bits)
	}
	d.risk, d.loss = s.tenant.Policy.stakes(v)
	d.word = s.tenant.Policy.word(v, d.prob, d.risk, d.loss)
	if s.tenant.Mode == belwacht.Learn && d.word > belwacht.Watch {
		d.word = belwacht.Watch
	}
	if d.word > belwacht.Allow {
		d.cause = s.strongest()
	}
}

// strongest is the cause that names the rule that counted most.
func (s *shard) strongest() string {
	best, cause := float32(math.Inf(-1)), "rule.evidence"
	for i := range s.verdict.Pieces[:s.verdict.N] {
		if p := &s.verdict.Pieces[i]; p.Counted && !p.Paired && p.Bits > best {
			best, cause = p.Bits, s.rules.Rules()[p.Rule].Cause()
		}
	}
	return cause
}

// carryOut books a decision on an attempt, and hands it out where it is more than a plain allow.
func (s *shard) carryOut(ev *belwacht.Event, out *Out, d *decided, slot uint32, booked bool, account uint32, p *person, m *calendar.Moment) {
	v := &s.view
	refused := d.word == belwacht.Refuse && d.enforced
	out.MaxSeconds = d.longest
	if booked {
		if d.prob >= s.tenant.Policy.Watch || d.word >= belwacht.Warn {
			s.count.Suspect(slot, ev.Time, float32(max(d.prob, 0.05)))
		}
		if d.word == belwacht.Refuse {
			s.count.Condemn(slot)
		}
		if refused {
			s.count.Refuse(slot)
		} else {
			s.follow(slot, ev, v, d, account, p, m)
		}
	}
	if d.word == belwacht.Allow && d.cause == "" && !(s.engine.trace && out.Notable) {
		return
	}
	out.Decisions = append(out.Decisions, s.decision(v, ev.Call, ev.Account, ev.Root, ev.Time, d))
	dec := &out.Decisions[len(out.Decisions)-1]
	s.alarm(dec, m.Day)
	s.says.remember(dec, v, account)
	if d.word == belwacht.Refuse {
		s.sweep(ev.Time, account, v)
	}
}

// emergency lets a call through before anything else is looked at, books nothing, and tells of it afterwards.
func (s *shard) emergency(ev *belwacht.Event, n *belwacht.Number, out *Out) {
	v := &s.view
	*v = rule.View{At: ev.Time, Number: *n, Class: belwacht.ClassEmergency, Lineage: ev.Lineage}
	s.verdict.N = 0
	d := decided{cause: "emergency"}
	out.Decisions = append(out.Decisions, s.decision(v, ev.Call, ev.Account, ev.Root, ev.Time, &d))
}
