package access

import (
	"bytes"
	"encoding/base32"
	"image/png"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
)

// TestTOTP has the vectors of RFC 6238 appendix B (SHA-1), whose codes have eight digits: ours are the last six.
func TestTOTP(t *testing.T) {
	secret := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString([]byte("12345678901234567890"))
	for at, code := range map[int64]string{59: "94287082", 1111111109: "07081804", 1111111111: "14050471", 1234567890: "89005924", 2000000000: "69279037",
		20000000000: "65353130"} {
		if step := TOTPStep(secret, code[2:], time.Unix(at, 0), 0); step != at/30 {
			t.Errorf("at %d: step %d, want %d", at, step, at/30)
		}
	}
	now := time.Unix(1111111109, 0)
	step := now.Unix() / 30
	for name, c := range map[string]struct {
		code string
		at   time.Time
		last int64
		want int64
	}{
		"with spaces":         {" 081 804 ", now, 0, step},
		"a step late":         {"081804", now.Add(30 * time.Second), 0, step},
		"a step early":        {"081804", now.Add(-30 * time.Second), 0, step},
		"two late":            {"081804", now.Add(61 * time.Second), 0, 0},
		"used":                {"081804", now, step, 0},
		"one before was used": {"081804", now, step - 1, step},
		"one after was used":  {"081804", now, step + 1, 0},
		"another":             {"081805", now, 0, 0},
		"none":                {"", now, 0, 0},
		"long":                {"0818040", now, 0, 0},
	} {
		if got := TOTPStep(secret, c.code, c.at, c.last); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
	s, err := NewTOTP("Belwacht", "anna")
	if err != nil {
		t.Fatal(err)
	}
	again, err := TOTPAgain("Belwacht", "anna", s.Secret)
	if err != nil || again.Secret != s.Secret || !bytes.Equal(again.QR, s.QR) && !strings.Contains(again.URL, s.Secret) {
		t.Errorf("shown again it is another: %v", err)
	}
	if _, err := png.Decode(bytes.NewReader(s.QR)); err != nil || !strings.HasPrefix(s.URL, "otpauth://totp/Belwacht:anna?") || len(s.Secret) != 32 {
		t.Errorf("%v %s", err, s.URL)
	}
}

func TestRecovery(t *testing.T) {
	codes, sums := NewRecovery()
	if len(codes) != 10 || len(sums) != 10 || strings.Contains(strings.Join(sums, " "), strings.ReplaceAll(codes[0], "-", "")) {
		t.Fatalf("%v %v", codes, sums)
	}
	left, ok := UseRecovery(sums, strings.ToUpper(codes[3]))
	if !ok || len(left) != 9 || len(sums) != 10 {
		t.Errorf("%v, %d left", ok, len(left))
	}
	if _, ok := UseRecovery(left, codes[3]); ok {
		t.Error("a code is good twice")
	}
	if _, ok := UseRecovery(left, ""); ok {
		t.Error("nothing is a code")
	}
}

func TestSecret(t *testing.T) {
	dir := t.TempDir()
	one, err := LoadSecret(dir)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, SecretFile)
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if two, err := LoadSecret(dir); err != nil || !bytes.Equal(one, two) {
		t.Errorf("after a restart it is another: %v", err)
	}
	s, err := NewSealer(one)
	if err != nil {
		t.Fatal(err)
	}
	sealed := s.Seal("u1", []byte("JBSWY3DP"))
	if bytes.Contains(sealed, []byte("JBSWY3DP")) {
		t.Error("what is sealed can be read")
	}
	if b, err := s.Open("u1", sealed); err != nil || string(b) != "JBSWY3DP" {
		t.Errorf("%q, %v", b, err)
	}
	if _, err := s.Open("u2", sealed); err == nil {
		t.Error("what was sealed for one opens for another")
	}
	if err := os.WriteFile(path, []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadSecret(dir); belwacht.CodeOf(err) != belwacht.Config || err == nil {
		t.Errorf("%v", err)
	}
}

func TestThrottle(t *testing.T) {
	th, now := NewThrottle(), time.Unix(1_800_000_000, 0)
	for i := range freeFailures {
		if w := th.Wait(now, LongestWait, "a"); w != 0 {
			t.Fatalf("try %d waits %s", i+1, w)
		}
	}
	var waits []time.Duration
	for range 14 {
		now = now.Add(LongestWait)
		if w := th.Wait(now, LongestWait, "a"); w != 0 {
			t.Fatalf("waits %s after the longest", w)
		}
		waits = append(waits, th.Wait(now, LongestWait, "a"))
	}
	if waits[0] < time.Second || waits[1] != 2*waits[0] || waits[13] != LongestWait {
		t.Errorf("%v", waits)
	}
	if w := th.Wait(now, LongestWait, "b"); w != 0 {
		t.Errorf("another waits %s", w)
	}
	th.Good("a")
	if w := th.Wait(now, LongestWait, "a"); w != 0 || th.Failures("a", now) != 1 {
		t.Errorf("after a good one: %s, %d", w, th.Failures("a", now))
	}
	if th.Failures("b", now.Add(forgetAfter+time.Hour)) != 0 {
		t.Error("what is old is not forgotten")
	}
	// A full table shares one tally and does not grow.
	th.most = 10
	for i := range 100 {
		th.Wait(now, LongestWait, string(rune('A'+i)))
	}
	if len(th.all) > 10 || th.Wait(now, LongestWait, "fresh") == 0 {
		t.Errorf("%d are held, and one that does not fit waits for nothing", len(th.all))
	}
	for a, b := range map[string]string{"2001:db8::1": "2001:db8::ffff", "::ffff:192.0.2.1": "192.0.2.1", "fe80::1%eth0": "fe80::2"} {
		if SourceKey(netip.MustParseAddr(a)) != SourceKey(netip.MustParseAddr(b)) {
			t.Errorf("%s and %s are two", a, b)
		}
	}
	if SourceKey(netip.MustParseAddr("192.0.2.1")) == SourceKey(netip.MustParseAddr("192.0.2.2")) {
		t.Error("two addresses are one")
	}
}

func TestPolicy(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	office := &belwacht.TimeWindows{Text: "mon-fri 08:00-18:00"}
	for d := range 5 {
		office.Spans = append(office.Spans, [2]int{d*1440 + 480, d*1440 + 1080})
	}
	p, err := Policy{Networks: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("2001:db8::/32")}, Hours: office, Zone: zone,
		Own: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/25")}}.Filled()
	if err != nil {
		t.Fatal(err)
	}
	monday := time.Date(2026, 6, 1, 8, 30, 0, 0, zone)
	for _, c := range []struct {
		from string
		at   time.Time
		want bool
	}{
		{"192.0.2.7", monday, true}, {"::ffff:192.0.2.7", monday, true}, {"2001:db8::7", monday, true},
		{"198.51.100.7", monday, false}, {"2001:db9::7", monday, false},
		{"192.0.2.7", monday.Add(-time.Hour), false}, {"192.0.2.7", monday.Add(-24 * time.Hour), false}, {"192.0.2.7", monday.Add(10 * time.Hour), false},
		{"127.0.0.1", monday.Add(-24 * time.Hour), true}, {"::1", monday.Add(-24 * time.Hour), true},
	} {
		if err := p.Admits(netip.MustParseAddr(c.from), c.at); (err == nil) != c.want {
			t.Errorf("%s at %s: %v", c.from, c.at, err)
		}
	}
	for _, c := range []struct {
		role belwacht.Role
		from string
		all  bool
		want bool
	}{
		{belwacht.RoleAdministrator, "192.0.2.7", false, true}, {belwacht.RoleHelpdesk, "127.0.0.1", false, true}, {belwacht.RoleAuditor, "192.0.2.7", false, true},
		{belwacht.RoleSelf, "192.0.2.7", false, false}, {belwacht.RoleSelf, "192.0.2.200", false, true}, {belwacht.RoleSelf, "192.0.2.7", true, true},
	} {
		p.Everyone = c.all
		if got := p.NeedsSecond(&belwacht.User{Role: c.role}, netip.MustParseAddr(c.from)); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
	for _, bad := range []Policy{{Idle: time.Second}, {Idle: 24 * time.Hour}, {Longest: time.Minute}, {Longest: 1000 * time.Hour}, {Each: 100}, {Each: -1}} {
		if _, err := bad.Filled(); belwacht.CodeOf(err) != belwacht.Config || err == nil {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}
