package ask

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/asterisk"
)

// Question is one call that a PBX is about to dial. Its strings are the PBX's and the callers': anything may stand in them, at most 256 bytes each.
type Question struct {
	PBX      string `json:"pbx"`      // the name in the configuration; who asks is told by the secret
	Number   string `json:"number"`   // what the trunk will dial (OUTNUM)
	Trunk    string `json:"trunk"`    // the trunk that is tried
	Channel  string `json:"channel"`  // of the caller's leg
	Endpoint string `json:"endpoint"` // who authenticated on it, where the PBX says so
	LinkedID string `json:"linkedid"` // joins the legs of one call
	UniqueID string `json:"uniqueid"` // of the channel
	Root     string `json:"root"`     // the channel that began the call, while it is there

	// What follows is evidence only: callers choose it, or dial plans may be wrong about it.
	Caller     string `json:"caller"`     // the number presented
	Name       string `json:"name"`       // the name presented
	User       string `json:"user"`       // AMPUSER: found by caller id
	Rang       string `json:"rang"`       // EXTTOCALL: the extension last rung, the way to who forwards
	Diverted   string `json:"diverted"`   // rdnis: the phone that answered 302
	Transferer string `json:"transferer"` // BLINDTRANSFER: the channel that sent the call on
}

// Answer is what a dial plan is told.
type Answer struct {
	Word       belwacht.Word // what is to be done: Refuse stops the call (give it only where a refusal is enforced), all others let it through
	Cause      string        // docs/causes.md; "" for a plain allow
	Reference  string        // a short code that a person can read over the telephone
	MaxSeconds int64         // the longest that the call may last, in seconds from now; 0 = no limit
}

// Judge gives the verdict. Ask is called from many goroutines, at most 256 at once, and should return within 50 ms; one that comes later, until ctx ends
// after 300 ms, answers the next question of the same call. An error is a miss.
type Judge interface {
	Ask(ctx context.Context, q *Question) (Answer, error)
}

// Account is whose call it is: the endpoint that authenticated, by the channel's name; of a call that was sent on, who sent it (the transferer, the name
// in a Local channel, the extension last rung, the phone that answered 302, else who began it). It is never the caller id. "" where nothing tells it.
func (q *Question) Account() (account string, lineage belwacht.Lineage) {
	if q.Transferer != "" {
		if c := asterisk.ParseChannel(q.Transferer); c.Endpoint != "" {
			return c.Endpoint, belwacht.Transferred
		}
	}
	c := asterisk.ParseChannel(q.Channel)
	if !c.Local() {
		if c.Endpoint == "" {
			return q.Endpoint, belwacht.Dialled
		}
		return c.Endpoint, belwacht.Dialled
	}
	if who, target := c.Sender(); who != "" && (target != "" || strings.HasPrefix(c.Number, "FMPR-") || extension(who, q.Number)) {
		return who, belwacht.Forwarded
	}
	if q.Rang != "" {
		return q.Rang, belwacht.Forwarded
	}
	if q.Diverted != "" {
		return q.Diverted, belwacht.Forwarded
	}
	return asterisk.ParseChannel(q.Root).Endpoint, belwacht.Forwarded // a group that rings a number outside
}

// extension says whether what a Local channel runs is the dial plan of an extension, as of a queue's member who sends his calls on, and not the number itself.
func extension(who, number string) bool {
	for _, c := range who {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(who) >= 2 && len(who) <= 6 && !strings.HasSuffix(number, who) && !strings.HasSuffix(who, number)
}

// maxField is the most bytes of a field that are kept. What is longer is cut rather than refused: a caller must not be able to choose that there
// is no verdict.
const maxField = 256

// signed is a question with what proves who asks.
type signed struct {
	Question
	Key string `json:"key"` // the secret, or a signature where At is set
	At  string `json:"at"`  // seconds since 1970, of the signature
	raw string // the number as the signature covers it: percent-encoded
}

// field finds a field by the name that it has in a form.
func (q *signed) field(name string) *string {
	switch name {
	case "key":
		return &q.Key
	case "at":
		return &q.At
	case "pbx":
		return &q.PBX
	case "number":
		return &q.Number
	case "trunk":
		return &q.Trunk
	case "channel":
		return &q.Channel
	case "endpoint":
		return &q.Endpoint
	case "linkedid":
		return &q.LinkedID
	case "uniqueid":
		return &q.UniqueID
	case "root":
		return &q.Root
	case "caller":
		return &q.Caller
	case "name":
		return &q.Name
	case "user":
		return &q.User
	case "rang":
		return &q.Rang
	case "diverted":
		return &q.Diverted
	case "transferer":
		return &q.Transferer
	}
	return nil
}

// parseForm reads name=value&…, percent-encoded. The first of a name counts; unknown names are passed over.
func parseForm(body string) (*signed, error) {
	q := &signed{}
	for body != "" {
		var part string
		part, body, _ = strings.Cut(body, "&")
		name, value, _ := strings.Cut(part, "=")
		to := q.field(name)
		if to == nil || *to != "" {
			continue
		}
		if name == "number" {
			q.raw = value
		}
		plain, err := url.QueryUnescape(value)
		if err != nil {
			plain = value // a lone percent sign: what was dialled, not a reason to say nothing
		}
		*to = plain
	}
	return q, q.check()
}

// parseJSON reads an object with the same names.
func parseJSON(body []byte) (*signed, error) {
	q := &signed{}
	if err := json.Unmarshal(body, q); err != nil {
		return nil, belwacht.Errorf(belwacht.Invalid, "the question is no JSON object of strings")
	}
	return q, q.check()
}

func (q *signed) check() error {
	if q.Number == "" {
		return belwacht.Errorf(belwacht.Invalid, "the question names no number")
	}
	for _, f := range []*string{&q.Number, &q.Trunk, &q.Channel, &q.Endpoint, &q.LinkedID, &q.UniqueID, &q.Root, &q.Caller, &q.Name, &q.User, &q.Rang, &q.Diverted, &q.Transferer} {
		*f = (*f)[:min(len(*f), maxField)]
	}
	return nil
}

// word is what a dial plan branches on.
func (a *Answer) word() string {
	if a.Word == belwacht.Refuse || a.Word == belwacht.EndNow {
		return "refuse"
	}
	return "allow"
}

// appendPlain appends WORD,CAUSE,REFERENCE,SECONDS, each of plain characters, for CUT() in a dial plan. It is one line, without its end.
func (a *Answer) appendPlain(dst []byte) []byte {
	dst = append(append(dst, a.word()...), ',')
	dst = append(asterisk.AppendPlain(dst, a.Cause, 48), ',')
	dst = append(asterisk.AppendPlain(dst, a.Reference, 16), ',')
	return strconv.AppendInt(dst, min(max(a.MaxSeconds, 0), 1e9), 10)
}
