// Command store measures the store with millions of calls in it: what each query of a page takes while calls are written at the same time, how fast they are
// written meanwhile, and how much room a million of them take.
//
//	go run ./bench/store -calls 10000000 -folder /var/tmp/ten-million
//
// A folder that is named is kept and used again; without one all is made anew in a folder that is removed.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/store/sqlite"
)

// goal is the longest that a query of a page may take, at the 95th percentile.
const goal = 300 * time.Millisecond

func main() {
	calls := flag.Int("calls", 10_000_000, "calls in the store")
	folder := flag.String("folder", "", "folder of the store, which is kept; empty: one that is removed")
	times := flag.Int("times", 60, "how often each query is asked")
	flag.Parse()
	if err := run(context.Background(), *calls, *folder, *times); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, calls int, folder string, times int) error {
	if folder == "" {
		dir, err := os.MkdirTemp("", "belwacht-store")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		folder = dir
	}
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		return err
	}
	s, err := sqlite.Open(ctx, sqlite.Config{Folder: folder, Within: time.Minute, Zone: func(string) *time.Location { return zone }})
	if err != nil {
		return err
	}
	defer s.Close(ctx)
	m := &maker{calls: calls}
	if err := m.fill(ctx, s, folder); err != nil {
		return err
	}
	if err := room(folder, calls); err != nil {
		return err
	}
	quiet := ask(ctx, s, m, times, "quiet")
	var written atomic.Int64
	writing, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	begin := time.Now()
	go func() { done <- m.write(writing, s, &written) }()
	slow := ask(ctx, s, m, times, "while calls are written")
	stop()
	if err := <-done; err != nil {
		return err
	}
	took := time.Since(begin).Seconds()
	fmt.Printf("bench: store: calls written a second while pages are read | ours %.0f\n", float64(written.Load())/took)
	if slow = append(slow, quiet...); len(slow) > 0 {
		return fmt.Errorf("over %s: %q", goal, slow)
	}
	return nil
}

// room says how much a million calls take, with their decisions, sums and indexes.
func room(folder string, calls int) error {
	info, err := os.Stat(filepath.Join(folder, sqlite.File))
	if err != nil {
		return err
	}
	fmt.Printf("bench: store: file of %d calls | ours %.0f MB, %.0f MB a million calls\n", calls, float64(info.Size())/1e6, float64(info.Size())/float64(calls))
	return nil
}

// ask asks each query so many times and prints a line of each: the clock's time, and the processor's of all that this program did meanwhile, which on a busy
// machine says more. It returns the names of those that took longer than they may.
func ask(ctx context.Context, s *sqlite.Store, m *maker, times int, when string) (slow []string) {
	for _, q := range queries(s, m) {
		took := make([]time.Duration, 0, times)
		rows, busy := 0, processor()
		for i := range times {
			begin := time.Now()
			n, err := q.ask(ctx, i)
			if err != nil {
				fmt.Printf("%-44s %v\n", q.name, err)
				slow = append(slow, q.name)
				break
			}
			took = append(took, time.Since(begin))
			rows += n
		}
		if len(took) == 0 {
			continue
		}
		slices.Sort(took)
		worst := took[len(took)*95/100]
		line("store, "+when+": "+q.name+", p95", ms(worst), "ms", ms(goal), ms(goal)/max(ms(worst), 0.001))
		fmt.Printf("       median %.1f ms, longest %.1f ms, processor %.1f ms on average, %d rows each\n", ms(took[len(took)/2]), ms(took[len(took)-1]),
			ms(processor()-busy)/float64(len(took)), rows/len(took))
		if worst > goal {
			slow = append(slow, q.name)
		}
	}
	return slow
}

// line is one line of the report, as the other measurements have it.
func line(name string, ours float64, unit string, goal, ratio float64) {
	fmt.Printf("bench: %s | ours %.1f %s | peer goal %.0f | ratio %.1f | goal 1\n", name, ours, unit, goal, ratio)
}

// processor is the time that this program has kept a processor busy.
func processor() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// question is one query of a page.
type question struct {
	name string
	ask  func(ctx context.Context, i int) (rows int, err error)
}

// queries are those of the console's pages, each with other values every time.
func queries(s *sqlite.Store, m *maker) []question { return append(searches(s, m), overviews(s, m)...) }

// until is a moment that differs from time to time.
func (m *maker) until(i int) belwacht.Instant { return m.end() - belwacht.Instant(i%150)*belwacht.Day }

