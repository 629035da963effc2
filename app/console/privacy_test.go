package console

import (
	"strings"
	"testing"

	"github.com/belwacht/belwacht/config"
)

// TestPrivateFacts reads what matters for privacy out of a configuration.
func TestPrivateFacts(t *testing.T) {
	c, err := config.Read([]byte(`version: 1
organisation: {name: Oak, country: NL, timezone: Europe/Amsterdam}
mode: enforce
keep: {calls: 200, pseudonymise: 120}
access: {networks: [203.0.113.0/24], second_factor: all}
alerts:
  mail: {server: "10.0.0.25:465", from: b@example.nl}
  command: [/usr/bin/true]
  ntfy: {url: "https://ntfy.example.com"}
  syslog: [{address: "udp://logs.lan:514"}]
  people:
    - {name: Anna, mail: a@example.nl, numbers: full}
    - {name: Bert, mail: b@example.nl}
`), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	f, err := (&private{func() *config.Config { return c }}).facts(t.Context(), "Oak")
	if err != nil {
		t.Fatal(err)
	}
	if f.Organisation != "Oak" || f.Pseudonyms != 120 || !f.FullNumbers || f.People != 2 || f.Networks != 1 || !f.SecondAll || f.Networked || len(f.Sources) != 0 {
		t.Errorf("%+v", f)
	}
	days := map[string]int64{}
	for _, k := range f.Kept {
		days[k.Kind] = k.Days
	}
	if days["calls"] != 200 || days["alerts"] != 183 || days["sums"] != 1096 || days["names"] != 0 {
		t.Errorf("%v", days)
	}
	var ways []string
	for _, w := range f.Ways {
		ways = append(ways, map[bool]string{true: "outside ", false: ""}[w.Outside]+w.Kind)
	}
	if got := strings.Join(ways, ", "); got != "command, mail, outside ntfy, syslog" {
		t.Errorf("alerts leave by %s", got)
	}
	if _, err := (&private{func() *config.Config { return c }}).facts(t.Context(), "Elm"); err == nil {
		t.Error("an organisation that there is not has facts")
	}
}
