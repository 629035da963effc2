package belwacht

import (
	"context"
	"strings"
)

// Act is what somebody did: a name such as user.add. Package access lists those that there are, and which weaken protection.
type Act string

// Entry is one line of the audit log: somebody did something, or looked at what is not for every eye.
//
// The log is a Merkle tree over what cannot be changed: position, time, act and a sum over the rest with a key of the entry's own. Retention deletes the
// rest and the key; the tree and its proof stay (package ledger).
type Entry struct {
	Position uint64  `json:"position"` // from 1, without gaps; given by the store
	Time     Instant `json:"time"`
	Act      Act     `json:"act"`
	Weakens  bool    `json:"weakens,omitempty"` // the act lessens protection; the other administrators are told

	Who     string `json:"who,omitempty"`  // log-in name, or the machine's user name; hostile until escaped, as all that follows
	User    string `json:"user,omitempty"` // ID, "" for who has none
	Via     string `json:"via,omitempty"`  // console, api, socket, link (of a message), or how it was noticed
	From    string `json:"from,omitempty"` // address
	Tenant  string `json:"tenant,omitempty"`
	Subject string `json:"subject,omitempty"` // whom or what it is about: a log-in name, a masked number, a setting
	Detail  string `json:"detail,omitempty"`  // from what to what
	Why     string `json:"why,omitempty"`     // in their own words
	Failed  string `json:"failed,omitempty"`  // "" = it was done; else why not

	Forgotten bool `json:"forgotten,omitempty"` // the readable part was deleted by retention

	Key [16]byte `json:"-"`
	Sum [32]byte `json:"-"`
}

// entryLongest bounds each string of an entry, in bytes.
const entryLongest = 1000

// Bound cuts what is too long and cleans what is no UTF-8, so that an entry reads back as it was summed.
func (e *Entry) Bound() {
	for _, s := range []*string{&e.Who, &e.User, &e.Via, &e.From, &e.Tenant, &e.Subject, &e.Detail, &e.Why, &e.Failed} {
		*s = strings.ToValidUTF8((*s)[:min(len(*s), entryLongest)], "")
	}
}

// Head is what the audit log was at one time: a signed checkpoint. Kept elsewhere, it shows later whether anything before it was changed.
type Head struct {
	Time Instant `json:"time"`
	Size uint64  `json:"size"` // entries
	Note string  `json:"note"` // the checkpoint with its signature, as text of some lines
}

// EntryQuery asks for entries, newest first.
type EntryQuery struct {
	Tenant      string // "" = all
	Who         string // "" = all
	Act         Act    // "" = all
	Weakens     bool   // only those
	From, Until Instant
	Page        Page
}

// EntryStore keeps the audit log. Its methods may be called from many goroutines.
//
// AddEntry and AddHead are durable: they return once it is on disk, and what they returned for is never lost. Where the disk does not answer within a
// second, they return an error of code Unreachable, and it is written as soon as the disk lets it.
type EntryStore interface {
	// AddEntry adds an entry at the end and gives it its position; entry and tree are written as one.
	AddEntry(ctx context.Context, e *Entry) error
	// Entries is a page and where the next begins.
	Entries(ctx context.Context, q *EntryQuery) ([]Entry, Cursor, error)
	// EntriesAfter are at most so many entries after a position, in order.
	EntriesAfter(ctx context.Context, position uint64, most int) ([]Entry, error)
	// TreeHashes are the tree's hashes of these indexes, in their order (tlog.StoredHashIndex); NotFound where one is missing.
	TreeHashes(ctx context.Context, indexes []int64) ([][32]byte, error)
	// TreeSize is the number of entries.
	TreeSize(ctx context.Context) (uint64, error)
	// AddHead keeps a head.
	AddHead(ctx context.Context, h *Head) error
	// Heads are at most so many, newest first.
	Heads(ctx context.Context, most int) ([]Head, error)
}
