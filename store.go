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
	Bytes     int64   `json:"bytes"`         // size of the file, 0 = not known
}

// KeptFor says for how long each kind of data is kept, counted from its own time. Zero = 183 days (Sums: three years); less than 92 days is refused, but
// where Shorter says why.
type KeptFor struct {
	Events        Instant
	Calls         Instant
	Decisions     Instant
	Alerts        Instant // and silences
	InForce       Instant // once it is over or undone; what holds is kept
	Logins        Instant
	Registrations Instant // and devices and accounts that are declared nowhere, from when they were last seen
	Changes       Instant
	Entries       Instant // of the audit log, what is readable; its tree stays
	Sums          Instant // by day, country, class and cause; those of accounts are kept as calls are
	// Names is after how long numbers and names become pseudonyms in calls, decisions, alerts, events and log-ins; country, class and cost stay. Zero = they
	// stay as long as the row.
	Names Instant
	// Shorter is the owner's reason to keep anything for less than 92 days; "" = nothing is.
	Shorter string
}

// The shortest and the usual time for which anything is kept: three calendar months, and twice as long; and the usual time of sums, in which nobody stands.
const (
	KeptLeast = 92 * Day
	KeptUsual = 183 * Day
	KeptSums  = 1096 * Day
)

// keptFor is one kind's name in the configuration and its time.
type keptFor struct {
	Name string
	For  *Instant
}

func (k *KeptFor) each() []keptFor {
	return []keptFor{{"events", &k.Events}, {"calls", &k.Calls}, {"decisions", &k.Decisions}, {"alerts", &k.Alerts}, {"in_force", &k.InForce},
		{"logins", &k.Logins}, {"registrations", &k.Registrations}, {"changes", &k.Changes}, {"entries", &k.Entries}, {"sums", &k.Sums}}
}

// Each hands the name and time of each kind to yield, and that of the pseudonyms as "names" where there is one.
func (k KeptFor) Each(yield func(name string, keep Instant)) {
	for _, f := range k.each() {
		yield(f.Name, *f.For)
	}
	if k.Names != 0 {
		yield("names", k.Names)
	}
}

// Filled is k with the usual time where none is given; an error of code Config where one is too short.
func (k KeptFor) Filled() (KeptFor, error) {
	for _, f := range k.each() {
		switch {
		case *f.For == 0 && f.Name == "sums":
			*f.For = KeptSums
		case *f.For == 0:
			*f.For = KeptUsual
		case *f.For < Day:
			return k, Errorf(Config, "%s are kept for less than a day; keep them for at least %d", f.Name, KeptLeast/Day)
		case *f.For < KeptLeast && k.Shorter == "":
			return k, Errorf(Config, "%s are kept for %d days; keep them for at least %d", f.Name, *f.For/Day, KeptLeast/Day)
		}
	}
	if k.Names != 0 && k.Names < Day {
		return k, Errorf(Config, "names become pseudonyms after less than a day; a day is the least")
	}
	return k, nil
}
