package syslog

import (
	"strconv"
	"strings"
	"time"
)

// Severity is RFC 5424 §6.2.1's.
type Severity int

// The severities of records.
const (
	Warning Severity = 4
	Info    Severity = 6
)

// Record is something that a log server is told and that is no alert: what concerns Belwacht's own door, such as a change that lessens protection or a signed head of
// the audit log. Values are hostile until escaped.
type Record struct {
	Kind     string // a word: MSGID and the name of its structured data
	Severity Severity
	Host     string
	Text     string      // one line
	Fields   [][2]string // names of letters and digits with their values; those that are "" are left out
}

// With is the record with one more field.
func (r *Record) With(name, value string) *Record {
	more := *r
	more.Fields = append(r.Fields[:len(r.Fields):len(r.Fields)], [2]string{name, value})
	return &more
}

// recordLine is a record as one message.
func (s *Syslog) recordLine(r *Record, now time.Time, pid int) string {
	var b strings.Builder
	b.WriteString("<" + strconv.Itoa(s.cfg.Facility*8+int(r.Severity)) + ">1 " + now.UTC().Format("2006-01-02T15:04:05.000Z") + " " + token(r.Host, 255) + " belwacht " + strconv.Itoa(pid) + " " + token(r.Kind, 32) + " ")
	oneLine := strings.NewReplacer("\n", " ", "\r", " ").Replace(r.Text)
	if s.cfg.CEF {
		b.WriteString("- " + s.recordCEF(r, oneLine, now))
		return b.String()
	}
	b.WriteString("[" + token(r.Kind, 25) + "@" + enterprise)
	for _, p := range r.Fields {
		if p[1] != "" {
			b.WriteString(" " + p[0] + `="` + parameter(p[1]) + `"`)
		}
	}
	b.WriteString("] \ufeff" + oneLine)
	return b.String()
}

// recordCEF is a record in ArcSight's Common Event Format, version 0. What CEF has no key for stands in msg.
func (s *Syslog) recordCEF(r *Record, oneLine string, now time.Time) string {
	header := strings.NewReplacer(`\`, `\\`, `|`, `\|`, "\n", " ", "\r", " ")
	value := strings.NewReplacer(`\`, `\\`, `=`, `\=`, "\n", " ", "\r", " ")
	level, version := "3", s.cfg.Version
	if r.Severity <= Warning {
		level = "6"
	}
	if version == "" {
		version = "0"
	}
	known := map[string]string{"act": "act", "who": "suser", "from": "src", "entry": "externalId"}
	fields := []string{"rt=" + strconv.FormatInt(now.UnixMilli(), 10)}
	if r.Host != "" {
		fields = append(fields, "dvchost="+value.Replace(r.Host))
	}
	var rest []string
	for _, p := range r.Fields {
		switch key := known[p[0]]; {
		case p[1] == "":
		case key != "":
			fields = append(fields, key+"="+value.Replace(p[1]))
		default:
			rest = append(rest, p[0]+": "+p[1])
		}
	}
	fields = append(fields, "msg="+value.Replace(strings.Join(append([]string{oneLine}, rest...), "; ")))
	return strings.Join([]string{"CEF:0", "Belwacht", "Belwacht", header.Replace(version), header.Replace(r.Kind), header.Replace(oneLine), level}, "|") + "|" + strings.Join(fields, " ")
}
