package belwacht

import "context"

// Parcel is one message on Belwacht's own door that has to reach one receiver. It holds no words: they are made of the audit log, so that nothing lies here
// that retention would have to find.
type Parcel struct {
	ID    string     `json:"id"`            // of the message, the same over retries and restarts: by it a receiver can drop what came twice
	Kind  NoticeKind `json:"kind"`          // NoticeHead = a signed head of the audit log
	Log   bool       `json:"log,omitempty"` // it goes to a log server, else by mail
	To    string     `json:"to"`            // the user's ID, or the log server's name
	Entry uint64     `json:"entry"`         // position of the notice's entry in the audit log; a head's size
	At    Instant    `json:"at"`            // of that entry or head
	Since Instant    `json:"since"`         // when it began to wait
	Done  Instant    `json:"done,omitzero"` // when it arrived, or was given up; zero = it waits
}

// ParcelStore keeps what waits to be told of the door. Its methods may be called from many goroutines. What it puts is on disk when it returns; an error of
// code Unreachable says that it is not, and that trying again may help.
type ParcelStore interface {
	// PutParcels keeps some, each in place of the one with its ID. At most 4000 are kept: those that are done make room, then the oldest.
	PutParcels(ctx context.Context, list []Parcel) error
	// Parcels are all that are kept, those that began to wait first before the others. What was done two days ago, or has waited for nine days, is let go.
	Parcels(ctx context.Context) ([]Parcel, error)
}
