package app

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ask"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/detect"
	"github.com/belwacht/belwacht/detect/again"
	"github.com/belwacht/belwacht/number"
	"github.com/belwacht/belwacht/store/keep"
)

// How long what is known of a leg counts.
const (
	legsMost  = 20000               // legs of one PBX; the one that ended longest ago makes room
	legKept   = belwacht.Hour       // after its end: records come late
	redial    = 5 * belwacht.Second // an attempt on the same channel that comes later than this after an answered leg ended is another one
	retrunk   = belwacht.Minute     // trunks of one attempt are tried within it
	twin      = 3 * belwacht.Second // a record whose id says nothing is the leg's if account and number agree and they began so close together
	undialled = belwacht.Minute     // a leg that was let through and is not dialled by then never will be, where a feed would have said so
	unheard   = 3 * belwacht.Second // the same of one that the memory of an earlier run says rings: its dial plan has long gone on
	unclosed  = belwacht.Hour       // a leg of which nothing more is heard, where nobody would say
	unwritten = 24 * belwacht.Hour  // the same where a record will
	ahead     = 5 * belwacht.Minute // events further ahead of the clock are taken as now
	forLate   = 2 * belwacht.Minute // an unknown call that began longer ago is judged by itself
	inTime    = belwacht.Day        // records that are the judge may be so old
)

// leg is one call to one number on one channel, however many reports tell of it.
type leg struct {
	attempt  belwacht.Event // as it was judged
	id       string         // the engine's name of it
	feed     string         // the feed's name of it, by which it can be ended
	names    []string       // all that the feed has had for it
	key      legKey
	link     legKey
	other    legKey           // its channel as others have it
	seen     belwacht.Instant // last sign of life
	answered belwacht.Instant
	ended    belwacht.Instant
	talk     int64
	answer   ask.Answer
	keep     keep.Leg // what the store is told of it
	asked    bool
	dialled  bool // the feed has seen it dialled
	judged   bool // its number is the one that was judged, not the one that was dialled: more an engine's memory does not know
	recorded bool
	grace    belwacht.Instant // for which it may be silent before it is dialled; zero = undialled
	refused  bool             // and that was carried out
	unasked  bool             // it is counted as one that nobody asked of
	told     bool             // that it was dialled although it was refused
	stopped  bool             // ended by us
	lapsed   bool             // closed because nobody dialled it
	retry    belwacht.Instant // when its end is tried again, where it runs on
	pause    belwacht.Instant
}

// legKey is a channel, or what links several, with the number that is dialled as the plan reads it.
type legKey struct{ id, number string }

// site is one PBX: its legs behind one lock, which is held while one of its events is judged.
type site struct {
	name, tenant string
	judge        config.Source
	feed         bool // a feed of events is configured
	records      bool // records come
	trunk        string
	trunks       map[string]bool
	numbers      *number.Site

	mu     sync.Mutex
	gap    bool // the feed is silent, or has not spoken yet
	legs   map[string]*leg
	byKey  map[legKey]*leg
	byLink map[legKey]*leg
	byFeed map[string]*leg
	alone  map[legKey]*leg // by account and number: known by a record only
	made   uint64          // questions that named no call
	out    detect.Out
}

func newSite(name, tenant string) *site {
	return &site{name: name, tenant: tenant, legs: make(map[string]*leg), byKey: make(map[legKey]*leg),
		byLink: make(map[legKey]*leg), byFeed: make(map[string]*leg), alone: make(map[legKey]*leg)}
}

// channel is an id without the number that tells its legs apart.
func channel(id string) string {
	if i := strings.LastIndexByte(id, '/'); i > 0 {
		return id[:i]
	}
	return id
}

// dialled is a number as the plan reads it, so that one that is written in two ways is one.
func (s *site) dialled(n string) string {
	if s.numbers == nil {
		return n
	}
	if r := s.numbers.Read(n); r.E164 != 0 {
		return r.E164.String()
	}
	return n
}

