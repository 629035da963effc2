package ingest

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/asterisk"
)

// none is the index of no row.
const none int32 = -1

// The strings of a held row, in the order in which they lie behind one another.
const (
	textID = iota
	textLink
	textSrc
	textDst
	textContext
	textName
	textChannel
	textDstChannel
	textApp
	textData
	textFrom
	textTo
	textIn
	textOut
	texts
)

// longest is how much of each string is kept: Asterisk itself keeps 80 bytes of most and some more of data. Longer ones are hostile.
var longest = [texts]int{160, 160, 256, 256, 96, 128, 160, 160, 64, 512, 128, 128, 96, 96}

// held is a row that is held back. It holds no pointers, so that hundreds of thousands cost the garbage collector nothing; its strings
// lie in a chunk.
type held struct {
	start, answer, end belwacht.Instant
	sequence           int64
	talk               int32
	next               int32 // in its bucket
	sibling            int32 // the next row of the same call: a ring
	chunk              int32
	offset             uint32
	length             [texts]uint16
	disposition        belwacht.Disposition
	direction          belwacht.Direction
	flags              uint8
}

// What is known of a held row.
const (
	done     = 1 << iota // its turn has come
	late                 // it came after its horizon
	absorbed             // it belongs to a call that was yielded
	unlinked             // its record has no linkedid
)

// chunkSize is how many bytes of strings are kept together.
const chunkSize = 64 << 10

// chunk holds strings of rows that came one after the other; it is used again when all of them are gone.
type chunk struct {
	text []byte
	live int32
}

// shelf holds rows back.
type shelf struct {
	rows   []held
	free   []int32
	chunks []chunk
	empty  []int32 // chunks without rows
	filled int32   // the chunk being filled
	count  int
}

func newShelf() *shelf { return &shelf{filled: none} }

// put keeps a row and gives its index.
func (s *shelf) put(r *Row) int32 {
	text := [texts]string{r.UniqueID, r.LinkedID, r.Src, r.Dst, r.Context, r.CallerName, r.Channel, r.DstChannel, r.App, r.Data,
		r.From, r.To, r.InTrunk, r.OutTrunk}
	var flags uint8
	if r.LinkedID == "" {
		flags = unlinked
	} else if r.LinkedID == r.UniqueID {
		text[textLink] = ""
	}
	size := 0
	for i := range text {
		if len(text[i]) > longest[i] {
			text[i] = text[i][:longest[i]]
		}
		size += len(text[i])
	}
	c := s.room(size)
	k := &s.chunks[c]
	h := held{start: r.Start, answer: r.Answer, end: max(r.End, r.Start), sequence: r.Sequence, talk: int32(min(max(r.Talk, 0), 1<<30)), next: none,
		chunk: c, offset: uint32(len(k.text)), disposition: r.Disposition, direction: r.Direction, flags: flags}
	for i := range text {
		h.length[i] = uint16(len(text[i]))
		k.text = append(k.text, text[i]...)
	}
	k.live++
	s.count++
	var at int32
	if n := len(s.free); n > 0 {
		at = s.free[n-1]
		s.free = s.free[:n-1]
		s.rows[at] = h
	} else {
		at = int32(len(s.rows))
		s.rows = append(s.rows, h)
	}
	s.rows[at].sibling = at
	return at
}

// room finds a chunk that has size bytes left.
func (s *shelf) room(size int) int32 {
	if s.filled != none && len(s.chunks[s.filled].text)+size <= chunkSize {
		return s.filled
	}
	if n := len(s.empty); n > 0 {
		s.filled = s.empty[n-1]
		s.empty = s.empty[:n-1]
	} else {
		s.filled = int32(len(s.chunks))
		s.chunks = append(s.chunks, chunk{text: make([]byte, 0, chunkSize)})
	}
	return s.filled
}

// live says whether index i is that of a row.
func (s *shelf) live(i int32) bool { return int(i) < len(s.rows) && s.rows[i].chunk != none }

// drop forgets a row.
func (s *shelf) drop(i int32) {
	h := &s.rows[i]
	c := &s.chunks[h.chunk]
	if c.live--; c.live == 0 {
		c.text = c.text[:0]
		if h.chunk != s.filled {
			s.empty = append(s.empty, h.chunk)
		}
	}
	h.chunk = none
	s.free = append(s.free, i)
	s.count--
}

// bytes is one string of a row, where it lies.
func (s *shelf) bytes(i int32, which int) []byte {
	h := &s.rows[i]
	at := int(h.offset)
	for k := range which {
		at += int(h.length[k])
	}
	return s.chunks[h.chunk].text[at : at+int(h.length[which])]
}

// record is a held row laid out for reading. Its strings are parts of one string of its own.
type record struct {
	*held
	index                                                  int32
	id, link, src, dst, context, name, channel, dstChannel string
	app, data, from, to, in, out                           string
	ch, dch                                                asterisk.Channel

	// Worked out once for the group, see Assembler.layOut.
	place, leg int    // channel and dstChannel as small numbers, the same name the same number; 0 for none
	asked      bool   // number and how are known
	number     string // see Assembler.dialled
	how        named
}

// view lays a row out; it allocates once.
func (s *shelf) view(i int32, r *record) {
	h := &s.rows[i]
	size := 0
	for _, n := range h.length {
		size += int(n)
	}
	all := string(s.chunks[h.chunk].text[h.offset : int(h.offset)+size])
	at := 0
	cut := func(which int) string {
		n := int(h.length[which])
		at += n
		return all[at-n : at]
	}
	r.held, r.index = h, i
	r.id, r.link, r.src, r.dst, r.context = cut(textID), cut(textLink), cut(textSrc), cut(textDst), cut(textContext)
	r.name, r.channel, r.dstChannel, r.app, r.data = cut(textName), cut(textChannel), cut(textDstChannel), cut(textApp), cut(textData)
	r.from, r.to, r.in, r.out = cut(textFrom), cut(textTo), cut(textIn), cut(textOut)
	if r.link == "" {
		r.link = r.id
	}
	r.ch, r.dch = asterisk.ParseChannel(r.channel), asterisk.ParseChannel(r.dstChannel)
}

// answered says whether the row was.
func (r *record) answered() bool {
	return r.answer != 0 && (r.disposition == belwacht.Answered || r.disposition == belwacht.DispositionUnknown)
}

// device says whether the row reached something with a name of its own: a phone or a trunk, no Local channel.
func (r *record) device() bool { return r.dstChannel != "" && !r.dch.Local() }
