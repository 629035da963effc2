package summary

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

func period(t *testing.T, bars int) Period {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	from := time.Date(2026, 11, 1, 0, 0, 0, 0, zone)
	p := Period{Tenant: "<b>Voorbeeld</b>", Mode: belwacht.Monitor, Currency: "EUR", Zone: zone, From: belwacht.InstantOf(from), Until: belwacht.InstantOf(from.AddDate(0, 0, 1)),
		Refused: 1234, Ended: 5, Would: 1230, Warned: 7, AtRisk: 98_765 * belwacht.Unit / 10, Alerts: 9, Open: 2, Brake: 50 * belwacht.Unit, Braked: 3,
		Accounts: []Account{{"212", 5}, {"<script>\n", 1}}, Bars: make([]Bar, bars)}
	for i := range p.Bars {
		p.Bars[i] = Bar{Warned: i % 3, Refused: i * 7 % 50, Ended: i % 2}
	}
	return p
}

// TestWrite: both languages and kinds, the brake and its sum in every one, strangers' words escaped.
func TestWrite(t *testing.T) {
	for _, c := range []struct {
		language text.Language
		kind     Kind
		off      bool
		subject  string
		says     []string
	}{
		{text.Dutch, Day, false, "Belwacht: overzicht van ", []string{"Gesprekken geweigerd", "1.234", "€ 9.876,50", "9, waarvan niet opgepakt 2", "€ 50,00 per nacht en trunk; hij stopte 3 gesprekken", "stand monitor"}},
		{text.English, Day, false, "Belwacht: summary of ", []string{"Calls refused", "1,234", "€ 9,876.50", "€ 50.00 a night and trunk; it stopped 3 calls", "mode monitor"}},
		{text.Dutch, Month, true, "Belwacht: maandoverzicht november 2026", []string{"UIT: het verlies van een nacht is niet begrensd"}},
		{text.English, Month, true, "Belwacht: month of November 2026", []string{"OFF: the loss of a night has no bound"}},
	} {
		p := period(t, map[Kind]int{Day: 24, Month: 30}[c.kind])
		p.BrakeOff = c.off
		m, err := Write(c.language, c.kind, "pbx1", []Period{p, p})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(m.Subject, c.subject) || strings.Contains(m.HTML, "<script>") || strings.Contains(m.HTML, "<b>") || !strings.Contains(m.HTML, `src="cid:picture"`) {
			t.Errorf("%s\n%s", m.Subject, m.HTML)
		}
		for _, says := range c.says {
			if !strings.Contains(m.Plain, says) || !strings.Contains(m.HTML, says) {
				t.Errorf("%q is missing in\n%s", says, m.Plain)
			}
		}
		picture, err := png.Decode(bytes.NewReader(m.Picture))
		if err != nil || picture.Bounds().Dx() != width || len(m.Picture) > 64<<10 {
			t.Errorf("%v, %d bytes", err, len(m.Picture))
		}
		if dir := os.Getenv("BELWACHT_PICTURES"); dir != "" { // to look at
			name := filepath.Join(dir, "summary-"+string(c.kind)+"-"+c.language.String())
			if err := os.WriteFile(name+".png", m.Picture, 0o600); err != nil {
				t.Error(err)
			}
			if err := os.WriteFile(name+".html", []byte(strings.ReplaceAll(m.HTML, "cid:picture", name+".png")), 0o600); err != nil {
				t.Error(err)
			}
		}
	}
}

// TestPicture: nothing at all, one call, and very many are drawn; bars stand on the ground and differ.
func TestPicture(t *testing.T) {
	sums := map[string]bool{}
	for _, n := range []int{0, 1, 3, 1_000_000} {
		bars := make([]Bar, 24)
		bars[5].Refused = n
		b, err := drawBars(bars, 0)
		if err != nil {
			t.Fatal(err)
		}
		picture, err := png.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		r, g, _, _ := picture.At(left+(width-10-left)*11/48, height-bottom-1).RGBA()
		if orange := r>>8 == 0xe8 && g>>8 == 0x6b; orange != (n > 0) {
			t.Errorf("%d calls: %x %x", n, r>>8, g>>8)
		}
		sums[string(b)] = true
	}
	if len(sums) != 4 {
		t.Error("different days look alike")
	}
	for most, want := range map[int]int{1: 4, 4: 4, 5: 8, 9: 20, 50: 80, 81: 200} {
		if got := scale(most); got != want {
			t.Errorf("scale of %d: %d, want %d", most, got, want)
		}
	}
}