// find is the leg that an attempt tells of, nil where it is a new one.
func (s *site) find(k legKey, ev *belwacht.Event) *leg {
	l := s.byKey[k]
	if l == nil { // a record that overtook it may have it under another channel
		a := legKey{ev.Account, k.number}
		if l = s.alone[a]; l == nil || !l.began(ev.Time) {
			return nil
		}
		delete(s.alone, a)
		s.byKey[k], l.other = l, k
	}
	if l.over(ev.Time) {
		return nil
	}
	return l
}

// began says whether a leg began at a moment, as nearly as two clocks tell.
func (l *leg) began(at belwacht.Instant) bool {
	return max(l.attempt.Time-at, at-l.attempt.Time) <= twin
}

// over says whether an attempt at a moment is no more the same as this leg's: the channel has dialled again.
func (l *leg) over(at belwacht.Instant) bool {
	switch {
	case l.ended == 0 && !l.refused:
		return false
	case l.talk > 0:
		return at > l.ended+redial
	default:
		return at > l.attempt.Time+retrunk
	}
}

// add keeps a new leg under all its names. The first of a channel has the channel's id, the next /2 and so on, as records have them.
func (s *site) add(l *leg) {
	id := l.key.id
	for n := 2; s.legs[id] != nil; n++ {
		id = l.key.id + "/" + strconv.Itoa(n)
	}
	l.id = id
	s.legs[id] = l
	s.byKey[l.key] = l
	if l.link.id != "" {
		s.byLink[l.link] = l
	}
}

// drop forgets a leg.
func (s *site) drop(l *leg) {
	delete(s.legs, l.id)
	for _, k := range []legKey{l.key, l.other} {
		if s.byKey[k] == l {
			delete(s.byKey, k)
		}
	}
	if s.byLink[l.link] == l {
		delete(s.byLink, l.link)
	}
	if a := (legKey{l.attempt.Account, l.key.number}); s.alone[a] == l {
		delete(s.alone, a)
	}
	for _, name := range l.names {
		if s.byFeed[name] == l {
			delete(s.byFeed, name)
		}
	}
}

// recall makes a leg of a call that was judged again, by which a feed, a question or a record that tells of it once more finds it.
func (s *site) recall(c *again.Call) {
	ev := &c.Attempt
	l := &leg{id: ev.Call, key: legKey{channel(ev.Call), s.dialled(ev.Dialled)}, attempt: *ev, grace: unheard, seen: max(ev.Time, c.Answered, c.Ended), answered: c.Answered, ended: c.Ended,
		talk: c.Talk, stopped: c.Stopped, refused: c.Word == belwacht.Refuse, asked: ev.Source == belwacht.SourceAsk, recorded: ev.Source == belwacht.SourceRecords,
		dialled: ev.Source == belwacht.SourcePBX || c.Answered != 0, answer: ask.Answer{Word: c.Word, Cause: c.Cause, Reference: c.Reference, MaxSeconds: c.MaxSeconds}}
	s.legs[l.id] = l
	if s.byKey[l.key] == nil {
		s.byKey[l.key] = l
	}
	if name := feedName(ev); s.byFeed[name] == nil && l.ended == 0 {
		l.feed = name
		s.named(l, name)
	}
}

// feedName is what a feed that begins calls a call: its channel, which of one that comes in or stays in the house may dial out as well.
func feedName(ev *belwacht.Event) string {
	if ev.Direction == belwacht.Out {
		return channel(ev.Call)
	}
	return channel(ev.Call) + "/" + ev.Direction.String()
}

// remembered is the leg of an engine's memory that an attempt tells of which began before we did, nil where there is none: the memory has the number that was
// judged, and none of a helpline or of what is no number.
func (s *site) remembered(k legKey, ev *belwacht.Event) *leg {
	l := s.byFeed[k.id]
	if l == nil || !l.judged || ev.Direction != belwacht.Out {
		return nil
	}
	n := s.numbers.Read(ev.Dialled)
	number := n.E164
	if n.Hides() {
		number = n.Target
	}
	if number.String() != l.attempt.Dialled {
		return nil
	}
	return l
}

