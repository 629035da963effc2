package belwacht

import "context"

// Proposal is a grave act that waits for a second administrator. Once that one agrees, the act may be carried out once, as it was proposed.
type Proposal struct {
	ID      string  `json:"id"`
	Act     Act     `json:"act"`
	Tenant  string  `json:"tenant,omitempty"`
	Subject string  `json:"subject,omitempty"`
	Detail  string  `json:"detail,omitempty"`
	Why     string  `json:"why,omitempty"`
	User    string  `json:"user"` // ID of who proposes
	Who     string  `json:"who"`  // log-in name
	Since   Instant `json:"since"`
	Until   Instant `json:"until"`
	Agreed  Instant `json:"agreed,omitzero"`
	Agreer  string  `json:"agreed_by,omitempty"` // log-in name
	Closed  Instant `json:"closed,omitzero"`     // carried out, refused or withdrawn
	Outcome string  `json:"outcome,omitempty"`   // done, refused or withdrawn
	Exact   string  `json:"exact,omitempty"`     // sum of all that it changes, where Detail may leave something out
	Sent    *Sent   `json:"sent,omitempty"`      // nil: it was not asked for by a form
}

// Sent is the form by which something was asked for, so that who asked can send it once more without typing it again. It acts by nothing itself.
type Sent struct {
	Path    string              `json:"path"`
	Tenant  string              `json:"tenant,omitempty"` // that was looked at
	Form    map[string][]string `json:"form,omitempty"`
	Secrets []string            `json:"secrets,omitempty"` // fields that are typed once more, since what stood in them is not kept
}

// Open says whether it waits or may be carried out at an instant.
func (p *Proposal) Open(at Instant) bool { return p.Closed == 0 && at < p.Until }

// ProposalStore keeps proposals. Its methods may be called from many goroutines; PutProposal is durable as UserStore's methods are.
type ProposalStore interface {
	// PutProposal keeps a proposal, in place of the one with its ID.
	PutProposal(ctx context.Context, p *Proposal) error
	// Proposals are those that were made since an instant, newest first.
	Proposals(ctx context.Context, since Instant) ([]Proposal, error)
}
