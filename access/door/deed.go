package door

import (
	"context"
	"net/netip"
	"slices"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/text"
)

// proposalFor is for how long a proposal can be agreed to and carried out.
const proposalFor = belwacht.Day

// Bounds of those that are open: in all, and of one person, so that nobody keeps the others from proposing.
const (
	proposalsMost = 100
	proposalsEach = 20
)

// forbidden is what is told to who has not the right.
func forbidden() error {
	return access.Errorf(belwacht.Forbidden, "you have not the right to do this; an administrator can give it to you",
		"u mag dit niet; een beheerder kan u het recht geven")
}

// Do is the one way to do something: it refuses without the right, writes to the audit log before, and tells the others what lessens protection. What takes
// two people, where there are two administrators, is not done but proposed, and the proposal is returned; once another agreed, the same deed goes through once.
// An error of do is recorded and returned.
//
// Where the audit log cannot be written, nothing is done, but what protects (ActInfo.Anyhow).
func (d *Door) Do(ctx context.Context, v *access.Visitor, deed *access.Deed, do func() error) (*belwacht.Proposal, error) {
	info, known := access.InfoOf(deed.Act)
	if deed.Tenant == "" && v != nil && info.Needs == access.OwnAccount { // about oneself
		own := *deed
		own.Tenant, deed = v.User.Tenant, &own
	}
	switch {
	case !known:
		return nil, belwacht.Errorf(belwacht.Internal, "%s is no act that the audit log knows", deed.Act)
	case info.Needs == "" || !v.May(info.Needs) || !v.Sees(deed.Tenant): // of no organisation: the whole machine is concerned, and who may see one only has no say in it
		return nil, forbidden()
	}
	if id := access.AskedOf(ctx).Proposal; id != "" {
		if err := d.agreed(ctx, v, deed, id); err != nil {
			return nil, err
		}
	} else if info.Two {
		if waits, err := d.two(ctx, v, deed); err != nil || waits != nil {
			return waits, err
		}
	}
	e := v.Entry(deed)
	if err := d.record(ctx, e); err != nil && !d.anyhow(&info, e, err) {
		return nil, belwacht.Errorf(belwacht.CodeOf(err), "not done, since the audit log cannot be written: %w", err)
	}
	if info.Weakens {
		d.tell(belwacht.NoticeWeakened, d.others(v.User.ID, deed.Tenant), e)
	}
	err := do()
	if err != nil {
		failed := v.Entry(deed)
		failed.Failed = err.Error()
		if err := d.record(ctx, failed); err != nil {
			d.late(err)
		}
	}
	return nil, err
}

// anyhow says whether something is done although the audit log could not be written, whatever kept it: a disk that is full or late, or a database that is broken.
// Then it stands in the program's log.
func (d *Door) anyhow(info *access.ActInfo, e *belwacht.Entry, err error) bool {
	if info.Anyhow {
		d.c.Log.Error("done, since it protects, though the audit log cannot be written", "event", "audit.without", "act", string(e.Act), "who", e.Who, "via", e.Via, "organisation", e.Tenant,
			"about", e.Subject, "error", err)
	}
	return info.Anyhow
}

// By is Do for who is no user: the machine's own administrator at the control socket, whose right is that of the machine.
func (d *Door) By(ctx context.Context, who string, deed *access.Deed, do func() error) error {
	info, known := access.InfoOf(deed.Act)
	if !known {
		return belwacht.Errorf(belwacht.Internal, "%s is no act that the audit log knows", deed.Act)
	}
	e := &belwacht.Entry{Act: deed.Act, Who: who, Via: "socket", Tenant: deed.Tenant, Subject: deed.Subject, Detail: deed.Detail, Why: deed.Why}
	if err := d.record(ctx, e); err != nil && !d.anyhow(&info, e, err) {
		return belwacht.Errorf(belwacht.CodeOf(err), "not done, since the audit log cannot be written: %w", err)
	}
	if info.Weakens {
		d.tell(belwacht.NoticeWeakened, d.others("", deed.Tenant), e)
	}
	return do()
}

// Linked is Do for who has the link of a message: a person whom alerts are told, by the name that they have there, who is no user and may do what the link is for. That
// somebody looks after an alert is taken even where the audit log cannot be written. An error of code Unreachable of do says that it was done and is not on disk yet.
func (d *Door) Linked(ctx context.Context, who string, from netip.Addr, deed *access.Deed, do func() error) error {
	e := &belwacht.Entry{Act: deed.Act, Who: text.Clean(who, 64), Via: "link", Tenant: deed.Tenant, Subject: deed.Subject, Detail: deed.Detail}
	if from.IsValid() {
		e.From = from.Unmap().String()
	}
	if err := d.record(ctx, e); err != nil {
		d.anyhow(&access.ActInfo{Anyhow: true}, e, err)
	}
	err := do()
	if err != nil && belwacht.CodeOf(err) != belwacht.Unreachable {
		failed := *e
		failed.Position, failed.Failed = 0, err.Error()
		if err := d.record(ctx, &failed); err != nil {
			d.late(err)
		}
	}
	return err
}

