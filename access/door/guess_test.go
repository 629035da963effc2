package door_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
)

// guesses tries passwords for a login, one a second, each from an address of its own where many; it returns how many were looked at.
func (h *house) guesses(n int, login string, many bool) (looked int) {
	h.t.Helper()
	for i := range n {
		p := h.someone(login)
		p.from = outside
		if many {
			p.from = netip.AddrFrom4([4]byte{203, 0, byte(i >> 8), byte(i)})
		}
		a := p.attempt()
		a.Password = fmt.Sprint("Guess-number-", i)
		_, err := h.SignIn(h.t.Context(), a)
		switch {
		case err == nil:
			h.t.Fatal("a guess was right")
		case belwacht.CodeOf(err) == belwacht.Forbidden:
			looked++
		case belwacht.CodeOf(err) != belwacht.TooMany:
			h.t.Fatal(err)
		}
		h.pass(time.Second)
	}
	return looked
}

func TestGuessingFromOneAddress(t *testing.T) {
	h := build(t)
	anna := h.admin("anna")
	if n := h.guesses(600, "anna", false); n > 15 {
		t.Errorf("in ten minutes %d guesses of one address were looked at", n)
	}
	// Other names from there are slow too, names that nobody has alike.
	if n := h.guesses(10, "nobody", false); n > 0 {
		t.Errorf("%d guesses of another name were looked at", n)
	}
	if n := strings.Count(fmt.Sprint(h.acts(belwacht.EntryQuery{Act: "session.failed"})), "session.failed"); n < 3 || n > 8 {
		t.Errorf("%d entries of the audit log were made by the guesser", n)
	}
	if err := anna.signIn(); err != nil {
		t.Errorf("the owner from elsewhere: %v", err)
	}
	// And from the very same address, by the browser that is known.
	anna.from = outside
	if err := anna.signIn(); err != nil {
		t.Errorf("the owner from the guesser's address: %v", err)
	}
}

// TestGuessingFromMany is a thousand addresses, one guess each: few are looked at, and the owner is locked out neither in a known browser nor for good in
// a new one.
func TestGuessingFromMany(t *testing.T) {
	h := build(t)
	anna := h.admin("anna")
	if n := h.guesses(1000, "anna", true); n > 40 {
		t.Errorf("in %d minutes %d guesses of many addresses were looked at", 1000/60, n)
	}
	if err := anna.signIn(); err != nil {
		t.Errorf("the owner in a known browser: %v", err)
	}
	h.guesses(100, "anna", true)
	stranger := h.someone("anna")
	stranger.secret = anna.secret
	for i := 0; ; i++ { // a new browser gets its turn
		err := stranger.signIn()
		if err == nil {
			break
		}
		if i > 61 || belwacht.CodeOf(err) != belwacht.TooMany {
			t.Fatalf("the owner in a new browser, after %d seconds: %v", i, err)
		}
		h.pass(time.Second)
	}
	h.guesses(100, "anna", true)
	secret, err := h.Link(t.Context(), "anna", "root")
	if err != nil {
		t.Fatal(err)
	}
	fresh := h.someone("anna")
	if _, err := h.Enter(t.Context(), secret, fresh.attempt()); err != nil {
		t.Errorf("the way in from the machine itself: %v", err)
	}
}

// TestGuessingCodes: who has the password gets few tries at the code, however often they begin again and from wherever.
func TestGuessingCodes(t *testing.T) {
	h := build(t)
	anna := h.admin("anna")
	looked := 0
	for i := range 60 {
		p := h.someone("anna")
		p.from = netip.AddrFrom4([4]byte{203, 0, byte(i >> 8), byte(i)})
		tk, err := h.SignIn(t.Context(), p.attempt())
		if err == nil {
			a := p.attempt()
			a.Code = fmt.Sprintf("%06d", i)
			if _, err = h.Second(t.Context(), tk.Token, a); belwacht.CodeOf(err) == belwacht.Forbidden {
				looked++
			}
		}
		if err == nil {
			t.Fatal("a code was guessed")
		}
		h.pass(10 * time.Second)
	}
	if looked > 20 {
		t.Errorf("in ten minutes %d codes were looked at", looked)
	}
	if err := anna.signIn(); err != nil {
		t.Errorf("the owner: %v", err)
	}
}

// TestSameForAll: what is told does not say whether there is such a user.
func TestSameForAll(t *testing.T) {
	h := build(t)
	h.admin("anna")
	var said []string
	for _, login := range []string{"anna", "nobody", "ANNA ", "", strings.Repeat("x", 5000)} {
		p := h.someone(login)
		p.from = netip.AddrFrom4([4]byte{203, 0, 113, byte(len(said))})
		a := p.attempt()
		a.Password = "Wrong-lamp7-rivier"
		_, err := h.SignIn(t.Context(), a)
		said = append(said, fmt.Sprint(err))
	}
	for _, s := range said[1:] {
		if s != said[0] {
			t.Errorf("%q", said)
		}
	}
	if log := h.lines.String(); strings.Contains(log, "Wrong-lamp7") || strings.Contains(log, password) || strings.Contains(log, strings.Repeat("x", 100)) {
		t.Error("a password, or what a stranger wrote at length, is in the log")
	}
}

// TestBarredLasts: nobody is free by a restart, nobody waits longer by it, and whoever was let try again may, without another moment for the disk.
func TestBarredLasts(t *testing.T) {
	h := build(t)
	h.guesses(25, "anna", false)
	before := h.Barred()
	if len(before) < 2 {
		t.Fatalf("%+v", before)
	}
	if err := h.KeepBarred(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.restart()
	if got := h.Barred(); !slices.Equal(got, before) {
		t.Errorf("after a restart %+v wait, before it %+v", got, before)
	}
	if n := h.guesses(1, "anna", false); n != 0 {
		t.Error("a restart gave the guesser another try")
	}
	if err := h.Free(before[0].Key); err != nil {
		t.Fatal(err)
	}
	h.restart()
	if got := h.Barred(); len(got) != len(before)-1 || got[0].Key == before[0].Key {
		t.Errorf("after a restart %+v wait; %s was freed", got, before[0].Key)
	}
	h.now = h.now.Add(-48 * time.Hour) // the clock is set back
	h.restart()
	for _, b := range h.Barred() {
		if b.Until > belwacht.InstantOf(h.now.Add(15*time.Minute)) {
			t.Errorf("%s waits for two days", b.Key)
		}
	}
	h.pass(75 * time.Hour)
	h.restart()
	if got := h.Barred(); len(got) != 0 {
		t.Errorf("a day later %+v wait", got)
	}
	h.pass(time.Hour)
	if err := h.KeepBarred(t.Context()); err != nil {
		t.Fatal(err)
	}
	if b, err := h.store.Noted(t.Context(), "door.barred"); err != nil || strings.Contains(string(b), "198.51.100.9") {
		t.Errorf("who is forgotten is on disk: %s %v", b, err)
	}
	for _, bad := range []string{"{", `{"schema":"belwacht.barred/2","barred":[{"key":"x","failures":9,"last":"2030-01-01T00:00:00Z","until":"2030-01-01T00:00:00Z"}]}`} {
		if err := h.store.Note(t.Context(), "door.barred", []byte(bad)); err != nil {
			t.Fatal(err)
		}
		h.restart()
		if got := h.Barred(); len(got) != 0 || !strings.Contains(h.lines.String(), "cannot be read") {
			t.Errorf("%s: %+v", bad, got)
		}
	}
}
