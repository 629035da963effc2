package console_test

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/web"
)

// TestBrowser drives a real Chromium through what a person does: sees an attack that was refused and why, says that one call was fine, works an alert to its end,
// presses and releases the panic button, and locks an extension. The browser must complain of nothing.
func TestBrowser(t *testing.T) {
	s := open(t, attacked)
	b := browse(t, s)
	s.find(t)
	b.prefer("en", "light")

	b.visit("/")
	b.until("refused calls are shown", `document.body.innerText.includes('Refused')`)
	b.content("overview")

	b.press("a", "Why?")
	b.until("the weights are shown", `document.querySelectorAll('.weights tbody tr').length > 1 && document.querySelector('svg.week')`)
	b.is(`document.querySelector('input[name=width][value=number]').click()`)
	b.press("button", "This was fine")
	b.until("what was said is noted", `document.querySelector('[role=status]')?.innerText.includes('may call this number')`)
	b.content("one call")

	b.visit("/alerts")
	b.press("a.row-link", "")
	b.press("button", "I take it")
	b.until("it is taken", `document.body.innerText.includes('You work on it now')`)
	b.press("button", "innocent")
	b.until("it is closed", `document.body.innerText.includes('Closed. It can be opened again')`)
	b.content("alerts")

	b.visit("/panic")
	b.press("button", "Turn panic on")
	b.until("panic is on", `document.querySelector('.alert-danger')?.innerText.includes('Panic is on')`)
	b.press("button", "Turn panic off")
	b.until("panic is off", `!document.querySelector('.alert-danger')`)
	b.content("panic")

	b.visit("/locks?account=299")
	b.press("button", "Lock")
	b.until("it is locked", `document.body.innerText.includes('299 is locked')`)
	b.press("button", "Unlock")
	b.until("it is free", `document.body.innerText.includes('299 may call again')`)
	b.content("locks")

	kept, _, err := s.house.Store.InForcePage(context.Background(), &belwacht.InForceQuery{Kind: belwacht.KindFeedback})
	if err != nil || len(kept) != 1 || kept[0].Width != belwacht.WidthNumber || kept[0].Who != "Anna" {
		t.Errorf("what was said is not kept: %+v %v", kept, err)
	}
}

// TestLiveCalls has a page of live calls open while the organisation telephones: it draws itself anew, without a violation of the policy.
func TestLiveCalls(t *testing.T) {
	s := open(t, nil)
	b := browse(t, s)
	b.prefer("nl", "dark")
	for end := time.Now().Add(patience); !s.house.Began() && time.Now().Before(end); {
		time.Sleep(50 * time.Millisecond)
	}
	b.visit("/live")
	b.until("a call is shown", `document.querySelector('#main tbody tr')`)
	b.until("another is shown, on the same page", `(window.seen = window.seen || new Set(), [...document.querySelectorAll('#main tbody tr')].forEach(r => window.seen.add(r.id)), window.seen.size > 2)`)
	b.visit("/live?find=" + url.QueryEscape("nobody is called so"))
	b.until("nothing fits", `document.body.innerText.includes('Er loopt geen gesprek dat hierbij past')`)
	b.content("live calls")
}

// TestUnmasked: who sees numbers masked, as everybody does where they are real, has one shown by saying why; the browser does not show it again by itself, and on a phone
// it is all there.
func TestUnmasked(t *testing.T) {
	whole(t)
	rights := web.Everything()
	s := openTo(t, attacked, web.Visitor{Name: "Otto", Role: "operator", Rights: slices.DeleteFunc(rights, func(r web.Right) bool { return r == web.FullNumbers })})
	b := browse(t, s)
	s.find(t)
	b.prefer("nl", "light")
	b.do(chromedp.EmulateViewport(390, 844))
	b.visit(s.found[0][1])
	b.until("the number is masked", `document.body.innerText.includes('••••') && !/\+\d{9}/.test(document.body.innerText)`)
	b.is(`document.querySelector('form[action="/call/unmask"]').closest('details').querySelector('summary').click()`)
	b.picture("unmask-nl-phone")
	b.is(`document.querySelector('input[name=why]').value = 'de klant vraagt waarom'`)
	b.press("button", "Tonen")
	b.until("the number is shown", `/\+\d{9}/.test(document.body.innerText) && document.body.innerText.includes('deze ene keer')`)
	b.picture("unmasked-nl-phone")
	if b.is(`document.documentElement.scrollWidth > innerWidth + 1`) {
		t.Error("the page is wider than the window")
	}
	b.do(chromedp.EmulateViewport(1360, 900))
	b.prefer("en", "light")
	b.visit(s.found[0][1])
	b.until("the number is masked again", `!/\+\d{9}/.test(document.body.innerText)`)
	b.is(`document.querySelector('form[action="/call/unmask"]').closest('details').querySelector('summary').click()`)
	b.picture("unmask-en-wide")
	b.content("unmasking")
	list, _, err := s.house.Store.Entries(context.Background(), &belwacht.EntryQuery{Act: "number.unmask"})
	if err != nil || len(list) != 1 || list[0].Who != "Otto" || list[0].Why != "de klant vraagt waarom" {
		t.Errorf("%+v %v", list, err)
	}
}

// picture keeps a picture of the page, where make accept-console wants pictures.
func (b *tab) picture(name string) {
	b.t.Helper()
	if os.Getenv("BELWACHT_ACCEPT") != "console" {
		return
	}
	png, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.MkdirAll(filepath.Join("..", "..", "bin", "console"), 0o755)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join("..", "..", "bin", "console", name+".png"), png, 0o644)
	}
	if err != nil {
		b.t.Fatal(err)
	}
}
