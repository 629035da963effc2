// Package ntfy tells alerts on a telephone, by a topic of ntfy.sh or of the owner's own ntfy server ("Publish as JSON").
//
// Everybody who knows a topic of an open server can read it: choose a name that nobody guesses, or a server with accounts. What is sent is JSON, so nothing that a
// stranger wrote becomes a header.
package ntfy

import (
	"context"
	"encoding/json"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/notify"
	"github.com/belwacht/belwacht/text"
)

// textMost is what ntfy takes of a message before it makes an attachment of it, in bytes.
const textMost = 3900

// Config is where alerts go.
type Config struct {
	URL    string // of the server; "" = https://ntfy.sh
	Topic  string
	Token  string // of an account; "" = none
	Client *notify.Client
	Allow  []netip.Prefix
}

// Ntfy is a notify.Way and a notify.Gatherer.
type Ntfy struct {
	cfg  Config
	host string
}

// Check says what is wrong with a topic, as an error of code Config.
func Check(topic string) error {
	if !regexp.MustCompile(`^[-_A-Za-z0-9]{1,64}$`).MatchString(topic) {
		return belwacht.Errorf(belwacht.Config, "is no topic of ntfy; it has up to 64 letters, digits, - and _")
	}
	return nil
}

// New makes a Ntfy. An error is of code Config.
func New(c Config) (*Ntfy, error) {
	if c.URL == "" {
		c.URL = "https://ntfy.sh"
	}
	c.URL = strings.TrimRight(c.URL, "/") + "/"
	if err := notify.CheckURL(c.URL, c.Allow); err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "the address of ntfy %w", err)
	}
	if err := Check(c.Topic); err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "what should be a topic %w", err)
	}
	u, err := url.Parse(c.URL)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "the address of ntfy is none")
	}
	return &Ntfy{c, text.Clean(u.Host, 100)}, nil
}

// Name implements notify.Way. The topic is left out but for its beginning: who knows it can read it.
func (n *Ntfy) Name() string {
	return "ntfy " + n.host + " " + n.cfg.Topic[:min(4, len(n.cfg.Topic))] + "…"
}

// Send implements notify.Way.
func (n *Ntfy) Send(ctx context.Context, m *notify.Message) error {
	return n.SendAll(ctx, []*notify.Message{m})
}

// SendAll implements notify.Gatherer.
func (n *Ntfy) SendAll(ctx context.Context, list []*notify.Message) error {
	priority := 4
	if notify.Gravest(list) >= belwacht.Refuse {
		priority = 5
	}
	o := map[string]any{"topic": n.cfg.Topic, "title": notify.Title(list), "message": notify.Plain(list, textMost), "priority": priority, "tags": []string{"telephone_receiver"}}
	if len(list) == 1 && list[0].Link != "" {
		o["actions"] = []map[string]string{{"action": "view", "label": notify.Label(list[0].In), "url": list[0].Link}}
	}
	body, err := json.Marshal(o)
	if err != nil {
		return belwacht.Errorf(belwacht.Internal, "the alert cannot be written as JSON: %w", notify.ErrRefused)
	}
	h := http.Header{"Content-Type": {"application/json"}}
	if n.cfg.Token != "" {
		h.Set("Authorization", "Bearer "+n.cfg.Token)
	}
	return n.cfg.Client.Post(ctx, n.cfg.URL, h, body, "look whether topic and token are right")
}
