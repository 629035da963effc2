package connect

import (
	"path/filepath"
	"regexp"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/number"
)

// Where things are unless told otherwise.
const (
	DefaultEtc     = "/etc/asterisk"
	DefaultSecrets = "/etc/belwacht/asterisk"
	EtcFreeSWITCH  = "/etc/freeswitch"
	KeyFreeSWITCH  = "/etc/belwacht/freeswitch"
	DefaultOwn     = "/etc/belwacht"
)

// Kind is what PBX it is.
type Kind string

// The kinds, as the configuration's pbx.kind writes them.
const (
	Asterisk   Kind = "asterisk"
	FreePBX    Kind = "freepbx"
	FreeSWITCH Kind = "freeswitch"
)

// Options are what a connection is made from. Folders are absolute.
type Options struct {
	Kind    Kind
	Etc     string // the PBX's configuration
	Secrets string // what only the PBX reads
	Own     string // Belwacht's copies of the secrets
	Config  string // Belwacht's configuration, into which the section pbx is written; "" to be given it by Plan.Section
	Fresh   string // what that file begins with where there is none
	Name    string // the PBX's, plain
	Tenant  string // whose it is, where Config has several organisations
	// Numbers is how the site dials: its emergency numbers are never asked about.
	Numbers      *number.Site
	FastAGI      bool // ask by FastAGI, where Asterisk has no CURL()
	RefuseAbroad bool // while there is no verdict, refuse calls abroad
	// Say is a sound file that a refused caller hears, and behind it the reference, letter by letter; "" for a refusal without words.
	Say      string
	Database bool // read the call records of FreePBX from its database
	Asked    bool // Etc was named by the user: it is all there is
}

// check says what cannot be used.
func (o *Options) check() error {
	for what, dir := range map[string]string{"the PBX's configuration": o.Etc, "the secrets": o.Secrets, "Belwacht's own secrets": o.Own} {
		if !filepath.IsAbs(dir) {
			return belwacht.Errorf(belwacht.Usage, "the folder of %s, %q, must begin with /", what, dir)
		}
	}
	// Asterisk reads an include's file up to a quote, and so the path must have none; a comment sign would end it.
	if strings.ContainsAny(o.Secrets, "\"<>;\r\n\\") {
		return belwacht.Errorf(belwacht.Usage, "the folder of the secrets, %q, has characters that Asterisk cannot include a file by; choose another", o.Secrets)
	}
	if rel, err := filepath.Rel(o.Etc, o.Secrets); err == nil && !strings.HasPrefix(rel, "..") {
		return belwacht.Errorf(belwacht.Usage, "the secrets must not lie in %s, whose modes fwconsole chown widens; choose a folder elsewhere with --secrets",
			o.Etc)
	}
	if !regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9._-]{0,39}$`).MatchString(o.Name) {
		return belwacht.Errorf(belwacht.Usage, "%.40q is no name for a PBX; use letters, digits and . _ -", o.Name)
	}
	return nil
}

// ask is where Belwacht is asked.
func (o *Options) ask() string {
	if o.FastAGI {
		return "127.0.0.1:4575" // 4573 is FreePBX's own
	}
	return "127.0.0.1:4574"
}

// The files Asterisk reads secrets from, in Options.Secrets.
const (
	fileManager = "manager.conf"
	fileQuery   = "ask.conf"
	fileKey     = "key.xml" // FreeSWITCH
)

// target is the owner's file for a purpose.
func (o *Options) target(freepbx, plain string) string {
	if o.Kind == FreePBX {
		return freepbx
	}
	return plain
}

// dialplan is the owner's file for the dial plan.
func (o *Options) dialplan() string { return o.target("extensions_custom.conf", "extensions.conf") }

// manager is the owner's file for manager users.
func (o *Options) manager() string { return o.target("manager_custom.conf", "manager.conf") }
