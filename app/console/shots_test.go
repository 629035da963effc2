package console_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/app/demo"
	"github.com/belwacht/belwacht/web/webtest"
)

// pictured are the pages that pictures are made of, with the name of each.
func pictured(s *stand) [][2]string {
	list := [][2]string{{"overview", "/"}, {"live", "/live"}, {"alerts", "/alerts"}, {"calls", "/calls"}, {"helpdesk", "/helpdesk"}, {"locks", "/locks"}, {"panic", "/panic"}, {"health", "/health"}, {"about", "/about"}, {"accounts", "/accounts"}, {"destinations", "/destinations?allow=NL,BE,DE"}, {"quality", "/quality"}, {"rules", "/rules"}, {"limits", "/limits"}, {"settings", "/settings"}, {"what-if", "/what-if"}, {"silences", "/silences"}, {"privacy", "/privacy"}, {"dpia", "/privacy/dpia"}, {"notice", "/privacy/notice"},
		{"set-mode", "/settings/mode"}, {"set-limits", "/settings/limits"}, {"set-countries", "/settings/countries"}, {"set-rules", "/settings/rules"}, {"set-people", "/settings/people"}, {"set-keep", "/settings/keep"},
		{"set-ways", "/settings/ways"}, {"set-escalate", "/settings/escalate"}, {"set-accounts", "/settings/accounts"}, {"set-plan", "/settings/plan"}, {"set-access", "/settings/access"},
		{"set-changes", "/settings/changes"}, {"wizard", "/wizard"}, {"wizard-organisation", "/wizard/organisation"}, {"wizard-pbx", "/wizard/pbx"}, {"wizard-hours", "/wizard/hours"},
		{"wizard-people", "/wizard/people"}, {"wizard-records", "/wizard/records"}, {"wizard-countries", "/wizard/countries"}, {"wizard-mode", "/wizard/mode"},
		{"wizard-numbers", "/wizard/numbers?night=0031201234567"}, {"wizard-end", "/wizard/end"},
		{"bans", "/bans"}, {"nothing", "/no-such-page"}}
	return append(list, s.found...)
}

// TestPictures makes a picture of every page in both languages, both themes, wide and on a phone, has axe-core look at it, and fails where the policy is violated. make
// accept-console runs it; somebody should look at the pictures.
func TestPictures(t *testing.T) {
	if os.Getenv("BELWACHT_ACCEPT") != "console" {
		t.Skip("make accept-console makes pictures of every page")
	}
	folder, err := filepath.Abs(filepath.Join("..", "..", "bin", "console"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	s := open(t, attacked)
	b := browse(t, s)
	s.find(t)
	const settings = "organisation: {country: NL, timezone: Europe/Amsterdam, office_hours: \"mon-fri 08:30-17:30\"}\nlimits: {organisation: {money_per_day: EUR 50, only_countries: [NL, BE, DE]}, accounts: {\"212\": {longest_call: 90m}}}\n" +
		"alerts:\n  mail: {server: \"mail.example.nl:587\", from: belwacht@example.nl}\n  people: [{name: Anna, mail: anna@example.nl}]\n" +
		"  webhook: {url: \"https://crm.example.nl/alerts\"}\n  sms: {url: \"https://g.example/1\", fields: {to: \"{to}\", body: \"{text}\", key: abc}}\n  syslog: [{address: \"udp://192.0.2.5:514\", format: cef}]\n" +
		"  links: {url: \"https://belwacht.example.nl:8443/alert/\"}\n  escalate: {order: [Anna]}\nweb: {listen: \"127.0.0.1:8443\"}\n" +
		"accounts: [{name: lift, kind: machine, group: doors, list: [\"+31201234567\"]}, {name: \"299\", kind: canary}]\ngroups: {doors: {accounts: [\"800\"]}, sales: {accounts: [200-249]}}\n" +
		"plan: {area_code: \"20\", own: [\"+31201234567\"]}\nnetworks: [198.51.100.0/24]\naccess: {networks: [203.0.113.0/24], hours: mon-fri 07:00-20:00}\n"
	if err := os.WriteFile(s.file, []byte(settings), 0o640); err != nil {
		t.Fatal(err)
	}
	wanted := os.Getenv("BELWACHT_PICTURES") // languages-themes-sizes wanted, such as "en-light-wide", and with "en-light:set-" only pages whose name begins so; "" = all
	only, begins, _ := strings.Cut(wanted, ":")
	for _, k := range webtest.Kinds() {
		if only != "" && !strings.Contains(k.Name, only) {
			continue
		}
		b.do(chromedp.EmulateViewport(k.Width, k.Height))
		b.prefer(k.Language, k.Theme)
		for _, p := range pictured(s) {
			if !strings.HasPrefix(p[0], begins) {
				continue
			}
			b.visit(p[1])
			if p[0] == "nothing" {
				b.mu.Lock()
				b.complaints = nil // of the status 404
				b.mu.Unlock()
			}
			if over := b.is(`document.documentElement.scrollWidth > innerWidth + 1`); over {
				t.Errorf("%s %s: the page is wider than the window", p[0], k.Name)
			}
			if k.Wide && b.is(webtest.CutOff) {
				t.Errorf("%s %s: a table is cut off", p[0], k.Name)
			}
			png, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(folder, p[0]+"-"+k.Name+".png"), png, 0o644); err != nil {
				t.Fatal(err)
			}
			b.content(p[0] + " " + k.Name)
			b.usable(p[0] + " " + k.Name)
		}
	}
	t.Logf("pictures are in %s", folder)
}

// attacked is the moment in which an attack runs: some calls are refused, and something costly is let through or ended.
func attacked(m *demo.Moment) bool {
	return m.Sums.Refused >= 8 && m.Decision.Word >= belwacht.Refuse && m.Sums.Innocent > 0
}
