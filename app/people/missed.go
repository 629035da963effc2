package people

import (
	"context"
	"strconv"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access/door"
)

// toldNote is the name under which the store has up to which entry of the audit log people were told.
const toldNote = "audit.told"

// missedMost bounds how many entries are looked at after a start.
const missedMost = 10_000

// missed tells of what an earlier run, or a command meanwhile, wrote to the audit log and nobody was told of: between the entry and the telling there is a moment in
// which a process may die. What was told already is known to who tells.
func (p *People) missed(ctx context.Context) {
	notes, ok := p.c.Store.(door.Notes)
	if !ok {
		return
	}
	b, err := notes.Noted(ctx, toldNote)
	if err != nil {
		p.c.Log.Error("what nobody was told of before this start is not known", "event", "audit.failed", "error", err)
		return
	}
	from, err := strconv.ParseUint(string(b), 10, 63)
	switch {
	case err != nil || from > p.seen: // the first start, or a backup was put back
		from = p.seen
	case p.seen-from > missedMost:
		from = p.seen - missedMost
	}
	for at := from; at < p.seen; {
		list, err := p.c.Store.EntriesAfter(ctx, at, lookMost)
		if err != nil || len(list) == 0 {
			if err != nil && ctx.Err() == nil {
				p.c.Log.Error("what nobody was told of before this start cannot be read", "event", "audit.failed", "error", err)
			}
			return
		}
		for i := range list {
			if at = list[i].Position; at <= p.seen {
				p.Told(&list[i])
			}
		}
	}
	p.size = p.seen
	p.told(ctx)
}

// told notes up to which entry people were told: that of the look before, since what was written just now is told in this moment.
func (p *People) told(ctx context.Context) {
	notes, ok := p.c.Store.(door.Notes)
	if !ok {
		return
	}
	size, err := p.c.Store.TreeSize(ctx)
	before := p.size
	if err == nil {
		if p.size = size; p.kept && before == p.noted {
			return
		}
		err = notes.Note(ctx, toldNote, strconv.AppendUint(nil, before, 10))
	}
	switch {
	case err == nil:
		p.noted, p.kept = before, true
	case ctx.Err() == nil && belwacht.CodeOf(err) != belwacht.Unreachable:
		p.c.Log.Error("up to where people were told is not kept", "event", "audit.failed", "error", err)
	}
}
