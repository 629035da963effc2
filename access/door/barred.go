package door

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/text"
)

// barredMost is how many are listed.
const barredMost = 500

// Barred is who may try nothing at the door for a time, since too much was wrong.
type Barred struct {
	Key      string // by which it is freed
	Kind     string // address, name (that was tried, whoever tried it) or user (a browser of theirs, or the second step)
	Subject  string // the address, the name, or the user's log-in name; hostile until escaped
	Failures int
	Last     belwacht.Instant
	Until    belwacht.Instant
}

// Barred are all, those that wait longest first. What concerns the whole machine: who may see one organisation only is not shown it.
func (d *Door) Barred() []Barred {
	var list []Barred
	for _, h := range d.guess.Held(d.c.Now(), barredMost) {
		b := Barred{Key: h.Key, Failures: h.Failures, Last: belwacht.InstantOf(h.Last), Until: belwacht.InstantOf(h.Until)}
		kind, rest, _ := strings.Cut(h.Key, " ")
		switch kind {
		case "from":
			b.Kind, b.Subject = "address", rest
		case "account":
			b.Kind, b.Subject = "name", rest
		default: // of a user or a session, by ID
			id, _, _ := strings.Cut(rest, " ")
			b.Kind, b.Subject = "user", d.loginOf(id)
		}
		list = append(list, b)
	}
	return list
}

// loginOf is a user's name by the ID of the user or of a session of theirs; "" where it is not known.
func (d *Door) loginOf(id string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if s := d.sessions[id]; s != nil {
		id = s.User
	}
	if u := d.users[id]; u != nil {
		return u.Login
	}
	return ""
}

// Free lets one try again, by its key; "" means all. NotFound where nobody waits under it; Unreachable where it holds and is not on disk yet. It is done through Do by
// who may undo bans.
func (d *Door) Free(key string) error {
	if !d.guess.Free(key, d.c.Now()) && key != "" {
		return access.Errorf(belwacht.NotFound, "nobody waits under this any more", "hieronder wacht niemand meer")
	}
	if err := d.KeepBarred(context.Background()); err != nil { // the store waits for a second at most
		d.c.Log.Error("who was let try again may have to wait after a restart", "event", "access.late", "error", err)
		return access.Errorf(belwacht.Unreachable, "they may try again now, but the disk does not take it: after a restart they may have to wait once more",
			"proberen mag nu weer, maar de schijf neemt het niet aan: na een herstart kan er weer gewacht moeten worden")
	}
	return nil
}

// barredNote is the name under which it is kept who is barred, and barredSchema its form.
const (
	barredNote   = "door.barred"
	barredSchema = "belwacht.barred/1"
	barredKeep   = 1000      // of them, at most
	barredStale  = time.Hour // after which it is written anew, so that who is forgotten is on disk no more either
)

// barredKept says what is on disk of who is barred.
type barredKept struct {
	mu   sync.Mutex // held while it is written
	news uint64     // of the throttle, as it was written last
	at   time.Time  // when that was; zero = nothing is there
}

// barredFile is what is kept.
type barredFile struct {
	Schema string       `json:"schema"`
	Barred []barredLine `json:"barred"`
}

// barredLine is one who has to wait, or had to.
type barredLine struct {
	Key      string           `json:"key"`
	Failures int              `json:"failures"`
	Last     belwacht.Instant `json:"last"`
	Until    belwacht.Instant `json:"until"`
}

// KeepBarred writes who is barred, where that has changed since it was written last, so that nobody is free by a restart. It is called every other second and by
// Free: a crash forgets the failures of two seconds, and nothing that anybody was told is undone.
func (d *Door) KeepBarred(ctx context.Context) error {
	if d.c.Notes == nil {
		return nil
	}
	d.barred.mu.Lock()
	defer d.barred.mu.Unlock()
	now := d.c.Now()
	if d.guess.News() == d.barred.news && (d.barred.at.IsZero() || now.Sub(d.barred.at) < barredStale) {
		return nil
	}
	list, news := d.guess.Kept(now, barredKeep)
	f := barredFile{Schema: barredSchema, Barred: make([]barredLine, 0, len(list))}
	for _, h := range list {
		f.Barred = append(f.Barred, barredLine{h.Key, h.Failures, belwacht.InstantOf(h.Last), belwacht.InstantOf(h.Until)})
	}
	b, err := json.Marshal(&f)
	if err != nil {
		return belwacht.Errorf(belwacht.Internal, "who is barred cannot be written: %w", err)
	}
	if err := d.c.Notes.Note(ctx, barredNote, b); err != nil {
		return err
	}
	if d.barred.news, d.barred.at = news, now; len(list) == 0 {
		d.barred.at = time.Time{}
	}
	return nil
}

// loadBarred reads who was barred before. What cannot be read frees them, and is told.
func (d *Door) loadBarred(ctx context.Context) {
	if d.c.Notes == nil {
		return
	}
	b, err := d.c.Notes.Noted(ctx, barredNote)
	if err != nil || b == nil {
		if err != nil {
			d.c.Log.Error("who had to wait at the door before is not known", "event", "access.failed", "error", err)
		}
		return
	}
	var f barredFile
	if err := json.Unmarshal(b, &f); err != nil || f.Schema != barredSchema {
		d.c.Log.Error("who had to wait at the door before cannot be read", "event", "access.failed", "schema", text.Clean(f.Schema, 40))
		return
	}
	list := make([]access.Held, 0, len(f.Barred))
	for _, l := range f.Barred[:min(len(f.Barred), barredKeep)] {
		list = append(list, access.Held{Key: l.Key, Failures: l.Failures, Last: l.Last.Time(), Until: l.Until.Time()})
	}
	d.guess.Take(d.c.Now(), list)
	d.barred.at = d.c.Now()
}
