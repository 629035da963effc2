package belwacht

// Direction is the way of a call, seen from the house.
type Direction uint8

// The directions.
const (
	DirectionUnknown Direction = iota
	Out
	In
	Internally
)

// String is out, in or internal.
func (d Direction) String() string {
	return [...]string{"unknown", "out", "in", "internal"}[d&3]
}

// MarshalText implements encoding.TextMarshaler.
func (d Direction) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// Lineage says how a call came about: dialled, or sent on by an extension.
type Lineage uint8

// The lineages, each known when the leg is dialled.
const (
	Dialled     Lineage = iota // by the account itself
	Forwarded                  // by a forward, follow-me or 302 of the account
	Transferred                // by a transfer of the account
	Trunked                    // an inbound call led straight to a trunk, no extension known
)

// String is the word used in output.
func (l Lineage) String() string {
	return [...]string{"dialled", "forwarded", "transferred", "trunked"}[l&3]
}

// MarshalText implements encoding.TextMarshaler.
func (l Lineage) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// Disposition is how an attempt ended.
type Disposition uint8

// The dispositions, by Asterisk's words and what other systems' words mean.
const (
	DispositionUnknown Disposition = iota
	Answered
	NoAnswer
	Busy
	Failed     // number unassigned, not dialable, or refused by ours
	Congestion // no channel
	Cancelled
	Declined // by the far side: SIP 603 (RFC 3261), 607 (RFC 8197) or 608 (RFC 8688), or Q.850 21 where the SIP response is not known
)

// String is the word used in output.
func (d Disposition) String() string {
	if d > Declined {
		d = 0
	}
	return [...]string{"unknown", "answered", "no_answer", "busy", "failed", "congestion", "cancelled", "declined"}[d]
}

// MarshalText implements encoding.TextMarshaler.
func (d Disposition) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// Call is one call with its legs put together, from records or from events. What is known when its leg is dialled: everything up to
// and including Start. Answer, End, Talk and Disposition are the outcome.
type Call struct {
	// ID is the uniqueid of the channel that dialled the outbound leg, as a dial plan that asks names it too; else of the first record. Unique within a
	// site.
	ID        string    `json:"id"`
	Link      string    `json:"link,omitempty"` // linkedid: what joins the legs
	Tenant    string    `json:"tenant,omitempty"`
	Site      string    `json:"site,omitempty"`
	Direction Direction `json:"direction"`
	Account   string    `json:"account"`           // whose call it is (DESIGN §2); of an inbound call the extension that it reached or the DID
	Root      string    `json:"root,omitempty"`    // who began it: an extension, a trunk; Account where it is the same
	Trunk     string    `json:"trunk,omitempty"`   // the endpoint that it leaves or enters by
	Caller    string    `json:"caller,omitempty"`  // the caller number as presented; anybody can set it
	Name      string    `json:"name,omitempty"`    // the caller name as presented; hostile until escaped
	Dialled   string    `json:"dialled,omitempty"` // the number the trunk dials; of an inbound call the DID or extension called
	Lineage   Lineage   `json:"lineage"`
	Start     Instant   `json:"start"`           // the outbound leg is dialled
	Answer    Instant   `json:"answer,omitzero"` // zero: not answered
	End       Instant   `json:"end,omitzero"`
	// Talk is seconds of talking. It may differ from End − Answer by what records cut off.
	Talk        int64       `json:"talk_seconds"`
	Disposition Disposition `json:"disposition"`
	Taker       string      `json:"taker,omitempty"` // outcome of an inbound or internal call: the endpoint that answered it, "" where none is known
	Rows        int         `json:"rows,omitempty"`  // records that it was made of
	Late        bool        `json:"late,omitempty"`  // came after its horizon: judged late, teaches no window
}
