package syslog

import (
	"strconv"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/notify"
)

// enterprise makes the names of our structured data unique (RFC 5424 §7.2.2): the number that RFC 5612 keeps for examples, until the project has one.
const enterprise = "32473"

// severity is RFC 5424 §6.2.1's: critical for what was ended, error for what was refused, warning for what somebody should look at.
func severity(w belwacht.Word) int {
	switch w {
	case belwacht.EndNow:
		return 2
	case belwacht.Refuse:
		return 3
	}
	return 4
}

// line is an alert as one message.
func (s *Syslog) line(m *notify.Message, now time.Time, pid int) string {
	var b strings.Builder
	b.WriteString("<" + strconv.Itoa(s.cfg.Facility*8+severity(m.Word)) + ">1 " + now.UTC().Format("2006-01-02T15:04:05.000Z") + " " + token(m.Host, 255) + " belwacht " +
		strconv.Itoa(pid) + " alert ")
	if s.cfg.CEF {
		b.WriteString("- " + s.cef(m))
		return b.String()
	}
	b.WriteString("[alert@" + enterprise)
	for _, p := range [][2]string{{"id", m.ID}, {"delivery", m.Delivery}, {"tenant", m.Tenant}, {"account", m.Account}, {"cause", m.Cause}, {"word", m.Word.String()},
		{"first", m.First.String()}, {"last", m.Last.String()}, {"count", strconv.Itoa(m.Count)}, {"numbers", strings.Join(m.Numbers, ", ")}, {"note", m.Note}} {
		if p[1] != "" {
			b.WriteString(" " + p[0] + `="` + parameter(p[1]) + `"`)
		}
	}
	b.WriteString("] \ufeff" + m.Text) // the mark says that it is UTF-8 (§6.4)
	return b.String()
}

// token is a string as a field of the header: printable ASCII without space (§6), "-" for none.
func token(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		if r < '!' || r > '~' {
			return '_'
		}
		return r
	}, s)
	if s == "" {
		return "-"
	}
	return s[:min(len(s), most)]
}

// parameter escapes a value of structured data (§6.3.3).
func parameter(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, `]`, `\]`, "\n", " ", "\r", " ").Replace(s)
}

// cef is an alert in ArcSight's Common Event Format, version 0.
func (s *Syslog) cef(m *notify.Message) string {
	header := strings.NewReplacer(`\`, `\\`, `|`, `\|`, "\n", " ", "\r", " ")
	value := strings.NewReplacer(`\`, `\\`, `=`, `\=`, "\n", " ", "\r", " ")
	level := map[belwacht.Word]string{belwacht.Refuse: "8", belwacht.EndNow: "10"}[m.Word]
	if level == "" {
		level = "5"
	}
	version := s.cfg.Version
	if version == "" {
		version = "0"
	}
	out := []string{"CEF:0", "Belwacht", "Belwacht", header.Replace(version), header.Replace(m.Cause), header.Replace(m.Title), level}
	var fields []string
	for _, p := range [][2]string{{"rt", strconv.FormatInt(int64(m.Last), 10)}, {"start", strconv.FormatInt(int64(m.First), 10)}, {"externalId", m.ID}, {"dvchost", m.Host},
		{"suser", m.Account}, {"act", m.Word.String()}, {"cnt", strconv.Itoa(m.Count)}, {"cs1Label", "tenant"}, {"cs1", m.Tenant}, {"cs2Label", "delivery"}, {"cs2", m.Delivery},
		{"cs3Label", "numbers"}, {"cs3", strings.Join(m.Numbers, ", ")}, {"msg", m.Text}} {
		if p[1] != "" {
			fields = append(fields, p[0]+"="+value.Replace(p[1]))
		}
	}
	return strings.Join(out, "|") + "|" + strings.Join(fields, " ")
}
