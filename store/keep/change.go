package keep

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/belwacht/belwacht"
)

// Notes are what a store notes for itself, by name.
type Notes interface {
	// Noted is what was noted under a name; nil where nothing was.
	Noted(ctx context.Context, name string) ([]byte, error)
	// Note is durable, as PutAlert is.
	Note(ctx context.Context, name string, value []byte) error
}

// noteOfConfig is where the configuration of before is noted.
const noteOfConfig = "configuration"

// Configured notes what a configuration changed, and what it declares of accounts. flat is all of it as keys and values, without secrets; who says how it came.
// Compared is with the configuration that was in use last, also before a start.
func (k *Keep) Configured(ctx context.Context, flat map[string]string, declared map[string][]belwacht.Account, who string, now belwacht.Instant) []belwacht.Change {
	if k.Store == nil {
		return nil
	}
	k.configuring.Lock()
	defer k.configuring.Unlock()
	for _, tenant := range slices.Sorted(maps.Keys(declared)) {
		if err := k.Store.PutAccounts(ctx, tenant, declared[tenant]); err != nil {
			k.Log.Error("the accounts of the configuration are not on disk yet", "event", "store.failed", "error", err)
		}
	}
	notes, ok := k.Store.(Notes)
	if !ok {
		return nil
	}
	b, err := notes.Noted(ctx, noteOfConfig)
	if err != nil {
		k.Log.Error("what the configuration was before cannot be read", "event", "store.failed", "error", err)
		return nil
	}
	before := map[string]string{}
	if b != nil && json.Unmarshal(b, &before) != nil {
		before = map[string]string{}
	}
	list := Difference(before, flat)
	if b == nil { // the first there is: nothing was changed
		list = nil
	}
	for i := range list {
		list[i].Time, list[i].Who = now, who
	}
	if len(list) > 0 {
		if err := k.Store.AddChanges(ctx, list); err != nil {
			k.Log.Error("what was changed in the configuration is not on disk yet", "event", "store.failed", "error", err)
		}
		k.Log.Info("the configuration differs from the one before", "event", "config.changed", "keys", len(list), "first", list[0].What)
	}
	if b == nil || len(list) > 0 {
		if b, err = json.Marshal(flat); err == nil {
			err = notes.Note(ctx, noteOfConfig, b)
		}
		if err != nil {
			k.Log.Error("what the configuration is now is not on disk yet", "event", "store.failed", "error", err)
		}
	}
	return list
}

// Difference is what differs between two configurations as keys and values, in the order of keys.
func Difference(before, after map[string]string) []belwacht.Change {
	keys := maps.Clone(before)
	maps.Copy(keys, after)
	var list []belwacht.Change
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if was, is := before[key], after[key]; was != is {
			list = append(list, belwacht.Change{Kind: belwacht.ChangeConfig, What: key, Before: was, After: is})
		}
	}
	return list
}
