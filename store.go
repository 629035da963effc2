package belwacht

// StoreState is how a store is: what the health page, `status` and the metrics show.
type StoreState struct {
	Healthy   bool    `json:"healthy"`       // what was handed over last is on disk, or on its way as usual
	Since     Instant `json:"since"`         // since when it is so
	Pending   int     `json:"pending"`       // rows that wait to be written
	Written   uint64  `json:"written"`       // rows written since the start
	Dropped   uint64  `json:"dropped"`       // rows lost since the start, as the queue was full or the row could not be kept
	LastError string  `json:"last_error"`    // one sentence, the last there was; "" = none since the start
	Lost      Instant `json:"lost,omitzero"` // when a row was dropped last, zero = never
}

// KeptFor says for how long each kind of data is kept, counted from its own time. Zero = 183 days; less than 92 days is refused.
type KeptFor struct {
	Events    Instant
	Calls     Instant
	Decisions Instant
	Alerts    Instant
	InForce   Instant // once it is over or undone; what holds is kept
	Logins    Instant
	Entries   Instant // of the audit log, what is readable; its tree stays
}

// The shortest and the usual time for which anything is kept: three calendar months, and twice as long.
const (
	KeptLeast = 92 * Day
	KeptUsual = 183 * Day
)

// Filled is k with the usual time where none is given; an error of code Config where one is too short.
func (k KeptFor) Filled() (KeptFor, error) {
	for _, f := range []struct {
		name string
		at   *Instant
	}{{"events", &k.Events}, {"calls", &k.Calls}, {"decisions", &k.Decisions}, {"alerts", &k.Alerts}, {"in_force", &k.InForce}, {"logins", &k.Logins},
		{"entries", &k.Entries}} {
		if *f.at == 0 {
			*f.at = KeptUsual
		}
		if *f.at < KeptLeast {
			return k, Errorf(Config, "%s are kept for %d days; keep them for at least %d", f.name, *f.at/Day, KeptLeast/Day)
		}
	}
	return k, nil
}
