// Package webhook tells alerts by an HTTP request: POST of a notify.Message in JSON to an address that the owner chose.
//
//	POST /hook
//	Content-Type: application/json
//	X-Belwacht-Delivery: HEX
//	X-Belwacht-Timestamp: 1777000000
//	X-Belwacht-Signature: v1=HEX
//
// The signature is the HMAC-SHA256 of timestamp, a dot and the body, in hexadecimal, with the secret that both sides know; a receiver compares it and refuses
// timestamps older than a few minutes. Without a secret both headers are left out. 2xx means that the alert has arrived; 4xx other than 408 and 429 that it
// never will. X-Belwacht-Delivery names the form of the alert: a receiver that has it already may answer 2xx and do nothing. Certificates are verified, redirects
// are not followed, addresses inside are spoken to only where they are listed, and what the receiver answers is read no further than its status. The address may be
// a secret itself, so errors name its host only.
package webhook

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/notify"
	"github.com/belwacht/belwacht/text"
)

// Config is where alerts go.
type Config struct {
	URL    string         // see notify.CheckURL
	Secret string         // of the signature; "" = none
	Client *notify.Client // required
	Allow  []netip.Prefix // addresses inside that the owner lists, as the client has them
}

// Webhook is a notify.Way.
type Webhook struct {
	url, host string
	secret    []byte
	client    *notify.Client
}

// New makes a Webhook. An error is of code Config.
func New(c Config) (*Webhook, error) {
	if err := notify.CheckURL(c.URL, c.Allow); err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "the webhook's address %w", err)
	}
	u, err := url.Parse(c.URL)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "the webhook's address is none")
	}
	return &Webhook{url: c.URL, host: text.Clean(u.Host, 100), secret: []byte(c.Secret), client: c.Client}, nil
}

// Name implements notify.Way.
func (w *Webhook) Name() string { return "webhook " + w.host }

// Send implements notify.Way. It takes at most ten seconds.
func (w *Webhook) Send(ctx context.Context, m *notify.Message) error {
	body, err := json.Marshal(m)
	if err != nil {
		return belwacht.Errorf(belwacht.Internal, "the alert cannot be written as JSON: %w", notify.ErrRefused)
	}
	h := http.Header{"Content-Type": {"application/json"}, "X-Belwacht-Delivery": {m.Delivery}}
	if len(w.secret) > 0 {
		at := strconv.FormatInt(time.Now().Unix(), 10)
		h.Set("X-Belwacht-Timestamp", at)
		h.Set("X-Belwacht-Signature", Sign(w.secret, at, body))
	}
	return w.client.Post(ctx, w.url, h, body, "look whether address and secret are the receiver's")
}

// Sign is the signature of a body sent at a time, in seconds since 1970.
func Sign(secret []byte, at string, body []byte) string {
	h := hmac.New(sha256.New, secret)
	h.Write([]byte(at + "."))
	h.Write(body)
	return "v1=" + hex.EncodeToString(h.Sum(nil))
}