// searches are searches of calls.
func searches(s *sqlite.Store, m *maker) []question {
	calls := func(name string, set func(q *belwacht.CallQuery, i int)) question {
		return question{"calls: " + name, func(ctx context.Context, i int) (int, error) {
			q := belwacht.CallQuery{Tenant: tenant}
			set(&q, i)
			list, _, err := s.Calls(ctx, &q)
			return len(list), err
		}}
	}
	prefix := func(digits string) belwacht.E164 { n, _ := belwacht.ParseE164(digits); return n }
	until := m.until
	return []question{
		calls("newest", func(q *belwacht.CallQuery, i int) {}),
		calls("of a day months ago", func(q *belwacht.CallQuery, i int) { q.Until = until(i) }),
		calls("of an account", func(q *belwacht.CallQuery, i int) { q.Account, q.Until = account(i*31), until(i) }),
		calls("of an account, to a country, dear", func(q *belwacht.CallQuery, i int) {
			q.Account, q.Country, q.Least = account(i*31), belwacht.Country{'G', 'B'}, belwacht.Unit
		}),
		calls("to a number", func(q *belwacht.CallQuery, i int) { q.Number = m.call(i * 7919).Number }),
		calls("to a rare prefix", func(q *belwacht.CallQuery, i int) { q.Prefix = prefix("25261") }),
		calls("to a common prefix", func(q *belwacht.CallQuery, i int) { q.Prefix, q.Until = prefix("31"), until(i) }),
		calls("to a prefix of one in a hundred", func(q *belwacht.CallQuery, i int) { q.Prefix, q.Until = prefix("49"), until(i) }),
		calls("to a rare country", func(q *belwacht.CallQuery, i int) { q.Country = belwacht.Country{'S', 'O'} }),
		calls("to the home country, inbound", func(q *belwacht.CallQuery, i int) {
			q.Country, q.Direction, q.Until = belwacht.Country{'N', 'L'}, belwacht.In, until(i)
		}),
		calls("premium", func(q *belwacht.CallQuery, i int) { q.Class, q.Until = belwacht.ClassPremium, until(i) }),
		calls("mobile, from 1 on", func(q *belwacht.CallQuery, i int) {
			q.Class, q.Least, q.Until = belwacht.ClassMobile, belwacht.Unit, until(i)
		}),
		calls("refused", func(q *belwacht.CallQuery, i int) { q.Word, q.Until = belwacht.Refuse, until(i) }),
		calls("from 50 on", func(q *belwacht.CallQuery, i int) { q.Least = 50 * belwacht.Unit }),
		calls("what is nowhere", func(q *belwacht.CallQuery, i int) {
			q.Class, q.Least, q.Country = belwacht.ClassMobile, 90*belwacht.Unit, belwacht.Country{'N', 'L'}
		}),
	}
}

// overviews are the other lists, and what is added up.
func overviews(s *sqlite.Store, m *maker) []question {
	sums := func(name string, q belwacht.SumQuery, days belwacht.Date) question {
		return question{"sums: " + name, func(ctx context.Context, i int) (int, error) {
			q := q
			q.Tenant, q.Until = tenant, m.lastDay()-belwacht.Date(i%3)
			q.From = q.Until - days
			if q.Account != "" {
				q.Account = account(i * 37)
			}
			list, err := s.Sums(ctx, &q)
			return len(list), err
		}}
	}
	until := m.until
	return []question{
		{"decisions: of an account", func(ctx context.Context, i int) (int, error) {
			list, _, err := s.Decisions(ctx, &belwacht.DecisionQuery{Tenant: tenant, Account: account(i * 31)})
			return len(list), err
		}},
		{"decisions: of a rule", func(ctx context.Context, i int) (int, error) {
			list, _, err := s.Decisions(ctx, &belwacht.DecisionQuery{Tenant: tenant, Cause: cause(i), Until: until(i)})
			return len(list), err
		}},
		{"decisions: of a call", func(ctx context.Context, i int) (int, error) {
			list, _, err := s.Decisions(ctx, &belwacht.DecisionQuery{Tenant: tenant, Call: m.call(i * 100).ID})
			return len(list), err
		}},
		{"last hour of an extension", func(ctx context.Context, i int) (int, error) {
			h, err := s.LastHour(ctx, tenant, account(i*31), 0, until(i))
			if err != nil {
				return 0, err
			}
			return len(h.Calls), nil
		}},
		{"alerts: open", func(ctx context.Context, i int) (int, error) {
			list, _, err := s.Alerts(ctx, &belwacht.AlertQuery{Tenant: tenant, State: belwacht.IncidentOpen})
			return len(list), err
		}},
		{"accounts: last used", func(ctx context.Context, i int) (int, error) {
			list, _, err := s.Accounts(ctx, &belwacht.AccountQuery{Tenant: tenant})
			return len(list), err
		}},
		{"accounts: that begin with 20", func(ctx context.Context, i int) (int, error) {
			list, _, err := s.Accounts(ctx, &belwacht.AccountQuery{Tenant: tenant, Begins: "20"})
			return len(list), err
		}},
		sums("by day, half a year", belwacht.SumQuery{By: belwacht.SumByDay}, 183),
		sums("by country, 30 days", belwacht.SumQuery{By: belwacht.SumByCountry}, 30),
		sums("by country, half a year", belwacht.SumQuery{By: belwacht.SumByCountry}, 183),
		sums("by class, half a year", belwacht.SumQuery{By: belwacht.SumByClass}, 183),
		sums("by account, today", belwacht.SumQuery{By: belwacht.SumByAccount}, 0),
		sums("by account, 30 days", belwacht.SumQuery{By: belwacht.SumByAccount}, 30),
		sums("of an account by day, half a year", belwacht.SumQuery{By: belwacht.SumByDay, Account: "x"}, 183),
		{"is it any good, six months", func(ctx context.Context, i int) (int, error) {
			list, err := s.RuleSums(ctx, tenant, m.lastDay()-180, m.lastDay())
			return len(list), err
		}},
	}
}

// account is one of the organisation's.
func account(i int) string { return fmt.Sprint(2000 + i%accounts) }

// cause is one of the rules'.
func cause(i int) string {
	return []string{"rule.new-country", "rule.burst", "limit.money.day", "rule.outside-hours"}[i%4]
}

// lastDay is the day of the last call.
func (m *maker) lastDay() belwacht.Date { return belwacht.DateOf(m.end(), time.UTC) }

// end is when the last call began.
func (m *maker) end() belwacht.Instant { return cmp.Or(m.call(m.calls-1).Start, begin) }