// Noted records what was done without asking, such as a change of the configuration's file, and tells who must be told. via says how it was noticed.
func (d *Door) Noted(ctx context.Context, who, via string, deed *access.Deed) error {
	info, known := access.InfoOf(deed.Act)
	if !known {
		return belwacht.Errorf(belwacht.Internal, "%s is no act that the audit log knows", deed.Act)
	}
	e := &belwacht.Entry{Act: deed.Act, Who: who, Via: via, Tenant: deed.Tenant, Subject: deed.Subject, Detail: deed.Detail, Why: deed.Why}
	err := d.record(ctx, e)
	if info.Weakens {
		d.tell(belwacht.NoticeWeakened, d.others("", deed.Tenant), e)
	}
	return err
}

// Told tells of an entry of the audit log that was not told as it was written: what another process on this machine did, or what was done in the moment before a
// crash.
func (d *Door) Told(e *belwacht.Entry) {
	kind := belwacht.NoticeWeakened
	switch {
	case e.Failed != "":
		return
	case e.Act == access.ActPropose:
		kind = belwacht.NoticeProposal
	case e.Act == access.LinkMake, e.Act == access.LinkUse:
		kind = belwacht.NoticeLink
	case !e.Weakens:
		return
	}
	d.tell(kind, d.others(e.User, e.Tenant), e)
}

// two uses up a proposal of this very deed that was agreed to, and returns nil: it may be done. Else it proposes it, and returns what waits. Where there is no
// second administrator it returns nil too.
func (d *Door) two(ctx context.Context, v *access.Visitor, deed *access.Deed) (*belwacht.Proposal, error) {
	others := d.others(v.User.ID, deed.Tenant)
	if len(others) == 0 {
		return nil, nil
	}
	now := d.instant()
	open, own := 0, 0
	for _, p := range d.Proposals() {
		if !p.Open(now) {
			continue
		}
		open++
		if p.User == v.User.ID {
			own++
		}
		if p.User == v.User.ID && about(&p, deed) && access.Same(p.Sent, access.AskedOf(ctx).Sent) {
			if p.Agreed == 0 {
				return &p, nil
			}
			if d.claim(p.ID) {
				return nil, d.close(ctx, &p, "done")
			}
		}
	}
	if open >= proposalsMost || own >= proposalsEach {
		return nil, access.Errorf(belwacht.TooMany, "%d proposals wait for a second administrator already",
			"er wachten al %d voorstellen op een tweede beheerder", min(open, max(own, proposalsEach)))
	}
	p := &belwacht.Proposal{ID: access.NewID(), Act: deed.Act, Tenant: deed.Tenant, Subject: deed.Subject, Detail: deed.Detail, Why: deed.Why, User: v.User.ID,
		Who: v.User.Login, Since: now, Until: now + proposalFor, Exact: deed.Exact, Sent: access.AskedOf(ctx).Sent}
	e := v.Entry(deed)
	e.Act, e.Detail = access.ActPropose, string(deed.Act)+": "+deed.Detail
	if err := d.record(ctx, e); err != nil {
		return nil, err
	}
	if err := d.propose(ctx, p); err != nil {
		return nil, err
	}
	d.tell(belwacht.NoticeProposal, others, e)
	return p, nil
}

// about says whether a proposal is of a deed.
func about(p *belwacht.Proposal, deed *access.Deed) bool {
	return p.Act == deed.Act && p.Tenant == deed.Tenant && p.Subject == deed.Subject && p.Detail == deed.Detail && p.Exact == deed.Exact
}

// agreed uses up the proposal that a visitor carries out. An error says why it cannot be: nobody agreed, it is another's or over, or what it would do now is not what was
// agreed to.
func (d *Door) agreed(ctx context.Context, v *access.Visitor, deed *access.Deed, id string) error {
	d.mu.Lock()
	p := d.proposals[id]
	d.mu.Unlock()
	switch {
	case p == nil || p.User != v.User.ID || !p.Open(d.instant()):
		return access.Errorf(belwacht.NotFound, "there is no such proposal of yours; it may be over, or carried out already",
			"u hebt zo'n voorstel niet; misschien is het verlopen of al uitgevoerd")
	case p.Agreed == 0:
		return access.Errorf(belwacht.Forbidden, "no second administrator has agreed to this yet", "er heeft nog geen tweede beheerder mee ingestemd")
	case !about(p, deed):
		return access.Errorf(belwacht.Invalid, "this no longer fits what there is now, so nothing was done. Agreed to was: %s. Now it would be: %s. Propose it anew where it is still wanted",
			"dit past niet meer bij wat er nu is, dus er is niets gedaan. Ingestemd was met: %s. Nu zou het zijn: %s. Stel het opnieuw voor als het nog nodig is", said(p.Subject, p.Detail), said(deed.Subject, deed.Detail))
	case !access.Same(p.Sent, access.AskedOf(ctx).Sent):
		return access.Errorf(belwacht.Invalid, "this is not what was agreed to; propose it anew", "dit is niet waarmee is ingestemd; stel het opnieuw voor")
	case !d.claim(id):
		return access.Errorf(belwacht.NotFound, "this was carried out already", "dit is al uitgevoerd")
	}
	return d.close(ctx, p, "done")
}

