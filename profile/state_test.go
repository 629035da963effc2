package profile

import (
	"bytes"
	"reflect"
	"strconv"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/snapshot"
)

func e164(n int) belwacht.E164 {
	e, ok := belwacht.ParseE164(strconv.Itoa(n))
	if !ok {
		panic("no number")
	}
	return e
}

func TestSnapshots(t *testing.T) {
	house, own := NewTenant(), &Account{}
	for i := range 500 {
		l := Lesson{At: belwacht.Instant(1_760_000_000+i*5000) * belwacht.Second, Date: int32(20370 + i/17), Hour: uint8(i % 168), Number: e164(252_615_550_000 + i*137),
			Country: belwacht.Country{'S', byte('A' + i%20)}, Notable: i%3 > 0, Novel: i%2 > 0, SentOn: i%9 == 0, Talk: int64(i), Cost: belwacht.Money(i) * belwacht.Unit, AtOnce: i % 5}
		house.Learn(&l, uint32(i%7))
		own.Learn(&l)
	}
	house.Forget(e164(252_615_550_137), belwacht.Country{'S', 'B'}, 1)
	own.Forget(e164(252_615_550_137), belwacht.Country{'S', 'B'})
	var b bytes.Buffer
	if err := house.Snapshot(&b); err != nil {
		t.Fatal(err)
	}
	data := bytes.Clone(b.Bytes())
	got := NewTenant()
	if err := got.Restore(&b); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, house) {
		t.Error("the restored house is another")
	}
	data[len(data)/2] ^= 1
	if err := got.Restore(bytes.NewReader(data)); err == nil || got.Calls != 0 {
		t.Errorf("damaged: %v, %d calls known", err, got.Calls)
	}
	for _, a := range []*Account{{}, own} {
		b.Reset()
		if err := snapshot.Save(&b, Schema, a.State); err != nil {
			t.Fatal(err)
		}
		t.Logf("an account takes %d bytes", b.Len())
		var back Account
		if err := snapshot.Load(&b, Schema, back.State); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(&back, a) {
			t.Errorf("%+v\nbecame %+v", a, &back)
		}
	}
}

// TestAScatterIsLearnedSlowly: three new ranges of a country a day and no more, whatever is called.
func TestAScatterIsLearnedSlowly(t *testing.T) {
	var a Account
	so, day := belwacht.Country{'S', 'O'}, int32(20000)
	known := func() (n int) {
		for i := range 40 {
			if a.KnowsRange(e164(252_610_000_000+i*10_000)) > 0 {
				n++
			}
		}
		return n
	}
	for i := range 20 {
		a.Learn(&Lesson{At: belwacht.Instant(day) * belwacht.Day, Date: day, Number: e164(252_610_000_000 + i*10_000), Country: so, Notable: true, Talk: 60})
	}
	if n := known(); n != MaxNewRanges {
		t.Errorf("%d ranges learned on one day, want %d", n, MaxNewRanges)
	}
	for i := range 20 {
		a.Learn(&Lesson{At: belwacht.Instant(day+1) * belwacht.Day, Date: day + 1, Number: e164(252_610_000_000 + (20+i)*10_000), Country: so, Notable: true, Talk: 60})
	}
	if n := known(); n != 2*MaxNewRanges {
		t.Errorf("%d ranges learned on two days, want %d", n, 2*MaxNewRanges)
	}
	for i := range 40 { // another country after each call makes no room
		for _, c := range []belwacht.Country{so, {'G', 'N'}, {'M', 'V'}} {
			base := map[belwacht.Country]int{so: 252_620_000_000, {'G', 'N'}: 224_620_000_000, {'M', 'V'}: 960_620_000_000}[c]
			a.Learn(&Lesson{At: belwacht.Instant(day+2) * belwacht.Day, Date: day + 2, Number: e164(base + i*10_000), Country: c, Notable: true, Talk: 60})
		}
	}
	turns := 0
	for i := range 40 {
		if a.KnowsRange(e164(252_620_000_000+i*10_000)) > 0 {
			turns++
		}
	}
	if turns != MaxNewRanges {
		t.Errorf("%d ranges learned by turns with other countries, want %d", turns, MaxNewRanges)
	}
}
