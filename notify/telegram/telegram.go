// Package telegram tells alerts in a chat of Telegram, by a bot of the owner's (Bot API, sendMessage).
//
// Text is sent without a parse mode, so nothing in it is markup, and without previews of links. The bot's token is a secret, and part of the address: errors name the
// host only.
package telegram

import (
	"context"
	"encoding/json"
	"net/http"
	"net/netip"
	"regexp"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/notify"
	"github.com/belwacht/belwacht/text"
)

// textMost is what Telegram takes of a message, in characters; we count bytes.
const textMost = 4000

// API is where Telegram's bots speak to.
const API = "https://api.telegram.org"

// Config is where alerts go.
type Config struct {
	API    string // "" = Telegram's own
	Token  string
	Chat   string // a number, or @channel
	Client *notify.Client
	Allow  []netip.Prefix
}

// Telegram is a notify.Way and a notify.Gatherer.
type Telegram struct {
	cfg Config
}

// Check says what is wrong with a chat, as an error of code Config.
func Check(chat string) error {
	if !regexp.MustCompile(`^(-?[0-9]{1,20}|@[A-Za-z0-9_]{3,64})$`).MatchString(chat) {
		return belwacht.Errorf(belwacht.Config, "%.40q is no chat of Telegram; write its number in quotes, such as \"-1001234567890\", or @channel", chat)
	}
	return nil
}

// New makes a Telegram. An error is of code Config.
func New(c Config) (*Telegram, error) {
	if c.API == "" {
		c.API = API
	}
	c.API = strings.TrimRight(c.API, "/")
	if err := notify.CheckURL(c.API, c.Allow); err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "the address of Telegram's API %w", err)
	}
	if !regexp.MustCompile(`^[0-9]{1,20}:[A-Za-z0-9_-]{10,100}$`).MatchString(c.Token) {
		return nil, belwacht.Errorf(belwacht.Config, "what should be the token of a Telegram bot is none; @BotFather gives one such as 1234567:AbC…")
	}
	if err := Check(c.Chat); err != nil {
		return nil, err
	}
	return &Telegram{c}, nil
}

// Name implements notify.Way.
func (t *Telegram) Name() string { return "telegram " + text.Clean(t.cfg.Chat, 70) }

// Send implements notify.Way.
func (t *Telegram) Send(ctx context.Context, m *notify.Message) error {
	return t.SendAll(ctx, []*notify.Message{m})
}

// SendAll implements notify.Gatherer.
func (t *Telegram) SendAll(ctx context.Context, list []*notify.Message) error {
	body, err := json.Marshal(map[string]any{"chat_id": t.cfg.Chat, "text": notify.Plain(list, textMost), "link_preview_options": map[string]bool{"is_disabled": true}})
	if err != nil {
		return belwacht.Errorf(belwacht.Internal, "the alert cannot be written as JSON: %w", notify.ErrRefused)
	}
	return t.cfg.Client.Post(ctx, t.cfg.API+"/bot"+t.cfg.Token+"/sendMessage", http.Header{"Content-Type": {"application/json"}}, body,
		"look whether token and chat are right, and whether the bot is in the chat")
}
