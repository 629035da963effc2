package count

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
)

// lived is a shard with some life behind it: accounts, ranges, enumerations, calls that run, calls from outside.
func lived(t testing.TB, c Config) *Shard {
	t.Helper()
	s := NewShard(c)
	var v Values
	for i := range 400 {
		at := start + belwacht.Instant(i)*7*belwacht.Minute
		slot := attempt(t, s, uint64(i+1), at, fmt.Sprintf("2%02d", i%37), fmt.Sprintf("25261%03d%04d", i%90, i), &v)
		switch i % 4 {
		case 0:
			s.Refuse(slot)
		case 1, 2:
			s.Answer(slot, at+belwacht.Second)
			s.End(slot, at+belwacht.Minute, int64(i), belwacht.Answered)
		case 3:
			s.Suspect(slot, at, 0.5)
		}
		s.Inbound(e164(t, fmt.Sprintf("2526155%05d", i)), "201", at, i%2 == 0, true)
	}
	i, _, _ := s.Index("212", 0)
	s.Begin(&Attempt{Key: 9001, At: start + 4*belwacht.Day, Account: i, Notable: true, Tail: 12345678, Form: 77, HomeNew: true}, &v)
	return s
}

func snapshotOf(t testing.TB, s *Shard) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := s.Snapshot(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestASnapshotIsTheShard(t *testing.T) {
	for _, c := range []Config{{}, {Accounts: 20, Ranges: 64, Tails: 64, Rang: 64, Running: 128}} {
		s := lived(t, c)
		data := snapshotOf(t, s)
		got := NewShard(c)
		if err := got.Restore(bytes.NewReader(data)); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(snapshotOf(t, got), data) {
			t.Error("the restored shard makes another snapshot")
		}
		var a, b Values
		for i := range 300 {
			at := start + 4*belwacht.Day + belwacht.Instant(i)*belwacht.Minute
			attempt(t, s, uint64(10000+i), at, fmt.Sprintf("2%02d", i%50), fmt.Sprintf("25261%03d%04d", i%90, i), &a)
			attempt(t, got, uint64(10000+i), at, fmt.Sprintf("2%02d", i%50), fmt.Sprintf("25261%03d%04d", i%90, i), &b)
			if !reflect.DeepEqual(a, b) {
				t.Fatalf("after %d more calls %+v\nbut with the restored shard %+v", i, a, b)
			}
			if s.Running() > 100 {
				break
			}
		}
		t.Logf("%d accounts, %d bytes", s.Len(), len(data))
	}
}

// TestASmallerShard takes what a greater one wrote: tables keep what fits, accounts that do not fit are an error.
func TestASmallerShard(t *testing.T) {
	s := lived(t, Config{})
	small := NewShard(Config{Ranges: 64, Rang: 64})
	if err := small.Restore(bytes.NewReader(snapshotOf(t, s))); err != nil {
		t.Fatal(err)
	}
	if n := small.Ranges.Len(); n == 0 || n > 128 {
		t.Errorf("%d ranges", n)
	}
	few := NewShard(Config{Accounts: 3})
	few.Index("900", 1)
	if err := few.Restore(bytes.NewReader(snapshotOf(t, s))); err == nil || few.Len() != 0 {
		t.Errorf("%v, %d accounts", err, few.Len())
	}
}

func TestADamagedSnapshotLeavesTheShardEmpty(t *testing.T) {
	data := snapshotOf(t, lived(t, Config{}))
	for _, at := range []int{3, len("belwacht.count/"), 40, len(data) / 2, len(data) - 1} {
		b := bytes.Clone(data)
		b[at] ^= 1
		s := NewShard(Config{})
		s.Index("900", 1)
		if err := s.Restore(bytes.NewReader(b)); err == nil || s.Len() != 0 || !strings.Contains(err.Error(), "counters cannot be read") {
			t.Errorf("byte %d changed: %v, %d accounts left", at, err, s.Len())
		}
	}
}

func FuzzRestore(f *testing.F) {
	s := NewShard(Config{})
	var v Values
	s.Index("212", 1)
	s.Begin(&Attempt{Key: 1, At: start, Notable: true, Number: e164(f, "31201234567")}, &v)
	f.Add(snapshotOf(f, s))
	f.Fuzz(func(t *testing.T, data []byte) {
		s := NewShard(Config{Accounts: 100, Running: 100})
		if s.Restore(bytes.NewReader(data)) == nil {
			s.Each(All, func(i uint32, slot *Slot) { s.Read(i, start, &v) })
			snapshotOf(t, s)
		}
	})
}
