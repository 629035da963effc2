// Package mattermost tells alerts in a channel of Mattermost, or of Rocket.Chat, which takes the same, by an incoming webhook.
//
// These read Markdown, and an at sign before a name as a call for somebody's attention. What a stranger wrote is escaped: every character that Markdown knows
// gets a backslash, and an at sign is written as the wide one, which looks alike and calls nobody. The webhook's address is a secret.
package mattermost

import (
	"context"
	"encoding/json"
	"net/http"
	"net/netip"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/notify"
)

// textMost is less than what Mattermost takes of a message, in bytes.
const textMost = 4000

// Mattermost is a notify.Way and a notify.Gatherer.
type Mattermost struct {
	url    string
	client *notify.Client
}

// New makes a Mattermost of an incoming webhook's address. An error is of code Config.
func New(address string, client *notify.Client, allow []netip.Prefix) (*Mattermost, error) {
	if err := notify.CheckURL(address, allow); err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "the address of Mattermost's webhook %w", err)
	}
	return &Mattermost{address, client}, nil
}

// Name implements notify.Way.
func (m *Mattermost) Name() string { return "mattermost" }

// Send implements notify.Way.
func (m *Mattermost) Send(ctx context.Context, one *notify.Message) error {
	return m.SendAll(ctx, []*notify.Message{one})
}

// SendAll implements notify.Gatherer.
func (m *Mattermost) SendAll(ctx context.Context, list []*notify.Message) error {
	var b strings.Builder
	for i, one := range list {
		part := escape(notify.Cut(one.Text, textMost/len(list)/2))
		if one.Link != "" {
			part += " [" + notify.Label(one.In) + "](" + one.Link + ")"
		}
		if i > 0 {
			b.WriteString("\n\n")
		}
		b.WriteString(part)
	}
	body, err := json.Marshal(map[string]string{"text": b.String(), "username": "Belwacht"})
	if err != nil {
		return belwacht.Errorf(belwacht.Internal, "the alert cannot be written as JSON: %w", notify.ErrRefused)
	}
	return m.client.Post(ctx, m.url, http.Header{"Content-Type": {"application/json"}}, body, "look whether the webhook of Mattermost is still there")
}

// escape takes the meaning out of a text in Markdown.
func escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '@':
			r = '＠'
		case strings.ContainsRune("\\`*_{}[]()<>#+-.!|~:$&", r):
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
