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
	textSrc
	textDst
	textName // up to here a plain call keeps them
	textContext
	textChannel
	textDstChannel // up to here they are all that a plain call needs, see direct
	textLink
	textApp
	textData
	textFrom
	textTo
	textIn
	textOut
	texts
)

// longest is how much of each string is kept: Asterisk itself keeps 80 bytes of most and some more of data. Longer ones are hostile.
var longest = [texts]int{160, 256, 256, 128, 96, 160, 160, 160, 64, 512, 128, 128, 96, 96}

// longestRow is no less than the sum of these.
const longestRow = 4 << 10

// held is a row that is held back. It holds no pointers, so that hundreds of thousands cost the garbage collector nothing; its strings
// lie in a chunk.
type held struct {
	start, answer, end belwacht.Instant
	sequence           int64
	key                uint64 // of its uniqueid, see keys
	keyAt              uint32 // its home
	talk               int32
	sibling            int32 // the next row of the same call: a ring
	chunk              int32
	offset             uint32
	ends               [texts]uint16 // where each string ends, from offset on
	disposition        belwacht.Disposition
	direction          belwacht.Direction
	flags              uint8
	direct
}

// What is known of a held row.
const (
	done     = 1 << iota // its turn has come
	late                 // it came after its horizon
	absorbed             // it belongs to a call that was yielded
	single               // it is in the index by its uniqueid only
)

// chunkSize is how many bytes of strings are kept together.
const chunkSize = 64 << 10

// chunk holds strings of rows that came one after the other. It is one string itself, so that rows are read without copying them.
type chunk struct {
	text string // "" while it is being filled
	live int32
}

// kept is what is kept of one string of a row. Its keys are made of that: they are made again when the row goes.
func kept(s string, which int) string { return s[:min(len(s), longest[which])] }

// pageRows is how many rows lie in one page of a shelf, which grows without moving them.
const pageRows = 512

// shelf holds rows back.
type shelf struct {
	pages   []*[pageRows]held
	count   int   // rows held
	room    int32 // rows that the pages have given out so far, held or free
	free    []int32
	chunks  []chunk
	empty   []int32 // chunks without rows
	filled  int32   // the chunk being filled
	filling []byte  // its text
	touched byte    // of fetch and phones, of no meaning
}

func (s *shelf) row(i int32) *held { return &s.pages[uint32(i)/pageRows][uint32(i)%pageRows] }

func newShelf() *shelf { return &shelf{chunks: make([]chunk, 1), filling: make([]byte, 0, chunkSize)} }

// put keeps a row and gives its index.
func (s *shelf) put(r *Row, k *keys) int32 {
	var flags uint8
	linked := r.LinkedID
	if linked == r.UniqueID {
		linked = ""
	}
	plain := direct{}
	if k.single() {
		flags |= single
		plain = directOf(r)
	}
	var at int32
	if n := len(s.free); n > 0 {
		at = s.free[n-1]
		s.free = s.free[:n-1]
	} else {
		at = s.room
		if s.room++; at%pageRows == 0 {
			s.pages = append(s.pages, new([pageRows]held))
		}
	}
	h := s.row(at)
	if len(s.filling)+longestRow > chunkSize {
		s.seal()
	}
	h.start, h.answer, h.end, h.sequence = r.Start, r.Answer, max(r.End, r.Start), r.Sequence
	h.key, h.keyAt = k.id, k.idAt
	h.talk, h.sibling, h.chunk, h.offset = int32(min(max(r.Talk, 0), 1<<30)), at, s.filled, uint32(len(s.filling))
	h.disposition, h.direction, h.flags, h.direct = r.Disposition, r.Direction, flags, plain
	b, from := s.filling, len(s.filling)
	b = h.lay(b, from, textID, r.UniqueID)
	b = h.lay(b, from, textSrc, r.Src)
	b = h.lay(b, from, textDst, r.Dst)
	b = h.lay(b, from, textName, r.CallerName)
	b = h.lay(b, from, textContext, r.Context)
	b = h.lay(b, from, textChannel, r.Channel)
	b = h.lay(b, from, textDstChannel, r.DstChannel)
	b = h.lay(b, from, textLink, linked)
	b = h.lay(b, from, textApp, r.App)
	b = h.lay(b, from, textData, r.Data)
	if end := h.ends[textData]; r.From == "" && r.To == "" && r.InTrunk == "" && r.OutTrunk == "" {
		h.ends[textFrom], h.ends[textTo], h.ends[textIn], h.ends[textOut] = end, end, end, end
	} else {
		b = h.lay(h.lay(h.lay(h.lay(b, from, textFrom, r.From), from, textTo, r.To), from, textIn, r.InTrunk), from, textOut, r.OutTrunk)
	}
	s.filling = b
	s.chunks[s.filled].live++
	s.count++
	return at
}

