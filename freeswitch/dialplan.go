package freeswitch

import (
	"bytes"
	_ "embed"
	"encoding/xml"
	"regexp"
	"strings"
	"text/template"

	"github.com/belwacht/belwacht"
)

// DialPlan is what is written into FreeSWITCH's dial plan so that it asks before it dials: the context belwacht, which an owner's extension runs before it
// bridges to a gateway, with what the gateway will dial in the variable belwacht_number:
//
//	<action application="set" data="belwacht_number=$1"/>
//	<action application="execute_extension" data="ask XML belwacht"/>
//	<action application="bridge" data="sofia/gateway/provider/$1"/>
//
// It comes back where the call may go on and hangs up where not. It needs mod_curl.
type DialPlan struct {
	Address    string // HOST:PORT that is asked by HTTP
	PBX        string // the PBX's name, plain
	Secret     string // with which it asks, plain
	SecretFile string // the absolute path of the file with Secret, plain
	// Emergency are the emergency numbers in all forms that are dialled, digits and plus only, and InURI those that stand in tel: and sip: URIs: they are never
	// asked about.
	Emergency, InURI []string
	// RefuseAbroad is the owner's choice for calls about which there is no verdict: refuse those abroad and those that are no number; else all pass.
	RefuseAbroad  bool
	International []string // prefixes that lead abroad besides the plus, such as 00
	Home          []string // what begins so leads home after all, such as 0031 and +31
	Sentence      string   // a sound file that the caller hears before a refusal, with the reference code behind it; "" for none
}

//go:embed guard.xml.tmpl
var guardText string

// Secrets is the name of the global variable that holds the secret.
const Secrets = "belwacht_secret"

// Guard is the context belwacht, without the secret, for a file of its own in the folder dialplan. Errors have code Config: a word that cannot be written
// into a dial plan.
func (d *DialPlan) Guard() (string, error) {
	if err := d.check(); err != nil {
		return "", err
	}
	t, err := template.New("guard").Funcs(template.FuncMap{"any": anyOf, "attr": attribute}).Parse(guardText)
	if err != nil {
		return "", belwacht.Errorf(belwacht.Internal, "the dial plan's template: %w", err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, d); err != nil {
		return "", belwacht.Errorf(belwacht.Internal, "the dial plan's template: %w", err)
	}
	return b.String(), nil
}

// Key is the part with the secret, for a file that only FreeSWITCH can read: FreeSWITCH logs what it hands to applications, so the secret stands in a global
// variable and signs questions. Where the file is missing there is no verdict.
func (d *DialPlan) Key() (string, error) {
	if err := d.check(); err != nil {
		return "", err
	}
	return "<!-- How FreeSWITCH proves to Belwacht that it asks. As good as a telephone line: only FreeSWITCH may read this (0640). Written by Belwacht. -->\n" +
		"<include>\n  <X-PRE-PROCESS cmd=\"set\" data=\"" + Secrets + "=" + d.Secret + "\"/>\n</include>\n", nil
}

// anyOf is a regular expression for any of some words, which stand for themselves.
func anyOf(words []string) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			b.WriteByte('|')
		}
		b.WriteString(strings.ReplaceAll(w, "+", "[+]"))
	}
	return b.String()
}

// attribute is a string as it stands in an attribute of XML.
func attribute(s string) (string, error) {
	var b strings.Builder
	err := xml.EscapeText(&b, []byte(s))
	return b.String(), err
}

// check holds every word to what stands for itself in a dial plan, in XML and to FreeSWITCH's preprocessor.
func (d *DialPlan) check() error {
	number := regexp.MustCompile(`^\+?[0-9]{1,20}$`)
	word := regexp.MustCompile(`^[A-Za-z0-9._:@+\[\]-]{1,128}$`)
	file := regexp.MustCompile(`^[A-Za-z0-9._/-]{1,255}$`)
	for what, good := range map[string]bool{"address": word.MatchString(d.Address), "name of the PBX": word.MatchString(d.PBX), "secret": word.MatchString(d.Secret),
		"file of the secret": file.MatchString(d.SecretFile) && d.SecretFile[0] == '/', "sound file": d.Sentence == "" || file.MatchString(d.Sentence)} {
		if !good {
			return belwacht.Errorf(belwacht.Config, "the %s cannot be written into a dial plan; use letters, digits and . _ : - only", what)
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
