package belwacht

// Running is one call to a number outside the house that rings or runs, as far as the engine knows.
type Running struct {
	ID       string  `json:"id"` // the call's ID
	Tenant   string  `json:"tenant,omitempty"`
	Site     string  `json:"site,omitempty"`
	Account  string  `json:"account"`
	Root     string  `json:"root,omitempty"` // who began it
	Trunk    string  `json:"trunk,omitempty"`
	Number   string  `json:"number"` // what was judged, E.164 with plus; "" where it is none
	Country  Country `json:"country"`
	Began    Instant `json:"began"`
	Answered Instant `json:"answered,omitempty"` // zero: it rings
	Cost     float64 `json:"cost_eur"`           // so far, in the organisation's currency
	Longest  int64   `json:"max_seconds,omitempty"`
	Word     Word    `json:"decision"` // the gravest so far
}
