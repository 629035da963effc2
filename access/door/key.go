package door

import (
	"context"
	"crypto/subtle"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/text"
)

// keyPrefix begins every key, so that one that lies about is known for what it is.
const keyPrefix = "bwk_"

// Bounds of a key's time.
const (
	keyLeast = time.Hour
	keyMost  = 2 * 366 * 24 * time.Hour
)

// MakeKey makes a key of the API in the visitor's name and returns it, once: what is kept opens nothing. It may no more than its scopes, and no more than the
// visitor may.
func (d *Door) MakeKey(ctx context.Context, v *access.Visitor, name string, scopes []belwacht.Permission, from []string, for_ time.Duration) (string, error) {
	now := d.instant()
	name = text.Clean(strings.TrimSpace(name), 60)
	switch {
	case v == nil || v.Key != "" || !v.May(access.KeysChange):
		return "", forbidden() // a key makes no keys
	case name == "" || len(scopes) == 0:
		return "", access.Errorf(belwacht.Invalid, "a key has a name, and scopes: what it may",
			"een sleutel heeft een naam, en rechten: wat hij mag")
	case for_ < keyLeast || for_ > keyMost:
		return "", access.Errorf(belwacht.Invalid, "a key holds for at least an hour and at most two years",
			"een sleutel geldt minstens een uur en hoogstens twee jaar")
	}
	for _, p := range scopes {
		if !v.May(p) || p == access.OwnAccount {
			return "", access.Errorf(belwacht.Invalid, "%.60q is nothing that a key of yours can do",
				"%.60q is niets wat een sleutel van u kan", string(p))
		}
	}
	if _, err := networksOf(from); err != nil {
		return "", err
	}
	secret, sum := access.NewToken()
	k := &belwacht.Key{ID: access.NewID(), Name: name, User: v.User.ID, Scopes: slices.Clone(scopes), Created: now, Until: now + belwacht.Instant(for_.Milliseconds()),
		From: slices.Clone(from), Sum: sum}
	said := make([]string, len(scopes))
	for i, p := range scopes {
		said[i] = string(p)
	}
	_, err := d.Do(ctx, v, &access.Deed{Act: access.KeyMake, Tenant: v.User.Tenant, Subject: name, Detail: strings.Join(said, " ") + ", until " + k.Until.String()}, func() error {
		d.order.Lock()
		defer d.order.Unlock()
		d.mu.Lock()
		if len(d.keys) >= keysMost {
			d.mu.Unlock()
			return access.Errorf(belwacht.TooMany, "there are %d keys already; those that are over go after a time",
				"er zijn al %d sleutels; verlopen sleutels verdwijnen na een tijd", keysMost)
		}
		d.keys[k.ID] = k
		d.mu.Unlock()
		return d.c.Keys.PutKey(ctx, k)
	})
	if err != nil {
		return "", err
	}
	return keyPrefix + k.ID + "_" + secret, nil
}

// Keys are all there are, newest first.
func (d *Door) Keys() []belwacht.Key {
	d.mu.Lock()
	defer d.mu.Unlock()
	list := make([]belwacht.Key, 0, len(d.keys))
	for _, k := range d.keys {
		list = append(list, *k)
	}
	slices.SortFunc(list, func(a, b belwacht.Key) int {
		if a.Created != b.Created {
			return int(b.Created - a.Created)
		}
		return strings.Compare(a.ID, b.ID)
	})
	return list
}

// RevokeKey ends a key at once.
func (d *Door) RevokeKey(ctx context.Context, v *access.Visitor, id string) error {
	d.mu.Lock()
	k := d.keys[id]
	d.mu.Unlock()
	var owner belwacht.User
	if k != nil {
		owner, _ = d.User(k.User)
	}
	if k == nil || k.Revoked != 0 || !v.Sees(owner.Tenant) { // one of another organisation is none
		return access.Errorf(belwacht.NotFound, "there is no such key; it may be revoked already",
			"deze sleutel is er niet; misschien is hij al ingetrokken")
	}
	_, err := d.Do(ctx, v, &access.Deed{Act: access.KeyRevoke, Tenant: owner.Tenant, Subject: k.Name}, func() error { return d.revoke(ctx, *k, v.User.Login) })
	return err
}

func (d *Door) revoke(ctx context.Context, k belwacht.Key, who string) error {
	d.order.Lock()
	defer d.order.Unlock()
	k.Revoked, k.Revoker = d.instant(), who
	d.mu.Lock()
	d.keys[k.ID] = &k
	d.mu.Unlock()
	return d.c.Keys.PutKey(ctx, &k)
}

// VisitKey is who shows a key of the API (without "Bearer"). Any reason for which it opens nothing is an error of code Forbidden that does not say which.
func (d *Door) VisitKey(shown string, from netip.Addr) (*access.Visitor, error) {
	now := d.c.Now()
	source := "key " + access.SourceKey(from)
	if wait := d.guess.Wait(now, access.LongestWait, source); wait > 0 {
		return nil, slow(wait)
	}
	no := access.Errorf(belwacht.Forbidden, "this key opens nothing here and now",
		"deze sleutel opent hier en nu niets")
	rest, ok := strings.CutPrefix(shown, keyPrefix)
	id, secret, ok2 := strings.Cut(rest, "_")
	if !ok || !ok2 || len(shown) > 200 {
		return nil, no
	}
	d.mu.Lock()
	k := d.keys[id]
	d.mu.Unlock()
	if k == nil || subtle.ConstantTimeCompare([]byte(access.SumOf(secret)), []byte(k.Sum)) != 1 {
		d.tried("api", "", nil, &Attempt{From: from}, false)
		return nil, no
	}
	d.guess.Good(source)
	at := belwacht.InstantOf(now)
	u, there := d.User(k.User)
	if !k.Holds(at) || !there || u.Disabled || d.policy.Load().Admits(from, now) != nil {
		return nil, no
	}
	if own, err := networksOf(k.From); err != nil || len(own) > 0 && !access.Inside(from, own) {
		return nil, no
	}
	if at >= k.Used+belwacht.Minute {
		used := *k
		used.Used = at
		d.mu.Lock()
		if d.keys[id] == k {
			d.keys[id] = &used
		}
		d.mu.Unlock()
		d.c.Keys.UsedKey(id, at)
	}
	return &access.Visitor{User: u, Key: k.ID, Via: "api", From: from, Scopes: k.Scopes}, nil
}
