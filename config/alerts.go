package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/belwacht/belwacht/notify/webhook"
	"github.com/belwacht/belwacht/text"
)

// Alerts is how people are told of alerts; neither command nor webhook = in the log only.
type Alerts struct {
	Language text.Language `yaml:"language,omitempty"` // of the one line that tells all: nl or en
	Numbers  string        `yaml:"numbers,omitempty"`  // masked or full; "" = masked
	Command  []string      `yaml:"command,omitempty"`  // a program's absolute path and its arguments
	Webhook  *Webhook      `yaml:"webhook,omitempty"`
}

// Webhook is an address that alerts are posted to.
type Webhook struct {
	URL        string `yaml:"url,omitempty"`
	URLFile    string `yaml:"url_file,omitempty"`    // instead of url, where the address is a secret itself; see Secret
	SecretFile string `yaml:"secret_file,omitempty"` // what requests are signed with; "" = they are not
}

// argumentsMost bounds the words of a command.
const argumentsMost = 64

// alerts checks how alerts are told.
func (k *checker) alerts() {
	a := &k.c.Alerts
	if a.Numbers != "" {
		k.known("alerts.numbers", "way to show numbers", a.Numbers, []string{"masked", "full"})
	}
	if k.c.lines["alerts.command"] > 0 || len(a.Command) > 0 {
		k.command("alerts.command", a.Command)
	}
	w := a.Webhook
	if w == nil {
		return
	}
	switch {
	case (w.URL == "") == (w.URLFile == ""):
		k.fail("alerts.webhook", "must name one of url and url_file, a file that holds the address")
	case w.URLFile != "":
		k.secret("alerts.webhook.url_file", w.URLFile)
	default:
		if err := webhook.Check(w.URL); err != nil {
			k.fail("alerts.webhook.url", "%v", err)
		}
	}
	if w.SecretFile != "" {
		k.secret("alerts.webhook.secret_file", w.SecretFile)
	}
}

// command checks a program as far as can be without running it.
func (k *checker) command(path string, words []string) {
	if len(words) == 0 || !filepath.IsAbs(words[0]) {
		k.fail(path, "must begin with the absolute path of a program, for example [/usr/local/bin/alert]")
		return
	}
	if len(words) > argumentsMost || strings.ContainsRune(strings.Join(words, ""), 0) {
		k.fail(path, "has more than %d words or a character that no argument may have; put them into a script", argumentsMost)
	}
	info, err := os.Stat(words[0])
	switch {
	case err != nil || !info.Mode().IsRegular():
		k.fail(path, "%.200q is no program; is the path right?", words[0])
	case info.Mode().Perm()&0o111 == 0:
		k.fail(path, "%.200q cannot be executed; run: %s", words[0], fmt.Sprintf("chmod a+x %.200s", words[0]))
	case info.Mode().Perm()&0o002 != 0:
		k.fail(path, "%.200q can be changed by anybody; run: %s", words[0], fmt.Sprintf("chmod o-w %.200s", words[0]))
	}
}
