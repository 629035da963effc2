package access

import (
	"bytes"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"image/png"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"github.com/belwacht/belwacht"
)

// How codes are made: what every program for them can (RFC 6238 with its defaults).
const (
	totpPeriod = 30 // seconds
	totpSecret = 20 // bytes, as RFC 4226 §4 R6 recommends
	totpAround = 1  // steps that a clock may be off by, either way
	totpImage  = 240
)

// Recovery codes: how many, and of how many random bytes. 80 bits: a plain sum of one cannot be found by trying.
const (
	recoveryCodes = 10
	recoveryBytes = 10
)

// TOTPSetup is what a user puts into their program for codes.
type TOTPSetup struct {
	Secret string // base32
	URL    string // otpauth://
	QR     []byte // the URL as a PNG
}

// NewTOTP makes a secret for a user.
func NewTOTP(issuer, login string) (*TOTPSetup, error) {
	k, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: login, Period: totpPeriod, SecretSize: totpSecret, Rand: rand.Reader})
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Internal, "a secret for codes cannot be made: %w", err)
	}
	return setupOf(k)
}

func setupOf(k *otp.Key) (*TOTPSetup, error) {
	image, err := k.Image(totpImage, totpImage)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Internal, "a QR code cannot be drawn: %w", err)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, image); err != nil {
		return nil, belwacht.Errorf(belwacht.Internal, "a QR code cannot be written: %w", err)
	}
	return &TOTPSetup{k.Secret(), k.URL(), b.Bytes()}, nil
}

// TOTPAgain shows a secret that was made before.
func TOTPAgain(issuer, login, secret string) (*TOTPSetup, error) {
	v := url.Values{"secret": {secret}, "issuer": {issuer}, "period": {"30"}, "algorithm": {"SHA1"}, "digits": {"6"}}
	u := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + issuer + ":" + login, RawQuery: strings.ReplaceAll(v.Encode(), "+", "%20")}
	k, err := otp.NewKeyFromURL(u.String())
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Internal, "a secret for codes cannot be shown: %w", err)
	}
	return setupOf(k)
}

// TOTPStep is the step of a code, among those around now that come after last; 0 where it is none. A code that was used, and one before it, is never good
// again (RFC 6238 §5.2).
func TOTPStep(secret, code string, now time.Time, last int64) int64 {
	code = strings.ReplaceAll(strings.TrimSpace(code), " ", "")
	if len(code) != 6 {
		return 0
	}
	found := int64(0)
	step := now.Unix() / totpPeriod
	for s := step - totpAround; s <= step+totpAround; s++ {
		want, err := totp.GenerateCodeCustom(secret, time.Unix(s*totpPeriod, 0), totp.ValidateOpts{Period: totpPeriod, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && s > last && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			found = s
		}
	}
	return found
}

// NewRecovery makes recovery codes and their sums.
func NewRecovery() (codes, sums []string) {
	for range recoveryCodes {
		b := make([]byte, recoveryBytes)
		_, _ = rand.Read(b) // never fails (crypto/rand)
		c := strings.ToLower(base32.StdEncoding.EncodeToString(b))
		codes = append(codes, c[0:4]+"-"+c[4:8]+"-"+c[8:12]+"-"+c[12:16])
		sums = append(sums, SumOf(c))
	}
	return codes, sums
}

// UseRecovery takes a code out of those that are left; false where it is none of them.
func UseRecovery(sums []string, code string) ([]string, bool) {
	code = strings.ToLower(strings.NewReplacer("-", "", " ", "").Replace(code))
	i := slices.Index(sums, SumOf(code))
	if i < 0 {
		return sums, false
	}
	return slices.Delete(slices.Clone(sums), i, i+1), true
}
