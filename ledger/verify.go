package ledger

import (
	"context"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/note"

	"github.com/belwacht/belwacht"
)

// ReportSchema names the form of a Report.
const ReportSchema = "belwacht.audit-report/1"

// How much is read at once, how many heads of its own are checked, and how many faults are told.
const (
	chunk      = 1000
	headsMost  = 10_000
	faultsMost = 100
)

// Report is what a verification found.
type Report struct {
	Schema    string           `json:"schema"`
	Entries   uint64           `json:"entries"`
	Forgotten uint64           `json:"forgotten"` // of them, whose readable part retention has deleted
	Heads     int              `json:"heads"`     // that were compared, own and given
	Last      belwacht.Instant `json:"last,omitzero"`
	Root      string           `json:"root"` // hexadecimal
	Key       string           `json:"key"`  // name and hash of what heads are signed with
	Faults    []string         `json:"faults"`
	More      int              `json:"more_faults,omitempty"`
}

// OK says whether nothing was found wrong.
func (r *Report) OK() bool { return len(r.Faults) == 0 }

func (r *Report) fault(format string, args ...any) {
	if len(r.Faults) >= faultsMost {
		r.More++
		return
	}
	r.Faults = append(r.Faults, fmt.Sprintf(format, args...))
}

// claim is a head that the log is held against.
type claim struct {
	checkpoint
	name string
}

// Verify reads the whole log and builds the tree anew. It finds an entry that was changed, removed, added between others or moved, hashes that were changed, and
// what differs from a head: the log's own, and those given, as text, which were kept elsewhere. The error is of reading only.
func Verify(ctx context.Context, s belwacht.EntryStore, v note.Verifier, heads []string) (*Report, error) {
	r := &Report{Schema: ReportSchema, Faults: []string{}, Key: fmt.Sprintf("%s+%08x", v.Name(), v.KeyHash())}
	claims, err := r.claims(ctx, s, v, heads)
	if err != nil {
		return nil, err
	}
	t := &tree{}
	held := func() {
		for len(claims) > 0 && claims[0].size == uint64(t.size) {
			if c := claims[0]; c.root != t.root() {
				r.fault("up to entry %d the log is not what %s says it was", c.size, c.name)
			}
			claims = claims[1:]
		}
	}
	for held(); ; {
		list, err := s.EntriesAfter(ctx, r.Entries, chunk)
		if err != nil {
			return nil, err
		}
		if len(list) == 0 {
			break
		}
		var made []Node
		for i := range list {
			e := &list[i]
			r.entry(e, uint64(t.size)+1)
			t.add(Leaf(e), func(n Node) { made = append(made, n) })
			held()
		}
		r.Entries = list[len(list)-1].Position
		if err := r.nodes(ctx, s, made); err != nil {
			return nil, err
		}
	}
	for _, c := range claims {
		r.fault("%s speaks of %d entries and there are only %d: the end of the log was cut off", c.name, c.size, t.size)
	}
	r.Entries = uint64(t.size)
	root := t.root()
	r.Root = fmt.Sprintf("%x", root[:])
	return r, nil
}

// entry checks one entry by itself, and its place.
func (r *Report) entry(e *belwacht.Entry, place uint64) {
	if e.Position != place {
		r.fault("entry %d stands where entry %d should: entries were removed, added or moved", e.Position, place)
	}
	if e.Forgotten {
		r.Forgotten++
	}
	if !Intact(e) {
		r.fault("entry %d was changed: what can be read in it is not what was summed", e.Position)
	}
	r.Last = max(r.Last, e.Time)
}

// claims are the heads to hold the log against, by size.
func (r *Report) claims(ctx context.Context, s belwacht.EntryStore, v note.Verifier, given []string) ([]claim, error) {
	own, err := s.Heads(ctx, headsMost)
	if err != nil {
		return nil, err
	}
	var list []claim
	add := func(text, name string, size uint64) {
		c, err := open(text, v)
		switch {
		case err != nil:
			r.fault("%s %v", name, err)
		case size != c.size:
			r.fault("%s is filed under %d entries and speaks of %d", name, size, c.size)
		default:
			list = append(list, claim{c, name})
		}
	}
	for _, h := range own {
		add(h.Note, "the head of "+h.Time.String(), h.Size)
	}
	for i, text := range given {
		name := fmt.Sprintf("given head %d", i+1)
		c, err := open(text, v)
		if err != nil {
			r.fault("%s %v", name, err)
			continue
		}
		list = append(list, claim{c, name + ", of " + c.at.String()})
	}
	slices.SortStableFunc(list, func(a, b claim) int {
		switch {
		case a.size < b.size:
			return -1
		case a.size > b.size:
			return 1
		}
		return 0
	})
	r.Heads = len(list)
	return list, nil
}

// nodes compares the hashes that were made anew with those that are stored.
func (r *Report) nodes(ctx context.Context, s belwacht.EntryStore, made []Node) error {
	indexes := make([]int64, len(made))
	for i, n := range made {
		indexes[i] = n.Index
	}
	stored, err := s.TreeHashes(ctx, indexes)
	if belwacht.CodeOf(err) == belwacht.NotFound && err != nil {
		r.fault("hashes of the tree are missing: %v", err)
		return nil
	}
	if err != nil {
		return err
	}
	for i, n := range made {
		if stored[i] != n.Hash {
			r.fault("hash %d of the tree is not that of the entries it stands over", n.Index)
		}
	}
	return nil
}
