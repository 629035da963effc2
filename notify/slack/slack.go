// Package slack tells alerts in a channel of Slack, by an incoming webhook of the owner's app.
//
// What a stranger wrote stands in text of the kind plain_text only, in which Slack knows no links, no mentions and no formatting; the fallback, which Slack shows in
// a notification, is escaped as Slack wants it. The webhook's address is a secret.
package slack

import (
	"context"
	"encoding/json"
	"net/http"
	"net/netip"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/notify"
)

// sectionMost is what Slack takes of a section's text, in characters; we count bytes.
const sectionMost = 2900

// Slack is a notify.Way and a notify.Gatherer.
type Slack struct {
	url    string
	client *notify.Client
}

// New makes a Slack of an incoming webhook's address. An error is of code Config.
func New(address string, client *notify.Client, allow []netip.Prefix) (*Slack, error) {
	if err := notify.CheckURL(address, allow); err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "the address of Slack's webhook %w", err)
	}
	return &Slack{address, client}, nil
}

// Name implements notify.Way.
func (s *Slack) Name() string { return "slack" }

// Send implements notify.Way.
func (s *Slack) Send(ctx context.Context, m *notify.Message) error {
	return s.SendAll(ctx, []*notify.Message{m})
}

// object is a part of a message in Block Kit.
type object map[string]any

// SendAll implements notify.Gatherer.
func (s *Slack) SendAll(ctx context.Context, list []*notify.Message) error {
	plain := func(t string) object { return object{"type": "plain_text", "text": t, "emoji": false} }
	var blocks []object
	for _, m := range list {
		blocks = append(blocks, object{"type": "section", "text": plain(notify.Cut(m.Text, sectionMost))})
		if m.Link != "" {
			blocks = append(blocks, object{"type": "actions", "elements": []object{{"type": "button", "text": plain(notify.Label(m.In)), "url": m.Link}}})
		}
	}
	body, err := json.Marshal(object{"text": escape(notify.Title(list)), "blocks": blocks})
	if err != nil {
		return belwacht.Errorf(belwacht.Internal, "the alert cannot be written as JSON: %w", notify.ErrRefused)
	}
	return s.client.Post(ctx, s.url, http.Header{"Content-Type": {"application/json"}}, body, "look whether the webhook of Slack is still there")
}

// escape makes a text fit for the fallback: & < > are all that Slack reads in it ("Formatting text for app surfaces").
func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}
