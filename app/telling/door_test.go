package telling

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/text"
)

// TestOutbox: what a receiver does not take is tried again, ever less often, and given up after a day; one that fails holds up no other.
func TestOutbox(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		o := newOutbox("mail", slog.New(slog.DiscardHandler))
		done := make(chan struct{})
		go func() { o.run(ctx); close(done) }()
		var fine, late, never atomic.Int64
		of := func(id string) belwacht.Parcel { return belwacht.Parcel{ID: id, To: "u"} }
		o.add(of("never"), "never", func(context.Context) error { never.Add(1); return errors.New("full") })
		o.add(of("late"), "late", func(context.Context) error {
			if late.Add(1) < 4 {
				return errors.New("down")
			}
			return nil
		})
		o.add(of("fine"), "fine", func(context.Context) error { fine.Add(1); return nil })
		synctest.Wait()
		if fine.Load() != 1 || late.Load() != 1 || o.State().Waiting != 2 || o.State().LastError == "" && o.State().Sent != 1 {
			t.Errorf("at once: %d %d %+v", fine.Load(), late.Load(), o.State())
		}
		time.Sleep(time.Minute)
		if late.Load() != 4 || o.State().Sent != 2 || o.State().Waiting != 1 {
			t.Errorf("after a minute: %d %+v", late.Load(), o.State())
		}
		time.Sleep(25 * time.Hour)
		if s := o.State(); s.Failed != 1 || s.Waiting != 0 || never.Load() < 100 || never.Load() > 400 {
			t.Errorf("after a day: %d tries, %+v", never.Load(), s)
		}
		for i := range outboxMost + 5 {
			o.add(of(fmt.Sprint(i)), "many", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
		}
		if s := o.State(); s.Dropped != 5 || s.Waiting != outboxMost {
			t.Errorf("when it is full: %+v", s)
		}
		stop()
		<-done
	})
}

// TestNoticeText: who reads a notice reads what was done in their language, no number in full, and nothing of a stranger's as more than text.
func TestNoticeText(t *testing.T) {
	w := &doorWays{zone: time.UTC, url: "https://belwacht.example.org", host: "pbx"}
	hostile := "<img src=x>\r\nBcc: all@example.org"
	for _, c := range []struct {
		n    belwacht.Notice
		want [2][]string
	}{
		{belwacht.Notice{Kind: belwacht.NoticeWeakened, Entry: belwacht.Entry{Act: access.ModeLower, Who: "anna", Via: "console", From: "192.0.2.7", Subject: "mode", Detail: "enforce → monitor",
			Why: "asked by +31612345678", Position: 7, Tenant: "oak"}},
			[2][]string{{"anna lowered the mode: mode: enforce → monitor.", "Reason given: asked by +31 6 •••• 5678", "Entry 7", "https://belwacht.example.org/audit?weakens=1", "Organisation: oak"},
				{"anna zette de stand lager: mode: enforce → monitor.", "Opgegeven reden", "Nummer 7", "Organisatie: oak"}}},
		{belwacht.Notice{Kind: belwacht.NoticeAgreed, Entry: belwacht.Entry{Act: access.ActAgree, Who: "bert", Subject: "brake.off", Detail: "brake.off: brake.off: on → off"}},
			[2][]string{{"bert agreed to what you proposed: turned the brake off", "one click", "/proposals"}, {"bert stemde in met wat u voorstelde: zette de rem uit", "één klik"}}},
		{belwacht.Notice{Kind: belwacht.NoticeProposal, Entry: belwacht.Entry{Act: access.ActPropose, Who: "anna", Subject: "brake", Detail: "brake.off: on → off"}},
			[2][]string{{"anna wants to do something that takes two people: turned the brake off, on → off.", "/proposals"}, {"twee mensen", "zette de rem uit"}}},
		{belwacht.Notice{Kind: belwacht.NoticeNewDevice, Entry: belwacht.Entry{Act: access.SignIn, Who: hostile, Detail: hostile}}, [2][]string{{"new browser", "/account"}, {"nieuwe browser"}}},
		{belwacht.Notice{Kind: belwacht.NoticeLink, Entry: belwacht.Entry{Act: access.LinkMake, Who: "root", Subject: "anna"}}, [2][]string{{"one-time link", "(anna)"}, {"eenmalige link"}}},
	} {
		for i, l := range []text.Language{text.English, text.Dutch} {
			x := noticeText(w, &c.n, l)
			all := x.subject + "\n" + x.plain()
			for _, want := range c.want[i] {
				if !strings.Contains(all, want) {
					t.Errorf("%s in %s: %q is missing in\n%s", c.n.Kind, l, want, all)
				}
			}
			if strings.Contains(all, "612345678") || strings.ContainsAny(x.subject, "\r\n") || strings.Contains(x.html(), "<img") || strings.Contains(x.html(), "\r") {
				t.Errorf("%s in %s: %s", c.n.Kind, l, all)
			}
		}
	}
}