// rename gives a leg the number that was dialled.
func (s *site) rename(l *leg, k legKey, dialled string) {
	if s.byKey[l.key] == l {
		delete(s.byKey, l.key)
	}
	l.key, l.judged, l.attempt.Dialled = k, false, dialled
	s.byKey[k] = l
}

// named notes what the feed calls a leg.
func (s *site) named(l *leg, name string) {
	s.byFeed[name] = l
	if !slices.Contains(l.names, name) {
		l.names = append(l.names, name)
	}
}

// of is the leg that a record tells of: by its channel and number, else by what links the channels, else by account, number and the moment.
func (s *site) of(c *belwacht.Call) *leg {
	n := s.dialled(c.Dialled)
	for _, l := range []*leg{s.byKey[legKey{channel(c.ID), n}], s.byLink[legKey{c.Link, n}], s.byKey[legKey{c.Link, n}]} {
		if l != nil && !l.recorded && !l.over(c.Start) {
			return l
		}
	}
	if l := s.legs[c.ID]; l != nil && l.key.number == n {
		return l
	}
	// A record may have what was typed, with an access code that the plan cannot read, where the question had what the trunk dials.
	if l := s.legs[channel(c.ID)]; l != nil && !l.recorded && c.Direction == belwacht.Out && l.attempt.Direction == belwacht.Out && l.began(c.Start) &&
		s.numbers != nil && s.numbers.Read(c.Dialled).E164 == 0 {
		return l
	}
	for _, l := range s.legs {
		if !l.recorded && l.key.number == n && l.attempt.Account == c.Account && l.began(c.Start) {
			return l
		}
	}
	return nil
}

// room makes room for one more leg, and for many, so that it is looked for seldom: a quarter of those that ended goes, the oldest first. Where none has ended
// an eighth of all goes, of which nothing was heard for longest, and is returned.
func (s *site) room() (forgot []*leg) {
	if len(s.legs) < legsMost {
		return nil
	}
	type aged struct {
		seen belwacht.Instant
		leg  *leg
	}
	var over []aged
	running := make([]aged, 0, len(s.legs))
	for _, l := range s.legs {
		if l.ended != 0 || l.refused {
			over = append(over, aged{l.seen, l})
		} else if len(over) == 0 {
			running = append(running, aged{l.seen, l})
		}
	}
	list, n := over, len(over)/4+1
	if len(over) == 0 {
		list, n = running, legsMost/8
	}
	slices.SortFunc(list, func(a, b aged) int { return cmp.Compare(a.seen, b.seen) })
	for _, x := range list[:n] {
		s.drop(x.leg)
		if len(over) == 0 {
			forgot = append(forgot, x.leg)
		}
	}
	return forgot
}

// due says whether a leg that still runs has been silent for longer than it may be.
func (s *site) due(l *leg, now belwacht.Instant) bool {
	switch {
	case l.ended != 0 || l.refused:
		return false
	case l.answer.MaxSeconds > 0 && !s.feed && now > l.attempt.Time+belwacht.Instant(l.answer.MaxSeconds)*belwacht.Second+belwacht.Minute:
		return true
	case s.feed && l.dialled:
		return false // the feed will say when it ends, or that it has
	case s.feed && !s.gap:
		return now > l.seen+cmp.Or(l.grace, undialled)
	case s.records:
		return now > l.seen+unwritten
	default:
		return now > l.seen+unclosed
	}
}

// emergency says whether a dialled string is an emergency number here.
func (s *site) emergency(dialled string) bool {
	return s.numbers.Read(dialled).Class == belwacht.ClassEmergency
}

// CallKeeper keeps calls that are over. It returns at once; p is its own.
type CallKeeper interface {
	PutCall(p *belwacht.PastCall)
}

// past has a leg kept that is over; again where more became known of it. The site's lock is held.
func (g *Guard) past(s *site, l *leg, end belwacht.Instant) {
	if g.calls == nil {
		return
	}
	o := keep.Over{Attempt: &l.attempt, ID: l.id, Link: l.link.id, Answered: l.answered, Ended: end, Talk: l.talk, Refused: l.refused}
	if s.numbers != nil {
		o.Read = s.numbers.Read
	}
	g.calls.PutCall(l.keep.Past(&o))
}
