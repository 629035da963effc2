package keep

import (
	"context"

	"github.com/belwacht/belwacht"
)

// Journal keeps what is in force: it is on disk when a method returns.
type Journal interface {
	PutInForce(ctx context.Context, f *belwacht.InForce) error
	UndoInForce(ctx context.Context, tenant, id, who string, at belwacht.Instant) error
	InForce(ctx context.Context, at belwacht.Instant) ([]belwacht.InForce, error)
}

// InForce is a journal that is copied to the store, where people look for what was in force when. The journal says what holds: it is a small file of its own,
// to which a line is added and synced in a moment whatever else waits for the database, and it can be read where the database cannot be. The store's copy is
// not waited for.
type InForce struct {
	Journal
	keep *Keep
}

// InForce makes what keeps decisions in force, and brings the store's copy in line with the journal. Where the journal is new (a backup of the store was put
// into an empty folder) it takes up what the store says holds.
func (k *Keep) InForce(ctx context.Context, j Journal, fresh bool, now belwacht.Instant) (*InForce, error) {
	f := &InForce{j, k}
	if k.Store == nil {
		return f, nil
	}
	kept, err := k.Store.InForce(ctx, now)
	if err != nil {
		k.Log.Error("what the store has in force cannot be read", "event", "store.failed", "error", err)
		return f, nil
	}
	if fresh {
		for i := range kept {
			if err := j.PutInForce(ctx, &kept[i]); err != nil {
				return nil, err
			}
		}
		if len(kept) > 0 {
			k.Log.Warn("what is in force was taken from the store, as there was no journal of it", "event", "inforce.restored", "decisions", len(kept))
		}
		return f, nil
	}
	holds, err := j.InForce(ctx, now)
	if err != nil {
		return nil, err
	}
	known := make(map[[2]string]belwacht.InForce, len(holds))
	for i := range holds {
		known[[2]string{holds[i].Tenant, holds[i].ID}] = holds[i]
	}
	for i := range kept {
		key := [2]string{kept[i].Tenant, kept[i].ID}
		if h, ok := known[key]; ok && h == kept[i] {
			delete(known, key)
		} else if !ok { // undone, and the store never heard of it
			k.aside(func(ctx context.Context) error { return k.Store.UndoInForce(ctx, key[0], key[1], "belwacht", now) })
		}
	}
	for _, h := range known {
		k.aside(func(ctx context.Context) error { return k.Store.PutInForce(ctx, &h) })
	}
	return f, nil
}

// aside hands something durable to the store without waiting until it is on disk: it stays in the queue, in order.
func (k *Keep) aside(put func(context.Context) error) {
	if k.Store == nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := put(ctx); err != nil && belwacht.CodeOf(err) != belwacht.Unreachable {
		k.Log.Error("what is in force is not copied to the store", "event", "store.failed", "error", err)
	}
}

// PutInForce keeps a decision; it is in the journal when it returns.
func (f *InForce) PutInForce(ctx context.Context, x *belwacht.InForce) error {
	err := f.Journal.PutInForce(ctx, x)
	f.keep.aside(func(ctx context.Context) error { return f.keep.Store.PutInForce(ctx, x) })
	return err
}

// UndoInForce notes that a decision was undone; it is in the journal when it returns.
func (f *InForce) UndoInForce(ctx context.Context, tenant, id, who string, at belwacht.Instant) error {
	if err := f.Journal.UndoInForce(ctx, tenant, id, who, at); err != nil {
		return err
	}
	f.keep.aside(func(ctx context.Context) error { return f.keep.Store.UndoInForce(ctx, tenant, id, who, at) })
	return nil
}
