package snapshot

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io"
	"math"
	"reflect"
	"strings"
)

// maxSchema bounds the first line of a file, in bytes.
const maxSchema = 128

// Codec saves or loads, one field after the other. After the first error it does nothing more: whoever describes himself need not look at
// errors, only Save and Load give them. A Codec is for one goroutine.
type Codec struct {
	out     *bufio.Writer
	in      *bufio.Reader
	sum     hash.Hash
	err     error
	room    [binary.MaxVarintLen64]byte
	layouts map[reflect.Type]bool // that were named in this file
}

// Save writes a schema, what body hands over, and the sum. Schemas end in a slash and their major version, such as
// "belwacht.memory/3".
func Save(w io.Writer, schema string, body func(*Codec)) error {
	c := &Codec{sum: sha256.New(), layouts: make(map[reflect.Type]bool)}
	c.out = bufio.NewWriterSize(io.MultiWriter(w, c.sum), 1<<16)
	c.write([]byte(schema + "\n"))
	body(c)
	if c.err == nil {
		c.err = c.out.Flush()
	}
	if c.err == nil {
		_, c.err = w.Write(c.sum.Sum(nil))
	}
	return c.err
}

// Load reads what Save wrote. Everything that body filled is worthless where an error comes back.
func Load(r io.Reader, schema string, body func(*Codec)) error {
	c := &Codec{sum: sha256.New(), layouts: make(map[reflect.Type]bool)}
	c.in = bufio.NewReaderSize(r, 1<<16)
	if err := c.schema(schema); err != nil {
		return err
	}
	body(c)
	if c.err != nil {
		return c.err
	}
	want, got := c.sum.Sum(nil), make([]byte, sha256.Size)
	if _, err := io.ReadFull(c.in, got); err != nil {
		return cut(err)
	}
	if !bytes.Equal(want, got) {
		return errors.New("the sum at its end does not fit what it holds: it was damaged or changed")
	}
	if _, err := c.in.ReadByte(); err != io.EOF {
		return errors.New("something follows after its end")
	}
	return nil
}

// schema reads the first line and refuses another one's.
func (c *Codec) schema(want string) error {
	var line []byte
	for len(line) <= maxSchema {
		b, err := c.in.ReadByte()
		if err != nil {
			return cut(err)
		}
		line = append(line, b)
		if b == '\n' {
			break
		}
	}
	c.sum.Write(line)
	got := strings.TrimSuffix(string(line), "\n")
	if got == want {
		return nil
	}
	name, version, _ := strings.Cut(want, "/")
	if is, other, ok := strings.Cut(got, "/"); ok && is == name && len(other) < 8 {
		return fmt.Errorf("it is of version %q of %s, and this program reads version %s", other, name, version)
	}
	return fmt.Errorf("it does not begin with %q, so it is no such file", want)
}

func cut(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return errors.New("it ends too early: it was cut off")
	}
	return err
}

// Saving says which way the codec goes.
func (c *Codec) Saving() bool { return c.out != nil }

// Failed says whether an error has come up: a loop that adds can stop.
func (c *Codec) Failed() bool { return c.err != nil }

// Fail notes an error, unless there is one.
func (c *Codec) Fail(format string, args ...any) {
	if c.err == nil {
		c.err = fmt.Errorf(format, args...)
	}
}

func (c *Codec) write(b []byte) {
	if c.err == nil {
		_, c.err = c.out.Write(b)
	}
}

// read fills b; what cannot be read is zero.
func (c *Codec) read(b []byte) {
	if c.err == nil {
		if _, err := io.ReadFull(c.in, b); err != nil {
			c.err = cut(err)
		}
	}
	if c.err != nil {
		clear(b)
		return
	}
	c.sum.Write(b)
}

// uvarint takes one number the way the codec goes.
func (c *Codec) uvarint(v uint64) uint64 {
	if c.Saving() {
		c.write(c.room[:binary.PutUvarint(c.room[:], v)])
		return v
	}
	v = 0
	for shift := uint(0); ; shift += 7 {
		c.read(c.room[:1])
		b := c.room[0]
		if c.err != nil {
			return 0
		}
		if shift == 63 && b > 1 {
			c.Fail("a number in it is too great")
			return 0
		}
		v |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return v
		}
	}
}

// limited takes a number of so many bits.
func (c *Codec) limited(v uint64, bits int) uint64 {
	v = c.uvarint(v)
	if v>>bits != 0 {
		c.Fail("a number in it is too great: %d", v)
		return 0
	}
	return v
}

// Uint64 takes a number.
func (c *Codec) Uint64(v *uint64) { *v = c.uvarint(*v) }

// Uint32 takes a number.
func (c *Codec) Uint32(v *uint32) { *v = uint32(c.limited(uint64(*v), 32)) }

// Uint16 takes a number.
func (c *Codec) Uint16(v *uint16) { *v = uint16(c.limited(uint64(*v), 16)) }

// Uint8 takes a number.
func (c *Codec) Uint8(v *uint8) {
	if c.Saving() {
		c.write([]byte{*v})
		return
	}
	c.read(c.room[:1])
	*v = c.room[0]
}

// Bool takes a truth value.
func (c *Codec) Bool(v *bool) {
	n := uint8(0)
	if *v {
		n = 1
	}
	c.Uint8(&n)
	*v = n == 1
}

// Int64 takes a number, negative ones too.
func (c *Codec) Int64(v *int64) {
	u := c.uvarint(uint64(*v)<<1 ^ uint64(*v>>63))
	*v = int64(u>>1) ^ -int64(u&1)
}

// Int32 takes a number, negative ones too.
func (c *Codec) Int32(v *int32) {
	n := int64(*v)
	c.Int64(&n)
	if n != int64(int32(n)) {
		c.Fail("a number in it is too great: %d", n)
		n = 0
	}
	*v = int32(n)
}

// Int takes a number, negative ones too.
func (c *Codec) Int(v *int) {
	n := int64(*v)
	c.Int64(&n)
	*v = int(n)
}

// Float32 takes a number bit for bit; zero, the most frequent one, in one byte.
func (c *Codec) Float32(v *float32) {
	n := c.limited(uint64(reverse32(math.Float32bits(*v))), 32)
	*v = math.Float32frombits(reverse32(uint32(n)))
}

// reverse32 turns the bytes round: of small whole floats the low bytes are empty, and a varint leaves out high ones.
func reverse32(v uint32) uint32 {
	return v<<24 | v>>24 | v<<8&0xff0000 | v>>8&0xff00
}

// Float64 takes a number bit for bit.
func (c *Codec) Float64(v *float64) { *v = math.Float64frombits(c.uvarint(math.Float64bits(*v))) }

// Text takes a string of at most most bytes.
func (c *Codec) Text(v *string, most int) {
	n := c.Len(len(*v), most)
	if c.Saving() {
		c.write([]byte(*v))
		return
	}
	if n == 0 {
		*v = ""
		return
	}
	b := make([]byte, n)
	c.read(b)
	*v = string(b)
}

// Len takes a count of things, which is at most most.
func (c *Codec) Len(n, most int) int {
	if c.Saving() && n > most {
		c.Fail("%d of a kind of which there may be %d", n, most)
		return 0
	}
	got := c.uvarint(uint64(n))
	if got > uint64(most) {
		c.Fail("it holds %d of a kind of which there may be %d", got, most)
		return 0
	}
	return int(got)
}
