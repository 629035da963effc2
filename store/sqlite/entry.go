package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ledger"
	"github.com/belwacht/belwacht/store/sqlite/query"
)

// entryRow is an entry on its way. The writer has a copy: where the disk is late, whoever asked has gone on with theirs.
type entryRow struct {
	entry    belwacht.Entry
	position chan uint64
}

// AddEntry implements belwacht.EntryStore.
func (s *Store) AddEntry(ctx context.Context, e *belwacht.Entry) error {
	if e.Act == "" || e.Time <= 0 || !ledger.Intact(e) {
		return belwacht.Errorf(belwacht.Invalid, "an entry of the audit log has an act, a time and a sum over what it says")
	}
	r := &entryRow{*e, make(chan uint64, 1)}
	if err := s.queue.PutDurable(ctx, r); err != nil {
		return err
	}
	e.Position = <-r.position
	return nil
}

// write puts the entry behind the last one and grows the tree, both in the batch's transaction: after a crash there are both or neither.
func (r *entryRow) write(ctx context.Context, q *writing) error {
	e := &r.entry
	last, err := q.LastEntry(ctx)
	if err != nil {
		return err
	}
	e.Position = uint64(last) + 1
	nodes, err := ledger.Grow(uint64(last), ledger.Leaf(e), func(indexes []int64) ([][32]byte, error) { return hashes(ctx, q.Queries, indexes) })
	if err != nil {
		return err
	}
	for _, n := range nodes { // all or nothing: a fault found half way would leave half an entry in the batch
		if _, err := q.Node(ctx, n.Index); err == nil {
			return belwacht.Errorf(belwacht.Internal,
				"the audit log and its tree do not fit together, so nothing more can be written to it; run: belwacht audit-log verify")
		} else if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
	}
	err = q.AddEntry(ctx, query.AddEntryParams{Position: int64(e.Position), Time: int64(e.Time), Act: string(e.Act), Weakens: e.Weakens, Sum: e.Sum[:],
		Seal: e.Key[:], Who: e.Who, User: e.User, Via: e.Via, Source: e.From, Tenant: e.Tenant, Subject: e.Subject, Detail: e.Detail, Why: e.Why,
		Failed: e.Failed})
	for i := 0; i < len(nodes) && err == nil; i++ {
		err = q.AddNode(ctx, query.AddNodeParams{ID: nodes[i].Index, Hash: nodes[i].Hash[:]})
	}
	if err != nil {
		return err
	}
	select { // a batch that is written again gives it again
	case <-r.position:
	default:
	}
	r.position <- e.Position
	return nil
}

// hashes reads hashes of the tree.
func hashes(ctx context.Context, q *query.Queries, indexes []int64) ([][32]byte, error) {
	list := make([][32]byte, len(indexes))
	for i, index := range indexes {
		h, err := q.Node(ctx, index)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return nil, belwacht.Errorf(belwacht.NotFound, "hash %d of the audit log's tree is not there; run: belwacht audit-log verify", index)
		case err != nil:
			return nil, err
		case len(h) != len(list[i]):
			return nil, belwacht.Errorf(belwacht.NotFound, "hash %d of the audit log's tree is none; run: belwacht audit-log verify", index)
		}
		copy(list[i][:], h)
	}
	return list, nil
}

// TreeHashes implements belwacht.EntryStore.
func (s *Store) TreeHashes(ctx context.Context, indexes []int64) ([][32]byte, error) {
	list, err := hashes(ctx, s.read, indexes)
	if err != nil && belwacht.CodeOf(err) != belwacht.NotFound {
		return nil, s.unread(err)
	}
	return list, err
}

// TreeSize implements belwacht.EntryStore.
func (s *Store) TreeSize(ctx context.Context) (uint64, error) {
	last, err := s.read.LastEntry(ctx)
	if err != nil {
		return 0, s.unread(err)
	}
	return uint64(last), nil
}

type headRow struct{ head belwacht.Head }

