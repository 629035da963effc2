package door

import (
	"context"
	"fmt"
	"net/netip"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
)

// Add makes a user and a one-time link with which they choose a password and second factor. Its secret is returned once. A new administrator takes two people,
// where there are two: then there is a proposal and no user yet.
func (d *Door) Add(ctx context.Context, v *access.Visitor, u belwacht.User) (secret string, p *belwacht.Proposal, err error) {
	now := d.instant()
	u.ID, u.Created, u.Changed, u.Login = access.NewID(), now, now, strings.ToLower(strings.TrimSpace(u.Login))
	u.Secrets, u.Devices, u.SignedIn, u.Read, u.Disabled = belwacht.Secrets{}, nil, 0, 0, false
	if err := u.Check(); err != nil {
		return "", nil, err
	}
	if d.byLogin(u.Login) != nil {
		return "", nil, access.Errorf(belwacht.Invalid, "another user signs in as %s already; choose another log-in name",
			"een andere gebruiker meldt zich al aan als %s; kies een andere aanmeldnaam", u.Login)
	}
	deed := &access.Deed{Act: access.UserAdd, Tenant: u.Tenant, Subject: u.Login, Detail: describe(&u)}
	if u.Role == belwacht.RoleAdministrator {
		deed.Act = access.UserAddAdmin
	}
	if !v.Sees(u.Tenant) {
		return "", nil, forbidden()
	}
	p, err = d.Do(ctx, v, deed, func() error {
		d.order.Lock()
		defer d.order.Unlock()
		if err := d.put(ctx, &u); err != nil {
			return err
		}
		secret, err = d.keep(&link{stage: belwacht.StageReset, user: u.ID}, inviteWithin)
		return err
	})
	return secret, p, err
}

// describe is what a user is, for the audit log.
func describe(u *belwacht.User) string {
	said := string(u.Role)
	if u.Tenant != "" {
		said += " of " + u.Tenant
	}
	if u.Account != "" {
		said += ", extension " + u.Account
	}
	if u.Disabled {
		said += ", barred"
	}
	return said
}

// target is a user that a visitor may change.
func (d *Door) target(v *access.Visitor, id string) (belwacht.User, error) {
	if !v.May(access.UsersChange) {
		return belwacht.User{}, forbidden()
	}
	u, there := d.User(id)
	if !there || !v.Sees(u.Tenant) {
		return belwacht.User{}, access.Errorf(belwacht.NotFound, "there is no such user",
			"deze gebruiker is er niet")
	}
	return u, nil
}

// Change changes name, mail address, role, organisation, extension, language and whether a user is barred. Their sessions end where they may less or other
// than before. The last administrator stays one.
func (d *Door) Change(ctx context.Context, v *access.Visitor, next belwacht.User) (*belwacht.Proposal, error) {
	old, err := d.target(v, next.ID)
	if err != nil {
		return nil, err
	}
	if !v.Sees(next.Tenant) {
		return nil, forbidden()
	}
	was, is := describe(&old), describe(&next)
	deed := &access.Deed{Act: access.UserChange, Tenant: old.Tenant, Subject: old.Login, Detail: was + " → " + is}
	if next.Tenant != old.Tenant {
		deed.Tenant = "" // it concerns more than one organisation
	}
	admin := old.Role == belwacht.RoleAdministrator
	switch {
	case !admin && next.Role == belwacht.RoleAdministrator:
		deed.Act = access.UserPromote
	case admin && (next.Role != belwacht.RoleAdministrator || next.Disabled && !old.Disabled || next.Tenant != old.Tenant):
		deed.Act = access.UserDemote
	}
	return d.Do(ctx, v, deed, func() error {
		_, err := d.change(ctx, old.ID, func(u *belwacht.User) error {
			if deed.Act == access.UserDemote && len(d.others(u.ID, u.Tenant)) == 0 {
				return access.Errorf(belwacht.Invalid, "this is the last administrator; make another one first",
					"dit is de laatste beheerder; maak er eerst nog een")
			}
			u.Name, u.Mail, u.Role, u.Tenant, u.Account, u.Language, u.Disabled = next.Name, next.Mail, next.Role, next.Tenant, next.Account, next.Language, next.Disabled
			u.Changed = d.instant()
			return nil
		})
		if err != nil || was == is {
			return err
		}
		return d.endAll(ctx, old.ID, "")
	})
}

