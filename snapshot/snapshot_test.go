package snapshot

import (
	"bytes"
	"crypto/sha256"
	"math"
	"reflect"
	"strings"
	"testing"
)

type inner struct {
	A int16
	B [3]uint8
	C string
}

type all struct {
	U8   uint8
	U16  uint16
	U32  uint32
	U64  uint64
	I    int
	I32  int32
	I64  int64
	F32  float32
	F64  float64
	Yes  bool
	Text string
	In   inner
	list []uint64
	m    map[string]int
}

func (a *all) state(c *Codec) {
	c.Uint8(&a.U8)
	c.Uint16(&a.U16)
	c.Uint32(&a.U32)
	c.Uint64(&a.U64)
	c.Int(&a.I)
	c.Int32(&a.I32)
	c.Int64(&a.I64)
	c.Float32(&a.F32)
	c.Float64(&a.F64)
	c.Bool(&a.Yes)
	c.Text(&a.Text, 100)
	c.Fields(&a.In, 10)
	List(c, &a.list, 1<<20, func(c *Codec, v *uint64) { c.Uint64(v) })
	if a.m == nil {
		a.m = map[string]int{}
	}
	Map(c, a.m, 100, Ordered[string], func(c *Codec, k *string, v *int) { c.Text(k, 10); c.Int(v) })
}

func filled() *all {
	return &all{255, 65535, 1<<32 - 1, 1<<64 - 1, -7, -1 << 31, math.MinInt64, -1.5, math.Pi, true, "zwölf\x00\x1b[31m", inner{-3, [3]uint8{1, 2, 3}, "in"},
		[]uint64{0, 1, 1 << 63}, map[string]int{"b": 2, "a": -1}}
}

func saved(t testing.TB, a *all) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Save(&b, "test.memory/2", a.state); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWhatIsSavedIsLoaded(t *testing.T) {
	for _, want := range []*all{{m: map[string]int{}, list: []uint64{}}, filled()} {
		data := saved(t, want)
		var got all
		if err := Load(bytes.NewReader(data), "test.memory/2", got.state); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(&got, want) {
			t.Errorf("%+v\nbecame\n%+v", want, got)
		}
		if again := saved(t, &got); !bytes.Equal(again, data) {
			t.Errorf("the same memory makes another file")
		}
	}
}

// TestDamage flips every bit of a file and cuts it everywhere: each must be an error, and a sentence.
func TestDamage(t *testing.T) {
	data := saved(t, filled())
	load := func(b []byte) error { return Load(bytes.NewReader(b), "test.memory/2", new(all).state) }
	for i := range data {
		for bit := range 8 {
			b := bytes.Clone(data)
			b[i] ^= 1 << bit
			if load(b) == nil {
				t.Fatalf("bit %d of byte %d changed, and nobody noticed", bit, i)
			}
		}
		if err := load(data[:i]); err == nil || !strings.Contains(err.Error(), "cut off") {
			t.Fatalf("cut after %d bytes: %v", i, err)
		}
	}
	if err := load(append(bytes.Clone(data), 'x')); err == nil {
		t.Error("something more at the end, and nobody noticed")
	}
}

func TestOtherSchemas(t *testing.T) {
	data := saved(t, filled())
	for schema, want := range map[string]string{"test.memory/3": `version "2"`, "test.memory/1": `version "2"`, "other/2": "no such file"} {
		if err := Load(bytes.NewReader(data), schema, new(all).state); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", schema, err, want)
		}
	}
	if err := Load(strings.NewReader(strings.Repeat("x", 1<<20)), "a/1", new(all).state); err == nil {
		t.Error("a file of another kind was read")
	}
}

// TestHostileCounts announces more than there is: nothing is allocated on its word.
func TestHostileCounts(t *testing.T) {
	var b bytes.Buffer
	if err := Save(&b, "x/1", func(c *Codec) { c.Len(1<<19, 1<<20) }); err != nil {
		t.Fatal(err)
	}
	var list []all
	n := testing.AllocsPerRun(5, func() {
		if Load(bytes.NewReader(b.Bytes()), "x/1", func(c *Codec) { List(c, &list, 1<<20, func(c *Codec, a *all) { a.state(c) }) }) == nil {
			t.Error("a list without its elements was read")
		}
	})
	if n > 200 {
		t.Errorf("%g allocations", n)
	}
	if err := Load(bytes.NewReader(b.Bytes()), "x/1", func(c *Codec) { c.Len(0, 1000) }); err == nil || !strings.Contains(err.Error(), "may be 1000") {
		t.Errorf("%v", err)
	}
}

// TestAnotherLayout: a struct that has changed since is refused.
func TestAnotherLayout(t *testing.T) {
	var b bytes.Buffer
	old := struct{ A, B uint32 }{1, 2}
	if err := Save(&b, "x/1", func(c *Codec) { c.Fields(&old, 0) }); err != nil {
		t.Fatal(err)
	}
	var now struct{ A, C uint32 }
	if err := Load(&b, "x/1", func(c *Codec) { c.Fields(&now, 0) }); err == nil || !strings.Contains(err.Error(), "otherwise") {
		t.Errorf("%v", err)
	}
}

// FuzzLoad reads files of any content whose sum is right.
func FuzzLoad(f *testing.F) {
	seed := saved(f, filled())
	head := "test.memory/2\n"
	f.Add(seed[len(head) : len(seed)-sha256.Size])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, body []byte) {
		data := append([]byte(head), body...)
		sum := sha256.Sum256(data)
		var a all
		if Load(bytes.NewReader(append(data, sum[:]...)), "test.memory/2", a.state) == nil {
			saved(t, &a)
		}
	})
}