// lay appends one string of a row, whose strings begin at from, to what is kept of it.
func (h *held) lay(b []byte, from, which int, t string) []byte {
	b = append(b, kept(t, which)...)
	h.ends[which] = uint16(len(b) - from)
	return b
}

// seal ends the chunk being filled and begins another.
func (s *shelf) seal() {
	s.chunks[s.filled].text = string(s.filling)
	s.filling = s.filling[:0]
	if n := len(s.empty); n > 0 {
		s.filled = s.empty[n-1]
		s.empty = s.empty[:n-1]
	} else {
		s.filled = int32(len(s.chunks))
		s.chunks = append(s.chunks, chunk{})
	}
}

// live says whether index i is that of a row.
func (s *shelf) live(i int32) bool { return i < s.room && s.row(i).chunk != none }

// fetch touches rows that are about to be looked at. They lie far apart in memory: asked for all at once they come at once, while one after the
// other each would be waited for.
func (s *shelf) fetch(rows []due) {
	for _, d := range rows {
		h := s.row(d.row)
		if t := s.chunks[h.chunk].text; int(h.offset)+64 < len(t) {
			s.touched += t[h.offset] + t[h.offset+64] + h.flags
		}
	}
}

// drop forgets a row.
func (s *shelf) drop(i int32) {
	h := s.row(i)
	c := &s.chunks[h.chunk]
	if c.live--; c.live == 0 {
		if h.chunk == s.filled {
			s.filling = s.filling[:0]
		} else {
			c.text = ""
			s.empty = append(s.empty, h.chunk)
		}
	}
	h.chunk = none
	s.free = append(s.free, i)
	s.count--
}

// lies is where in its chunk one string of a row lies.
func (h *held) lies(which int) (from, to int) {
	if which > 0 {
		from = int(h.ends[which-1])
	}
	return int(h.offset) + from, int(h.offset) + int(h.ends[which])
}

// is says whether one string of a row is a given one.
func (s *shelf) is(i int32, which int, want string) bool {
	h := s.row(i)
	from, to := h.lies(which)
	if h.chunk == s.filled {
		return string(s.filling[from:to]) == want
	}
	return s.chunks[h.chunk].text[from:to] == want
}

// chunkOf is the text that the strings of a row lie in, a whole chunk: its turn has come.
func (s *shelf) chunkOf(h *held) string {
	if h.chunk == s.filled {
		s.seal()
	}
	return s.chunks[h.chunk].text
}

// text is one string of a row whose turn has come.
func (s *shelf) text(h *held, which int) string {
	from, to := h.lies(which)
	return s.chunkOf(h)[from:to]
}

// record is a held row laid out for reading. Its strings are parts of its chunk: what is kept of them is cloned, see Assembler.keep.
type record struct {
	*held
	index                                                  int32
	id, link, src, dst, context, name, channel, dstChannel string
	app, data, from, to, in, out                           string
	ch, dch                                                asterisk.Channel
	worked
}

// worked is what is worked out once for a row, see Assembler.layOut.
type worked struct {
	place, leg int    // channel and dstChannel as small numbers, the same name the same number; 0 for none
	asked      bool   // number and how are known
	number     string // see Assembler.dialled
	how        named
}

// view lays a row out.
func (s *shelf) view(i int32, r *record) {
	h := s.row(i)
	all := s.chunkOf(h)[h.offset:]
	cut := func(which int) string { return all[h.ends[which-1]:h.ends[which]] }
	r.held, r.index, r.worked = h, i, worked{}
	r.id, r.src, r.dst, r.name, r.context = all[:h.ends[textID]], cut(textSrc), cut(textDst), cut(textName), cut(textContext)
	r.channel, r.dstChannel, r.link, r.app, r.data = cut(textChannel), cut(textDstChannel), cut(textLink), cut(textApp), cut(textData)
	r.from, r.to, r.in, r.out = cut(textFrom), cut(textTo), cut(textIn), cut(textOut)
	if r.link == "" {
		r.link = r.id
	}
	r.ch, r.dch = asterisk.ParseChannel(r.channel), asterisk.ParseChannel(r.dstChannel)
}

// answered says whether the row was.
func (h *held) answered() bool {
	return h.answer != 0 && (h.disposition == belwacht.Answered || h.disposition == belwacht.DispositionUnknown)
}

// device says whether the row reached something with a name of its own: a phone or a trunk, no Local channel.
func (r *record) device() bool { return r.dstChannel != "" && !r.dch.Local() }
