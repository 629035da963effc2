// Package webhook tells alerts by an HTTP request: POST of a notify.Message in JSON to an address that the owner chose.
//
//	POST /hook
//	Content-Type: application/json
//	X-Belwacht-Timestamp: 1777000000
//	X-Belwacht-Signature: v1=HEX
//
// The signature is the HMAC-SHA256 of timestamp, a dot and the body, in hexadecimal, with the secret that both sides know; a receiver compares it and refuses
// timestamps older than a few minutes. Without a secret both headers are left out. 2xx means that the alert has arrived; 4xx other than 408 and 429 that it
// never will. Certificates are verified, redirects are not followed, and what the receiver answers is read no further than its status. The address may be a
// secret itself, so errors name its host only.
package webhook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/network"
	"github.com/belwacht/belwacht/notify"
	"github.com/belwacht/belwacht/text"
)

const (
	timeout    = 10 * time.Second
	answerMost = 4 << 10 // bytes of an answer that are read, so that the connection can be used again
)

// Config is where alerts go.
type Config struct {
	URL    string         // see Check
	Secret string         // of the signature; "" = none
	Roots  *x509.CertPool // that the receiver's certificate is verified by; nil = the system's
}

// Webhook is a notify.Way.
type Webhook struct {
	url, host string
	secret    []byte
	client    *http.Client
}

// Check says what is wrong with an address, as an error of code Config without the address: it must be https, or http to the machine itself, and name no user.
func Check(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Hostname() == "" || u.Opaque != "" || u.Scheme != "https" && u.Scheme != "http":
		return belwacht.Errorf(belwacht.Config, "is no address; write for example https://alerts.example.nl/belwacht")
	case u.User != nil:
		return belwacht.Errorf(belwacht.Config, "names a user or a password; let the receiver check the signature, or use a command")
	case u.Scheme == "http" && !network.Loopback(u.Hostname()):
		return belwacht.Errorf(belwacht.Config, "would send alerts unencrypted; write https://, http:// only to this machine itself")
	}
	return nil
}

// New makes a Webhook. An error is of code Config.
func New(c Config) (*Webhook, error) {
	if err := Check(c.URL); err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "the webhook's address %w", err)
	}
	u, err := url.Parse(c.URL)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "the webhook's address is none")
	}
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: c.Roots},
		ForceAttemptHTTP2: true, MaxIdleConns: 1, IdleConnTimeout: time.Minute, MaxResponseHeaderBytes: 64 << 10}
	return &Webhook{url: c.URL, host: text.Clean(u.Host, 100), secret: []byte(c.Secret), client: &http.Client{Transport: transport, Timeout: timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}, nil
}

// Name implements notify.Way.
func (w *Webhook) Name() string { return "webhook " + w.host }

// Send implements notify.Way. It takes at most ten seconds.
func (w *Webhook) Send(ctx context.Context, m *notify.Message) error {
	body, err := json.Marshal(m)
	if err != nil {
		return belwacht.Errorf(belwacht.Internal, "the alert cannot be written as JSON: %w", notify.ErrRefused)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.url, bytes.NewReader(body))
	if err != nil {
		return belwacht.Errorf(belwacht.Internal, "no request can be made to %s: %w", w.host, notify.ErrRefused)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Belwacht")
	if len(w.secret) > 0 {
		at := strconv.FormatInt(time.Now().Unix(), 10)
		r.Header.Set("X-Belwacht-Timestamp", at)
		r.Header.Set("X-Belwacht-Signature", Sign(w.secret, at, body))
	}
	answer, err := w.client.Do(r)
	if err != nil {
		return w.unreachable(err)
	}
	defer answer.Body.Close()
	_, err = io.CopyN(io.Discard, answer.Body, answerMost)
	if err != nil && !errors.Is(err, io.EOF) && answer.StatusCode/100 == 2 {
		return w.unreachable(err)
	}
	return w.judge(answer.StatusCode)
}

// Sign is the signature of a body sent at a time, in seconds since 1970.
func Sign(secret []byte, at string, body []byte) string {
	h := hmac.New(sha256.New, secret)
	h.Write([]byte(at + "."))
	h.Write(body)
	return "v1=" + hex.EncodeToString(h.Sum(nil))
}

// judge says what a status means.
func (w *Webhook) judge(status int) error {
	says := fmt.Sprintf("%s answers %d %s", w.host, status, http.StatusText(status))
	switch {
	case status/100 == 2:
		return nil
	case status/100 == 3:
		return belwacht.Errorf(belwacht.Unreachable, "%s, and redirects are not followed; write the address where it leads", says)
	case status/100 == 4 && status != http.StatusRequestTimeout && status != http.StatusTooManyRequests:
		return belwacht.Errorf(belwacht.Invalid, "%s; look whether address and secret are the receiver's: %w", says, notify.ErrRefused)
	case status == http.StatusTooManyRequests:
		return belwacht.Errorf(belwacht.Unreachable, "%s; it allows fewer requests", says)
	}
	return belwacht.Errorf(belwacht.Invalid, "%s; look into the receiver's own log", says)
}

// unreachable says why there was no answer, without the address.
func (w *Webhook) unreachable(err error) error {
	var wrap *url.Error
	if errors.As(err, &wrap) {
		err = wrap.Err
	}
	var bad *tls.CertificateVerificationError
	switch {
	case errors.As(err, &bad):
		return belwacht.Errorf(belwacht.Unreachable, "%s has a certificate that is not good (%s); mend it there, or add its authority to this machine", w.host,
			text.Clean(bad.Err.Error(), 200))
	case wrap != nil && wrap.Timeout():
		return belwacht.Errorf(belwacht.Unreachable, "%s does not answer within %d s; is it running, and does the firewall let this machine out?", w.host,
			int(timeout.Seconds()))
	}
	return belwacht.Errorf(belwacht.Unreachable, "%s is not reached (%s); is it running, and does the firewall let this machine out?", w.host, text.Clean(err.Error(), 200))
}
