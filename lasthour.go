package belwacht

import "context"

// LastHour is what a helpdesk sees of an extension, a number or a reference code: what happened in the last hour.
type LastHour struct {
	Calls     []PastCall `json:"calls"`     // that ended, newest first, at most a hundred
	Decisions []Decision `json:"decisions"` // told, newest first, at most a hundred
}

// LastHourStore looks for what somebody reads out over the telephone. Its method may be called from many goroutines.
type LastHourStore interface {
	// LastHour finds by a reference code (whenever it was given: its call), else by an account, else by a number that was called, the hour before an
	// instant. Where nothing is found both lists are empty.
	LastHour(ctx context.Context, tenant, what string, number E164, at Instant) (*LastHour, error)
}
