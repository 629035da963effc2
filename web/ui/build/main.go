// Command build makes the console's assets out of npm packages: style and script bundled with esbuild, the icons that icons.txt names, the map of the world from
// Natural Earth's shapes, and the licences of all of it. `make ui` fetches the packages and runs it in the folder web/ui; what it writes lies in dist.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

func main() {
	for _, step := range []func() error{bundle, icons, world, licences} {
		if err := step(); err != nil {
			fmt.Fprintln(os.Stderr, "make ui:", err)
			os.Exit(1)
		}
	}
}

// write writes a file of dist. The committed placeholder is not ours to write.
func write(name string, b []byte) error {
	if name == "placeholder.css" {
		return fmt.Errorf("the placeholder is committed and not built")
	}
	return os.WriteFile(filepath.Join("dist", name), b, 0o644)
}

// bundle makes app.css, app.js and theme.js.
func bundle() error {
	r := api.Build(api.BuildOptions{
		EntryPoints: []string{"src/app.js", "src/app.css", "src/theme.js"}, Outdir: "dist", Bundle: true, Write: true,
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true, LegalComments: api.LegalCommentsNone,
		Target: api.ES2022, Format: api.FormatIIFE, LogLevel: api.LogLevelError,
	})
	if len(r.Errors) > 0 {
		return fmt.Errorf("%s", r.Errors[0].Text)
	}
	return nil
}

// icons gathers the insides of the icons that are used.
func icons() error {
	names, err := os.ReadFile("icons.txt")
	if err != nil {
		return err
	}
	inside := regexp.MustCompile(`(?s)<svg[^>]*>(.*)</svg>`)
	out := map[string]string{}
	for _, n := range strings.Fields(string(names)) {
		b, err := os.ReadFile(filepath.Join("node_modules/@tabler/icons/icons/outline", n+".svg"))
		if err != nil {
			return fmt.Errorf("icons.txt: there is no icon %s", n)
		}
		m := inside.FindSubmatch(b)
		if m == nil {
			return fmt.Errorf("the icon %s is no SVG picture", n)
		}
		out[n] = strings.ReplaceAll(strings.Join(strings.Fields(string(m[1])), " "), `<path stroke="none" d="M0 0h24v24H0z" fill="none" /> `, "")
	}
	b, err := json.Marshal(out)
	if err != nil {
		return err
	}
	return write("icons.json", b)
}

// licences puts the licence texts of what is built in one after another.
func licences() error {
	var b strings.Builder
	packages, err := filepath.Glob("node_modules/*")
	if err != nil {
		return err
	}
	scoped, err := filepath.Glob("node_modules/@*/*")
	if err != nil {
		return err
	}
	packages = append(packages, scoped...)
	sort.Strings(packages)
	for _, p := range packages {
		name := strings.TrimPrefix(p, "node_modules/")
		if strings.HasPrefix(name, ".") || strings.HasPrefix(filepath.Base(p), "@") || name == "axe-core" { // npm's own, a folder of packages, a tool of tests
			continue
		}
		var about struct{ Version, License string }
		said, err := os.ReadFile(filepath.Join(p, "package.json"))
		if err != nil || json.Unmarshal(said, &about) != nil {
			return fmt.Errorf("%s is no package", name)
		}
		fmt.Fprintf(&b, "%s %s (%s)\n\n", name, about.Version, about.License)
		text, err := filepath.Glob(filepath.Join(p, "[Ll][Ii][Cc][Ee][Nn][SsCc][Ee]*"))
		if err != nil {
			return err
		}
		for _, t := range text {
			s, err := os.ReadFile(t)
			if err != nil {
				return err
			}
			b.Write(s)
			b.WriteString("\n\n")
		}
	}
	return write("licences.txt", []byte(b.String()))
}
