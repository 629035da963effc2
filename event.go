package belwacht

import "context"

// EventKind is what happened.
type EventKind uint8

// The kinds. The engine takes the time from the event, never from a clock.
const (
	EventAttempt      EventKind = iota + 1 // somebody wants a call
	EventAnswer                            // an attempt was answered
	EventEnd                               // a call or attempt ended
	EventTick                              // time passed: a minute boundary, or a running call's next reservation
	EventRegistration                      // a phone says where it is
	EventAuthFailure                       // a log-in failed
	EventConfigChange                      // somebody changed the PBX
	EventFeedGap                           // a source was silent
	EventInForce                           // a person locked an account or turned the panic switch, or lifted that
	EventDelay                             // a PBX, or the far end of a trunk, took so long to answer
)

// String is the word used in output.
func (k EventKind) String() string {
	if k > EventDelay {
		k = 0
	}
	return [...]string{"unknown", "attempt", "answer", "end", "tick", "registration", "auth_failure", "config_change", "feed_gap", "in_force", "delay"}[k]
}

// MarshalText implements encoding.TextMarshaler.
func (k EventKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Source is the feed that an event came by.
type Source uint8

// The sources, in the order in which events of one moment are judged.
const (
	SourceRecords Source = iota + 1
	SourcePBX
	SourceAsk
	SourceBorder
	SourceClock
)

// String is the word used in output.
func (s Source) String() string {
	if s > SourceClock {
		s = 0
	}
	return [...]string{"unknown", "records", "pbx", "ask", "border", "clock"}[s]
}

// MarshalText implements encoding.TextMarshaler.
func (s Source) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Event is one thing that happened, typed and the same whether a packet, a PBX event or a call record brought it. An attempt
// carries only what was known when the leg was dialled. Events of a tenant are judged in the order (Time, Source, Sequence).
type Event struct {
	Kind     EventKind `json:"kind"`
	Source   Source    `json:"source"`
	Late     bool      `json:"late,omitempty"` // came after its horizon: teaches profiles and reports but no window
	Time     Instant   `json:"time"`
	Sequence uint64    `json:"sequence,omitempty"` // the order within one source and instant
	Tenant   string    `json:"tenant,omitempty"`
	Site     string    `json:"site,omitempty"`
	Call     string    `json:"call,omitempty"` // the leg's key within the site: what Answer and End refer to

	// Attempt only; but Account also stands in the answer, for who took the call, and in the end of a call from outside, for who was rung.
	Direction Direction `json:"direction,omitempty"`
	Lineage   Lineage   `json:"lineage,omitempty"`
	Account   string    `json:"account,omitempty"`
	Root      string    `json:"root,omitempty"`
	Trunk     string    `json:"trunk,omitempty"`
	Caller    string    `json:"caller,omitempty"`
	Dialled   string    `json:"dialled,omitempty"`

	// End only; of a FeedGap Talk is its seconds, at least 1, once it is over, and 0 as it begins. Of an InForce, whose Call is the InForceKind and whose
	// Account its subject, it is 0 where that is lifted, 1 where it holds, and 2 where what runs against it was ended as well.
	// Of a Delay, whose Trunk is "" where it is the PBX's own, Talk is milliseconds.
	Talk        int64       `json:"talk_seconds,omitempty"`
	Disposition Disposition `json:"disposition,omitempty"`

	// Registration and AuthFailure only; nil otherwise. The receiver does not keep it.
	Login *Login `json:"login,omitempty"`
}

// Events writes the call's events into dst: its attempt, its answer where there was one, and its end. They share the call's
// strings. dst must hold three; the number written is returned.
func (c *Call) Events(dst *[3]Event) int {
	base := Event{Source: SourceRecords, Late: c.Late, Tenant: c.Tenant, Site: c.Site, Call: c.ID}
	n := 1
	dst[0] = base
	dst[0].Kind, dst[0].Time = EventAttempt, c.Start
	dst[0].Direction, dst[0].Lineage = c.Direction, c.Lineage
	dst[0].Account, dst[0].Root, dst[0].Trunk = c.Account, c.Root, c.Trunk
	dst[0].Caller, dst[0].Dialled = c.Caller, c.Dialled
	if c.Answer != 0 {
		dst[n] = base
		dst[n].Kind, dst[n].Time = EventAnswer, max(c.Answer, c.Start)
		n++
	}
	dst[n] = base
	dst[n].Kind, dst[n].Time = EventEnd, max(c.End, dst[n-1].Time)
	dst[n].Talk, dst[n].Disposition = c.Talk, c.Disposition
	if c.Direction == In {
		dst[n].Account = c.Account
	}
	return n + 1
}

// PastEvent is an event as it is kept, with its position.
type PastEvent struct {
	Event
	Position uint64 `json:"position"`
}

// EventQuery asks for events of a tenant, newest first.
type EventQuery struct {
	Tenant      string
	Kind        EventKind // zero = all
	From, Until Instant   // of Time: from ≤ Time < until; zero = without bound
	Page        Page
}

// EventStore keeps events in the order in which they were judged, so that a restart can judge again what came after its newest snapshot. Its methods may
// be called from many goroutines.
type EventStore interface {
	// AppendEvent takes an event to be kept and returns at once with its position: 1 and up, never given twice. Where the queue is full the event is
	// dropped and counted, and its position stays empty. Calls from one goroutine at a time keep their order. The caller may change e afterwards.
	AppendEvent(e *Event) (position uint64)
	// EventsAfter hands the events after a position to yield, in order, until there are no more or yield gives an error, which is returned. Events
	// of now are on disk after Sync.
	EventsAfter(ctx context.Context, position uint64, yield func(position uint64, e *Event) error) error
	// LastEvent is the position that was given last, 0 where none ever was.
	LastEvent() uint64
	// Events is a page of them, without their log-ins, and where the next begins.
	Events(ctx context.Context, q *EventQuery) ([]PastEvent, Cursor, error)
}
