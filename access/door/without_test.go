package door_test

import (
	"context"
	"errors"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/access/door"
)

// broken is an audit log that cannot be written.
type broken struct{ err error }

func (b broken) Record(context.Context, *belwacht.Entry) error { return b.err }

// TestWithoutLog: whatever keeps the audit log from being written, panic on, locks and ending calls are done, at the console and at the socket, and nothing else is.
func TestWithoutLog(t *testing.T) {
	h := build(t)
	anna := h.admin("anna")
	for _, why := range []error{belwacht.Errorf(belwacht.Unreachable, "the disk is full"), belwacht.Errorf(belwacht.Internal, "the database is malformed"), errors.New("whatever")} {
		d, err := door.New(t.Context(), door.Config{Users: h.store, Sessions: h.store, Keys: h.store, Proposals: h.store, Entries: broken{why}, Secret: make([]byte, 32), Now: h.clock})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			act  belwacht.Act
			want bool
		}{{access.PanicPress, true}, {access.AccountLock, true}, {access.CallEnd, true}, {access.PanicRelease, false}, {access.AccountUnlock, false}, {access.CallJudge, false}, {access.ModeLower, false}} {
			for _, way := range []string{"console", "socket"} {
				done := false
				do := func() error { done = true; return nil }
				if way == "console" {
					_, err = d.Do(t.Context(), anna.visitor, &access.Deed{Act: c.act}, do)
				} else {
					err = d.By(t.Context(), "root", &access.Deed{Act: c.act}, do)
				}
				if done != c.want || (err == nil) != c.want {
					t.Errorf("%v: %s at the %s: done %v, %v", why, c.act, way, done, err)
				}
			}
		}
	}
}
