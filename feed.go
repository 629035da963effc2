package belwacht

import "fmt"

// Feed is how a source of call records stands: a table of a database, a file that grows, a folder that takes files. It is for people
// and for belwacht status; nothing is decided by it.
type Feed struct {
	Name     string    `json:"name"`
	State    FeedState `json:"state"`
	Since    Instant   `json:"since"`             // when the state began
	Rows     int64     `json:"rows"`              // handed on since the start of the program
	Rejected int64     `json:"rejected"`          // that could not be read
	Done     int64     `json:"done"`              // of the history: rows of a table, bytes of files
	Total    int64     `json:"total"`             // of the history; 0 = not known
	Latest   Instant   `json:"latest"`            // when the latest call ended of which a record came; zero: none yet
	Delay    Delay     `json:"delay"`             // from the end of a call to its record
	Problem  string    `json:"problem,omitempty"` // one sentence; "" = none
	Notes    []string  `json:"notes,omitempty"`   // what a person should know of the source, each once
}

// FeedState is what a source is doing.
type FeedState uint8

// The states of a source.
const (
	FeedHistory FeedState = iota + 1 // what was recorded before is being read
	FeedLive                         // all has been read; new records are handed on as they come
	FeedLost                         // it cannot be reached, and is tried again; what it holds is read then
)

// String is the word of a state, in English.
func (s FeedState) String() string {
	switch s {
	case FeedHistory:
		return "history"
	case FeedLive:
		return "live"
	case FeedLost:
		return "lost"
	}
	return "unknown"
}

// MarshalText implements encoding.TextMarshaler.
func (s FeedState) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler; what is not known is read as no state.
func (s *FeedState) UnmarshalText(b []byte) error {
	*s = 0
	for one := FeedHistory; one <= FeedLost; one++ {
		if one.String() == string(b) {
			*s = one
		}
	}
	return nil
}

// Delay says how long calls of the last hour had ended when their records came, in milliseconds.
type Delay struct {
	Count  int64 // records; 0 = the others say nothing
	Median Instant
	P95    Instant // 95 of 100 came within it
	Worst  Instant
}

// MarshalJSON writes a delay in seconds.
func (d Delay) MarshalJSON() ([]byte, error) {
	return fmt.Appendf(nil, `{"count":%d,"median_seconds":%g,"p95_seconds":%g,"worst_seconds":%g}`, d.Count,
		float64(d.Median)/float64(Second), float64(d.P95)/float64(Second), float64(d.Worst)/float64(Second)), nil
}
