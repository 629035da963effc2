package guard

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/web"
)

// call is all that is known of one call.
type call struct {
	ID        string
	Decisions []belwacht.Decision
	Main      *belwacht.Decision // the gravest, or the newest of those that are alike; nil: nothing was decided
	Running   *belwacht.Running  // nil: it does not run
	Past      *belwacht.PastCall // nil: it is not kept, or not yet
	Account   string
	Number    string
	Country   belwacht.Country
	Said      []belwacht.InForce // by people
	Line      []moment
	Weights   []weight
	Total     weight
	Week      *web.Week
	Helpline  bool   // who was called is nobody's business
	Unmask    bool   // who asks may see the number in full, with a reason
	Whole     string // that number; "" = it is masked
	Wrong     string // what is wrong with the reason
}

// moment is one thing that happened to a call.
type moment struct {
	At   belwacht.Instant
	Icon string
	Tint string
	Text string
	More string
}

// weight is one line of how the suspicion came about: a bar in tenths of a bit to the left (innocent) or the right (fraud) of the middle.
type weight struct {
	Text    string
	Rule    string
	With    string // the other rule of a pair
	Family  string
	Bits    float64
	Value   float64
	Usual   float64
	Counted bool
	Slight  bool    // it hardly weighs
	Left    float64 // of the bar, in units of the picture
	Width   float64
}

func (p *pages) call(a *web.Ask) (*web.Page, error) {
	page, _, err := p.one(a, a.URL.Query().Get("id"))
	return page, err
}

// one is the page of one call.
func (p *pages) one(a *web.Ask, id string) (*web.Page, *call, error) {
	if id == "" {
		return nil, nil, belwacht.Errorf(belwacht.NotFound, "%s", a.T("No call is named."))
	}
	v, err := p.find(a, id)
	if err != nil {
		return nil, nil, err
	}
	if p.InForce != nil {
		list, _, err := p.InForce.InForcePage(a.Context(), &belwacht.InForceQuery{Tenant: a.Tenant.Name, Subject: v.ID, Kind: belwacht.KindFeedback})
		if err != nil {
			return nil, nil, err
		}
		v.Said = list
	}
	v.tell(a)
	if v.Main != nil {
		v.weigh(a)
	}
	if v.Account != "" && p.Calls != nil {
		at := a.Now
		if v.Main != nil {
			at = v.Main.Time
		} else if v.Past != nil {
			at = v.Past.Start
		}
		if v.Week, err = web.WeekOf(a.Context(), p.Calls, a.Tenant, v.Account, at); err != nil {
			return nil, nil, err
		}
		v.Week.Mark(at, a.Tenant.Zone)
	}
	title := a.T("Call of %s", text.Clean(v.Account, 40))
	return &web.Page{Title: title, Here: "/calls", Back: "/calls", Template: "call", Data: v}, v, nil
}

// find gathers what is known of a call in every place, of this organisation only.
func (p *pages) find(a *web.Ask, id string) (*call, error) {
	v := &call{ID: id}
	list, err := p.Viewer.Decisions(a.Context(), id)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].Tenant != a.Tenant.Name {
			continue
		}
		v.Decisions = append(v.Decisions, list[i])
	}
	for i := range v.Decisions {
		d := &v.Decisions[i]
		v.ID, v.Account, v.Number = d.ID, d.Account, d.Number // id may have been a reference
		if v.Main == nil || d.Word >= v.Main.Word {
			v.Main = d
		}
	}
	running, err := p.Viewer.Calls(a.Context())
	if err != nil {
		return nil, err
	}
	for i := range running {
		if r := &running[i]; r.ID == v.ID && r.Tenant == a.Tenant.Name {
			v.Running, v.Account, v.Number, v.Country = r, r.Account, cmp.Or(v.Number, r.Number), r.Country
		}
	}
	if err := p.past(a, v); err != nil {
		return nil, err
	}
	if v.Main != nil && v.Main.Trace != nil {
		v.Country, _ = belwacht.ParseCountry(v.Main.Trace.Country)
		v.Helpline = v.Main.Trace.Class == belwacht.ClassSocial.String()
	}
	v.Helpline = v.Helpline || p.confidential(a.Tenant.Name, v.Number)
	v.Unmask = p.Confidential != nil && !v.Helpline && v.Number != "" && a.May(web.Unmask) && !a.May(web.FullNumbers) && text.Mask(v.Number) != v.Number
	if len(v.Decisions) == 0 && v.Running == nil && v.Past == nil {
		return nil, belwacht.Errorf(belwacht.NotFound, "%s", a.T("Nothing is known of this call."))
	}
	return v, nil
}

