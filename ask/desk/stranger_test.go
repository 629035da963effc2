package desk

import (
	"log/slog"
	"net/netip"
	"testing"
	"time"

	"github.com/belwacht/belwacht/ask"
)

// TestStrangers: who asks with a wrong secret is known, a bounded number of them, and who asks in time is none.
func TestStrangers(t *testing.T) {
	d := New(slog.New(slog.DiscardHandler), nil)
	at := netip.MustParseAddr("203.0.113.9")
	d.tell(ask.Notice{Kind: ask.WrongSecret, From: at, PBX: "hk\x1b"})
	d.tell(ask.Notice{Kind: ask.WrongSecret, From: at})
	d.tell(ask.Notice{Kind: ask.Missed, From: netip.MustParseAddr("127.0.0.1")})
	list := d.Strangers()
	if len(list) != 1 || list[0].From != at || list[0].Count != 2 || list[0].PBX != "" || list[0].First > list[0].Last {
		t.Fatalf("%+v", list)
	}
	now := time.Now()
	for i := range 2 * strangersMost {
		d.strangers.note(&ask.Notice{From: netip.AddrFrom4([4]byte{10, 0, byte(i / 250), byte(i % 250)}), PBX: "x"}, now.Add(time.Duration(i)*time.Second))
	}
	if list = d.Strangers(); len(list) != strangersMost || list[0].Last < list[1].Last || list[0].From.String() != "10.0.1.149" {
		t.Errorf("%d are known, the last %v", len(list), list[0])
	}
}
