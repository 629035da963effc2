// Package door is the way into Belwacht for people and programs: users, sessions, keys, and what is done through them.
//
// Signing in goes in stages: a password, then a second factor, then everything; a passkey with user verification is both at once. Who has administrative rights and no
// second factor yet can do nothing but set one up.
//
//	d, err := door.New(ctx, door.Config{Users: store, Sessions: store, Keys: store, Proposals: store, Entries: ledger, …})
//	v, err := d.Visit(ctx, token, from, agent)     // who is at the other end of a request; nil where nobody is signed in
//	p, err := d.Do(ctx, v, &access.Deed{Act: access.ModeLower, Subject: "mode", Detail: "enforce → monitor"}, change)
//
// [Door.Do] is the one way to change something: it refuses without the right, writes the audit log before the change, holds back what takes two people, and
// tells the others what lessens protection. Looks at a full number go through [Door.Unmask].
//
// Users and sessions are held in memory, bounded, and written behind that: a full disk locks nobody out. Guessing costs the guesser: hashing is done by a
// bounded few at a time, and delays grow for each address, and for each account as seen by browsers that it does not know. Nothing locks an account by its
// name alone, and the way in from the machine itself ([Door.Link]) is always open.
package door
