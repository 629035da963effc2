package ask

import (
	"crypto/md5"  // what FreeSWITCH's dial plan can compute
	"crypto/sha1" // what Asterisk's can
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/netip"
	"strconv"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/number"
)

// PBX is one that may ask.
type PBX struct {
	Name    string
	Secret  string         // its own, at least 16 plain characters; not one that the PBX uses elsewhere
	From    []netip.Prefix // where it asks from, besides loopback
	Numbers *number.Site   // how it dials
}

// pbx is a PBX ready to be recognised.
type pbx struct {
	PBX
	sum [sha256.Size]byte
}

// skew is how far a signature's time may be off: clocks of PBXs differ, and a repeated question teaches nothing.
const skew = 5 * time.Minute

// Sign is what a FastAGI question carries instead of the secret, since Asterisk logs the arguments of AGI(): the SHA-1, in hexadecimal, of secret, time in
// seconds, uniqueid, percent-encoded number and the secret again with colons between. Dial plans compute it by SHA1().
func Sign(secret, at, uniqueid, number string) string {
	sum := sha1.Sum(toSign(secret, at, uniqueid, number))
	return hex.EncodeToString(sum[:])
}

// SignMD5 is Sign for FreeSWITCH, which logs what it posts too and knows no better sum. Who does not know the secret would need what hashes to a sum that he
// has not seen, which nobody can find for MD5 either.
func SignMD5(secret, at, uniqueid, number string) string {
	sum := md5.Sum(toSign(secret, at, uniqueid, number))
	return hex.EncodeToString(sum[:])
}

// toSign is what is hashed.
func toSign(secret, at, uniqueid, number string) []byte {
	return []byte(secret + ":" + at + ":" + uniqueid + ":" + number + ":" + secret)
}

// who finds the PBX that asks, or nil. It looks at all that could be meant and takes as long whichever it is.
func (s *Server) who(q *signed, from netip.Addr, now time.Time) *pbx {
	var found *pbx
	given := sha256.Sum256([]byte(q.Key))
	at, err := strconv.ParseInt(q.At, 10, 64)
	timely := err == nil && now.Sub(time.Unix(at, 0)).Abs() <= skew
	for i := range s.pbxs {
		p := &s.pbxs[i]
		if q.PBX != "" && q.PBX != p.Name {
			continue
		}
		same := 0
		if q.At == "" {
			same = subtle.ConstantTimeCompare(given[:], p.sum[:])
		} else if timely {
			same = subtle.ConstantTimeCompare([]byte(q.Key), []byte(Sign(p.Secret, q.At, q.UniqueID, q.raw))) |
				subtle.ConstantTimeCompare([]byte(q.Key), []byte(SignMD5(p.Secret, q.At, q.UniqueID, q.raw)))
		}
		if same == 1 && p.allows(from) {
			found = p
		}
	}
	return found
}

// allows says whether a PBX may ask from an address.
func (p *pbx) allows(from netip.Addr) bool {
	from = from.Unmap()
	if from.IsLoopback() {
		return true
	}
	for _, net := range p.From {
		if net.Contains(from) {
			return true
		}
	}
	return false
}

func newPBXs(in []PBX) ([]pbx, error) {
	seen := map[string]bool{}
	var out []pbx
	for _, p := range in {
		switch {
		case p.Name == "" || p.Numbers == nil || seen[p.Name]:
			return nil, belwacht.Errorf(belwacht.Config, "a PBX that asks needs a name of its own and a dial plan; %q has not", p.Name)
		case len(p.Secret) < 16 || seen[p.Secret]:
			return nil, belwacht.Errorf(belwacht.Config, "the secret with which PBX %q asks must be its own and have at least 16 characters", p.Name)
		}
		seen[p.Name], seen[p.Secret] = true, true
		out = append(out, pbx{p, sha256.Sum256([]byte(p.Secret))})
	}
	if len(out) == 0 {
		return nil, belwacht.Errorf(belwacht.Config, "no PBX is named that may ask")
	}
	return out, nil
}
