package sql

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/belwacht/belwacht/ingest"
)

func TestSeen(t *testing.T) {
	s := newSeen()
	for day := range int64(60) {
		for i := range int64(3) {
			at := (100+day)*slotsADay + i
			one := s.begin(at)
			if one.known(7) || !s.changed(at, 2) {
				t.Fatal("a new slot is known")
			}
			s.end(at, 2, []uint64{9, uint64(at)})
			if !one.known(9) || !one.known(uint64(at)) || s.changed(at, 2) || !s.changed(at, 3) {
				t.Fatal("a slot that was read is not known")
			}
		}
	}
	if s.keys != 360 {
		t.Errorf("%d keys", s.keys)
	}
	future := int64(500 * slotsADay)
	s.begin(future)
	s.end(future, 1, []uint64{1}) // one row dated ahead moves nothing
	s.trim(200 * slotsADay)
	if s.floor != (159*slotsADay+2)-keptSlots && s.floor != (159*slotsADay+1)-keptSlots {
		t.Errorf("the floor is %d", s.floor)
	}
	if s.changed(159*slotsADay, 2) || len(s.slots) > 32*3+1 {
		t.Errorf("%d slots are left", len(s.slots))
	}
	for range 3 {
		future++
		s.begin(future)
		s.end(future, 1, []uint64{1})
	}
	s.trim(200 * slotsADay)
	if s.floor > 200*slotsADay-keptSlots {
		t.Error("a clock that runs ahead makes the past be forgotten")
	}
}

// TestSeenIsBounded gives more rows than are remembered.
func TestSeenIsBounded(t *testing.T) {
	s := newSeen()
	s.older = 0
	for at := range int64(12) {
		keys := make([]uint64, maxKeys/10)
		for i := range keys {
			keys[i] = uint64(i)
		}
		s.begin(1000 + at)
		s.end(1000+at, len(keys), keys)
	}
	s.trim(2000)
	if s.keys > maxKeys || s.keys < maxKeys/2 || s.older != int64(12*maxKeys/10-s.keys) {
		t.Errorf("%d keys are left, %d rows are said to be older", s.keys, s.older)
	}
	if s.changed(1011, maxKeys/10) {
		t.Error("the newest are forgotten")
	}
}

func TestPosition(t *testing.T) {
	s := newSeen()
	s.begin(5_000_000)
	s.end(5_000_000, 3, []uint64{3, 1, 2})
	s.begin(5_000_001)
	s.floor, s.older = 4_000_000, 17
	p := Position{history: 1_700_000_000, live: true, seen: s}
	b, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var q Position
	if err := json.Unmarshal(b, &q); err != nil {
		t.Fatal(err)
	}
	q.seen.slots[5_000_001].keys = nil
	if !reflect.DeepEqual(p, q) {
		t.Errorf("%+v became %+v", p, q)
	}
	for _, bad := range []string{`{}`, `{"schema":"belwacht.position.sql/2"}`, `[`, `{"schema":"belwacht.position.sql/1","seen":"AAA="}`,
		strings.Replace(string(b), `"seen":"`, `"seen":"!`, 1)} {
		if err := json.Unmarshal([]byte(bad), &q); err == nil {
			t.Errorf("%s is read", bad)
		}
	}
}

func FuzzPosition(f *testing.F) {
	f.Add([]byte(`{"schema":"belwacht.position.sql/1","history":1,"live":true,"floor":4,"older":-1,"late":[1,2,3],` +
		`"seen":"gIoDBgMBAAAAAAAAAAIAAAAAAAAAAwAAAAAAAAA="}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var p Position
		if json.Unmarshal(data, &p) != nil || p.seen == nil {
			return
		}
		b, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var q Position
		if err := json.Unmarshal(b, &q); err != nil {
			t.Fatalf("%s was written and cannot be read: %v", b, err)
		}
		p.seen.trim(1 << 40)
	})
}

func TestConfig(t *testing.T) {
	take := func(*ingest.Row) error { return nil }
	good := Config{Database: "asteriskcdrdb", User: "belwacht"}
	for name, c := range map[string]struct {
		change func(*Config, *Options)
		says   string
	}{
		"good":     {func(*Config, *Options) {}, ""},
		"socket":   {func(c *Config, _ *Options) { c.Address = "/run/mysqld/mysqld.sock" }, ""},
		"database": {func(c *Config, _ *Options) { c.Database = "a`b" }, "database"},
		"table":    {func(c *Config, _ *Options) { c.Table = "cdr; DROP TABLE cdr" }, "table"},
		"user":     {func(c *Config, _ *Options) { c.User = "" }, "user"},
		"address":  {func(c *Config, _ *Options) { c.Address = "localhost" }, "address"},
		"times":    {func(_ *Config, o *Options) { o.Times = "Europe/Atlantis" }, "times"},
	} {
		config, o := good, Options{Kind: MySQL, Row: take}
		c.change(&config, &o)
		_, err := New(config, o)
		if c.says == "" && err != nil || c.says != "" && (err == nil || !strings.HasPrefix(err.Error(), c.says)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
