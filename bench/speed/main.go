// Command speed measures Belwacht beside its peers, in one run on one machine: `make bench` runs all of it, `make bench-judge`,
// `make bench-memory`, `make bench-replay` and `make bench-live` its parts. Each figure is one line at the start of a line:
//
//	bench: NAME | ours VALUE UNIT | peer PEERNAME VALUE | ratio R | goal G
//
// The ratio says how many times better ours is; where lower is better it is turned round. Where no peer can run, the peer is called goal, its value
// is what the design asks for, and the ratio's goal is 1. Speeds are for one second of processor time (user and system), so that what else runs on
// the machine changes them little; all the same only the rows of one run are to be compared.
//
// The peers are Redis 7 (Debian's, started on a socket of its own and ended again) with a script of six counters a decision, DuckDB (the npm
// package @duckdb/node-api, installed into the user's cache folder) with one GROUP BY over the same file, a plain Go map of ring counters, and CGRateS
// (a cgr-engine named by BELWACHT_CGRATES) over JSON-RPC.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"runtime/pprof"
)

// options are the flags.
type options struct {
	quick   bool
	profile string
	program string
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("bench: ")
	var o options
	flag.BoolVar(&o.quick, "quick", false, "the smallest size of each figure only, for work on the code")
	flag.StringVar(&o.profile, "profile", "", "write a processor profile to this file (judge only)")
	flag.StringVar(&o.program, "belwacht", "bin/belwacht", "the program whose replay is measured and which is asked")
	flag.Parse()
	if err := run(&o, flag.Args()); err != nil {
		log.Fatal(err)
	}
}

func run(o *options, parts []string) error {
	if o.profile != "" {
		f, err := os.Create(o.profile)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	if len(parts) == 0 {
		parts = []string{"judge", "memory", "replay", "live"}
	}
	for _, part := range parts {
		var err error
		switch part {
		case "judge":
			err = judging(o)
		case "memory":
			err = remembering(o)
		case "replay":
			err = replaying(o)
		case "live":
			err = living(o)
		default:
			err = fmt.Errorf("there is no part %q; there are judge, memory, replay and live", part)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// cacheFolder is where what takes long to make is kept between runs: the record file and DuckDB.
func cacheFolder(name string) (string, error) {
	base, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no cache folder: %w; set XDG_CACHE_HOME", err)
	}
	dir := filepath.Join(base, "belwacht", name)
	return dir, os.MkdirAll(dir, 0o755)
}

// note says what is going on, so that nobody thinks it hangs.
func note(format string, a ...any) { fmt.Fprintf(os.Stderr, "  "+format+"\n", a...) }
