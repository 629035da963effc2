package console_test

import "testing"

// TestWhatIf plays each rule of the demo organisation set otherwise, and a limit, from the page, and looks at the calls of one.
func TestWhatIf(t *testing.T) {
	s := open(t, attacked)
	b := browse(t, s)
	b.prefer("en", "light")
	b.visit("/what-if")
	b.content("what if")
	b.press("button", "Play them all")
	b.until("each rule is played", `document.querySelectorAll('[aria-labelledby=r-h] tbody a').length > 10 && !document.querySelector('progress')`)
	b.is(`document.querySelector('[name=key]').value = 'calls_per_day'`)
	b.is(`document.querySelector('[name=value]').value = '20'`)
	b.press("button", "What if")
	b.until("the limit is played", `document.querySelector('[aria-labelledby=l-h] tbody a')`)
	b.press("[aria-labelledby=l-h] tbody a", "")
	b.until("its calls are named", `document.querySelectorAll('[aria-labelledby=n-h] tbody tr').length > 0`)
	b.content("what if, one limit")
}
