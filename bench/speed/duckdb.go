package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// duckdbPackage is DuckDB as npm has it: a library that its own process reads the file with.
const duckdbPackage = "@duckdb/node-api@1.5.6-r.1"

//go:embed duckdb.mjs
var duckdbQuery []byte

// asks is what DuckDB used for its answer.
type asks struct {
	spent
	name string
}

// duckdb asks DuckDB, with as many threads as the machine has cores.
func duckdb(file string) (asks, error) {
	dir, err := duckdbFolder()
	if err != nil {
		return asks{}, err
	}
	c := exec.Command("node", "query.mjs", file)
	c.Dir, c.Stderr = dir, os.Stderr
	begin := time.Now()
	out, err := c.Output()
	if err != nil {
		return asks{}, fmt.Errorf("duckdb: %w", err)
	}
	var answer struct {
		Version       string `json:"version"`
		Groups, Calls int
	}
	if err := json.Unmarshal(out, &answer); err != nil {
		return asks{}, fmt.Errorf("duckdb answered %q: %w", out, err)
	}
	s, err := spentBy(c.ProcessState)
	note("duckdb: %d calls in %d groups in %.1f s, %.1f s of processor time, peak %.0f MB", answer.Calls, answer.Groups, time.Since(begin).Seconds(), s.seconds, s.peak/megabyte)
	return asks{s, "duckdb-" + answer.Version}, err
}

// duckdbFolder is where DuckDB is installed, which is done where it is not there yet.
func duckdbFolder() (string, error) {
	dir, err := cacheFolder("duckdb")
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(dir, "query.mjs"), duckdbQuery, 0o644); err != nil {
		return "", err
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "@duckdb", "node-api", "package.json")); err == nil {
		return dir, nil
	}
	note("installing %s into %s", duckdbPackage, dir)
	c := exec.Command("npm", "install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", dir, duckdbPackage)
	c.Dir, c.Stdout, c.Stderr = dir, os.Stderr, os.Stderr
	if err := c.Run(); err != nil {
		return "", fmt.Errorf("npm install %s: %w", duckdbPackage, err)
	}
	return dir, nil
}
