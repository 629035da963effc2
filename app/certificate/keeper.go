package certificate

import (
	"context"
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/acme"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

// Times of asking.
const (
	askWithin = 5 * time.Minute
	againMost = time.Hour   // authorities take about five failed tries an hour
	againLess = time.Minute // after the first; then four times as long each time
	lookEvery = time.Hour   // at the clock, which may have been set
)

// Config is what a Keeper needs.
type Config struct {
	Names     []string         // that the certificate is for, in lower case and ASCII; the first is where plain requests are sent on to
	Mail      string           // by which the authority may reach the owner; "" = none
	Directory string           // of the authority; "" = Let's Encrypt
	Roots     *x509.CertPool   // that the authority's own certificate is checked with; nil = the system's
	HTTP      string           // HOST:PORT where challenges of HTTP-01 are answered; "" = TLS-ALPN-01
	Port      string           // of the console as people type it; "" = 443
	Folder    string           // of the data
	Own       *tls.Certificate // the one that signs itself
	Log       *slog.Logger
	Now       func() time.Time // nil = the clock
	Again     time.Duration    // until the second try; 0 = a minute
}

// Keeper keeps the certificate. Its methods may be called from many goroutines.
type Keeper struct {
	c       Config
	folder  string
	host    string // of the authority
	current atomic.Pointer[tls.Certificate]

	mu      sync.Mutex
	problem string                      // why the last try failed; "" = it did not
	shut    string                      // why challenges of HTTP-01 cannot be answered
	tokens  map[string]string           // what HTTP-01 is answered, by path
	proving map[string]*tls.Certificate // what TLS-ALPN-01 is answered, by name
}

// New makes a Keeper, with the certificate that an earlier run left. An error is of the folder.
func New(c Config) (*Keeper, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Directory == "" {
		c.Directory = acme.LetsEncryptURL
	}
	if c.Again == 0 {
		c.Again = againLess
	}
	u, err := url.Parse(c.Directory)
	if err != nil || u.Host == "" || len(c.Names) == 0 || c.Own == nil {
		return nil, belwacht.Errorf(belwacht.Config, "web.acme: names and the address of the directory are needed")
	}
	k := &Keeper{c: c, host: u.Host, tokens: map[string]string{}, proving: map[string]*tls.Certificate{},
		folder: filepath.Join(c.Folder, "acme", strings.ReplaceAll(u.Host, ":", "_"))}
	for _, dir := range []string{filepath.Dir(k.folder), k.folder} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, belwacht.Errorf(belwacht.Config, "web.acme: %s cannot be made: %w", dir, belwacht.Reason(err))
		}
		if err := os.Chmod(dir, 0o700); err != nil {
			return nil, belwacht.Errorf(belwacht.Config, "web.acme: %s cannot be kept from others: %w", dir, belwacht.Reason(err))
		}
	}
	if kept, err := k.load(); err != nil {
		c.Log.Warn("the certificate that was kept cannot be used; another is asked for", "event", "acme.damaged", "error", err)
	} else if kept != nil {
		k.current.Store(kept)
	}
	return k, nil
}

// Run asks for the certificate whenever it is time, and answers challenges of HTTP-01, until ctx ends.
func (k *Keeper) Run(ctx context.Context) {
	var listening sync.WaitGroup
	defer listening.Wait()
	open := k.c.HTTP == ""
	wait := k.c.Again
	for ctx.Err() == nil {
		if !open {
			open = k.listen(ctx, &listening)
		}
		next := min(k.due(), lookEvery)
		if next <= 0 && open {
			if err := k.renew(ctx); err != nil && ctx.Err() == nil {
				next, wait = k.failed(err, wait)
			} else {
				next, wait = 0, k.c.Again
			}
		} else if !open {
			next = k.c.Again
		}
		timer := time.NewTimer(next)
		select {
		case <-ctx.Done():
		case <-timer.C:
		}
		timer.Stop()
	}
}

// renew asks for a certificate, and puts it in place.
func (k *Keeper) renew(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	fresh, err := k.obtain(ctx)
	if err != nil {
		return err
	}
	k.current.Store(fresh)
	if k.due() <= 0 { // it would be asked for again at once, and again
		return belwacht.Errorf(belwacht.Invalid, "the certificate that was signed is over already by this machine's clock; is the clock right?")
	}
	k.mu.Lock()
	k.problem = ""
	k.mu.Unlock()
	k.c.Log.Info("the console has a certificate", "event", "acme.certificate", "names", k.c.Names, "until", fresh.Leaf.NotAfter.UTC().Format(time.RFC3339), "issuer", text.Clean(fresh.Leaf.Issuer.CommonName, 100))
	return nil
}

// failed notes why, and says when the next try is and how long to wait after that.
func (k *Keeper) failed(err error, wait time.Duration) (next, after time.Duration) {
	why := reason(err)
	k.mu.Lock()
	k.problem = why
	k.mu.Unlock()
	next = wait
	if limited, ok := acme.RateLimit(asProblem(err)); ok && limited > next {
		next = min(limited, 24*time.Hour)
	}
	k.c.Log.Error("the console's certificate cannot be had; it is tried again", "event", "acme.failed", "names", k.c.Names, "authority", k.host, "error", why, "again_in", next.String())
	return next, max(k.c.Again, min(4*wait, againMost))
}

// due is how long until a certificate has to be asked for: none covers the names, or a third of its time is left.
func (k *Keeper) due() time.Duration {
	c := k.current.Load()
	if c == nil || slices.ContainsFunc(k.c.Names, func(n string) bool { return c.Leaf.VerifyHostname(n) != nil }) {
		return 0
	}
	life := c.Leaf.NotAfter.Sub(c.Leaf.NotBefore)
	return c.Leaf.NotAfter.Add(-life / 3).Sub(k.c.Now())
}

// Problem is what somebody should look at, in English; package text has it in Dutch. "" = nothing.
func (k *Keeper) Problem() string {
	k.mu.Lock()
	why := k.problem
	if k.shut != "" {
		why = k.shut
	}
	k.mu.Unlock()
	if why == "" {
		return ""
	}
	name := k.c.Names[0]
	c := k.current.Load()
	switch {
	case c == nil:
		return fmt.Sprintf("the console shows a certificate that signs itself, since there is none for %s yet: %s", name, why)
	case !k.c.Now().Before(c.Leaf.NotAfter):
		return fmt.Sprintf("the console shows a certificate that signs itself, since that for %s is over and cannot be renewed: %s", name, why)
	}
	return fmt.Sprintf("the console's certificate for %s ends on %s and cannot be renewed: %s", name, c.Leaf.NotAfter.UTC().Format("2006-01-02"), why)
}

// of is the certificate for a connection.
func (k *Keeper) of(hello *tls.ClientHelloInfo) *tls.Certificate {
	c := k.current.Load()
	if c == nil || hello.ServerName == "" || !k.c.Now().Before(c.Leaf.NotAfter) || c.Leaf.VerifyHostname(hello.ServerName) != nil {
		return k.c.Own
	}
	return c
}

// signs says whether a key belongs to a certificate.
func signs(key crypto.Signer, leaf *x509.Certificate) bool {
	public, ok := key.Public().(interface{ Equal(crypto.PublicKey) bool })
	return ok && public.Equal(leaf.PublicKey)
}
