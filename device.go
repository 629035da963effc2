package belwacht

import (
	"context"
	"net/netip"
)

// Device is what an account is used with: a user agent, wherever it was. Its strings are a stranger's: hostile until escaped.
type Device struct {
	Tenant  string     `json:"tenant,omitempty"`
	Site    string     `json:"site"`
	Account string     `json:"account"`
	Agent   string     `json:"agent"` // "" = it does not name itself
	From    netip.Addr `json:"from"`  // where it was last
	First   Instant    `json:"first"` // seen
	Last    Instant    `json:"last"`
	Count   int64      `json:"logins"`
}

// DeviceStore gives devices; they come with the events of log-ins. Its method may be called from many goroutines.
type DeviceStore interface {
	// Devices is a page of an account's devices (of all accounts where it is ""), last seen first, and where the next begins.
	Devices(ctx context.Context, tenant, account string, page Page) ([]Device, Cursor, error)
}
