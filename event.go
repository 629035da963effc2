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
)

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

// Event is one thing that happened, typed and the same whether a packet, a PBX event or a call record brought it. An attempt
// carries only what was known when the leg was dialled. Events of a tenant are judged in the order (Time, Source, Sequence).
type Event struct {
	Kind     EventKind
	Source   Source
	Late     bool // came after its horizon: teaches profiles and reports but no window
	Time     Instant
	Sequence uint64 // the order within one source and instant
	Tenant   string
	Site     string
	Call     string // the leg's key within the site: what Answer and End refer to

	// Attempt only.
	Direction Direction
	Lineage   Lineage
	Account   string
	Root      string
	Trunk     string
	Caller    string
	Dialled   string

	// End only; of a FeedGap Talk is its seconds, at least 1, once it is over, and 0 as it begins. Of an InForce, whose Call is the InForceKind and whose
	// Account its subject, it is 0 where that is lifted, 1 where it holds, and 2 where what runs against it was ended as well.
	Talk        int64
	Disposition Disposition

	// Registration and AuthFailure only; nil otherwise. The receiver does not keep it.
	Login *Login
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
	return n + 1
}

// PastEvent is an event as it is kept, with its position.
type PastEvent struct {
	Event
	Position uint64
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
