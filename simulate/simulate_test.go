package simulate

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"testing"

	"github.com/belwacht/belwacht"
)

func digest(t *testing.T, c Config) (string, int) {
	t.Helper()
	o, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := o.WriteAsterisk(&b); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", sha256.Sum256(b.Bytes())), bytes.Count(b.Bytes(), []byte("\n"))
}

func TestSameSeedSameCalls(t *testing.T) {
	a, n := digest(t, Config{Seed: 4, Extensions: 30, Weeks: 6})
	b, _ := digest(t, Config{Seed: 4, Extensions: 30, Weeks: 6})
	c, _ := digest(t, Config{Seed: 5, Extensions: 30, Weeks: 6})
	if a != b {
		t.Error("one seed gave two histories")
	}
	if a == c {
		t.Error("two seeds gave one history")
	}
	if n < 1000 {
		t.Errorf("%d calls of 30 people in 6 weeks", n)
	}
}

func TestCallsAreInOrderAndWhole(t *testing.T) {
	for _, k := range kinds() {
		o, err := New(Config{Seed: 9, Kind: k.name, Extensions: 40, Weeks: 4})
		if err != nil {
			t.Fatal(err)
		}
		last, ids := belwacht.Instant(0), map[string]bool{}
		o.Calls(func(c *Call) bool {
			if c.Start < last {
				t.Fatalf("%s: call %s starts before the one before it", k.name, c.ID)
			}
			last = c.Start
			if ids[c.ID] {
				t.Fatalf("%s: two calls have the id %s", k.name, c.ID)
			}
			ids[c.ID] = true
			if c.Account == "" || c.Dialled == "" || c.Caller == "" || c.End < c.Start || c.Answer != 0 && c.Talk != c.End.Seconds(c.Answer) {
				t.Fatalf("%s: %+v is no whole call", k.name, c)
			}
			if c.Attack >= 0 && o.Attacks()[c.Attack].Scored && c.Start < belwacht.InstantOf(o.LearnUntil()) {
				t.Fatalf("%s: an attack that counts calls in the learning weeks: %+v", k.name, c)
			}
			return true
		})
	}
}

func BenchmarkCalls(b *testing.B) {
	o, err := New(Config{Seed: 1, Extensions: 400, Weeks: 60})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	n := 0
	for n < b.N {
		o.Calls(func(c *Call) bool { n++; return n < b.N })
	}
}
