package app

import (
	"github.com/belwacht/belwacht/ask/desk"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/store/sqlite"
)

// InUse is the configuration in use. It is not changed any more.
func (l *Live) InUse() *config.Config {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.config
}

// Store is what lasts; nil where it could not be opened.
func (l *Live) Store() *sqlite.Store { return l.store }

// Teller is what tells people of alerts.
func (l *Live) Teller() *Teller { return l.tell }

// Strangers are the addresses that asked for verdicts with a wrong secret.
func (l *Live) Strangers() []desk.Stranger { return l.asking.Strangers() }
