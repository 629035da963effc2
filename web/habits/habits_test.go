package habits_test

import (
	"context"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/web"
	"github.com/belwacht/belwacht/web/habits"
	"github.com/belwacht/belwacht/web/ui"
	"github.com/belwacht/belwacht/web/webtest"
)

var now = time.Date(2026, 4, 18, 12, 0, 0, 0, time.UTC)

// shelf is one account with its calls and sums.
type shelf struct {
	belwacht.AccountStore
	belwacht.SumStore
	belwacht.RegistrationStore
	belwacht.DeviceStore
}

func (shelf) Accounts(context.Context, *belwacht.AccountQuery) ([]belwacht.KnownAccount, belwacht.Cursor, error) {
	at := belwacht.InstantOf(now)
	return []belwacht.KnownAccount{{Name: webtest.Hostile, Group: webtest.Hostile, First: at - 1000, Last: at, Out: at}, {Name: "door", Kind: belwacht.KindMachine}}, belwacht.Cursor{Time: 5, Row: 2}, nil
}

func (shelf) Account(_ context.Context, _, name string) (*belwacht.KnownAccount, error) {
	if name != webtest.Hostile {
		return nil, belwacht.Errorf(belwacht.NotFound, "nothing is known of it")
	}
	return &belwacht.KnownAccount{Name: name, Group: webtest.Hostile, First: belwacht.InstantOf(now)}, nil
}

func (shelf) Sums(_ context.Context, q *belwacht.SumQuery) ([]belwacht.Sum, error) {
	if q.By == belwacht.SumByAccount {
		return []belwacht.Sum{{Account: webtest.Hostile, Calls: 3, Cost: 2_000_000}}, nil
	}
	return []belwacht.Sum{{Country: belwacht.Country{'S', 'O'}, Class: belwacht.ClassMobile, Calls: 12, Refused: 2, Cost: 40_000_000}, {Country: belwacht.Country{'N', 'L'}, Class: belwacht.ClassMobile, Calls: 900, Cost: 9_000_000},
		{Country: belwacht.Country{'N', 'L'}, Class: belwacht.ClassSocial, Calls: 77, Cost: 1}, {Class: belwacht.ClassSatellite, Calls: 4, Cost: 3_000_000}}, nil
}

func (shelf) Registrations(context.Context, *belwacht.RegistrationQuery) ([]belwacht.Registration, belwacht.Cursor, error) {
	return []belwacht.Registration{{Agent: webtest.Hostile, From: netip.MustParseAddr("203.0.113.9")}}, belwacht.Cursor{}, nil
}

func (shelf) Devices(context.Context, string, string, belwacht.Page) ([]belwacht.Device, belwacht.Cursor, error) {
	return nil, belwacht.Cursor{}, nil
}

// calls are an account's, in the hour before noon.
type calls struct{ belwacht.CallStore }

func (calls) Calls(_ context.Context, q *belwacht.CallQuery) (list []belwacht.PastCall, next belwacht.Cursor, err error) {
	for i := range belwacht.Instant(30) {
		list = append(list, belwacht.PastCall{Call: belwacht.Call{Account: q.Account, Direction: belwacht.Out, Name: webtest.Hostile, Start: belwacht.InstantOf(now) - i*belwacht.Day}, Class: belwacht.ClassMobile, Country: belwacht.Country{'N', 'L'}})
	}
	return list, next, nil
}

type locks struct{}

func (locks) Locks(context.Context) ([]belwacht.InForce, error) {
	return []belwacht.InForce{{Kind: belwacht.KindLock, Subject: webtest.Hostile, Who: webtest.Hostile, Why: webtest.Hostile}}, nil
}

func site(t *testing.T) *web.Site {
	s, _ := webtest.Site(t, now)
	if err := habits.New(s, habits.Config{Accounts: shelf{}, Calls: calls{}, Sums: shelf{}, Registrations: shelf{}, Devices: shelf{}, Locker: locks{}}); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestCatalogue(t *testing.T) {
	frame, err := web.ReadWords(webtest.Frame(), "words.txt")
	if err != nil {
		t.Fatal(err)
	}
	webtest.Catalogue(t, frame)
	webtest.Icons(t, "../ui/icons.txt")
}

func TestPages(t *testing.T) {
	s := site(t)
	webtest.Pages(t, s, "/accounts", "/accounts?begins=2", "/accounts/one?name="+url.QueryEscape(webtest.Hostile), "/accounts/one?name=new", "/destinations", "/destinations?days=7", "/destinations?days=90&allow=NL,DE,zz,"+url.QueryEscape(webtest.Hostile))
	if w := webtest.Get(s, "/accounts/one", "en"); w.Code != 404 {
		t.Errorf("no account: %d", w.Code)
	}
}

func TestDestinations(t *testing.T) {
	page := webtest.Get(site(t), "/destinations?allow=NL+DE+zz", "en").Body.String()
	for _, want := range []string{"Somalia", "€ 40.00", "satellite", "10 calls that went through in 90 days would have been refused", "only_countries: [DE, NL]", "zz"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %s", want)
		}
	}
	if strings.Contains(page, "helpline") {
		t.Error("helplines are shown among destinations")
	}
	if ui.Built() && !strings.Contains(page, `class="land land-stopped"><title>Somalia`) {
		t.Error("Somalia is not coloured on the map")
	}
}
