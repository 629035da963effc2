package sqlite

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/store/sqlite/query"
	"github.com/belwacht/belwacht/text"
)

type decisionRow struct{ decision belwacht.Decision }

// AddDecision implements belwacht.DecisionStore.
func (s *Store) AddDecision(d *belwacht.Decision) { s.queue.Put(&decisionRow{*d}) }

func (r *decisionRow) write(ctx context.Context, w *writing) error {
	d := &r.decision
	d.Tell()
	body, err := encode(d, d.ID)
	if err != nil {
		return err
	}
	if err := w.AddDecision(ctx, query.AddDecisionParams{Time: int64(d.Time), Tenant: cut(d.Tenant, longest), Call: cut(d.ID, longest),
		Account: cut(d.Account, longest), Word: int64(d.Word), Reference: cut(d.Reference, longest), Cause: cut(d.Cause, longest), Enforced: d.Enforced,
		Body: body}); err != nil {
		return err
	}
	w.sums.decision(d, w.store.date(d.Tenant, d.Time))
	return nil
}

// encode writes a noun as JSON, within bounds.
func encode(noun any, id string) ([]byte, error) {
	body, err := json.Marshal(noun)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Internal, "%q cannot be kept: %w", text.Clean(id, 64), err)
	}
	if len(body) > longestBody {
		return nil, belwacht.Errorf(belwacht.Invalid, "%q cannot be kept: it has %d bytes, over %d", text.Clean(id, 64), len(body), longestBody)
	}
	return body, nil
}

// decisionOf reads a body. What JSON does not carry as it came (a stranger's broken UTF-8) is taken from the columns.
func decisionOf(r *query.Decision) (belwacht.Decision, error) {
	var d belwacht.Decision
	if err := json.Unmarshal(r.Body, &d); err != nil {
		return d, belwacht.Errorf(belwacht.Internal, "decision %d cannot be read: %w", r.ID, err)
	}
	if !strings.HasPrefix(d.Schema+".", belwacht.DecisionSchema+".") {
		return d, belwacht.Errorf(belwacht.Invalid, "decision %d has the form %q, this Belwacht reads %s; install a newer one", r.ID, text.Clean(d.Schema, 64),
			belwacht.DecisionSchema)
	}
	d.ID, d.Tenant, d.Account = r.Call, r.Tenant, r.Account
	return d, nil
}

// Decisions implements belwacht.DecisionStore.
func (s *Store) Decisions(ctx context.Context, q *belwacht.DecisionQuery) ([]belwacht.Decision, belwacht.Cursor, error) {
	w := windowOf(q.From, q.Until, q.Page)
	least, gravest := int64(q.Word), int64(q.Word)
	if q.Word == belwacht.Allow {
		gravest = int64(belwacht.EndNow)
	}
	var rows []query.Decision
	var err error
	switch {
	case q.Reference != "":
		rows, err = s.read.DecisionsByReference(ctx, query.DecisionsByReferenceParams{Tenant: q.Tenant, Reference: q.Reference, Since: w.since, Before: w.before,
			Row: w.row, Least: least, Gravest: gravest, Account: q.Account, Call: q.Call, Cause: q.Cause, Most: w.most})
	case q.Call != "":
		rows, err = s.read.DecisionsByCall(ctx, query.DecisionsByCallParams{Tenant: q.Tenant, Call: q.Call, Since: w.since, Before: w.before, Row: w.row,
			Least: least, Gravest: gravest, Account: q.Account, Cause: q.Cause, Most: w.most})
	case q.Account != "":
		rows, err = s.read.DecisionsByAccount(ctx, query.DecisionsByAccountParams{Tenant: q.Tenant, Account: q.Account, Since: w.since, Before: w.before,
			Row: w.row, Least: least, Gravest: gravest, Cause: q.Cause, Most: w.most})
	case q.Cause != "":
		rows, err = s.read.DecisionsByCause(ctx, query.DecisionsByCauseParams{Tenant: q.Tenant, Cause: q.Cause, Since: w.since, Before: w.before, Row: w.row,
			Least: least, Gravest: gravest, Most: w.most})
	case q.Word != belwacht.Allow:
		rows, err = s.read.DecisionsByWord(ctx, query.DecisionsByWordParams{Tenant: q.Tenant, Word: least, Since: w.since, Before: w.before, Row: w.row,
			Most: w.most})
	default:
		rows, err = s.read.DecisionsByTime(ctx, query.DecisionsByTimeParams{Tenant: q.Tenant, Since: w.since, Before: w.before, Row: w.row, Most: w.most})
	}
	if err != nil {
		return nil, belwacht.Cursor{}, s.unread(err)
	}
	return pageOf(rows, w.most, decisionOf, func(r *query.Decision) belwacht.Cursor {
		return belwacht.Cursor{Time: belwacht.Instant(r.Time), Row: r.ID}
	})
}
