package web_test

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// TestBrowserLibrary keeps the library of the browser tests in go.mod until they are written.
func TestBrowserLibrary(t *testing.T) { _ = chromedp.NewContext }
