package certificate

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/acme"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

// challenges is where HTTP-01 asks (RFC 8555 §8.3).
const challenges = "/.well-known/acme-challenge/"

// TLS is how the console is served. A connection that asks for the proof of TLS-ALPN-01 (RFC 8737 §3) is given that and speaks no other protocol: net/http closes it,
// since "acme-tls/1" is none that it knows, and a page is never read by it.
func (k *Keeper) TLS() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"},
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) { return k.of(hello), nil },
		GetConfigForClient: func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
			if len(hello.SupportedProtos) != 1 || hello.SupportedProtos[0] != acme.ALPNProto {
				return nil, nil
			}
			k.mu.Lock()
			proof := k.proving[strings.ToLower(hello.ServerName)]
			k.mu.Unlock()
			if proof == nil {
				return nil, belwacht.Errorf(belwacht.NotFound, "no name is being proved")
			}
			return &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{acme.ALPNProto}, Certificates: []tls.Certificate{*proof}, SessionTicketsDisabled: true}, nil
		}}
}

// listen opens where challenges of HTTP-01 are answered, until ctx ends; false where that cannot be.
func (k *Keeper) listen(ctx context.Context, running *sync.WaitGroup) bool {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", k.c.HTTP)
	k.mu.Lock()
	first := k.shut == ""
	k.shut = ""
	if err != nil {
		k.shut = "web.acme.http: " + k.c.HTTP + " cannot be listened on: " + text.Clean(belwacht.Reason(err).Error(), 200)
	}
	k.mu.Unlock()
	if err != nil {
		if first && ctx.Err() == nil {
			k.c.Log.Error("challenges of the authority cannot be answered; it is tried again", "event", "acme.failed", "address", k.c.HTTP, "error", err)
		}
		return false
	}
	s := &http.Server{Handler: k.Handler(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 5 * time.Second, WriteTimeout: 5 * time.Second, IdleTimeout: 10 * time.Second, MaxHeaderBytes: 8 << 10,
		ErrorLog: slog.NewLogLogger(k.c.Log.Handler(), slog.LevelDebug)}
	running.Go(func() {
		<-ctx.Done()
		s.Close()
	})
	running.Go(func() {
		if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			k.c.Log.Error("challenges of the authority are answered no more", "event", "acme.failed", "error", err)
		}
	})
	return true
}

// Handler answers challenges of HTTP-01, sends every other question on to the console, at a name of ours and nowhere else, and shows nothing.
func (k *Keeper) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.Error(w, "use https", http.StatusMethodNotAllowed)
			return
		}
		host := strings.ToLower(r.Host)
		if h, _, err := net.SplitHostPort(host); err == nil {
			host = h
		}
		ours := slices.Contains(k.c.Names, host)
		if strings.HasPrefix(r.URL.Path, challenges) {
			k.mu.Lock()
			says, there := k.tokens[r.URL.Path]
			k.mu.Unlock()
			if !ours || !there {
				http.NotFound(w, r)
				return
			}
			w.Header().Set("Content-Type", "application/octet-stream")
			_, _ = io.WriteString(w, says) // the reader has gone where this fails
			return
		}
		if !ours {
			host = k.c.Names[0]
		}
		if k.c.Port != "" && k.c.Port != "443" {
			host = net.JoinHostPort(host, k.c.Port)
		}
		to := url.URL{Scheme: "https", Host: host, Path: "/" + strings.TrimLeft(r.URL.Path, "/"), RawQuery: r.URL.RawQuery}
		http.Redirect(w, r, to.String(), http.StatusFound)
	})
}
