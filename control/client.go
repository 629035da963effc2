package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/belwacht/belwacht"
)

// maxAnswer bounds what a client reads, in bytes.
const maxAnswer = 256 << 20

// Client speaks to a running Belwacht.
type Client struct {
	socket string
	web    http.Client
}

// NewClient makes a client for a socket; nothing is opened yet.
func NewClient(socket string) *Client {
	c := &Client{socket: socket}
	c.web = http.Client{Timeout: within, Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		d := net.Dialer{Timeout: 5 * time.Second}
		return d.DialContext(ctx, "unix", socket)
	}}}
	return c
}

// Do asks for a path such as /v1/status. What is sent, and what comes into out, is JSON; in may be nil. Errors are what the server said, with its code;
// where nobody listens or may be spoken to, of code Unreachable.
func (c *Client) Do(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return belwacht.Errorf(belwacht.Internal, "a question cannot be written: %w", err)
		}
		if len(b) > bodyMost { // the server would close the connection while it is still written to
			return belwacht.Errorf(belwacht.Invalid, "what is asked is too long: %d KiB, of %d at most", len(b)>>10, bodyMost>>10)
		}
		body = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(ctx, method, "http://belwacht"+path, body)
	if err != nil {
		return belwacht.Errorf(belwacht.Invalid, "a question cannot be made of this: %w", err)
	}
	if in != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	w, err := c.web.Do(r)
	if err != nil {
		return c.unreachable(err)
	}
	defer w.Body.Close()
	limited := io.LimitReader(w.Body, maxAnswer)
	if w.StatusCode >= 300 {
		return refusal(w.StatusCode, limited)
	}
	if err := json.NewDecoder(limited).Decode(out); err != nil {
		return belwacht.Errorf(belwacht.Unreachable, "what answers at %s is no Belwacht of this version: %w", c.socket, err)
	}
	return nil
}

// unreachable says why nobody could be spoken to.
func (c *Client) unreachable(err error) error {
	switch {
	case errors.Is(err, fs.ErrPermission):
		return belwacht.Errorf(belwacht.Unreachable, "you may not speak to the Belwacht at %s; be its user or a member of its group, or use sudo", c.socket)
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED):
		return belwacht.Errorf(belwacht.Unreachable, "no Belwacht listens at %s; start it with belwacht run, or name its socket with --socket", c.socket)
	}
	return belwacht.Errorf(belwacht.Unreachable, "the Belwacht at %s does not answer: %w", c.socket, err)
}

// refusal makes an error of a problem.
func refusal(status int, r io.Reader) error {
	var p huma.ErrorModel
	if json.NewDecoder(io.LimitReader(r, 1<<20)).Decode(&p) != nil || p.Detail == "" {
		return belwacht.Errorf(belwacht.Unreachable, "Belwacht answers %d and says no more", status)
	}
	code := belwacht.Code(strings.TrimPrefix(p.Type, problemType))
	switch code {
	case belwacht.Invalid, belwacht.NotFound, belwacht.Config, belwacht.Unreachable, belwacht.Usage, belwacht.Internal, belwacht.Forbidden, belwacht.TooMany:
	default:
		code = belwacht.Invalid
	}
	detail := p.Detail
	for _, e := range p.Errors {
		detail += "; " + e.Error()
	}
	return belwacht.Errorf(code, "%s", detail)
}
