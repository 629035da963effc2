package console_test

import "testing"

// TestWhatIf plays each rule of the demo organisation set otherwise, and a limit, from the page, and looks at the calls of one.
func TestWhatIf(t *testing.T) {
	whole(t)
	s := open(t, attacked)
	b := browse(t, s)
	b.prefer("en", "light")
	b.visit("/what-if")
	b.content("what if")
	b.press("button", "Play them all")
	b.until("each rule is played", `document.querySelectorAll('[aria-labelledby=r-h] details code').length > 10 && document.querySelector('[aria-labelledby=r-h] tbody a') && !document.querySelector('progress')`)
	b.is(`document.querySelector('[name=key]').value = 'calls_per_day'`)
	b.is(`document.querySelector('[name=value]').value = '20'`)
	b.press("button", "What if")
	b.until("the limit is played", `document.querySelector('[aria-labelledby=l-h] tbody a')`)
	b.press("[aria-labelledby=l-h] tbody a", "")
	b.until("its calls are named", `document.querySelectorAll('[aria-labelledby=n-h] tbody tr').length > 0`)
	b.content("what if, one limit")
	b.visit("/rules")
	b.until("the rules say it too", `/stopped fewer/.test(document.querySelector('table').innerText) && /no call went another way/.test(document.querySelector('table').innerText)`)
	b.content("rules, played")
}

// TestWronglyStopped says of a refused call that it was fine, and asks which setting would have let it through.
func TestWronglyStopped(t *testing.T) {
	whole(t)
	s := open(t, attacked)
	b := browse(t, s)
	s.find(t)
	b.prefer("en", "light")
	b.visit(s.found[0][1]) // a call that was refused
	b.is(`document.querySelector('input[name=width][value=number]').click()`)
	b.press("button", "This was fine")
	b.visit("/what-if")
	b.until("the call is listed", `document.querySelectorAll('[aria-labelledby=w-h] tbody tr').length === 1`)
	b.press("button", "What would have let them through?")
	b.until("it is answered", `!document.querySelector('progress') && /of them fraud|€|No single setting/.test(document.querySelector('[aria-labelledby=w-h] tbody')?.innerText ?? '')`)
	b.content("what if, wrongly stopped")
}

// TestSilences silences alerts of an extension from the page, sees it, and ends it.
func TestSilences(t *testing.T) {
	whole(t)
	s := open(t, attacked)
	b := browse(t, s)
	b.prefer("en", "light")
	b.visit("/silences")
	b.is(`document.querySelector('[name=cause]').value = 'rule.new-country'`)
	b.is(`document.querySelector('[name=why]').value = 'a new customer abroad'`)
	b.press("button", "Silence")
	b.until("it is silent", `document.querySelector('[aria-labelledby=s-h]').innerText.includes('a new customer abroad')`)
	b.content("silences")
	b.press("button", "End it now")
	b.until("it is over", `document.querySelector('[aria-labelledby=p-h]')?.innerText.includes('ended by Anna')`)
	b.content("silences, ended")
}
