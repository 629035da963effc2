package test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// command is a line of a code block that a reader would type.
type command struct {
	file  string
	line  int
	words []string
}

// commandsOf lists the lines of a document's code blocks that begin with belwacht or make, without prompts, comments and what follows a pipe.
func commandsOf(name, text string) []command {
	var out []command
	open, inside := false, false
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "```") {
			open = !open
			inside = open && !strings.HasPrefix(line, "```text") && !strings.HasPrefix(line, "```yaml")
			continue
		}
		if !inside {
			continue
		}
		line = strings.TrimPrefix(strings.TrimPrefix(line, "$ "), "./")
		for _, sep := range []string{" #", " | ", " > ", " && "} {
			line, _, _ = strings.Cut(line, sep)
		}
		words := strings.Fields(line)
		for len(words) > 0 && strings.Contains(words[0], "=") {
			words = words[1:] // VARIABLE=value before a command
		}
		if len(words) > 0 && (words[0] == "belwacht" || words[0] == "make" || strings.HasSuffix(words[0], "/belwacht")) {
			out = append(out, command{name, i + 1, words})
		}
	}
	return out
}

// TestCommandsInDocumentsExist types each command of each document, with --help: what a reader copies must be there, with its flags.
func TestCommandsInDocumentsExist(t *testing.T) {
	bin := filepath.Join(t.TempDir(), "belwacht")
	build := exec.Command("go", "build", "-o", bin, "../cmd/belwacht")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	docs, _ := filepath.Glob("../docs/*.md")
	docs = append(docs, "../README.md", "../CONTRIBUTING.md", "../ARCHITECTURE.md", "../SECURITY.md")
	seen, makefile := 0, document(t, "Makefile")
	for _, doc := range docs {
		for _, c := range commandsOf(filepath.Base(doc), document(t, strings.TrimPrefix(doc, "../"))) {
			seen++
			if c.words[0] == "make" {
				checkTargets(t, c, makefile)
			} else {
				checkCommand(t, c, bin)
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d commands found in %v", seen, docs)
	}
}

// checkTargets looks for each target of a make line.
func checkTargets(t *testing.T, c command, makefile string) {
	t.Helper()
	for _, w := range c.words[1:] {
		if strings.ContainsAny(w, "=-") && strings.Contains(w, "=") || strings.HasPrefix(w, "[") {
			continue
		}
		if !regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(w) + `:`).MatchString(makefile) {
			t.Errorf("%s:%d: the Makefile has no target %s", c.file, c.line, w)
		}
	}
}

// checkCommand asks the program itself for the help of the longest command that the words name, and looks for each flag in it.
func checkCommand(t *testing.T, c command, bin string) {
	t.Helper()
	var path []string
	for _, w := range c.words[1:] {
		if !regexp.MustCompile(`^[a-z]+(?:-[a-z]+)*$`).MatchString(w) {
			break
		}
		path = append(path, w)
	}
	for ; ; path = path[:len(path)-1] {
		help, err := exec.Command(bin, append(append([]string{}, path...), "--help")...).CombinedOutput()
		usage := regexp.MustCompile(`(?m)^  belwacht(?: ([a-z]+(?:-[a-z]+)*(?: [a-z]+(?:-[a-z]+)*)*))?(?: |$)`).FindSubmatch(help)
		if err == nil && usage != nil && strings.HasPrefix(string(usage[1])+" ", strings.Join(path, " ")+" ") || len(path) == 0 {
			if len(path) == 0 && len(c.words) > 1 && !strings.HasPrefix(c.words[1], "-") {
				t.Errorf("%s:%d: belwacht has no command %s", c.file, c.line, c.words[1])
			}
			for _, w := range c.words[1:] {
				if flag, _, _ := strings.Cut(strings.Trim(w, "[]"), "="); strings.HasPrefix(flag, "--") && !strings.Contains(string(help), flag) {
					t.Errorf("%s:%d: belwacht %s has no flag %s", c.file, c.line, strings.Join(path, " "), flag)
				}
			}
			return
		}
	}
}
