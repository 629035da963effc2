package record

import (
	"bufio"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/simulate"
)

// Layout is how Asterisk writes records.
type Layout struct {
	// NewColumns adds peeraccount, linkedid and sequence (newcdrcolumns=yes).
	NewColumns bool
	// Observe, where it is not nil, is called with each call in order of start; false ends the file before it.
	Observe func(*simulate.Call) bool
	// Most ends the file after so many calls; 0 = all.
	Most int
}

// Asterisk writes the history as Asterisk's Master.csv, in the order in which calls end, times in the organisation's zone.
func Asterisk(w io.Writer, o *simulate.Organisation, l Layout) error {
	out := &recordWriter{w: bufio.NewWriterSize(w, 1<<18), o: o, location: o.Start().Location(), layout: l}
	n := 0
	o.Calls(func(c *simulate.Call) bool {
		if l.Observe != nil && !l.Observe(c) {
			return false
		}
		out.until(c.Start)
		out.push(c)
		n++
		return out.err == nil && (l.Most == 0 || n < l.Most)
	})
	out.until(1 << 62)
	if out.err == nil {
		out.err = out.w.Flush()
	}
	return out.err
}

// recordWriter holds calls until they end.
type recordWriter struct {
	w        *bufio.Writer
	o        *simulate.Organisation
	location *time.Location
	layout   Layout
	running  []*simulate.Call // heap by End
	line     []byte
	hour     int64 // of the cached local time
	local    string
	zone     int64
	err      error
}

func (rw *recordWriter) less(i, j int) bool {
	a, b := rw.running[i], rw.running[j]
	return a.End < b.End || a.End == b.End && a.Channel < b.Channel
}

func (rw *recordWriter) push(c *simulate.Call) {
	rw.running = append(rw.running, c)
	for i := len(rw.running) - 1; i > 0; {
		p := (i - 1) / 2
		if !rw.less(i, p) {
			return
		}
		rw.running[i], rw.running[p] = rw.running[p], rw.running[i]
		i = p
	}
}

// until writes all that have ended by a moment.
func (rw *recordWriter) until(at belwacht.Instant) {
	for len(rw.running) > 0 && rw.running[0].End <= at {
		c := rw.running[0]
		last := len(rw.running) - 1
		rw.running[0] = rw.running[last]
		rw.running[last] = nil
		rw.running = rw.running[:last]
		for i := 0; ; {
			k := 2*i + 1
			if k >= last {
				break
			}
			if k+1 < last && rw.less(k+1, k) {
				k++
			}
			if !rw.less(k, i) {
				break
			}
			rw.running[i], rw.running[k] = rw.running[k], rw.running[i]
			i = k
		}
		rw.row(c)
	}
}

// row writes one record.
func (rw *recordWriter) row(c *simulate.Call) {
	b := rw.line[:0]
	text := func(s string) {
		b = append(b, '"')
		b = appendQuoted(b, s)
		b = append(b, '"', ',')
	}
	trunk := rw.o.Trunk()
	dst, context, data := c.Dialled, "from-internal", ""
	channel, peer := "PJSIP/"+c.Account, "PJSIP/"+trunk
	switch c.Way {
	case simulate.WayIn:
		context, channel, peer = "from-trunk", "PJSIP/"+trunk, "PJSIP/"+c.Account
	case simulate.WayInside:
		peer = "PJSIP/" + c.Dialled
	case simulate.WayTransfer:
		context, channel = "from-internal-xfer", "Local/"+c.Account+"@from-internal-xfer"
	case simulate.WayForward:
		channel = "Local/" + c.Account + "@from-internal"
	case simulate.WayTrunked:
		context, channel = "disa", "PJSIP/"+trunk
	case simulate.WayQueue:
		context, channel = "from-queue", "Local/"+c.Account+"@from-queue"
	}
	data = "PJSIP/" + dst + "@" + trunk + ",300"
	if c.Way == simulate.WayIn || c.Way == simulate.WayInside {
		data = "PJSIP/" + dst + ",30"
	}
	text("")
	text(c.Caller)
	text(dst)
	text(context)
	b = append(b, `"""`...)
	b = appendQuoted(b, c.Caller)
	b = append(b, `"" <`...)
	b = appendQuoted(b, c.Caller)
	b = append(b, `>",`...)
	b = appendChannel(b, channel, c.Channel, c.Way == simulate.WayTransfer || c.Way == simulate.WayForward || c.Way == simulate.WayQueue)
	b = appendChannel(b, peer, c.Channel+1, false)
	text("Dial")
	text(data)
	b = rw.appendTime(b, c.Start)
	b = rw.appendTime(b, c.Answer)
	b = rw.appendTime(b, c.End)
	b = append(strconv.AppendInt(b, c.End.Seconds(c.Start), 10), ',')
	b = append(strconv.AppendInt(b, c.Talk, 10), ',')
	text(dispositionText(c.Disposition))
	text("DOCUMENTATION")
	text(c.ID)
	b = append(b, '"', '"')
	if rw.layout.NewColumns {
		b = append(b, `,"",`...)
		text(c.Link)
		b = strconv.AppendUint(b, uint64(c.Channel), 10)
	}
	b = append(b, '\n')
	rw.line = b
	if _, err := rw.w.Write(b); err != nil {
		rw.err = err
	}
}

// appendQuoted doubles quotes: what attackers dial may hold them.
func appendQuoted(b []byte, s string) []byte {
	if strings.IndexByte(s, '"') < 0 {
		return append(b, s...)
	}
	return append(b, strings.ReplaceAll(s, `"`, `""`)...)
}

// appendChannel writes a channel's name with its number, as in PJSIP/212-0000001a.
func appendChannel(b []byte, name string, number uint32, local bool) []byte {
	b = append(append(b, '"'), name...)
	b = append(b, '-')
	for shift := 28; shift >= 0; shift -= 4 {
		b = append(b, "0123456789abcdef"[number>>shift&15])
	}
	if local {
		b = append(b, ";2"...)
	}
	return append(b, '"', ',')
}

// appendTime writes a local time, empty for "did not happen".
func (rw *recordWriter) appendTime(b []byte, at belwacht.Instant) []byte {
	if at == 0 {
		return append(b, `"",`...)
	}
	s := int64(at) / 1000
	if h := s / 900; h != rw.hour || rw.local == "" { // zones change on quarters of an hour at the finest
		rw.hour = h
		t := time.Unix(h*900, 0).In(rw.location)
		_, offset := t.Zone()
		rw.zone = int64(offset)
		rw.local = t.Format("2006-01-02 15:")
	}
	in := (s + rw.zone) % 3600
	b = append(append(b, '"'), rw.local...)
	b = append(b, byte('0'+in/600), byte('0'+in/60%10), ':', byte('0'+in%60/10), byte('0'+in%10))
	return append(b, '"', ',')
}

// dispositionText is Asterisk's word.
func dispositionText(d belwacht.Disposition) string {
	switch d {
	case belwacht.Answered:
		return "ANSWERED"
	case belwacht.Busy:
		return "BUSY"
	case belwacht.Failed:
		return "FAILED"
	case belwacht.Congestion:
		return "CONGESTION"
	default:
		return "NO ANSWER"
	}
}
