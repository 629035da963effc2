package console_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/belwacht/belwacht/app/made"
	"github.com/belwacht/belwacht/simulate"
)

// fill types into a field, and says where there is none.
func (b *tab) fill(name, value string) {
	b.t.Helper()
	if !b.is(`(e => e && (e.value = ` + quote(value) + `, true))(document.querySelector('#main [name=` + name + `]:not([type=hidden])'))`) {
		b.t.Fatalf("there is no field %s", name)
	}
}

// TestSettings drives a real Chromium through a change that lessens protection and one that does not, the question before it, a value that is refused, and the
// way back.
func TestSettings(t *testing.T) {
	accepted(t)
	s := open(t, attacked)
	b := browse(t, s)
	b.prefer("en", "light")
	if err := os.WriteFile(s.file, []byte("# of De Linde\norganisation: {country: NL, timezone: Europe/Amsterdam} # here\nlimits:\n  organisation:\n    money_per_day: EUR 50 # as agreed\n"), 0o640); err != nil {
		t.Fatal(err)
	}
	has := func(what, want string) {
		t.Helper()
		if got, err := os.ReadFile(s.file); err != nil || !strings.Contains(string(got), want) || !strings.HasPrefix(string(got), "# of De Linde\n") {
			t.Errorf("%s: %v\n%s", what, err, got)
		}
	}

	b.visit("/settings/mode")
	b.is(`document.querySelector('input[name=mode][value=enforce]').click()`)
	b.fill("hours", "mon-fri 08:30-17:30")
	b.press("#main button", "Save")
	b.until("it is saved", `document.querySelector('[role=status]')?.innerText.includes('Saved')`)
	has("saved", `{country: NL, timezone: Europe/Amsterdam, office_hours: "mon-fri 08:30-17:30"} # here`)
	has("saved", "mode: enforce")
	b.content("saved")

	b.visit("/settings/limits")
	b.fill("value", "500")
	b.press("#main td button", "Save")
	b.until("it is asked about", `document.body.innerText.includes('This lessens the protection')`)
	b.usable("the question")
	b.fill("why", "a big order")
	b.press("button", "Yes, save it")
	b.until("it is saved", `document.querySelector('[role=status]')?.innerText.includes('Saved')`)
	has("raised", "money_per_day: EUR 500 # as agreed")

	b.fill("value", "5,00,0")
	b.press("#main td button", "Save")
	b.until("what is wrong is said, with its line", `document.querySelector('#main [role=alert]')?.innerText.includes('belwacht.yaml:5')`)
	has("refused", "money_per_day: EUR 500 # as agreed")
	b.mu.Lock()
	b.complaints = nil // of the status 422
	b.mu.Unlock()

	b.visit("/settings/changes")
	b.press("button", "Undo this")
	b.until("it is undone", `document.querySelector('[role=status]')?.innerText.includes('Saved')`)
	has("undone", "money_per_day: EUR 50 # as agreed")
	b.content("undone")

	b.visit("/settings/accounts")
	b.is(`(f => { f.querySelector('[name=name]').value = 'lift'; f.querySelector('[name=kind]').value = 'machine'; f.querySelector('[name=list]').value = '+31201234567\n+31201234568'; f.requestSubmit() })(document.querySelector('input[name=at][value="+"]').form)`)
	b.until("it is asked about", `document.body.innerText.includes('This lessens the protection')`)
	b.press("button", "Yes, save it")
	b.until("the extension is there", `document.querySelector('[aria-labelledby=x-h]')?.innerText.includes('a machine: lift, alarm, fax, door')`)
	has("an extension", "name: lift\n")
	b.usable("extensions")
	b.content("extensions")

	b.visit("/settings/ways")
	b.is(`(f => { f.closest('details').open = true; f.querySelector('[name=secret-address]').value = 'https://127.0.0.1/s3cr3t'; f.requestSubmit() })(document.querySelector('input[name=way][value=slack]').form)`)
	b.until("what is wrong is said at the field", `document.querySelector('details[open] span[role=alert]')?.innerText.includes('is inside') || document.querySelector('#main [role=alert]')?.innerText.includes('is inside')`)
	b.mu.Lock()
	b.complaints = nil // of the status 422
	b.mu.Unlock()
	b.is(`(f => { f.closest('details').open = true; f.querySelector('[name=secret-address]').value = 'https://hooks.example.com/s3cr3t'; f.requestSubmit() })(document.querySelector('input[name=way][value=slack]').form)`)
	b.until("the way is set", `document.querySelector('[aria-labelledby=slack-h] .badge')?.innerText === 'set'`)
	has("slack", "url_file: ")
	if b.is(`document.documentElement.outerHTML.includes('s3cr3t')`) {
		t.Error("a secret is on the page")
	}
	b.press("button", "Send a test by every way")
	b.until("how the test fared is said", `document.body.innerText.includes('connection refused')`)
	b.usable("ways")
	b.content("ways")

	b.visit("/settings/access")
	b.fill("networks", "203.0.113.0/24")
	b.press("#main button", "Save")
	b.until("it is saved", `document.querySelector('[role=status]')?.innerText.includes('Saved')`)
	has("networks", "networks: [\"203.0.113.0/24\"]")
	b.visit("/settings/changes")
	b.press("button", "Undo this")
	b.until("it is asked about", `document.body.innerText.includes('This lessens the protection') && document.body.innerText.includes('It takes two people')`)
	b.content("access")
	b.press("button", "Yes, save it")
	b.until("it is undone", `document.querySelector('[role=status]')?.innerText.includes('Saved')`)

	b.visit("/settings/mode")
	if err := os.WriteFile(s.file, []byte("# of De Linde\norganisation: {country: BE, timezone: Europe/Brussels}\n"), 0o640); err != nil {
		t.Fatal(err)
	}
	b.fill("hours", "mon-fri 09:00-17:00")
	b.press("#main button", "Save")
	b.until("that it was changed by hand is said and shown", `document.body.innerText.includes('was changed meanwhile') && document.querySelector('pre.settings')?.innerText.includes('BE')`)
	has("changed by hand", "country: BE")
	b.until("what was typed is still there", `document.querySelector('[name=hours]').value === 'mon-fri 09:00-17:00'`)
}

