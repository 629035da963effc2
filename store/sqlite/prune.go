package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

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

// byTime is how rows with times are deleted.
func (s *Store) byTime() []pruning {
	q, r, k := s.write, s.read, s.keep.Load()
	type in = context.Context
	return []pruning{
		{k.Events, func(ctx in, tenant string, before int64) (int64, error) {
			return q.PruneEvents(ctx, query.PruneEventsParams{Tenant: tenant, Before: before, Most: pruneRows})
		}, r.NextTenantOfEvents},
		{k.Logins, func(ctx in, tenant string, before int64) (int64, error) {
			return q.PruneLogins(ctx, query.PruneLoginsParams{Tenant: tenant, Before: before, Most: pruneRows})
		}, r.NextTenantOfLogins},
		{k.Calls, func(ctx in, tenant string, before int64) (int64, error) {
			return q.PruneCalls(ctx, query.PruneCallsParams{Tenant: tenant, Before: before, Most: pruneRows})
		}, r.NextTenantOfCalls},
		{k.Decisions, func(ctx in, tenant string, before int64) (int64, error) {
			return q.PruneDecisions(ctx, query.PruneDecisionsParams{Tenant: tenant, Before: before, Most: pruneRows})
		}, r.NextTenantOfDecisions},
		{k.Alerts, func(ctx in, tenant string, before int64) (int64, error) {
			return q.PruneAlerts(ctx, query.PruneAlertsParams{Tenant: tenant, Before: before, Most: pruneRows})
		}, r.NextTenantOfAlerts},
		{k.Alerts, s.alertChanges, nil},
		{k.Alerts, func(ctx in, _ string, before int64) (int64, error) {
			return q.PruneSilences(ctx, query.PruneSilencesParams{Before: before, Most: pruneRows})
		}, nil},
		{k.InForce, func(ctx in, _ string, before int64) (int64, error) {
			return q.PruneInForce(ctx, query.PruneInForceParams{Before: before, Most: pruneRows})
		}, nil},
		{k.Registrations, func(ctx in, tenant string, before int64) (int64, error) {
			return q.PruneRegistrations(ctx, query.PruneRegistrationsParams{Tenant: tenant, Before: before, Most: pruneRows})
		}, r.NextTenantOfRegistrations},
		{k.Registrations, func(ctx in, tenant string, before int64) (int64, error) {
			return q.PruneDevices(ctx, query.PruneDevicesParams{Tenant: tenant, Before: before, Most: pruneRows})
		}, r.NextTenantOfDevices},
		{max(k.Registrations, k.Calls), func(ctx in, tenant string, before int64) (int64, error) {
			return q.PruneAccounts(ctx, query.PruneAccountsParams{Tenant: tenant, Before: before, Most: pruneRows})
		}, r.NextTenantOfAccounts},
		{k.Changes, func(ctx in, _ string, before int64) (int64, error) {
			return q.PruneChanges(ctx, query.PruneChangesParams{Before: before, Most: pruneRows})
		}, nil},
	}
}

// alertChanges deletes a piece of what people did about alerts that are gone.
func (s *Store) alertChanges(ctx context.Context, _ string, before int64) (int64, error) {
	return s.write.PruneAlertChanges(ctx, query.PruneAlertChangesParams{Before: before, Most: pruneRows})
}

// byDay is how sums are deleted, some days at a time.
func (s *Store) byDay() []pruning {
	q, r, k := s.write, s.read, s.keep.Load()
	type in = context.Context
	return []pruning{
		{k.Sums, func(ctx in, tenant string, before int64) (int64, error) {
			return q.PruneSumsPlace(ctx, query.PruneSumsPlaceParams{Tenant: tenant, Before: before, Most: pruneRows})
		}, r.NextTenantOfSumsPlace},
		{k.Sums, func(ctx in, tenant string, before int64) (int64, error) {
			return q.PruneSumsCause(ctx, query.PruneSumsCauseParams{Tenant: tenant, Before: before, Most: pruneRows})
		}, r.NextTenantOfSumsCause},
		{k.Calls, func(ctx in, tenant string, before int64) (int64, error) {
			return q.PruneSumsAccount(ctx, query.PruneSumsAccountParams{Tenant: tenant, Before: before, Most: pruneRows})
		}, r.NextTenantOfSumsAccount},
	}
}

// ofPeople is how what people left is deleted. Of the audit log what is readable goes; its tree stays. A session that has ended opens nothing and goes at once.
func (s *Store) ofPeople() []pruning {
	q, kept := s.write, s.keep.Load().Entries
	type in = context.Context
	return []pruning{
		{kept, func(ctx in, _ string, before int64) (int64, error) {
			return q.ForgetEntries(ctx, query.ForgetEntriesParams{Before: before, Most: pruneRows})
		}, nil},
		{kept, func(ctx in, _ string, before int64) (int64, error) {
			return q.PruneKeys(ctx, query.PruneKeysParams{Before: before, Most: pruneRows})
		}, nil},
		{kept, func(ctx in, _ string, before int64) (int64, error) {
			return q.PruneProposals(ctx, query.PruneProposalsParams{Before: before, Most: pruneRows})
		}, nil},
		{0, func(ctx in, _ string, before int64) (int64, error) {
			return q.PruneSessions(ctx, query.PruneSessionsParams{Before: before, Most: pruneRows})
		}, nil},
	}
}

// Prune implements store.Upkeep. Times to keep are counted from the rows' own times. Decisions that are in force stay, however old, and so does what is under
// legal hold.
func (s *Store) Prune(ctx context.Context, now belwacht.Instant) (total int64, err error) {
	run := func(list []pruning, before func(belwacht.Instant) int64) {
		for i := range list {
			if err != nil {
				return
			}
			var n int64
			n, err = list[i].run(ctx, before(now-list[i].keep))
			total += n
		}
	}
	run(s.byTime(), func(at belwacht.Instant) int64 { return int64(at) })
	run(s.ofPeople(), func(at belwacht.Instant) int64 { return int64(at) })
	run(s.byDay(), func(at belwacht.Instant) int64 { return int64(belwacht.DateOf(at, time.UTC)) })
	if err != nil {
		return total, s.sentence(err)
	}
	if _, err := s.unname(ctx, now); err != nil {
		return total, err
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
	err := s.drain(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	s.measure()
	return err
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
