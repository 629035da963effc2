package freeswitch_test

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/xml"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht/freeswitch"
)

// plan is a dial plan in XML.
type plan struct {
	Contexts []struct {
		Name       string `xml:"name,attr"`
		Extensions []struct {
			Name       string `xml:"name,attr"`
			Continue   bool   `xml:"continue,attr"`
			Conditions []struct {
				Field      *string  `xml:"field,attr"`
				Expression string   `xml:"expression,attr"`
				Actions    []action `xml:"action"`
				Anti       []action `xml:"anti-action"`
			} `xml:"condition"`
		} `xml:"extension"`
	} `xml:"context"`
}

type action struct {
	Application string `xml:"application,attr"`
	Data        string `xml:"data,attr"`
	Inline      bool   `xml:"inline,attr"`
}

// fakeSwitch does with a dial plan what FreeSWITCH 1.10 does by its source, as far as ours uses it: hunting (mod_dialplan_xml.c, parse_exten), expanding variables
// and functions (switch_channel.c), taking arguments apart and decoding what is posted (mod_curl.c). FreeSWITCH itself is not to be had for tests.
type fakeSwitch struct {
	t       *testing.T
	plan    plan
	profile map[string]string // of the caller
	vars    map[string]string
	globals map[string]string
	limit   string // of the scheduled end, by the group belwacht-UUID
	hungUp  string // the cause
	log     []string
}

func newSwitch(t *testing.T, d *freeswitch.DialPlan) *fakeSwitch {
	t.Helper()
	f := &fakeSwitch{t: t, profile: map[string]string{}, vars: map[string]string{"uuid": "b7f0a0c2-0000-4000-8000-000000000001", "user_name": "1001"}, globals: map[string]string{}}
	guard, err := d.Guard()
	if err != nil {
		t.Fatal(err)
	}
	key, err := d.Key()
	if err != nil {
		t.Fatal(err)
	}
	if err := xml.Unmarshal([]byte(guard), &f.plan); err != nil {
		t.Fatal(err)
	}
	set := regexp.MustCompile(`<X-PRE-PROCESS cmd="set" data="([^"=]+)=([^"]*)"/>`).FindStringSubmatch(key)
	f.globals[set[1]] = set[2]
	return f
}

// execute hunts through a context and then runs what was found, until the channel hangs up.
func (f *fakeSwitch) execute(context string) {
	var found []action
	for _, c := range f.plan.Contexts {
		if c.Name != context {
			continue
		}
		for _, e := range c.Extensions {
			proceed := false
			for _, cond := range e.Conditions {
				actions, match := cond.Anti, []string(nil)
				if cond.Field == nil {
					actions = cond.Actions
				} else {
					field := f.profile[*cond.Field]
					if strings.Contains(*cond.Field, "$") {
						field = f.expand(*cond.Field)
					}
					if match = regexp.MustCompile(cond.Expression).FindStringSubmatch(field); match != nil {
						actions = cond.Actions
					}
				}
				proceed = cond.Field == nil || match != nil || len(actions) > 0
				for _, a := range actions {
					if match != nil && strings.Contains(cond.Expression, "(") {
						a.Data = substitute(a.Data, match)
					}
					if a.Inline {
						f.run(a)
					} else {
						found = append(found, a)
					}
				}
			}
			if proceed && !e.Continue {
				break
			}
		}
	}
	for _, a := range found {
		if f.hungUp == "" {
			f.run(a)
		}
	}
}

// substitute puts what an expression caught for $1, $2 …
func substitute(data string, match []string) string {
	return regexp.MustCompile(`\$[0-9]+`).ReplaceAllStringFunc(data, func(s string) string {
		if n, _ := strconv.Atoi(s[1:]); n < len(match) {
			return match[n]
		}
		return ""
	})
}

// expand expands ${name} and ${function(arguments)}. What a variable holds is expanded again, as FreeSWITCH does; so a test that lets a caller write ${…} shows
// what comes of it.
func (f *fakeSwitch) expand(s string) string {
	var b strings.Builder
	for {
		i := strings.Index(s, "${")
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		depth, end := 0, i+2
		for ; end < len(s); end++ {
			if s[end] == '{' {
				depth++
			} else if s[end] == '}' {
				if depth == 0 {
					break
				}
				depth--
			}
		}
		name := s[i+2 : end]
		s = s[min(end+1, len(s)):]
		if call, args, ok := strings.Cut(name, "("); ok && !strings.Contains(call, " ") {
			b.WriteString(f.call(call, f.expand(strings.TrimSuffix(args, ")"))))
			continue
		}
		v, ok := f.vars[name]
		if !ok {
			v = f.globals[name]
		}
		if name == "belwacht_number" { // a caller's number: FreeSWITCH makes %{ of ${ in it (switch_caller.h, profile_dup_clean)
			v = strings.ReplaceAll(v, "${", "%{")
		}
		b.WriteString(f.expand(v))
	}
}

// call is a function of the command line.
func (f *fakeSwitch) call(name, args string) string {
	group := "belwacht-" + f.vars["uuid"]
	switch name {
	case "md5":
		sum := md5.Sum([]byte(args))
		return hex.EncodeToString(sum[:])
	case "strepoch":
		return strconv.FormatInt(time.Now().Unix(), 10)
	case "sched_del":
		if args != group {
			f.t.Errorf("sched_del %q", args)
		}
		f.limit = ""
		return "+OK Deleted: 1\n"
	case "sched_api":
		when, rest, _ := strings.Cut(args, " ")
		if rest != group+" uuid_kill "+f.vars["uuid"]+" ALLOTTED_TIMEOUT" {
			f.t.Errorf("sched_api %q", args)
		}
		f.limit = when
		return "+OK Added: 1\n"
	}
	f.t.Errorf("the dial plan calls %s(%s)", name, args)
	return ""
}

// run runs an application.
func (f *fakeSwitch) run(a action) {
	data := f.expand(a.Data)
	f.log = append(f.log, "EXECUTE "+a.Application+"("+data+")")
	switch a.Application {
	case "set":
		name, value, _ := strings.Cut(data, "=")
		f.vars[name] = value
		if value == "" {
			delete(f.vars, name)
		}
	case "log":
	case "unset":
		delete(f.vars, data)
	case "hangup":
		f.hungUp = data
	case "curl":
		f.curl(strings.Split(data, " "))
	default:
		f.t.Errorf("the dial plan runs %s", a.Application)
	}
}

// curl posts as mod_curl does: what follows post is decoded once.
func (f *fakeSwitch) curl(args []string) {
	if len(args) != 3 || args[1] != "post" {
		f.t.Errorf("curl %q", args)
		return
	}
	timeout, _ := strconv.Atoi(f.vars["curl_timeout"])
	if timeout == 0 || f.vars["curl_connect_timeout"] == "" {
		f.t.Error("curl without an end")
	}
	body := regexp.MustCompile(`%[0-9A-Fa-f]{2}`).ReplaceAllStringFunc(args[2], func(s string) string {
		n, _ := strconv.ParseUint(s[1:], 16, 8)
		return string([]byte{byte(n)})
	})
	client := http.Client{Timeout: time.Duration(timeout) * time.Second}
	r, err := client.Post(args[0], "application/x-www-form-urlencoded", strings.NewReader(body))
	if err != nil {
		return
	}
	defer r.Body.Close()
	b, _ := io.ReadAll(r.Body)
	if len(b) > 0 {
		f.vars["curl_response_data"] = string(b)
	}
}