// TestWizard sets Belwacht up in a real Chromium, from a file that names no organisation: each step, going back, leaving and going on, and what is in the file then.
func TestWizard(t *testing.T) {
	accepted(t)
	s := open(t, attacked)
	office := t.TempDir()
	if _, err := (&made.Folder{Config: simulate.Config{Kind: "office", Country: "NL", Extensions: 12, Weeks: 8, Seed: 7}}).Write(t.Context(), office); err != nil {
		t.Fatal(err)
	}
	records := filepath.Join(office, "master.csv")
	b := browse(t, s)
	b.prefer("en", "light")
	b.visit("/wizard")
	b.usable("the steps")
	b.press("a", "Go on with: The organisation")
	b.fill("name", "De Linde")
	b.fill("country", "XQ")
	b.press("button", "Save and go on")
	b.until("a country that is none is refused", `document.querySelector('#main [role=alert]')?.innerText.includes('XQ is no country') && document.querySelector('[name=name]').value === 'De Linde'`)
	b.mu.Lock()
	b.complaints = nil // of the status 422
	b.mu.Unlock()
	b.fill("country", "NL")
	b.press("button", "Save and go on")
	b.until("the telephone system", `document.querySelector('h1').innerText.includes('telephone system') && document.body.innerText.includes('What connecting it would do')`)
	b.usable("the telephone system")
	b.press("button", "Yes, connect it")
	b.until("it is connected", `document.body.innerText.includes('In the configuration:')`)
	b.press("button", "Save and go on")
	b.fill("hours", "mon-fri 08:30-17:30")
	b.press("button", "Save and go on")
	b.until("who is told", `document.querySelector('h1').innerText.includes('Who is told')`)
	b.press("a", "Step back")
	b.until("the hours are there", `document.querySelector('[name=hours]').value === 'mon-fri 08:30-17:30'`)
	b.press("button", "Save and go on")
	b.fill("server", "smtp.example.nl")
	b.fill("from", "belwacht@example.nl")
	b.fill("name", "Anna")
	b.fill("mail", "anna@example.nl")
	b.press("button", "Save and stay")
	b.press("button", "Send a test")
	b.until("how the test fared is said", `document.body.innerText.includes('connection refused')`)
	b.press("a", "Leave")
	b.until("where one was is known", `document.querySelector('a.btn-primary').innerText.includes('Who is told')`)
	b.press("a.btn-primary", "Go on with")
	b.press("button", "Pass over")
	b.fill("path", records)
	b.press("button", "Read it")
	b.until("what was in the records is said", `document.querySelector('#import')?.innerText.includes('Belwacht would have stopped')`)
	b.usable("records")
	b.press("button", "Save and go on")
	b.until("countries that were called are offered", `document.querySelector('input[name=country][value=BE]') && document.querySelector('input[name=country][value=NL]').checked`)
	b.is(`document.querySelector('input[name=which][value=some]').click()`)
	b.press("button", "Save and go on")
	b.until("the mode", `document.querySelector('input[name=mode][value=monitor]').checked && document.querySelector('[name=enforce]').value`)
	b.press("button", "Save and go on")
	b.until("112 was tried", `document.body.innerText.includes('112: an emergency number. It goes out always')`)
	b.fill("night", "0031201234567")
	b.press("button", "Try it")
	b.press("button", "Let calls to this number always go out")
	b.press("button", "Yes, save it")
	b.press("button", "Save and go on")
	b.until("where it stands is said", `document.querySelector('p.lead').innerText.length > 20`)
	b.usable("the end")
	b.press("button", "Done")
	b.until("all is done", `!document.body.innerText.includes('not yet')`)
	b.content("the wizard")
	got, err := os.ReadFile(s.file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"# of De Linde\n", "name: De Linde\n", "country: NL\n", "timezone: Europe/Amsterdam\n", `office_hours: "mon-fri 08:30-17:30"`, "mode: monitor\n", "kind: asterisk\n", "server: \"smtp.example.nl:587\"",
		"mail: anna@example.nl", "only_countries: [", "social: ["} {
		if !strings.Contains(string(got), want) {
			t.Errorf("the file lacks %q:\n%s", want, got)
		}
	}
}
