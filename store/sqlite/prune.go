package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/store/sqlite/query"
)

// pruneRows bounds one step of pruning, so that a write behind it waits for moments only.
const pruneRows = 500

// pruning is how one kind of data is deleted: a piece of a tenant's, and the next tenant that has any. Without next all tenants are one.
type pruning struct {
	keep  belwacht.Instant
	piece func(ctx context.Context, tenant string, before int64) (int64, error)
	next  func(ctx context.Context, after string) (string, error)
}

// Prune implements store.Upkeep. Times to keep are counted from the rows' own times. Decisions that are in force stay, however old.
func (s *Store) Prune(ctx context.Context, now belwacht.Instant) (int64, error) {
	q := s.write
	var total int64
	for _, p := range []pruning{
		{s.keep.Events, func(ctx context.Context, _ string, before int64) (int64, error) {
			return q.PruneEvents(ctx, query.PruneEventsParams{Before: before, Most: pruneRows})
		}, nil},
		{s.keep.Logins, func(ctx context.Context, tenant string, before int64) (int64, error) {
			return q.PruneLogins(ctx, query.PruneLoginsParams{Tenant: tenant, Before: before, Most: pruneRows})
		}, s.read.NextTenantOfLogins},
		{s.keep.Calls, func(ctx context.Context, tenant string, before int64) (int64, error) {
			return q.PruneCalls(ctx, query.PruneCallsParams{Tenant: tenant, Before: before, Most: pruneRows})
		}, s.read.NextTenantOfCalls},
		{s.keep.Decisions, func(ctx context.Context, tenant string, before int64) (int64, error) {
			return q.PruneDecisions(ctx, query.PruneDecisionsParams{Tenant: tenant, Before: before, Most: pruneRows})
		}, s.read.NextTenantOfDecisions},
		{s.keep.Alerts, func(ctx context.Context, tenant string, before int64) (int64, error) {
			return q.PruneAlerts(ctx, query.PruneAlertsParams{Tenant: tenant, Before: before, Most: pruneRows})
		}, s.read.NextTenantOfAlerts},
		{s.keep.InForce, func(ctx context.Context, _ string, before int64) (int64, error) {
			return q.PruneInForce(ctx, query.PruneInForceParams{Before: before, Most: pruneRows})
		}, nil},
		{s.keep.Entries, func(ctx context.Context, _ string, before int64) (int64, error) {
			return q.ForgetEntries(ctx, query.ForgetEntriesParams{Before: before, Most: pruneRows})
		}, nil},
		{s.keep.Entries, func(ctx context.Context, _ string, before int64) (int64, error) {
			return q.PruneKeys(ctx, query.PruneKeysParams{Before: before, Most: pruneRows})
		}, nil},
		{s.keep.Entries, func(ctx context.Context, _ string, before int64) (int64, error) {
			return q.PruneProposals(ctx, query.PruneProposalsParams{Before: before, Most: pruneRows})
		}, nil},
		{0, func(ctx context.Context, _ string, before int64) (int64, error) { // a session that has ended opens nothing
			return q.PruneSessions(ctx, query.PruneSessionsParams{Before: before, Most: pruneRows})
		}, nil},
	} {
		n, err := p.run(ctx, int64(now-p.keep))
		total += n
		if err != nil {
			return total, s.sentence(err)
		}
	}
	if total == 0 {
		return 0, nil
	}
	return total, s.shrink(ctx)
}

// run deletes all of one kind that is older than before, piece by piece, tenant by tenant: the empty name first, which is one too.
func (p *pruning) run(ctx context.Context, before int64) (total int64, err error) {
	for tenant := ""; ; {
		for n := int64(pruneRows); n == pruneRows; total += n {
			if n, err = p.piece(ctx, tenant, before); err != nil {
				return total, err
			}
		}
		if p.next == nil {
			return total, nil
		}
		if tenant, err = p.next(ctx, tenant); errors.Is(err, sql.ErrNoRows) {
			return total, nil
		} else if err != nil {
			return total, err
		}
	}
}

// shrink gives the pages of deleted rows back to the disk, some at a time, and cuts the write-ahead log.
func (s *Store) shrink(ctx context.Context) error {
	for last := int64(-1); ; {
		var free int64
		if err := s.db.QueryRowContext(ctx, "PRAGMA freelist_count").Scan(&free); err != nil {
			return s.sentence(err)
		}
		if free == 0 || free == last {
			break
		}
		last = free
		// It frees a page a step and has to be stepped to its end.
		if err := s.drain(ctx, "PRAGMA incremental_vacuum(200)"); err != nil {
			return err
		}
	}
	return s.drain(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
}

// drain runs a statement on the writer and reads all that it gives.
func (s *Store) drain(ctx context.Context, statement string) error {
	rows, err := s.db.QueryContext(ctx, statement)
	if err != nil {
		return s.sentence(err)
	}
	defer rows.Close()
	for rows.Next() {
	}
	if err := rows.Err(); err != nil {
		return s.sentence(err)
	}
	return nil
}
