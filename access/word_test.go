package access

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestWeaknesses(t *testing.T) {
	own := []string{"anna.jansen", "Anna de Vries", "anna@bakkerij.example", "pbx-noord", "Bakkerij Jansen BV"}
	for _, c := range []struct {
		password string
		want     []Weakness
	}{
		{"Kers-lamp7-rivier", nil},
		{"Één kers, 2 lampen", nil},
		{"Zo-kort7", []Weakness{TooShort}},
		{"Zo-kort7-12", []Weakness{TooShort}},
		{"zonder-hoofd7-letter", []Weakness{NoCapital}},
		{"Zonder-cijfer-hier", []Weakness{NoDigit}},
		{"Zonderteken7hier", []Weakness{NoSpecial}},
		{"", []Weakness{TooShort, NoCapital, NoDigit, NoSpecial, TooUniform}},
		{"Aaaaaaaaaaa1!", []Weakness{TooUniform}},
		{"Password1234!", []Weakness{TooCommon}},
		{"P@ssw0rd1234!", []Weakness{TooCommon}},
		{"!!1Password!!1", []Weakness{TooCommon}},
		{"Welkom2026!!!!", []Weakness{TooCommon}},
		{"W@chtw00rd2026!", []Weakness{TooCommon}},
		{"MonkeyMonkey1!", []Weakness{TooCommon}},
		{"Qwertyuiop12!", []Weakness{TooCommon}},
		{"Kers-Bakkerij7-x", []Weakness{ContainsOwn}},
		{"Kers-b@kk3rij7-X", []Weakness{ContainsOwn}},
		{"Groet-Jansen77-ok", []Weakness{ContainsOwn}},
		{"Noord-wind7-bladen", []Weakness{ContainsOwn}},
		{"Bv-de-kers7-lamp-rivier", nil}, // words of less than four letters are no names
		{"K7-" + strings.Repeat("abcdefgh", 40), []Weakness{TooLong}},
	} {
		if got := Weaknesses(c.password, own...); !slices.Equal(got, c.want) {
			t.Errorf("%q: %v, want %v", c.password, got, c.want)
		}
	}
}

// TestListed looks for every line of the list, and for what is none.
func TestListed(t *testing.T) {
	n := 0
	for line := range strings.Lines(common) {
		n++
		if w := strings.TrimSuffix(line, "\n"); !listed(w) || Core(w) != w {
			t.Fatalf("%q is in the list and not found in it as it stands", w)
		}
		if w := strings.TrimSuffix(line, "\n") + "~"; listed(w) {
			t.Fatalf("%q is found and is not there", w)
		}
	}
	if n < 30_000 {
		t.Errorf("the list has %d lines", n)
	}
	for _, w := range []string{"", "abc", "aaaa~", "~", "zzzzzzzzzzzzzzzz", "a\nb"} {
		if listed(w) {
			t.Errorf("%q is found", w)
		}
	}
}

func FuzzWeaknesses(f *testing.F) {
	f.Add("Kers-lamp7-rivier", "Anna")
	f.Add("\xff\n", "")
	f.Fuzz(func(_ *testing.T, password, own string) {
		Weaknesses(password, own)
		listed(password)
	})
}

func TestHash(t *testing.T) {
	h := NewHasher()
	stored, err := h.Make(t.Context(), "Kers-lamp7-rivier")
	if err != nil || !strings.HasPrefix(stored, "$argon2id$v=19$m=19456,t=2,p=1$") || Stale(stored) {
		t.Fatalf("%q, %v", stored, err)
	}
	// A hash of the reference implementation: echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1 (its README's, with its parameters).
	reference := "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	for _, c := range []struct {
		password, stored string
		want             bool
	}{
		{"Kers-lamp7-rivier", stored, true},
		{"Kers-lamp7-riviex", stored, false},
		{"", stored, false},
		{"password", reference, true},
		{"passwore", reference, false},
		{"password", "", false},
		{"password", strings.Replace(reference, "argon2id", "argon2i", 1), false},
		{"password", strings.Replace(reference, "v=19", "v=16", 1), false},
		{"password", strings.Replace(reference, "m=65536", "m=4294967295", 1), false},
		{"password", strings.Replace(reference, "t=2", "t=4000000000", 1), false},
		{"password", strings.Replace(reference, "p=1", "p=0", 1), false},
		{"password", reference[:60], false},
		{strings.Repeat("x", 1000), reference, false},
	} {
		got, err := h.Check(t.Context(), false, c.password, c.stored)
		if err != nil || got != c.want {
			t.Errorf("%.20q with %q: %v, %v", c.password, c.stored, got, err)
		}
	}
	if !Stale(reference) {
		t.Error("a hash of other parameters is made anew")
	}
}

// TestHasherIsBounded: those who guess fill their places and their queue, and no more; who is known has a place of their own.
func TestHasherIsBounded(t *testing.T) {
	h := NewHasher()
	h.waiting = time.Minute
	ctx, cancel := context.WithCancel(t.Context())
	for range cap(h.places) {
		h.places <- struct{}{} // all are hashing
	}
	done := make(chan error, queueMost)
	for range queueMost {
		go func() {
			_, err := h.turn(ctx, false)
			done <- err
		}()
	}
	for len(h.queue) < queueMost {
		time.Sleep(time.Millisecond)
	}
	if _, err := h.Check(ctx, false, "x", ""); err == nil || !strings.Contains(err.Error(), "too many") {
		t.Errorf("one more stranger: %v", err)
	}
	if _, err := h.Check(ctx, true, "x", ""); err != nil {
		t.Errorf("one who is known: %v", err)
	}
	cancel()
	for range queueMost {
		if err := <-done; err == nil {
			t.Error("a place came free that nobody gave back")
		}
	}
	if len(h.queue) != 0 {
		t.Errorf("%d are still in the queue", len(h.queue))
	}
}
