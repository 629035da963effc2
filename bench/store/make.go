package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/store/sqlite"
)

const (
	tenant   = "Voorbeeld BV"
	accounts = 5000
	begin    = belwacht.Instant(1_780_300_800_000) // 2026-06-01
	span     = 183 * belwacht.Day
	// pieces is how many calls are handed over before the disk is waited for.
	pieces = 20_000
)

// maker makes up calls: the same of the same number, whatever was made before.
type maker struct{ calls int }

// places are where calls go, and how many of a thousand.
type place struct {
	of      uint64
	country belwacht.Country
	class   belwacht.Class
	prefix  string
	minute  belwacht.Money
}

func places() []place {
	nl := belwacht.Country{'N', 'L'}
	return []place{{520, nl, belwacht.ClassMobile, "316", 60_000}, {360, nl, belwacht.ClassGeographic, "3120", 12_000}, {40, nl, belwacht.ClassFreephone, "31800", 0},
		{30, belwacht.Country{'B', 'E'}, belwacht.ClassMobile, "324", 90_000}, {20, belwacht.Country{'D', 'E'}, belwacht.ClassGeographic, "4930", 25_000},
		{18, belwacht.Country{'G', 'B'}, belwacht.ClassGeographic, "4420", 25_000}, {6, nl, belwacht.ClassPremium, "31900", 800_000},
		{4, belwacht.Country{'U', 'S'}, belwacht.ClassGeographic, "1212", 30_000}, {1, belwacht.Country{'S', 'O'}, belwacht.ClassMobile, "25261", 900_000},
		{1, belwacht.Country{}, belwacht.ClassSatellite, "8816", 5_000_000}}
}

// mixed spreads numbers (SplitMix64).
func mixed(n uint64) uint64 {
	n += 0x9e3779b97f4a7c15
	n = (n ^ n>>30) * 0xbf58476d1ce4e5b9
	n = (n ^ n>>27) * 0x94d049bb133111eb
	return n ^ n>>31
}

// call is the i-th call of the half year.
func (m *maker) call(i int) *belwacht.PastCall {
	r := mixed(uint64(i))
	at := begin + span*belwacht.Instant(i)/belwacht.Instant(max(m.calls, 1))
	var p place
	for pick, list := r%1000, places(); ; list = list[1:] {
		if p = list[0]; pick < p.of || len(list) == 1 {
			break
		}
		pick -= p.of
	}
	number, _ := belwacht.ParseE164(fmt.Sprintf("%s%07d", p.prefix, (r>>10)%300_000))
	talk := int64((r >> 30) % 400)
	cost := p.minute * belwacht.Money(talk) / 60
	who := account(int(r >> 40))
	c := &belwacht.PastCall{Call: belwacht.Call{ID: fmt.Sprintf("%d.%d", at/1000, i), Link: fmt.Sprintf("%d.%d", at/1000, i-1), Tenant: tenant, Site: "main",
		Direction: belwacht.Out, Account: who, Root: who, Trunk: "trunk", Caller: "+31201230000", Name: "Jansen, A.", Dialled: "00" + number.Digits(), Start: at,
		Answer: at + 4000, End: at + 4000 + belwacht.Instant(talk)*belwacht.Second, Talk: talk, Disposition: belwacht.Answered, Rows: 2},
		Number: number, Country: p.country, Class: p.class, Cost: cost, Spent: cost}
	if r>>50%4 == 0 {
		c.Direction, c.Cost, c.Spent = belwacht.In, 0, 0
	}
	if i%100 == 0 {
		c.Word, c.Cause, c.Enforced = belwacht.Word(1+r%3), cause(int(r>>20)), r&1 == 0
	}
	return c
}

// decision is what was decided on a call of which something was.
func (m *maker) decision(c *belwacht.PastCall) *belwacht.Decision {
	return &belwacht.Decision{Schema: belwacht.DecisionSchema, ID: c.ID, Time: c.Start, Tenant: tenant, Account: c.Account, Number: c.Number.String(), Word: c.Word, Cause: c.Cause,
		Enforced: c.Enforced, Reference: fmt.Sprintf("K%05d", c.Start/1000%90_000), ScoreBits: 12.25, Probability: 0.875, AtRisk: 41.5, Rules: []string{"new-country"},
		Reason:   "Extension 212 never called Somalia; 14 calls to one range within 10 minutes; outside office hours",
		ReasonNL: "Toestel 212 belde nooit naar Somalië; 14 gesprekken naar één nummerblok binnen 10 minuten; buiten kantooruren"}
}

// fill writes all calls, decisions on one in a hundred and an alert on one in a thousand, where the folder has them not yet.
func (m *maker) fill(ctx context.Context, s *sqlite.Store, folder string) error {
	full := filepath.Join(folder, fmt.Sprintf("filled-%d", m.calls))
	if _, err := os.Stat(full); err == nil {
		return nil
	}
	began, busy := time.Now(), processor()
	for i := range m.calls {
		if err := m.put(ctx, s, i); err != nil {
			return err
		}
		if i%1_000_000 == 999_999 {
			fmt.Printf("%d million calls, %.0f s\n", (i+1)/1_000_000, time.Since(began).Seconds())
		}
	}
	if err := s.Sync(ctx); err != nil {
		return err
	}
	fmt.Printf("bench: store: calls written a second, nothing else done | ours %.0f, %.0f a second of the processor\n", float64(m.calls)/time.Since(began).Seconds(),
		float64(m.calls)/(processor()-busy).Seconds())
	return os.WriteFile(full, nil, 0o600)
}

// put hands over one call and what hangs on it.
func (m *maker) put(ctx context.Context, s *sqlite.Store, i int) error {
	c := m.call(i)
	s.PutCall(c)
	if c.Word > belwacht.Allow {
		s.AddDecision(m.decision(c))
	}
	if i%1000 == 0 && i < 10_000_000 {
		if err := s.PutAlert(ctx, &belwacht.Alert{ID: fmt.Sprint("A", i), Tenant: tenant, Account: c.Account, Cause: cause(i / 1000), First: c.Start, Last: c.Start, Word: belwacht.Warn, Count: 1,
			Numbers: []string{c.Number.String()}}); err != nil {
			return err
		}
	}
	if i%pieces == pieces-1 {
		return s.Sync(ctx)
	}
	return nil
}

// write goes on writing calls until ctx ends.
func (m *maker) write(ctx context.Context, s *sqlite.Store, written *atomic.Int64) error {
	for i := m.calls; ctx.Err() == nil; i++ {
		c := m.call(i)
		c.Start, c.ID = m.end()+belwacht.Instant(i-m.calls), fmt.Sprintf("%d.now%d", time.Now().UnixNano(), i)
		s.PutCall(c)
		if i%1000 == 999 { // so that none is dropped
			if err := s.Sync(context.WithoutCancel(ctx)); err != nil {
				return err
			}
			written.Add(1000)
		}
	}
	return nil
}
