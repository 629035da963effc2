package telling

import (
	"context"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

// headsBack is how many heads are looked through for one that waits.
const headsBack = 1000

// resume puts in line what an earlier run left untold of the door.
func (t *Telling) resume() {
	if t.store == nil || t.live.Store() == nil {
		return
	}
	left, err := t.store.Parcels(t.ctx)
	if err != nil {
		t.log.Error("what was not told of the door before is not told now", "event", "tell.unkept", "error", err)
		return
	}
	var letters, records []belwacht.Parcel
	for _, p := range left {
		if p.Log {
			records = append(records, p)
		} else {
			letters = append(letters, p)
		}
	}
	t.letters.resume(t.store, letters, t.postAgain)
	t.records.resume(t.store, records, t.recordAgain)
}

// postAgain sends a letter whose words are made of the audit log, to the address that the person has by now.
func (t *Telling) postAgain(p *belwacht.Parcel) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		users, err := t.live.Store().Users(ctx)
		if err != nil {
			return err
		}
		for i := range users {
			u := &users[i]
			if u.ID != p.To || u.Disabled || u.Mail == "" {
				continue
			}
			w := t.doors.Load()
			h, n, err := t.about(ctx, p)
			switch {
			case err != nil:
				return err
			case h != nil:
				x := headText(w, h, languageOfUser(u))
				return t.post(ctx, u.Mail, p.ID, &x)
			}
			x := noticeText(w, n, languageOfUser(u))
			return t.post(ctx, u.Mail, p.ID, &x)
		}
		return belwacht.Errorf(belwacht.NotFound, "whom it was for is no user any more, or has no address")
	}
}

// recordAgain sends a record that is made of the audit log.
func (t *Telling) recordAgain(p *belwacht.Parcel) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		w := t.doors.Load()
		for _, way := range w.logs {
			if way.Name() != p.To {
				continue
			}
			h, n, err := t.about(ctx, p)
			switch {
			case err != nil:
				return err
			case h != nil:
				return way.Record(ctx, headRecord(w, h).With("delivery", p.ID))
			}
			return way.Record(ctx, noticeRecord(w, n).With("delivery", p.ID))
		}
		return belwacht.Errorf(belwacht.NotFound, "the configuration names no %s any more", text.Clean(p.To, 150))
	}
}

// about is what a parcel is about: a head or a notice, out of the audit log. NotFound where it is not there any more, or is another: a backup was put back.
func (t *Telling) about(ctx context.Context, p *belwacht.Parcel) (*belwacht.Head, *belwacht.Notice, error) {
	store := t.live.Store()
	if p.Kind == belwacht.NoticeHead {
		heads, err := store.Heads(ctx, headsBack)
		if err != nil {
			return nil, nil, err
		}
		for i := range heads {
			if heads[i].Size == p.Entry && heads[i].Time == p.At {
				return &heads[i], nil, nil
			}
		}
		return nil, nil, belwacht.Errorf(belwacht.NotFound, "the head of %d entries is not in the audit log any more", p.Entry)
	}
	if p.Entry == 0 {
		return nil, nil, belwacht.Errorf(belwacht.NotFound, "there is no entry 0")
	}
	list, err := store.EntriesAfter(ctx, p.Entry-1, 1)
	if err != nil {
		return nil, nil, err
	}
	if len(list) == 0 || list[0].Position != p.Entry || list[0].Time != p.At || list[0].Forgotten {
		return nil, nil, belwacht.Errorf(belwacht.NotFound, "entry %d is not in the audit log any more", p.Entry)
	}
	return nil, &belwacht.Notice{Kind: p.Kind, Entry: list[0]}, nil
}
