package notify

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"syscall"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

const (
	timeout    = 10 * time.Second
	answerMost = 4 << 10 // bytes of an answer that are read
)

// Client makes HTTP requests to where a configuration leads, and nowhere else: no request reaches an address of this machine, of a private or link-local network or
// of a cloud's metadata service, whatever a name leads to at that moment, unless the owner lists it; redirects are not followed. Certificates are verified. Errors
// name the host only, as the rest of an address may be a secret. It is safe for concurrent use.
type Client struct {
	http  *http.Client
	allow []netip.Prefix
	proxy []string // addresses of the owner's proxies, by which nothing inside is reached
}

// errInside is why an address is not spoken to.
var errInside = errors.New("is an address inside")

// NewClient makes a Client. allow are addresses inside that the owner lists; roots verify certificates, nil = the system's.
func NewClient(allow []netip.Prefix, roots *x509.CertPool) *Client {
	c := &Client{allow: slices.Clone(allow)}
	dialer := &net.Dialer{Timeout: timeout, ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error { return c.guard(address) }}
	plain := &net.Dialer{Timeout: timeout}
	transport := &http.Transport{TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots}, ForceAttemptHTTP2: true, MaxIdleConns: 16,
		MaxIdleConnsPerHost: 1, IdleConnTimeout: time.Minute, MaxResponseHeaderBytes: 64 << 10, Proxy: c.throughProxy}
	if u := proxies(); len(u) > 0 {
		c.proxy = u
	}
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		if slices.Contains(c.proxy, address) {
			return plain.DialContext(ctx, network, address)
		}
		return dialer.DialContext(ctx, network, address)
	}
	c.http = &http.Client{Transport: transport, Timeout: timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return c
}

// proxies are the addresses of the proxies that the environment names.
func proxies() (list []string) {
	for _, of := range []string{"http://proxied.invalid/", "https://proxied.invalid/"} {
		r, err := http.NewRequest(http.MethodGet, of, nil)
		if err != nil {
			continue
		}
		if u, err := http.ProxyFromEnvironment(r); err == nil && u != nil {
			port := u.Port()
			if port == "" {
				port = map[string]string{"https": "443", "socks5": "1080"}[u.Scheme]
			}
			if port == "" {
				port = "80"
			}
			list = append(list, net.JoinHostPort(u.Hostname(), port))
		}
	}
	return list
}

// throughProxy is the proxy of a request, once its own address is one that may be spoken to: beyond a proxy nobody checks what is dialled.
func (c *Client) throughProxy(r *http.Request) (*url.URL, error) {
	u, err := http.ProxyFromEnvironment(r)
	if u == nil || err != nil {
		return u, err
	}
	if a, err := netip.ParseAddr(r.URL.Hostname()); err == nil && !Outside(a, c.allow) {
		return nil, errInside
	}
	return u, nil
}

// guard is asked of each address that a name led to, as it is dialled: a name server that answers differently the second time changes nothing.
func (c *Client) guard(address string) error {
	a, err := netip.ParseAddrPort(address)
	if err != nil {
		return errInside
	}
	if !Outside(a.Addr(), c.allow) {
		return errInside
	}
	return nil
}

// inside are networks that are in nobody's public internet (RFC 6890 and its registries), or lead to such a one.
func inside() []netip.Prefix {
	var list []netip.Prefix
	for _, s := range []string{"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "240.0.0.0/4",
		"64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2002::/16", "fec0::/10"} {
		list = append(list, netip.MustParsePrefix(s))
	}
	return list
}

// Outside says whether an address may be spoken to: it is in the public internet, or in a network that is listed. One that is link-local, where clouds hand out
// the secrets of machines, must be listed by itself.
func Outside(a netip.Addr, allow []netip.Prefix) bool {
	a = a.Unmap().WithZone("")
	metadata := a.IsLinkLocalUnicast() || a == netip.MustParseAddr("fd00:ec2::254") || a == netip.MustParseAddr("100.100.100.200")
	for _, p := range allow {
		if p.Contains(a) && (!metadata || p.IsSingleIP()) {
			return true
		}
	}
	if metadata || !a.IsGlobalUnicast() || a.IsPrivate() || a.IsLoopback() {
		return false
	}
	return !slices.ContainsFunc(inside(), func(p netip.Prefix) bool { return p.Contains(a) })
}

