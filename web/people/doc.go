// Package people is the console's pages of people: first start, signing in and second factor, recovery, one's own account, users, what each role may, keys
// of the API, who is signed in, what waits for a second administrator, and the audit log. What may be done, and that it is recorded and told, is decided
// by package access/door; these pages show and ask.
//
//	d := people.NewDoor(door, proxies)                  // is also the console's web.Door
//	err := people.New(site, people.Config{Door: d, Audit: log, Entries: store})
package people