// past looks for the finished call at each PBX.
func (p *pages) past(a *web.Ask, v *call) error {
	if p.Calls == nil {
		return nil
	}
	sites := []string{a.FormValue("site")}
	h, err := p.Viewer.Health(a.Context())
	if err != nil {
		return err
	}
	for _, x := range h.PBXs {
		if x.Tenant == a.Tenant.Name {
			sites = append(sites, x.Name)
		}
	}
	for _, s := range sites {
		c, err := p.Calls.Call(a.Context(), a.Tenant.Name, s, v.ID)
		if err != nil && belwacht.CodeOf(err) != belwacht.NotFound {
			return err
		}
		if err == nil {
			v.Past, v.Account, v.Country = c, c.Account, c.Country
			v.Number = cmp.Or(v.Number, c.Number.String(), c.Dialled)
			v.Helpline = c.Class == belwacht.ClassSocial
			return nil
		}
	}
	return nil
}

// tell puts what happened in order.
func (v *call) tell(a *web.Ask) {
	add := func(at belwacht.Instant, icon, tint, what, more string) {
		if at != 0 {
			v.Line = append(v.Line, moment{at, icon, tint, what, more})
		}
	}
	began, answered := belwacht.Instant(0), belwacht.Instant(0)
	switch {
	case v.Past != nil:
		began, answered = v.Past.Start, v.Past.Answer
	case v.Running != nil:
		began, answered = v.Running.Began, v.Running.Answered
	}
	add(began, "phone-outgoing", "blue", a.T("%s dialled", text.Clean(v.Account, 40)), "")
	for i := range v.Decisions {
		d := &v.Decisions[i]
		icon, tint := "eye", "azure"
		switch {
		case d.Cause == "emergency":
			icon, tint = "shield-check", "green"
		case d.Word >= belwacht.Refuse:
			icon, tint = "hand-stop", "red"
		case d.Word == belwacht.Warn:
			icon, tint = "bell", "orange"
		case d.Word == belwacht.Allow:
			icon, tint = "check", "green"
		}
		more := a.Prose(a.Language.Pick(d.Reason, d.ReasonNL))
		if d.MaxSeconds > 0 {
			more += " " + a.T("May last %s at most.", text.Seconds(a.Language, d.MaxSeconds))
		}
		add(d.Time, icon, tint, text.Word(a.Language, d.Word, d.Enforced), more)
	}
	add(answered, "phone-call", "green", a.T("It was answered"), "")
	if v.Past != nil && v.Past.Talk > 0 {
		add(v.Past.End, "phone-off", "secondary", a.T("It was over"), a.T("%s of talking", text.Seconds(a.Language, v.Past.Talk)))
	}
	for i := range v.Said {
		f := &v.Said[i]
		what := a.T("%s said that it was fine", text.Clean(f.Who, 40))
		if f.Says == "fraud" {
			what = a.T("%s said that it was fraud", text.Clean(f.Who, 40))
		}
		add(f.Since, "user", "purple", what, width(a, f))
	}
	slices.SortStableFunc(v.Line, func(a, b moment) int { return cmp.Compare(a.At, b.At) })
}

