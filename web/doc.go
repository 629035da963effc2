// Package web is the frame of the console: pages drawn on the server from html/template, in Dutch and English, light and dark, with assets that are built in
// (package web/ui). It knows who asks ([Door]), what they may ([Right]), and how a page is put around its content; what stands on the pages is the
// sub-packages', one a subject, which import this one and never each other. Package app/console puts them together.
//
// A sub-package makes a [Set] of its templates and words, and registers what it answers:
//
//	set, err := site.Set(files)                     // templates *.html and words.txt of an embed.FS
//	site.Nav(web.Entry{…})                          // its place in the menu
//	site.Get("/alerts", web.SeeAlerts, set, list)   // func(*web.Ask) (*web.Page, error)
//	site.Post("/alerts/{id}", web.ChangeAlerts, change) // func(*web.Ask) (*web.Done, error)
//
// # Templates
//
// Text is English, and `{{t "Text"}}` says it in the reader's language; the Dutch stands in words.txt beside the templates, and tests hold that every text
// has one with the same placeholders. Amounts, times and numbers go through the functions of [Functions], so that they have units, the reader's language and, where
// the reader may not see telephone numbers in full, a mask. What a stranger chose is passed through `clean`; html/template escapes everything.
//
// The content security policy allows neither inline script nor inline style: no style=, no on…=, no <script> with content. Behaviour is an attribute that
// web/ui/src/app.js knows, or htmx's hx-get, hx-target, hx-select, hx-swap, hx-trigger, hx-push-url, hx-sse:connect, and no other.
//
// Every state-changing request is a POST; who sends it from another site is refused by its Origin (net/http.CrossOriginProtection), so that no form needs a token.
package web
