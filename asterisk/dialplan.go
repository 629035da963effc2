package asterisk

import (
	"bytes"
	_ "embed"
	"regexp"
	"strings"
	"text/template"

	"github.com/belwacht/belwacht"
)

// Generation says how FreePBX, or a dial plan by hand, calls its hooks.
type Generation uint8

// The generations. A hook that does not give control back as its own generation wants it ends every outbound call.
const (
	ByGosub Generation = iota // FreePBX 17, and Asterisk without Macro()
	ByMacro                   // FreePBX 15 and 16
	ByHand                    // no FreePBX: the owner's dial plan calls Gosub(belwacht-guard,s,1) before Dial
)

// DialPlan is what is written into a PBX's dial plan so that it asks before it dials.
type DialPlan struct {
	Generation Generation
	FastAGI    bool   // ask by AGI(), where res_curl is missing; else by CURL()
	Address    string // HOST:PORT that is asked
	PBX        string // the PBX's name, plain
	Secret     string // with which it asks, plain
	// Emergency are the emergency numbers in all forms that are dialled, digits and plus only: they are never asked about.
	Emergency []string
	InURI     []string // the emergency numbers that stand in tel: and sip: URIs, which are never asked about either
	// RefuseAbroad is the owner's choice for calls about which there is no verdict: refuse those abroad and those that are no number; else all pass.
	RefuseAbroad  bool
	International []string // prefixes that lead abroad besides the plus, such as 00
	Home          []string // what begins so leads home after all, such as 0031 and +31
	Sentence      string   // a sound file that the caller hears before a refusal, with the reference code behind it; "" for none
	// LimitByDial limits a call's length by the option L of FreePBX's Dial, counted from answer; else TIMEOUT(absolute) does, counted from now. The latter
	// leads a call to the extension T of the context that dialled, where that has one: a pattern as wide as _. has.
	LimitByDial bool
}

//go:embed guard.conf.tmpl
var guardText string

//go:embed ask.conf.tmpl
var askText string

// Guard is the part without secrets, for extensions_custom.conf: the hooks and the context belwacht-guard. Gosub(belwacht-guard,s,1) comes back where
// the call may go on and ends it by Hangup(21) where not. Errors have code Config: a word that cannot be written into a dial plan.
func (d *DialPlan) Guard() (string, error) { return d.render("guard", guardText) }

// Ask is the part with the secret, for a file of its own that only Asterisk can read: the context belwacht-ask, which sets BW_ANSWER where there is
// a verdict. Where the file is missing the guard does without.
func (d *DialPlan) Ask() (string, error) { return d.render("ask", askText) }

func (d *DialPlan) render(name, text string) (string, error) {
	if err := d.check(); err != nil {
		return "", err
	}
	t, err := template.New(name).Parse(text)
	if err != nil {
		return "", belwacht.Errorf(belwacht.Internal, "the dial plan's template %s: %w", name, err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, d); err != nil {
		return "", belwacht.Errorf(belwacht.Internal, "the dial plan's template %s: %w", name, err)
	}
	return b.String(), nil
}

// Macro and Hooks are for the templates.

// Macro says whether hooks are macros.
func (d *DialPlan) Macro() bool { return d.Generation == ByMacro }

// Hooks says whether the PBX has hooks of its own to fill.
func (d *DialPlan) Hooks() bool { return d.Generation != ByHand }

// Spelled is an extended regular expression (POSIX) for the emergency numbers as URIs, without what a dial plan reads for itself: no braces, quotes, dollars but the
// last, question marks and commas.
func (d *DialPlan) Spelled() string {
	var numbers []string
	for _, n := range d.InURI {
		numbers = append(numbers, strings.ReplaceAll(n, "+", "[+]"))
	}
	any := "(" + strings.Join(numbers, "|") + ")"
	return "^([tT][eE][lL]:" + any + "|([sS][iI][pP]|[sS][iI][pP][sS]):" + any + "@[]A-Za-z0-9._:[-]+|[uU][rR][nN]:[sS][eE][rR][vV][iI][cC][eE]:[sS][oO][sS]([.][A-Za-z0-9-]+)*)$"
}

// Form is the question, as HTTP takes it and AGI() carries it in one argument. Fields are cut where callers choose them, so that nobody can make a question
// too long to be asked.
func (d *DialPlan) Form() string {
	var b strings.Builder
	for _, f := range []struct{ name, variable string }{
		{"number", "${OUTNUM:0:80}"}, {"linkedid", "${CHANNEL(linkedid)}"}, {"uniqueid", "${UNIQUEID}"}, {"channel", "${CHANNEL(name)}"}, {"root", "${MASTER_CHANNEL(CHANNEL(name))}"}, {"endpoint", "${BW_ENDPOINT}"},
		{"trunk", "${DIAL_TRUNK}"}, {"rang", "${EXTTOCALL:0:40}"}, {"diverted", "${CALLERID(RDNIS):0:40}"}, {"transferer", "${BLINDTRANSFER:0:80}"},
		{"user", "${AMPUSER:0:40}"}, {"caller", "${CALLERID(num):0:40}"}, {"name", "${CALLERID(name):0:40}"},
	} {
		b.WriteString("&" + f.name + "=${URIENCODE(" + f.variable + ")}")
	}
	return b.String()
}

// check holds every word to what stands for itself in a dial plan.
func (d *DialPlan) check() error {
	number := regexp.MustCompile(`^\+?[0-9]{1,20}$`)
	words := map[string]string{"address": d.Address, "name of the PBX": d.PBX, "secret": d.Secret}
	if d.Sentence != "" {
		words["sound file"] = strings.ReplaceAll(d.Sentence, "/", "-")
	}
	for what, w := range words {
		if !Plain(w) || len(w) > 128 {
			return belwacht.Errorf(belwacht.Config, "the %s cannot be written into a dial plan; use letters, digits and . _ + : -", what)
		}
	}
	if len(d.Emergency) == 0 || len(d.InURI) == 0 {
		return belwacht.Errorf(belwacht.Config, "a dial plan that asks must know the emergency numbers, which it never asks about")
	}
	for _, l := range [][]string{d.Emergency, d.InURI, d.International, d.Home} {
		for _, n := range l {
			if !number.MatchString(n) {
				return belwacht.Errorf(belwacht.Config, "%q is no number or prefix that a dial plan can compare with", n)
			}
		}
	}
	return nil
}
