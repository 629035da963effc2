package telling

import (
	"cmp"
	"context"
	"log/slog"
	"maps"
	"net/netip"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/app"
	"github.com/belwacht/belwacht/login"
)

// banned writes, for fail2ban, addresses from outside that guess passwords: one line each, of a form that packaging/fail2ban reads. What it writes holds nothing that
// a stranger wrote: a time, an address as we print it, a cause of our own.
//
//	2026-11-29T03:12:05Z belwacht banned-candidate 203.0.113.9 reason=login.scan
type banned struct {
	log   *slog.Logger
	lines chan string

	mu     sync.Mutex
	name   string // "" = none is written
	failed bool

	writes atomic.Bool

	known sync.Mutex // not mu, which is held while the disk is waited for
	named map[netip.Addr]*app.Named
}

// namedMost bounds the addresses that are known to be named; the one that was named the longest ago makes room.
const namedMost = 200

// note remembers that an address was named.
func (b *banned) note(d *belwacht.Decision) {
	b.known.Lock()
	defer b.known.Unlock()
	from := d.From.Unmap()
	x := b.named[from]
	if x == nil {
		if b.named == nil {
			b.named = make(map[netip.Addr]*app.Named)
		}
		if len(b.named) >= namedMost {
			delete(b.named, slices.MinFunc(slices.Collect(maps.Keys(b.named)), func(x, y netip.Addr) int { return cmp.Compare(b.named[x].Last, b.named[y].Last) }))
		}
		x = &app.Named{From: from}
		b.named[from] = x
	}
	x.Cause, x.Last, x.Count = d.Cause, d.Time, x.Count+1
}

// list is what was named to fail2ban since the start, the last one first; none where no file is written.
func (b *banned) list() (list []app.Named) {
	if !b.writes.Load() {
		return nil
	}
	b.known.Lock()
	defer b.known.Unlock()
	for _, x := range b.named {
		list = append(list, *x)
	}
	slices.SortFunc(list, func(x, y app.Named) int { return cmp.Or(cmp.Compare(y.Last, x.Last), x.From.Compare(y.From)) })
	return list
}

func newBanned(log *slog.Logger) *banned {
	return &banned{log: log, lines: make(chan string, 1000)}
}

// reasons are the signs for which an address may be banned; a single odd log-in is none.
func reasons() []string {
	return []string{login.Scan, login.Guessing, login.Spraying, login.Forced, login.Tool, login.Manager}
}

// line is what is written; "" = nothing is.
func line(at belwacht.Instant, from netip.Addr, cause string) string {
	if !from.IsValid() || from.Zone() != "" || from.IsLoopback() || !slices.Contains(reasons(), cause) {
		return ""
	}
	return at.Time().Format(time.RFC3339) + " belwacht banned-candidate " + from.Unmap().String() + " reason=" + cause + "\n"
}

// decided hears of each decision, on the call path: what does not fit is left out, as fail2ban will hear of that address again.
func (b *banned) decided(d *belwacht.Decision) {
	if !d.From.IsValid() {
		return
	}
	if l := line(d.Time, d.From, d.Cause); l != "" {
		b.note(d)
		select {
		case b.lines <- l:
		default:
		}
	}
}

// use writes to another file from now on.
func (b *banned) use(name string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.name, b.failed = name, false
	b.writes.Store(name != "")
}

// run writes until ctx ends.
func (b *banned) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case l := <-b.lines:
			b.write(l)
		}
	}
}

// write appends a line. The file is opened anew for each, so that it can be rotated.
func (b *banned) write(l string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.name == "" {
		return
	}
	f, err := os.OpenFile(b.name, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o640)
	if err == nil {
		if _, err = f.WriteString(l); err == nil {
			err = f.Close()
		} else {
			f.Close()
		}
	}
	if err != nil && !b.failed {
		b.log.Error("addresses for fail2ban cannot be written", "event", "fail2ban.failed", "error", err)
	}
	b.failed = err != nil
}