// Remove removes a user, their sessions and keys.
func (d *Door) Remove(ctx context.Context, v *access.Visitor, id string) (*belwacht.Proposal, error) {
	u, err := d.target(v, id)
	if err != nil {
		return nil, err
	}
	deed := &access.Deed{Act: access.UserRemove, Tenant: u.Tenant, Subject: u.Login, Detail: describe(&u)}
	if u.Role == belwacht.RoleAdministrator {
		deed.Act, deed.Detail = access.UserDemote, deed.Detail+" → removed"
	}
	return d.Do(ctx, v, deed, func() error {
		if u.Role == belwacht.RoleAdministrator && len(d.others(u.ID, u.Tenant)) == 0 {
			return access.Errorf(belwacht.Invalid, "this is the last administrator; make another one first",
				"dit is de laatste beheerder; maak er eerst nog een")
		}
		if err := d.endAll(ctx, id, ""); err != nil {
			return err
		}
		for _, k := range d.Keys() {
			if k.User == id && k.Revoked == 0 {
				if err := d.revoke(ctx, k, v.User.Login); err != nil {
					return err
				}
			}
		}
		d.order.Lock()
		defer d.order.Unlock()
		d.mu.Lock()
		delete(d.users, id)
		delete(d.logins, u.Login)
		d.mu.Unlock()
		return d.c.Users.RemoveUser(ctx, id)
	})
}

// ResetUser takes a user's password and second factors and returns a one-time link with which they choose new ones. One does not reset oneself.
func (d *Door) ResetUser(ctx context.Context, v *access.Visitor, id string) (secret string, err error) {
	u, err := d.target(v, id)
	if err != nil {
		return "", err
	}
	if u.ID == v.User.ID {
		return "", access.Errorf(belwacht.Invalid, "your own password and second factors are changed under your own account",
			"uw eigen wachtwoord en tweede factoren wijzigt u bij uw eigen account")
	}
	_, err = d.Do(ctx, v, &access.Deed{Act: access.UserReset, Tenant: u.Tenant, Subject: u.Login}, func() error {
		if u.Role == belwacht.RoleAdministrator && len(d.others(u.ID, u.Tenant)) == 0 {
			return access.Errorf(belwacht.Invalid, "this is the last administrator who can sign in",
				"dit is de laatste beheerder die zich kan aanmelden")
		}
		if _, err := d.change(ctx, id, func(u *belwacht.User) error {
			u.Secrets, u.Devices, u.Changed = belwacht.Secrets{}, nil, d.instant()
			return nil
		}); err != nil {
			return err
		}
		if err := d.endAll(ctx, id, ""); err != nil {
			return err
		}
		secret, err = d.keep(&link{stage: belwacht.StageReset, user: id}, inviteWithin)
		return err
	})
	return secret, err
}

// Local makes a user without anybody being signed in: for the machine's own administrator, demonstrations and tests. The password may be "", for none.
func (d *Door) Local(ctx context.Context, who string, u belwacht.User, password string) (belwacht.User, error) {
	now := d.instant()
	u.ID, u.Created, u.Changed = access.NewID(), now, now
	u.Secrets, u.Devices = belwacht.Secrets{}, nil
	if err := u.Check(); err != nil {
		return u, err
	}
	if password != "" {
		if err := d.weak(password, &u); err != nil {
			return u, err
		}
		var err error
		if u.Secrets.Password, err = d.hash.Make(ctx, password); err != nil {
			return u, err
		}
		u.Secrets.PasswordSet = now
	}
	act := access.UserAdd
	if u.Role == belwacht.RoleAdministrator {
		act = access.UserAddAdmin
	}
	return u, d.By(ctx, who, &access.Deed{Act: act, Tenant: u.Tenant, Subject: u.Login, Detail: describe(&u)}, func() error {
		d.order.Lock()
		defer d.order.Unlock()
		return d.put(ctx, &u)
	})
}

// Read notes up to which entry of the audit log a user has read what they were told.
func (d *Door) Read(ctx context.Context, v *access.Visitor, position uint64) error {
	if !v.May(access.OwnAccount) || v.Key != "" {
		return forbidden()
	}
	_, err := d.change(ctx, v.User.ID, func(u *belwacht.User) error {
		u.Read = max(u.Read, position)
		return nil
	})
	return err
}

// networksOf reads networks as people write them.
func networksOf(list []string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, s := range list {
		p, err := netip.ParsePrefix(s)
		if a, one := netip.ParseAddr(s); err != nil && one == nil {
			p, err = a.Prefix(a.BitLen())
		}
		if err != nil {
			return nil, access.Errorf(belwacht.Invalid, "%s is no address or network; write for example 192.0.2.7 or 192.0.2.0/24",
				"%s is geen adres of netwerk; schrijf bijvoorbeeld 192.0.2.7 of 192.0.2.0/24", fmt.Sprintf("%.60q", s))
		}
		out = append(out, p.Masked())
	}
	return out, nil
}
