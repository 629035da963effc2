package door

import (
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
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

// Free lets one try again, by its key; "" means all. NotFound where nobody waits under it. It is done through Do by who may undo bans.
func (d *Door) Free(key string) error {
	if !d.guess.Free(key, d.c.Now()) && key != "" {
		return access.Errorf(belwacht.NotFound, "nobody waits under this any more", "hieronder wacht niemand meer")
	}
	return nil
}