// width is how far what a person said reaches, in words.
func width(a *web.Ask, f *belwacht.InForce) string {
	if f.Says == "fraud" {
		return a.T("Calls of this extension to numbers like it are refused for 30 days.")
	}
	switch f.Width {
	case belwacht.WidthNumber:
		return a.T("This number may be called from this extension.")
	case belwacht.WidthCountry:
		return a.T("This country may be called from this extension until %s.", text.Date(a.Language, f.Until, a.Tenant.Zone))
	}
	return a.T("It could be dialled again within 15 minutes.")
}

// The picture of weights: its middle is doubt, each side so many bits wide.
const (
	pictureHalf = 150.0
	bitsHalf    = 16.0
)

// slight is how many bits hardly weigh: they stand among the figures only.
const slight = 0.25

// bar places a bar.
func (w *weight) bar() {
	n := min(math.Abs(w.Bits), bitsHalf) / bitsHalf * pictureHalf
	w.Width = max(n, 1)
	w.Left = pictureHalf
	if w.Bits < 0 {
		w.Left = pictureHalf - w.Width
	}
}

// weigh says how the suspicion of the decision came about.
func (v *call) weigh(a *web.Ask) {
	t := v.Main.Trace
	if t == nil || len(t.Evidence) == 0 {
		return
	}
	v.Weights = append(v.Weights, weight{Text: a.T("Before anything is known: few calls of this kind are fraud"), Bits: t.PriorBits, Counted: true})
	for _, e := range t.Evidence {
		v.Weights = append(v.Weights, weight{Text: a.Language.Pick(e.English, e.Dutch), Rule: e.Rule, With: e.With, Family: e.Family.String(), Bits: float64(e.Bits), Value: float64(e.Value),
			Usual: float64(e.Usual), Counted: e.Counted})
	}
	slices.SortStableFunc(v.Weights[1:], func(a, b weight) int { return cmp.Compare(b.Bits, a.Bits) })
	for i := range v.Weights {
		v.Weights[i].bar()
		v.Weights[i].Slight = i > 0 && math.Abs(v.Weights[i].Bits) < slight
	}
	v.Total = weight{Bits: v.Main.ScoreBits, Counted: true}
	v.Total.bar()
}

func (p *pages) feedback(a *web.Ask) (*web.Done, error) {
	f := &belwacht.Feedback{ID: a.PostForm.Get("id"), Tenant: a.Tenant.Name, Says: a.PostForm.Get("says"), Width: belwacht.Width(a.PostForm.Get("width"))}
	list, err := p.Viewer.Decisions(a.Context(), f.ID)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(list, func(d belwacht.Decision) bool { return d.Tenant == a.Tenant.Name }) {
		return nil, belwacht.Errorf(belwacht.NotFound, "%s", a.T("Nothing was decided on this call."))
	}
	var said string
	switch {
	case f.Says == "fraud":
		f.Width = ""
		said = a.T("Noted as fraud: numbers like it are refused for this extension for 30 days, and what it taught is forgotten.")
	case f.Says != "fine":
		return nil, belwacht.Errorf(belwacht.Invalid, "%s", a.T("Say that it was fine, or fraud."))
	case f.Width == belwacht.WidthOnce:
		said = a.T("Noted as fine: the call passes if it is dialled again within 15 minutes.")
	case f.Width == belwacht.WidthNumber:
		said = a.T("Noted as fine: this extension may call this number from now on.")
	case f.Width == belwacht.WidthCountry:
		said = a.T("Noted as fine: this extension may call this country for 90 days.")
	default:
		return nil, belwacht.Errorf(belwacht.Invalid, "%s", a.T("Say how far it reaches."))
	}
	deed := a.Deed(access.CallJudge, "call "+text.Clean(f.ID, 60), strings.TrimSpace(f.Says+" "+string(f.Width)))
	if waits, err := a.Do(deed, func() error { return p.Actor.Feedback(a.Context(), f, a.Who()) }); err != nil || waits != nil {
		return waits, err
	}
	return &web.Done{Said: said}, nil
}
