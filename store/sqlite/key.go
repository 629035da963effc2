package sqlite

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/store/sqlite/query"
	"github.com/belwacht/belwacht/text"
)

type keyRow struct{ key belwacht.Key }

type keyUsed struct {
	id string
	at belwacht.Instant
}

// PutKey implements belwacht.KeyStore.
func (s *Store) PutKey(ctx context.Context, k *belwacht.Key) error {
	if k.ID == "" || k.Sum == "" || k.User == "" || k.Until <= k.Created {
		return belwacht.Errorf(belwacht.Invalid, "a key has an ID, a secret, somebody who answers for it, and an end")
	}
	return s.queue.PutDurable(ctx, &keyRow{*k})
}

func (r *keyRow) write(ctx context.Context, q *writing) error {
	k := &r.key
	scopes := make([]string, len(k.Scopes))
	for i, p := range k.Scopes {
		scopes[i] = string(p)
	}
	return q.PutKey(ctx, query.PutKeyParams{ID: k.ID, Name: cut(k.Name, longest), User: k.User, Scopes: strings.Join(scopes, " "), Created: int64(k.Created),
		Until: int64(k.Until), Used: int64(k.Used), Source: strings.Join(k.From, " "), Revoked: int64(k.Revoked), Revoker: cut(k.Revoker, longest), Sum: k.Sum})
}

// UsedKey implements belwacht.KeyStore.
func (s *Store) UsedKey(id string, at belwacht.Instant) { s.queue.Put(&keyUsed{id, at}) }

func (r *keyUsed) write(ctx context.Context, q *writing) error {
	return q.UsedKey(ctx, query.UsedKeyParams{Used: int64(r.at), ID: r.id})
}

// Keys implements belwacht.KeyStore.
func (s *Store) Keys(ctx context.Context) ([]belwacht.Key, error) {
	rows, err := s.read.Keys(ctx)
	if err != nil {
		return nil, s.unread(err)
	}
	list := make([]belwacht.Key, 0, len(rows))
	for i := range rows {
		r := &rows[i]
		k := belwacht.Key{ID: r.ID, Name: r.Name, User: r.User, Created: belwacht.Instant(r.Created), Until: belwacht.Instant(r.Until),
			Used: belwacht.Instant(r.Used), Revoked: belwacht.Instant(r.Revoked), Revoker: r.Revoker, Sum: r.Sum}
		for _, p := range strings.Fields(r.Scopes) {
			k.Scopes = append(k.Scopes, belwacht.Permission(p))
		}
		if from := strings.Fields(r.Source); len(from) > 0 {
			k.From = from
		}
		list = append(list, k)
	}
	return list, nil
}

type proposalRow struct{ proposal belwacht.Proposal }

// PutProposal implements belwacht.ProposalStore.
func (s *Store) PutProposal(ctx context.Context, p *belwacht.Proposal) error {
	if p.ID == "" || p.User == "" || p.Until <= p.Since {
		return belwacht.Errorf(belwacht.Invalid, "a proposal has an ID, somebody who made it, and an end")
	}
	return s.queue.PutDurable(ctx, &proposalRow{*p})
}

func (r *proposalRow) write(ctx context.Context, q *writing) error {
	body, err := encode(&r.proposal, r.proposal.ID)
	if err != nil {
		return err
	}
	return q.PutProposal(ctx, query.PutProposalParams{ID: r.proposal.ID, Since: int64(r.proposal.Since), Body: body})
}

// Proposals implements belwacht.ProposalStore.
func (s *Store) Proposals(ctx context.Context, since belwacht.Instant) ([]belwacht.Proposal, error) {
	rows, err := s.read.Proposals(ctx, int64(since))
	if err != nil {
		return nil, s.unread(err)
	}
	list := make([]belwacht.Proposal, 0, len(rows))
	for i := range rows {
		var p belwacht.Proposal
		if err := json.Unmarshal(rows[i].Body, &p); err != nil {
			return nil, belwacht.Errorf(belwacht.Internal, "proposal %q cannot be read: %w", text.Clean(rows[i].ID, 64), err)
		}
		list = append(list, p)
	}
	return list, nil
}
