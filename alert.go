package belwacht

// Alert is a group of decisions that a person should see once: same tenant, account or range, and cause, close in time.
type Alert struct {
	ID       string   `json:"id"`
	Tenant   string   `json:"tenant,omitempty"`
	Account  string   `json:"account"`
	Cause    string   `json:"cause"`
	First    Instant  `json:"first"`
	Last     Instant  `json:"last"`
	Word     Word     `json:"decision"` // the gravest
	Count    int      `json:"decisions"`
	Numbers  []string `json:"numbers"` // at most eight, first seen first
	Reason   string   `json:"reason"`
	ReasonNL string   `json:"reason_nl"`
}
