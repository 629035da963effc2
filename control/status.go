package control

import "github.com/belwacht/belwacht"

// Schemas name the forms of what the socket answers.
const (
	StatusSchema   = "belwacht.status/1"
	CallsSchema    = "belwacht.calls/1"
	LocksSchema    = "belwacht.locks/1"
	PanicSchema    = "belwacht.panic/1"
	WhySchema      = "belwacht.why/1"
	FeedbackSchema = "belwacht.feedback/1"
	EndedSchema    = "belwacht.ended/1"
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
	Tenants  []Organisation    `json:"organisations"`
	PBXs     []PBX             `json:"pbx"`
	Calls    int               `json:"calls"`  // that ring or run, to outside
	Alerts   int               `json:"alerts"` // that the memory holds
	Counts   map[string]uint64 `json:"counts"` // since this process runs
	Memory   Memory            `json:"memory"`
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

// Memory is what of the engine is on disk.
type Memory struct {
	Folder string           `json:"folder"`
	Saved  belwacht.Instant `json:"saved,omitempty"` // zero = never
	Bytes  int64            `json:"bytes,omitempty"`
	Error  string           `json:"error,omitempty"` // of the last try
}
