package people

import (
	"testing"

	"github.com/belwacht/belwacht/web"
	"github.com/belwacht/belwacht/web/webtest"
)

func TestWords(t *testing.T) {
	frame, err := web.ReadWords(webtest.Frame(), "words.txt")
	if err != nil {
		t.Fatal(err)
	}
	webtest.Catalogue(t, frame, done()...)
	webtest.Icons(t, "../ui/icons.txt")
}

// done are texts that the forms of one's own account say.
func done() []string {
	return []string{"Your password is changed. You are signed out everywhere else.", "Codes are not asked for any more.", "The passkey is removed.", "That session is ended."}
}
