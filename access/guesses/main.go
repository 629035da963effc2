// Command guesses makes list.txt, the list of words that no password may be made of, which package access embeds.
//
// Its sources are the npm package that package.json names (zxcvbn-ts, MIT licence: passwords by how often they were found in leaks) and own.txt, words of this
// country and trade. fetch.sh runs it.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/belwacht/belwacht/access"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "guesses:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("usage: guesses passwords.json own.txt")
	}
	b, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	var words []string
	if err := json.Unmarshal(b, &words); err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	own, err := os.ReadFile(args[1])
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(own)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			words = append(words, line)
		}
	}
	var cores []string
	for _, w := range words {
		if core := access.Core(w); len(core) >= 4 && len(core) <= 64 && !strings.ContainsAny(core, "\n\r") {
			cores = append(cores, core)
		}
	}
	slices.Sort(cores)
	out := bufio.NewWriter(os.Stdout)
	for _, c := range slices.Compact(cores) {
		fmt.Fprintln(out, c)
	}
	return out.Flush()
}
