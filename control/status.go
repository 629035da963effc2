package control

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

// Schemas name the forms of what the socket answers.
const (
	StatusSchema   = "belwacht.status/1"
	CallsSchema    = "belwacht.calls/1"
	LocksSchema    = "belwacht.locks/1"
	PanicSchema    = "belwacht.panic/1"
	WhySchema      = "belwacht.why/1"
	FeedbackSchema = "belwacht.feedback/1"
	EndedSchema    = "belwacht.ended/1"
	SilencesSchema = "belwacht.silences/1"
	TakenSchema    = "belwacht.taken/1"
)

// Status is how a running Belwacht is.
type Status struct {
	Schema   string            `json:"schema"`
	Version  string            `json:"version"`
	Since    belwacht.Instant  `json:"since"` // this process runs since
	PID      int               `json:"pid"`
	Loaded   belwacht.Instant  `json:"configured"` // the configuration is of
	Panic    bool              `json:"panic"`      // of any organisation
	Waiting  bool              `json:"waiting"`    // no PBX is named, so nothing is guarded
	Starting bool              `json:"starting"`   // it learns from past records, and nobody is asked and heard yet
	Tenants  []Organisation    `json:"organisations"`
	PBXs     []PBX             `json:"pbx"`
	Calls    int               `json:"calls"`  // that ring or run, to outside
	Alerts   int               `json:"alerts"` // that the memory holds
	Ways     []Way             `json:"ways"`   // by which people are told of alerts
	Counts   map[string]uint64 `json:"counts"` // since this process runs
	Memory   Memory            `json:"memory"`
	Store    Store             `json:"store"`
	Problems []string          `json:"problems"` // what somebody should look at, in English
}

// Organisation is one that is guarded.
type Organisation struct {
	Name  string        `json:"name"`
	Mode  belwacht.Mode `json:"mode"`
	Panic bool          `json:"panic"`
	Locks int           `json:"locks"`
}

// PBX is a telephone system that is guarded, and how it is heard.
type PBX struct {
	Name    string `json:"name"`
	Tenant  string `json:"tenant,omitempty"`
	JudgeBy string `json:"judge_by"`
	Ask     string `json:"ask,omitempty"`     // address where it asks by HTTP
	FastAGI string `json:"fastagi,omitempty"` // and by FastAGI
	Feed    string `json:"feed,omitempty"`    // state of its feed of events, "" where there is none
	Records string `json:"records,omitempty"` // state of its records, "" where there are none
	// Notes are what a person should know of the records, in English; text.Note has them in Dutch.
	Notes []string `json:"notes,omitempty"`
}

// Way is a way by which people are told of alerts.
type Way struct {
	To        string           `json:"to,omitempty"` // whose it is; "" = nobody's
	Name      string           `json:"name"`
	Sent      uint64           `json:"sent"`    // alerts that arrived since the start
	Failed    uint64           `json:"failed"`  // given up
	Dropped   uint64           `json:"dropped"` // for lack of room
	Waiting   int              `json:"waiting"`
	LastSent  belwacht.Instant `json:"last_sent,omitzero"`
	LastError string           `json:"last_error,omitempty"` // why the last try failed
	Since     belwacht.Instant `json:"failing_since,omitzero"`
}

// Problem is what somebody should look at, in English; "" = nothing.
func (w *Way) Problem() string {
	switch {
	case w.Since != 0:
		return "alerts do not arrive by " + w.Name + " since " + w.Since.String() + ": " + w.LastError
	case w.Failed+w.Dropped > 0:
		return text.Plural(text.English, int64(w.Failed+w.Dropped), "alert was", "alerts were") + " not told by " + w.Name + " since the start"
	}
	return ""
}

// Memory is what of the engine is on disk.
type Memory struct {
	Folder string           `json:"folder"`
	Saved  belwacht.Instant `json:"saved,omitempty"` // zero = never
	Bytes  int64            `json:"bytes,omitempty"`
	Error  string           `json:"error,omitempty"` // of the last try
}

// Store is how what must last is kept; its zero value where there is no store.
type Store struct {
	Bytes   int64            `json:"bytes"`                     // of its file
	Waiting int              `json:"waiting"`                   // rows on their way to disk
	Written uint64           `json:"written"`                   // rows since the start
	Dropped uint64           `json:"dropped"`                   // rows lost since the start
	Days    map[string]int64 `json:"days"`                      // for how long each kind is kept; "names": after which they become pseudonyms
	Pruned  belwacht.Instant `json:"pruned,omitzero"`           // when old data were let go last
	Gone    int64            `json:"pruned_rows"`               // then
	Shorter string           `json:"shorter_because,omitempty"` // why some are kept for less than 92 days
}
