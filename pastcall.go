package belwacht

import "context"

// PastCall is a call as it is kept: with what was dialled, what it cost, and the gravest that was decided on it.
type PastCall struct {
	Call
	Number  E164    // zero = no number: an extension, a short code
	Country Country // of Number; none for networks
	Class   Class
	Cost    Money // what it cost
	Spent   Money // what it would have cost with the enforced decisions carried out
	Word    Word  // Allow where nothing else was decided
	// Cause is that decision's, "" of Allow; Enforced says that it was carried out, not only said.
	Cause    string
	Enforced bool
}

// CallQuery asks for calls of a tenant, newest first. What is given together holds together.
type CallQuery struct {
	Tenant      string
	Account     string    // "" = all
	Number      E164      // zero = all
	Prefix      E164      // numbers that begin with it; zero = all
	Country     Country   // none = all
	Class       Class     // ClassUnknown = all
	Direction   Direction // DirectionUnknown = all
	Word        Word      // Allow = all
	Least       Money     // that cost so much or more; zero = all
	From, Until Instant   // of Start: from ≤ Start < until; zero = without bound
	Page        Page
}

// CallStore keeps calls. Its methods may be called from many goroutines.
type CallStore interface {
	// PutCall takes a call to be kept, in place of one with its tenant, site and ID, and returns at once. Where the queue is full the call is dropped
	// and counted. The caller may change p afterwards.
	PutCall(p *PastCall)
	// Call is one call; an error of code NotFound where there is none.
	Call(ctx context.Context, tenant, site, id string) (*PastCall, error)
	// Calls is a page of them and where the next begins. A page may hold fewer rows than asked for, even none, and a cursor all the same: where what is
	// looked for is rare, a search stops after so many calls and goes on from there with the next page, so that none takes long.
	Calls(ctx context.Context, q *CallQuery) ([]PastCall, Cursor, error)
}
