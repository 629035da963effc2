// Package teams tells alerts in a channel of Microsoft Teams, by a workflow that posts what a webhook gets ("Post to a channel when a webhook request is received").
//
// What is sent is an Adaptive Card 1.4. What a stranger wrote stands in text runs of a RichTextBlock only, in which no Markdown is read. The address is a secret.
package teams

import (
	"context"
	"encoding/json"
	"net/http"
	"net/netip"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/notify"
)

// runMost bounds one alert of a card, in bytes: Teams takes 28 KB in all.
const runMost = 1000

// Teams is a notify.Way and a notify.Gatherer.
type Teams struct {
	url    string
	client *notify.Client
}

// New makes a Teams of a workflow's address. An error is of code Config.
func New(address string, client *notify.Client, allow []netip.Prefix) (*Teams, error) {
	if err := notify.CheckURL(address, allow); err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "the address of Teams's workflow %w", err)
	}
	return &Teams{address, client}, nil
}

// Name implements notify.Way.
func (t *Teams) Name() string { return "teams" }

// Send implements notify.Way.
func (t *Teams) Send(ctx context.Context, m *notify.Message) error {
	return t.SendAll(ctx, []*notify.Message{m})
}

// object is a part of a card.
type object map[string]any

// SendAll implements notify.Gatherer.
func (t *Teams) SendAll(ctx context.Context, list []*notify.Message) error {
	run := func(s string, bold bool) object {
		o := object{"type": "TextRun", "text": s}
		if bold {
			o["weight"] = "Bolder"
		}
		return object{"type": "RichTextBlock", "inlines": []object{o}}
	}
	parts := []object{run(notify.Title(list), true)}
	for _, m := range list {
		parts = append(parts, run(notify.Cut(m.Text, runMost), false))
		if m.Link != "" {
			parts = append(parts, object{"type": "ActionSet", "actions": []object{{"type": "Action.OpenUrl", "title": notify.Label(m.In), "url": m.Link}}})
		}
	}
	card := object{"$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard", "version": "1.4", "body": parts}
	body, err := json.Marshal(object{"type": "message", "attachments": []object{{"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": nil, "content": card}}})
	if err != nil {
		return belwacht.Errorf(belwacht.Internal, "the alert cannot be written as JSON: %w", notify.ErrRefused)
	}
	return t.client.Post(ctx, t.url, http.Header{"Content-Type": {"application/json"}}, body, "look whether the workflow of Teams is still there and turned on")
}
