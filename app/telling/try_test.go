package telling

import (
	"context"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/notify"
)

// named is a way of which only the name matters.
type named string

func (n named) Name() string                              { return string(n) }
func (named) Send(context.Context, *notify.Message) error { return nil }

// TestBy: a test by one kind of way goes to all who are told by it, and by no other.
func TestBy(t *testing.T) {
	list := []notify.Receiver{{Ways: []notify.Way{named("slack"), named("syslog udp://192.0.2.5:514 cef")}}, {Name: "Anna", Ways: []notify.Way{named("mail a@example.nl"), named("telegram 1")}}, {Name: "Bob", Ways: []notify.Way{named("mail b@example.nl")}}}
	for kind, want := range map[string]int{"": 3, "mail": 2, "slack": 1, "telegram": 1, "syslog": 1} {
		got, err := by(list, kind)
		if err != nil || len(got) != want || kind != "" && len(got[0].Ways) != 1 {
			t.Errorf("%s: %+v %v", kind, got, err)
		}
	}
	if got, err := by(list, "sms"); belwacht.CodeOf(err) != belwacht.NotFound || got != nil {
		t.Errorf("%v %v", got, err)
	}
	if len(list[1].Ways) != 2 {
		t.Error("what was tried is told by one way only from now on")
	}
}
