package belwacht

// NoticeKind says what a notice is about.
type NoticeKind string

// The kinds.
const (
	NoticeWeakened  NoticeKind = "weakened"   // somebody did what lessens protection: all other administrators are told
	NoticeNewDevice NoticeKind = "new_device" // a user signed in with a browser that was not seen before: the user is told
	NoticeProposal  NoticeKind = "proposal"   // a grave act waits for a second administrator: all others are told
	NoticeAgreed    NoticeKind = "agreed"     // a second administrator agreed: who proposed it is told, and can carry it out
	NoticeLink      NoticeKind = "link"       // a one-time link was made on the machine: all administrators are told
	NoticeHead      NoticeKind = "head"       // a signed head of the audit log leaves the machine
)

// Notice is what people must be told of Belwacht's own door: who did what, and to whom that is told. How it reaches them is for package notify.
type Notice struct {
	Kind  NoticeKind `json:"kind"`
	To    []User     `json:"-"` // name, mail address and language
	Entry Entry      `json:"entry"`
}
