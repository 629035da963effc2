package asterisk

import (
	"strings"

	"github.com/belwacht/belwacht"
)

// Column is a column of a call detail record, whatever place it stands in.
type Column uint8

// The columns, named as CDR() names them (main/cdr.c).
const (
	Ignored Column = iota
	AccountCode
	Src
	Dst
	DContext
	CLID
	ChannelName
	DstChannel
	LastApp
	LastData
	Start
	Answer
	End
	Duration
	BillSec
	Disposition
	AMAFlags
	UniqueID
	UserField
	PeerAccount
	LinkedID
	Sequence
	Columns // how many there are
)

// Master is the order of cdr_csv's Master.csv. uniqueid and userfield are there where cdr.conf says loguniqueid and loguserfield,
// the last three where it says newcdrcolumns.
var master = [...]Column{AccountCode, Src, Dst, DContext, CLID, ChannelName, DstChannel, LastApp, LastData, Start, Answer, End,
	Duration, BillSec, Disposition, AMAFlags, UniqueID, UserField, PeerAccount, LinkedID, Sequence}

// custom is the order of the sample in cdr_custom.conf, which most sites keep: the caller first, the account code late.
var custom = [...]Column{CLID, Src, Dst, DContext, ChannelName, DstChannel, LastApp, LastData, Start, Answer, End,
	Duration, BillSec, Disposition, AMAFlags, AccountCode, UniqueID, UserField, PeerAccount, LinkedID, Sequence}

// Master is the order of the columns in cdr_csv's Master.csv; a file may end after the 16th, 17th, 18th or 21st.
func Master() []Column { return append([]Column(nil), master[:]...) }

// Custom is the order of the columns in cdr_custom's sample; the first 18 or all 21.
func Custom() []Column { return append([]Column(nil), custom[:]...) }

var columnNames = [Columns]string{"", "accountcode", "src", "dst", "dcontext", "clid", "channel", "dstchannel", "lastapp", "lastdata", "start",
	"answer", "end", "duration", "billsec", "disposition", "amaflags", "uniqueid", "userfield", "peeraccount", "linkedid", "sequence"}

// String is the column's name in CDR().
func (c Column) String() string {
	if c >= Columns {
		return ""
	}
	return columnNames[c]
}

// ColumnOf finds a column by the name that a header gives it; calldate, which the tables call the start, is known too.
func ColumnOf(name string) Column {
	name = strings.ToLower(strings.TrimSpace(name))
	if name == "calldate" {
		return Start
	}
	for c := AccountCode; c < Columns; c++ {
		if columnNames[c] == name {
			return c
		}
	}
	return Ignored
}

// DispositionOf reads the word of a record's disposition column; false where it is none of Asterisk's.
func DispositionOf(word string) (belwacht.Disposition, bool) {
	switch word {
	case "ANSWERED", "ANSWER":
		return belwacht.Answered, true
	case "NO ANSWER", "NOANSWER":
		return belwacht.NoAnswer, true
	case "BUSY":
		return belwacht.Busy, true
	case "FAILED":
		return belwacht.Failed, true
	case "CONGESTION":
		return belwacht.Congestion, true
	case "CANCEL", "CANCELLED", "CANCELED":
		return belwacht.Cancelled, true
	}
	return belwacht.DispositionUnknown, false
}

// Epoch is the second at which a channel was made, by its uniqueid: [SYSTEMNAME-]SECONDS.COUNTER. False where it has no such form
// or lies before 2000 or after 2100.
func Epoch(uniqueid string) (int64, bool) {
	dot := strings.LastIndexByte(uniqueid, '.')
	if dot < 9 {
		return 0, false
	}
	var v, scale int64 = 0, 1
	n := 0
	for i := dot - 1; i >= 0 && n < 11; i-- {
		d := uniqueid[i] - '0'
		if d > 9 {
			if uniqueid[i] != '-' {
				return 0, false
			}
			break
		}
		v += int64(d) * scale
		scale *= 10
		n++
	}
	if n < 9 || n > 10 || v < 946684800 || v > 4102444800 {
		return 0, false
	}
	return v, true
}

// Counter is the counter at the end of a uniqueid, cut to 32 bits; false where there is no dot with digits only behind it.
func Counter(uniqueid string) (uint32, bool) {
	var counter, scale uint32 = 0, 1
	for i := len(uniqueid) - 1; i >= 0; i-- {
		d := uniqueid[i] - '0'
		if d > 9 {
			return counter, uniqueid[i] == '.'
		}
		counter += uint32(d) * scale
		scale *= 10
	}
	return 0, false
}

// CallerName is the name in a caller id of the form "Name" <number>, or "" where it has none. Doubled quotes or quotes with a
// backslash, as a record file escapes them, may still be there; the result is a part of clid.
func CallerName(clid string) string {
	lt := len(clid) - 1
	for lt >= 0 && clid[lt] != '<' {
		lt--
	}
	from, to := 0, max(lt, 0)
	for from < to && around(clid[from]) {
		from++
	}
	for from < to && around(clid[to-1]) {
		to--
	}
	return clid[from:to]
}

// around says whether a byte stands around a caller's name rather than in it.
func around(b byte) bool { return b == '"' || b == ' ' || b == '\\' || b == '\t' }