// AddHead implements belwacht.EntryStore.
func (s *Store) AddHead(ctx context.Context, h *belwacht.Head) error {
	if h.Time <= 0 || h.Note == "" {
		return belwacht.Errorf(belwacht.Invalid, "a head of the audit log has a time and a note")
	}
	return s.queue.PutDurable(ctx, &headRow{*h})
}

func (r *headRow) write(ctx context.Context, q *writing) error {
	return q.AddHead(ctx, query.AddHeadParams{Time: int64(r.head.Time), Size: int64(r.head.Size), Note: r.head.Note})
}

// Heads implements belwacht.EntryStore.
func (s *Store) Heads(ctx context.Context, most int) ([]belwacht.Head, error) {
	rows, err := s.read.Heads(ctx, int64(most))
	if err != nil {
		return nil, s.unread(err)
	}
	list := make([]belwacht.Head, 0, len(rows))
	for _, r := range rows {
		list = append(list, belwacht.Head{Time: belwacht.Instant(r.Time), Size: uint64(r.Size), Note: r.Note})
	}
	return list, nil
}

func entryOf(r *query.Entry) (belwacht.Entry, error) {
	e := belwacht.Entry{Position: uint64(r.Position), Time: belwacht.Instant(r.Time), Act: belwacht.Act(r.Act), Weakens: r.Weakens, Who: r.Who, User: r.User,
		Via: r.Via, From: r.Source, Tenant: r.Tenant, Subject: r.Subject, Detail: r.Detail, Why: r.Why, Failed: r.Failed, Forgotten: r.Forgotten}
	copy(e.Sum[:], r.Sum)
	copy(e.Key[:], r.Seal)
	return e, nil
}

// EntriesAfter implements belwacht.EntryStore.
func (s *Store) EntriesAfter(ctx context.Context, position uint64, most int) ([]belwacht.Entry, error) {
	rows, err := s.read.EntriesAfter(ctx, query.EntriesAfterParams{Position: int64(position), Most: int64(most)})
	if err != nil {
		return nil, s.unread(err)
	}
	list := make([]belwacht.Entry, len(rows))
	for i := range rows {
		if list[i], err = entryOf(&rows[i]); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Entries implements belwacht.EntryStore.
func (s *Store) Entries(ctx context.Context, q *belwacht.EntryQuery) ([]belwacht.Entry, belwacht.Cursor, error) {
	w := windowOf(q.From, q.Until, q.Page)
	var rows []query.Entry
	var err error
	switch {
	case q.Weakens:
		rows, err = s.read.EntriesWeakening(ctx, query.EntriesWeakeningParams{Since: w.since, Before: w.before, Row: w.row, Tenant: q.Tenant, Who: q.Who,
			Act: string(q.Act), Most: w.most})
	case q.Who != "":
		rows, err = s.read.EntriesByWho(ctx, query.EntriesByWhoParams{Who: q.Who, Since: w.since, Before: w.before, Row: w.row, Tenant: q.Tenant,
			Act: string(q.Act), Most: w.most})
	case q.Act != "":
		rows, err = s.read.EntriesByAct(ctx, query.EntriesByActParams{Act: string(q.Act), Since: w.since, Before: w.before, Row: w.row, Tenant: q.Tenant,
			Most: w.most})
	case q.Tenant != "":
		rows, err = s.read.EntriesByTenant(ctx, query.EntriesByTenantParams{Tenant: q.Tenant, Since: w.since, Before: w.before, Row: w.row, Most: w.most})
	default:
		rows, err = s.read.EntriesByTime(ctx, query.EntriesByTimeParams{Since: w.since, Before: w.before, Row: w.row, Most: w.most})
	}
	if err != nil {
		return nil, belwacht.Cursor{}, s.unread(err)
	}
	return pageOf(rows, w.most, entryOf, func(r *query.Entry) belwacht.Cursor {
		return belwacht.Cursor{Time: belwacht.Instant(r.Time), Row: r.Position}
	})
}
