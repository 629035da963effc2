// Command sbom lists what a program is made of, as a CycloneDX 1.6 document: the modules that the Go toolchain wrote into it, with their checksums.
//
//	go run ./packaging/sbom -version 1.2.3 -time 2026-11-29T12:00:00Z bin/belwacht > belwacht.cdx.json
package main

import (
	"debug/buildinfo"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
)

type document struct {
	Format     string      `json:"bomFormat"`
	Spec       string      `json:"specVersion"`
	Version    int         `json:"version"`
	Metadata   metadata    `json:"metadata"`
	Components []component `json:"components"`
}

type metadata struct {
	Time      string    `json:"timestamp"`
	Component component `json:"component"`
}

type component struct {
	Type    string `json:"type"`
	Ref     string `json:"bom-ref"`
	Name    string `json:"name"`
	Version string `json:"version"`
	PURL    string `json:"purl"`
	Hashes  []hash `json:"hashes,omitempty"`
}

type hash struct {
	Algorithm string `json:"alg"`
	Content   string `json:"content"`
}

func main() {
	version := flag.String("version", "", "the program's version")
	at := flag.String("time", "", "when it was built, RFC 3339")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "sbom: name one program")
		os.Exit(2)
	}
	info, err := buildinfo.ReadFile(flag.Arg(0))
	if err == nil {
		err = write(os.Stdout, info, *version, *at)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

// write writes the document of a program.
func write(w io.Writer, info *debug.BuildInfo, version, at string) error {
	d := document{Format: "CycloneDX", Spec: "1.6", Version: 1, Metadata: metadata{Time: at, Component: of(info.Main.Path, version, "")}}
	d.Metadata.Component.Type = "application"
	d.Components = append(d.Components, of("stdlib", strings.TrimPrefix(info.GoVersion, "go"), ""))
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		d.Components = append(d.Components, of(m.Path, m.Version, m.Sum))
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(d)
}

// of describes a module. Its sum is go.sum's: h1 is a SHA-256 over the module's files and their sums.
func of(path, version, sum string) component {
	purl := "pkg:golang/" + path + "@" + version
	c := component{Type: "library", Ref: purl, Name: path, Version: version, PURL: purl}
	if b, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(sum, "h1:")); err == nil && len(b) == 32 {
		c.Hashes = []hash{{"SHA-256", hex.EncodeToString(b)}}
	}
	return c
}