// CheckURL says what is wrong with an address of an HTTP way, as an error of code Config without the address: it must be https, or http where it leads to a listed
// address, and name no user. A name is looked up as it is used.
func CheckURL(address string, allow []netip.Prefix) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Hostname() == "" || u.Opaque != "" || u.Scheme != "https" && u.Scheme != "http":
		return belwacht.Errorf(belwacht.Config, "is no address; write for example https://alerts.example.nl/belwacht")
	case u.User != nil:
		return belwacht.Errorf(belwacht.Config, "names a user or a password; let the receiver check the signature, or use a command")
	}
	host := u.Hostname()
	if host == "localhost" {
		host = "127.0.0.1"
	}
	a, err := netip.ParseAddr(host)
	literal := err == nil
	switch {
	case literal && !Outside(a, allow):
		return belwacht.Errorf(belwacht.Config, "leads to %s, which is inside; where that is meant, list it: alerts: {allow: [%s]}", a, a)
	case u.Scheme == "http" && (!literal || !slices.ContainsFunc(allow, func(p netip.Prefix) bool { return p.Contains(a.Unmap()) })):
		return belwacht.Errorf(belwacht.Config, "would send alerts unencrypted; write https://, http:// only to an address that is listed under alerts.allow")
	}
	return nil
}

// Post posts a body and returns once it was answered with 2xx. Its error is one for Way.Send; look says where somebody should look who gets a 4xx. It takes at
// most ten seconds.
func (c *Client) Post(ctx context.Context, address string, header http.Header, body []byte, look string) error {
	_, err := c.Do(ctx, http.MethodPost, address, header, body, look)
	return err
}

// Do is Post by any method, and returns the beginning of the answer.
func (c *Client) Do(ctx context.Context, method, address string, header http.Header, body []byte, look string) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Internal, "the address is none: %w", ErrRefused)
	}
	host := text.Clean(u.Host, 100)
	r, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Internal, "no request can be made to %s: %w", host, ErrRefused)
	}
	for name, values := range header {
		r.Header[name] = values
	}
	r.Header.Set("User-Agent", "Belwacht")
	answer, err := c.http.Do(r)
	if err != nil {
		return nil, unreachable(host, err)
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(io.LimitReader(answer.Body, answerMost))
	if err != nil && answer.StatusCode/100 == 2 {
		return nil, unreachable(host, err)
	}
	return said, judge(host, answer.StatusCode, look)
}

// judge says what a status means.
func judge(host string, status int, look string) error {
	says := fmt.Sprintf("%s answers %d %s", host, status, http.StatusText(status))
	switch {
	case status/100 == 2:
		return nil
	case status/100 == 3:
		return belwacht.Errorf(belwacht.Unreachable, "%s, and redirects are not followed; write the address where it leads", says)
	case status == http.StatusTooManyRequests:
		return belwacht.Errorf(belwacht.Unreachable, "%s; it allows fewer requests", says)
	case status/100 == 4 && status != http.StatusRequestTimeout:
		return belwacht.Errorf(belwacht.Invalid, "%s; %s: %w", says, look, ErrRefused)
	}
	return belwacht.Errorf(belwacht.Invalid, "%s; look into the receiver's own log", says)
}

// unreachable says why there was no answer, without the address.
func unreachable(host string, err error) error {
	var wrap *url.Error
	if errors.As(err, &wrap) {
		err = wrap.Err
	}
	var bad *tls.CertificateVerificationError
	switch {
	case errors.Is(err, errInside):
		return belwacht.Errorf(belwacht.Unreachable, "%s leads to an address of this machine or of the networks around it, and is not spoken to; where that is meant, list the address under alerts.allow", host)
	case errors.As(err, &bad):
		return belwacht.Errorf(belwacht.Unreachable, "%s has a certificate that is not good (%s); mend it there, or add its authority to this machine", host,
			text.Clean(bad.Err.Error(), 200))
	case wrap != nil && wrap.Timeout():
		return belwacht.Errorf(belwacht.Unreachable, "%s does not answer within %d s; is it running, and does the firewall let this machine out?", host,
			int(timeout.Seconds()))
	}
	return belwacht.Errorf(belwacht.Unreachable, "%s is not reached (%s); is it running, and does the firewall let this machine out?", host, text.Clean(err.Error(), 200))
}
