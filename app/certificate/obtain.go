package certificate

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/acme"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

// answerMost bounds an answer of the authority, in bytes.
const answerMost = 1 << 20

// obtain has a new certificate signed, and keeps it.
func (k *Keeper) obtain(ctx context.Context) (*tls.Certificate, error) {
	client, err := k.client(ctx)
	if err != nil {
		return nil, err
	}
	order, err := client.AuthorizeOrder(ctx, acme.DomainIDs(k.c.Names...))
	if err != nil {
		return nil, err
	}
	for _, at := range order.AuthzURLs {
		if err := k.prove(ctx, client, at); err != nil {
			return nil, err
		}
	}
	if order, err = client.WaitOrder(ctx, order.URI); err != nil {
		return nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader) // a new one each time
	if err != nil {
		return nil, err
	}
	request, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{DNSNames: k.c.Names}, key)
	if err != nil {
		return nil, err
	}
	chain, _, err := client.CreateCertFromOrder(ctx, order, request, true)
	if err != nil {
		return nil, err
	}
	c, err := certificateOf(chain, key)
	if err != nil {
		return nil, err
	}
	for _, n := range k.c.Names {
		if err := c.Leaf.VerifyHostname(n); err != nil {
			return nil, belwacht.Errorf(belwacht.Invalid, "the authority signed a certificate that is not for %s", n)
		}
	}
	return c, k.keep(c)
}

// client makes one that speaks for our account, which is made where there is none.
func (k *Keeper) client(ctx context.Context) (*acme.Client, error) {
	key, err := k.accountKey()
	if err != nil {
		return nil, err
	}
	dial := http.DefaultTransport.(*http.Transport).Clone()
	dial.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: k.c.Roots}
	c := &acme.Client{Key: key, DirectoryURL: k.c.Directory, UserAgent: "belwacht", HTTPClient: &http.Client{Timeout: time.Minute, Transport: &only{k.host, dial},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	account := &acme.Account{}
	if k.c.Mail != "" {
		account.Contact = []string{"mailto:" + k.c.Mail}
	}
	if _, err := c.Register(ctx, account, acme.AcceptTOS); err != nil && !errors.Is(err, acme.ErrAccountAlreadyExists) { // the owner accepted the terms in the configuration
		return nil, err
	}
	return c, nil
}

// prove proves that a name is ours, where that has to be.
func (k *Keeper) prove(ctx context.Context, client *acme.Client, at string) error {
	z, err := client.GetAuthorization(ctx, at)
	if err != nil || z.Status == acme.StatusValid {
		return err
	}
	how := "tls-alpn-01"
	if k.c.HTTP != "" {
		how = "http-01"
	}
	i := slices.IndexFunc(z.Challenges, func(c *acme.Challenge) bool { return c.Type == how })
	if i < 0 {
		return belwacht.Errorf(belwacht.Config, "the authority does not take %s as proof for %s", how, text.Clean(z.Identifier.Value, 100))
	}
	done, err := k.answer(client, z.Challenges[i], z.Identifier.Value)
	if err != nil {
		return err
	}
	defer done()
	if _, err := client.Accept(ctx, z.Challenges[i]); err != nil {
		return err
	}
	_, err = client.WaitAuthorization(ctx, at)
	return err
}

// answer has a challenge answered until done is called.
func (k *Keeper) answer(client *acme.Client, c *acme.Challenge, name string) (done func(), err error) {
	if c.Type == "http-01" {
		says, err := client.HTTP01ChallengeResponse(c.Token)
		if err != nil {
			return nil, err
		}
		path := client.HTTP01ChallengePath(c.Token)
		k.mu.Lock()
		defer k.mu.Unlock()
		k.tokens[path] = says
		return func() { k.mu.Lock(); defer k.mu.Unlock(); delete(k.tokens, path) }, nil
	}
	proof, err := client.TLSALPN01ChallengeCert(c.Token, name)
	if err != nil {
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.proving[name] = &proof
	return func() { k.mu.Lock(); defer k.mu.Unlock(); delete(k.proving, name) }, nil
}

// certificateOf puts a chain and its key together.
func certificateOf(chain [][]byte, key crypto.Signer) (*tls.Certificate, error) {
	if len(chain) == 0 {
		return nil, belwacht.Errorf(belwacht.Invalid, "the authority sent no certificate")
	}
	leaf, err := x509.ParseCertificate(chain[0])
	if err != nil || !signs(key, leaf) {
		return nil, belwacht.Errorf(belwacht.Invalid, "what the authority sent is no certificate of ours")
	}
	return &tls.Certificate{Certificate: chain, PrivateKey: key, Leaf: leaf}, nil
}

// only is a transport to one host: the addresses in an authority's answers lead nowhere else, least of all into the house.
type only struct {
	host string
	next http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (o *only) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != "https" || !strings.EqualFold(r.URL.Host, o.host) {
		return nil, belwacht.Errorf(belwacht.Forbidden, "the authority named the address %s, which is not its own", text.Clean(r.URL.Host, 100))
	}
	a, err := o.next.RoundTrip(r)
	if err == nil {
		a.Body = &bounded{io.LimitReader(a.Body, answerMost), a.Body}
	}
	return a, err
}

// bounded is a body of which only so much is read.
type bounded struct {
	io.Reader
	io.Closer
}

// asProblem is the authority's own error within one.
func asProblem(err error) error {
	var a *acme.AuthorizationError
	if errors.As(err, &a) && len(a.Errors) > 0 {
		err = a.Errors[0]
	}
	var p *acme.Error
	if errors.As(err, &p) {
		return p
	}
	return err
}

// reason is an error as one sentence for status, without addresses of the authority's inside.
func reason(err error) string {
	var p *acme.Error
	var u *url.Error
	var a *acme.AuthorizationError
	switch {
	case errors.As(err, &a) && a.Identifier != "":
		return text.Clean(a.Identifier+": "+reason(asProblem(err)), 300)
	case errors.As(asProblem(err), &p) && p.Detail != "":
		return text.Clean(p.Detail, 250)
	case errors.Is(err, context.DeadlineExceeded):
		return "the authority did not answer in time"
	case errors.As(err, &u):
		return "the authority cannot be reached: " + text.Clean(belwacht.Reason(u.Err).Error(), 250)
	}
	return text.Clean(err.Error(), 300)
}
