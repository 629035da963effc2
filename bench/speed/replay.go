package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/belwacht/belwacht/ingest"
	"github.com/belwacht/belwacht/ingest/cdr"
)

// edition is the edition of the record file: it is made anew when the generator or its flags change so that the file is another.
const edition = 2

const (
	megabyte = 1e6
	mostRows = 10_000_000
)

// replaying prints the figures of replay: reading alone, reading with full judgement, and DuckDB on the same file.
func replaying(opt *options) error {
	rows := mostRows
	if opt.quick {
		rows /= 10
	}
	program, err := filepath.Abs(opt.program)
	if err != nil {
		return err
	}
	folder, err := records(program, rows)
	if err != nil {
		return err
	}
	file := filepath.Join(folder, "master.csv")
	if err := readAhead(file); err != nil {
		return err
	}
	speed, err := readingAlone(file, rows)
	if err != nil {
		return err
	}
	asked("read-rows", speed, "rows/cpu-s", 4_000_000, false).print()
	ours, err := replayed(program, folder, rows)
	if err != nil {
		return err
	}
	asked("replay-peak-memory", ours.peak/megabyte, "MB", 256, true).print()
	peer, err := duckdb(file)
	if err != nil {
		return err
	}
	figure{name: "replay-rows", ours: float64(rows) / ours.seconds, unit: "rows/cpu-s", peer: peer.name, value: float64(rows) / peer.seconds, goal: 0.6}.print()
	figure{name: "replay-peak-memory-beside-duckdb", ours: ours.peak / megabyte, unit: "MB", peer: peer.name, value: peer.peak / megabyte, lower: true, goal: 1}.print()
	return nil
}

// records is the folder of the record file, made where it is not there yet: so many rows of an office of 5,000 extensions.
func records(program string, rows int) (string, error) {
	dir, err := cacheFolder(fmt.Sprintf("records-%d-%d", edition, rows))
	if err != nil {
		return "", err
	}
	done := filepath.Join(dir, "complete")
	if _, err := os.Stat(done); err == nil {
		return dir, nil
	}
	note("making %d records in %s", rows, dir)
	c := exec.Command(program, "simulate", "--force", "--kind", "office", "--extensions", fmt.Sprint(officeSize), "--rows", fmt.Sprint(rows), "--seed", "1", dir)
	c.Stdout, c.Stderr = os.Stderr, os.Stderr
	if err := c.Run(); err != nil {
		return "", fmt.Errorf("%s simulate: %w", program, err)
	}
	return dir, os.WriteFile(done, nil, 0o644)
}

// readAhead reads the file once, so that nobody waits for the disk.
func readAhead(file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(io.Discard, f)
	return err
}

// readingAlone reads all rows and does nothing with them.
func readingAlone(file string, rows int) (float64, error) {
	f, err := os.Open(file)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		return 0, err
	}
	before := ownSeconds()
	r, err := cdr.Open(f, file, cdr.Options{Zone: zone, Brief: true})
	if err != nil {
		return 0, err
	}
	var row ingest.Row
	n := 0
	for ; ; n++ {
		if err := r.Read(&row); err == io.EOF {
			break
		} else if err != nil {
			return 0, err
		}
	}
	if n != rows {
		return 0, fmt.Errorf("%s has %d rows, not %d; delete its folder", file, n, rows)
	}
	return float64(n) / (ownSeconds() - before), nil
}

// replayed runs the program as a user would.
func replayed(program, folder string, rows int) (spent, error) {
	var out bytes.Buffer
	c := exec.Command(program, "replay", "--json", "--config", filepath.Join(folder, "belwacht.yaml"), "--rates", filepath.Join(folder, "rates.csv"), filepath.Join(folder, "master.csv"))
	c.Stdout, c.Stderr = &out, os.Stderr
	begin := time.Now()
	if err := c.Run(); err != nil {
		return spent{}, fmt.Errorf("%s replay: %w", program, err)
	}
	s, err := spentBy(c.ProcessState)
	note("belwacht: %d rows in %.1f s, %.1f s of processor time, peak %.0f MB", rows, time.Since(begin).Seconds(), s.seconds, s.peak/megabyte)
	if err == nil && !json.Valid(out.Bytes()) {
		err = fmt.Errorf("belwacht replay --json printed no JSON")
	}
	return s, err
}
