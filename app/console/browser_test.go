package console_test

import (
	"context"
	"net/url"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
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
