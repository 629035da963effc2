package store

import (
	"context"

	"github.com/belwacht/belwacht"
)

// NounStore keeps all nouns that last.
type NounStore interface {
	belwacht.EventStore
	belwacht.CallStore
	belwacht.DecisionStore
	belwacht.AlertStore
	belwacht.InForceStore
	belwacht.LoginStore
	belwacht.AccountStore
	belwacht.RegistrationStore
	belwacht.DeviceStore
	belwacht.ChangeStore
	belwacht.SilenceStore
	belwacht.SumStore
	belwacht.LastHourStore
	belwacht.PersonStore
}

// PeopleStore keeps who may come in, and what they did.
type PeopleStore interface {
	belwacht.UserStore
	belwacht.SessionStore
	belwacht.KeyStore
	belwacht.ProposalStore
	belwacht.EntryStore
}

// Keeper is how a store is run. Its methods may be called from many goroutines.
type Keeper interface {
	// State is how it is. It never waits for the disk.
	State() belwacht.StoreState
	// Sync returns once all that was handed over before is on disk, or with ctx's end.
	Sync(ctx context.Context) error
	// Close writes what waits, as long as ctx lasts, and closes. What was not written is counted and said in the error.
	Close(ctx context.Context) error
}

// Upkeep is what is done to a store from time to time. Its methods may be called while it is used; they hold up no write for more than moments.
type Upkeep interface {
	// Prune deletes what has been kept long enough, in small pieces, gives the room back to the disk, and returns the number of rows deleted.
	Prune(ctx context.Context, now belwacht.Instant) (int64, error)
	// Backup writes all that is on disk to a new file (0600) that can be opened in its place. It replaces no file.
	Backup(ctx context.Context, path string) error
	// Check reads all of it and gives an error where it is damaged.
	Check(ctx context.Context) error
}

// Store is a database of what lasts.
type Store interface {
	NounStore
	PeopleStore
	Keeper
	Upkeep
}
