package storetest

import (
	"fmt"
	"sync"
	"testing"

	"github.com/belwacht/belwacht"
)

// RunTellings is the suite of what keeps how far people are told. open opens what a folder keeps, twice without a close between: a kill leaves it open.
func RunTellings(t *testing.T, open func(t *testing.T, folder string) belwacht.TellingStore) {
	t.Run("tellings", func(t *testing.T) { tellings(t, open) })
	t.Run("marks", func(t *testing.T) { marks(t, open) })
	t.Run("many at once", func(t *testing.T) { manyTellings(t, open) })
}

// lately is when the suite's tellings change: what is old may be let go.
const lately = belwacht.Instant(1_900_000_000_000)

func telling(i int) belwacht.Telling {
	at := lately + belwacht.Instant(i)*belwacht.Second
	return belwacht.Telling{Alert: belwacht.Alert{ID: fmt.Sprint("A", i), Tenant: "oak", Account: "212", Cause: "limit.country", First: at, Last: at + 5, Word: belwacht.Refuse,
		Count: i, Numbers: []string{"+252611234567"}, Reason: "a\nb \x1b[31m\u2028 \xff", ReasonNL: "é"}, Said: i, Word: belwacht.Refuse, At: at,
		Reached: []belwacht.Reached{{To: "Anna", Way: "mail a@example.nl", Said: i}}, Waiting: []belwacht.Delivery{{To: "Anna", Way: "mail a@example.nl", Since: at, Note: "escalated"}},
		Step: 1, StepAt: at, Changed: at}
}

func tellings(t *testing.T, open func(*testing.T, string) belwacht.TellingStore) {
	dir := t.TempDir()
	s := open(t, dir)
	a, b := telling(1), telling(2)
	ok(t, s.PutTellings(t.Context(), []belwacht.Telling{b, a}))
	a.Alert.Numbers[0] = "changed afterwards"
	b.Waiting, b.Taken, b.Taker, b.Changed = nil, b.At+7, "Anna", b.At+7
	ok(t, s.PutTellings(t.Context(), []belwacht.Telling{b}))
	code(t, s.PutTellings(t.Context(), []belwacht.Telling{{}}), belwacht.Invalid)
	want := []belwacht.Telling{telling(1), b}
	for i := range want {
		want[i].Alert.Reason = "a\nb \x1b[31m\u2028 \ufffd" // JSON keeps no broken UTF-8
	}
	for i, s := range []belwacht.TellingStore{s, open(t, dir)} {
		got, err := s.Tellings(t.Context())
		ok(t, err)
		if i == 0 {
			for j := range got {
				got[j].Alert.Reason = want[j].Alert.Reason
			}
		}
		same(t, "tellings", got, want)
	}
}

func marks(t *testing.T, open func(*testing.T, string) belwacht.TellingStore) {
	dir := t.TempDir()
	s := open(t, dir)
	ok(t, s.PutMark(t.Context(), "summary", 7))
	ok(t, s.PutMark(t.Context(), "summary", lately))
	code(t, s.PutMark(t.Context(), "", 7), belwacht.Invalid)
	for _, s := range []belwacht.TellingStore{s, open(t, dir)} {
		for name, want := range map[string]belwacht.Instant{"summary": lately, "other": 0} {
			if got, err := s.Mark(t.Context(), name); err != nil || got != want {
				t.Errorf("mark %s: %v %v", name, got, err)
			}
		}
	}
}

func manyTellings(t *testing.T, open func(*testing.T, string) belwacht.TellingStore) {
	dir := t.TempDir()
	s := open(t, dir)
	const writers, each = 8, 25
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for i := range each {
				if err := s.PutTellings(t.Context(), []belwacht.Telling{telling(1 + w*each + i)}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	got, err := open(t, dir).Tellings(t.Context())
	if ok(t, err); len(got) != writers*each {
		t.Errorf("%d tellings after a restart, want %d", len(got), writers*each)
	}
}