// said is what a deed is about, on one line.
func said(subject, detail string) string {
	if detail == "" || strings.HasPrefix(detail, subject) {
		return text.Clean(subject+strings.TrimPrefix(detail, subject), 300)
	}
	return text.Clean(subject+": "+detail, 300)
}

// claim takes a proposal so that nobody else carries it out too; false where it is taken.
func (d *Door) claim(id string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	p := d.proposals[id]
	if p == nil || p.Closed != 0 {
		return false
	}
	taken := *p
	taken.Closed = d.instant()
	d.proposals[id] = &taken
	return true
}

// propose keeps a proposal as it is from now on.
func (d *Door) propose(ctx context.Context, p *belwacht.Proposal) error {
	d.order.Lock()
	defer d.order.Unlock()
	d.mu.Lock()
	d.proposals[p.ID] = p
	for id, o := range d.proposals {
		if d.instant() >= o.Until+proposalFor {
			delete(d.proposals, id)
		}
	}
	d.mu.Unlock()
	if err := d.c.Proposals.PutProposal(ctx, p); err != nil && !d.late(err) {
		return err
	}
	return nil
}

// close ends a proposal.
func (d *Door) close(ctx context.Context, p *belwacht.Proposal, outcome string) error {
	closed := *p
	closed.Closed, closed.Outcome = d.instant(), outcome
	return d.propose(ctx, &closed)
}

// Proposals are those of late, newest first.
func (d *Door) Proposals() []belwacht.Proposal {
	d.mu.Lock()
	defer d.mu.Unlock()
	var list []belwacht.Proposal
	for _, p := range d.proposals {
		list = append(list, *p)
	}
	slices.SortFunc(list, func(a, b belwacht.Proposal) int {
		if a.Since != b.Since {
			return int(b.Since - a.Since)
		}
		return strings.Compare(a.ID, b.ID)
	})
	return list
}

// Answer is what another administrator says to a proposal; who proposed it may only withdraw it.
func (d *Door) Answer(ctx context.Context, v *access.Visitor, id string, agree bool) error {
	if !v.May(access.ActsAgree) {
		return forbidden()
	}
	d.mu.Lock()
	p := d.proposals[id]
	d.mu.Unlock()
	if p == nil || !p.Open(d.instant()) || !v.Sees(p.Tenant) { // one for the whole machine is answered by who may see it all
		return access.Errorf(belwacht.NotFound, "there is no such proposal; it may be over or answered already",
			"dit voorstel is er niet; misschien is het verlopen of al beantwoord")
	}
	own := p.User == v.User.ID
	if own && agree {
		return access.Errorf(belwacht.Forbidden, "this takes a second administrator; you cannot agree to your own proposal",
			"hiervoor is een tweede beheerder nodig; u kunt niet met uw eigen voorstel instemmen")
	}
	deed := &access.Deed{Act: access.ActRefuse, Tenant: p.Tenant, Subject: p.Subject, Detail: string(p.Act) + ": " + p.Detail}
	if agree {
		deed.Act = access.ActAgree
	}
	_, err := d.Do(ctx, v, deed, func() error {
		if agree {
			d.tell(belwacht.NoticeAgreed, d.proposer(p), v.Entry(deed))
		}
		next := *p
		switch {
		case agree && p.Agreed == 0:
			next.Agreed, next.Agreer = d.instant(), v.User.Login
		case own:
			next.Closed, next.Outcome = d.instant(), "withdrawn"
		case !agree:
			next.Closed, next.Outcome = d.instant(), "refused"
		}
		return d.propose(ctx, &next)
	})
	return err
}

// proposer is who proposed something, as a list.
func (d *Door) proposer(p *belwacht.Proposal) []belwacht.User {
	if u, there := d.User(p.User); there && !u.Disabled {
		return []belwacht.User{u}
	}
	return nil
}

// Unmask records that a visitor looks at one number in full, and why. Only then may it be shown. Confidential numbers (helplines, 113, 116xxx, the owner's
// list) are shown to nobody.
func (d *Door) Unmask(ctx context.Context, v *access.Visitor, tenant, masked string, confidential bool, why string) error {
	deed, err := access.Unmasking(tenant, masked, "", confidential, why)
	if err != nil {
		return err
	}
	_, err = d.Do(ctx, v, deed, func() error { return nil })
	return err
}
