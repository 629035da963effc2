package ingest

import (
	"crypto/sha256"
	"fmt"

	"github.com/belwacht/belwacht"
)

// Row is one record as a reader yields it, whatever the file's form. Strings are immutable; they may be parts of a block of some
// 256 KB of the file, so clone what is kept for long (with cdr.Options.Brief, what is kept until the next row is read). Empty strings and zero instants mean "the record does not say".
type Row struct {
	UniqueID    string // the channel's id; rows may share it
	LinkedID    string // what joins the legs of a call
	Sequence    int64  // -1: none
	Src         string // the caller's number as presented
	Dst         string // what was dialled; a transfer may have overwritten it
	Context     string // the dial plan's context
	CallerName  string // as presented
	Channel     string // PJSIP/201-0000000a
	DstChannel  string
	App         string // the last application: Dial, Queue, VoiceMail, …
	Data        string // its data: the dial string
	Account     string // the account code; anybody's flows through the legs, so it is no evidence of who caused a call
	PeerAccount string
	Start       belwacht.Instant
	Answer      belwacht.Instant // zero: not answered
	End         belwacht.Instant
	Duration    int64 // seconds from start to end, -1 = not said
	Talk        int64 // seconds from answer to end
	Disposition belwacht.Disposition

	// What some formats say outright, so that no channel need be read.
	Direction belwacht.Direction
	From      string // the extension or user that placed the call
	To        string // the extension or user that it reached
	InTrunk   string // the trunk that it came in by
	OutTrunk  string // the trunk that it left by

	Line int64  // of the file, from 1; of a row over several lines the first
	File string // the file's name, for messages
}

// name is the ID of a row whose source gives none. It follows from what the row says, and from its line where no channel tells calls of one moment apart.
func (r Row) name() string {
	if r.Channel != "" {
		r.Line = 0
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %d %d %d %s %d", []string{r.Src, r.Dst, r.Channel, r.DstChannel, r.From, r.To, r.InTrunk, r.OutTrunk}, r.Answer, r.End, r.Talk, r.Disposition, r.Line))
	return fmt.Sprintf("row-%d-%x", r.Start/belwacht.Second, sum[:8])
}
