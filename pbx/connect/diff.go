package connect

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"github.com/belwacht/belwacht/text"
	"github.com/rogpeppe/go-internal/diff"
)

// maxShown is the longest line of a diff, in characters.
const maxShown = 4000

// Diff is what the plan changes as a unified diff, a line each, fit for a terminal: without control characters, and with •••• for every secret,
// the owner's too.
func (p *Plan) Diff() []string {
	hide := regexp.MustCompile(`(?i)^(.?\s*[\w.-]*(?:secret|pass(?:wd|word)?|auth|key|token)[\w.-]*\s*(?:=>?|:)\s*)\S.*$`)
	var out []string
	for _, c := range p.changes {
		if !c.needed() {
			continue
		}
		from, to := c.path, c.path
		if !c.exists {
			from = "/dev/null"
		}
		if c.remove {
			to = "/dev/null"
		}
		if c.exists && !c.remove && c.now != c.want && string(c.before) == string(c.after) {
			out = append(out, fmt.Sprintf("%s: %s becomes %s", text.Clean(c.path, maxShown), c.now, c.want))
			continue
		}
		before, after := c.before, c.after
		switch {
		case c.secret && c.exists:
			out = append(out, "--- "+text.Clean(from, maxShown), "+++ "+text.Clean(to, maxShown), "(••••)")
			continue
		case c.secret:
			for _, s := range p.secrets {
				after = bytes.ReplaceAll(after, []byte(s), []byte("••••"))
			}
		}
		if c.remove {
			after = nil
		}
		lines := strings.Split(strings.TrimSuffix(string(diff.Diff(from, before, to, after)), "\n"), "\n")
		for i, l := range lines {
			if i == 0 && strings.HasPrefix(l, "diff ") {
				continue // the names follow
			}
			l = text.Clean(strings.TrimSuffix(l, "\r"), maxShown)
			if !strings.Contains(l, "secret_file:") {
				l = hide.ReplaceAllString(l, "${1}••••")
			}
			out = append(out, l)
		}
	}
	return out
}

// Files are the paths of those that it changes, in order.
func (p *Plan) Files() []string {
	var list []string
	for _, c := range p.changes {
		if c.needed() {
			list = append(list, c.path)
		}
	}
	return list
}
