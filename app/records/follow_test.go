package records

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/belwacht/belwacht/config"
)

// masterLine is a line of Master.csv: a call of 20 s that ended so many seconds ago.
func masterLine(number string, ended int, channel int) string {
	end := time.Now().Add(-time.Duration(ended) * time.Second).UTC()
	start := end.Add(-20 * time.Second)
	return fmt.Sprintf("\"\",\"201\",\"%s\",\"from-internal\",\"\"\"A\"\" <201>\",\"PJSIP/201-%08x\",\"PJSIP/trunk-%08x\",\"Dial\","+
		"\"PJSIP/%s@trunk\",\"%s\",\"%s\",\"%s\",20,20,\"ANSWERED\",\"DOCUMENTATION\",\"%d.%d\",\"\"\n",
		number, channel, channel+1, number, start.Format(time.DateTime), start.Format(time.DateTime), end.Format(time.DateTime), start.Unix(), channel)
}

func TestFollow(t *testing.T) {
	for _, folder := range []bool{false, true} {
		dir := t.TempDir()
		synctest.Test(t, func(t *testing.T) {
			put := func(name, text string) {
				t.Helper()
				path := filepath.Join(dir, name)
				f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := f.WriteString(text); err != nil {
					t.Fatal(err)
				}
				if err := f.Close(); err != nil {
					t.Fatal(err)
				}
				if err := os.Chtimes(path, time.Now(), time.Now()); err != nil {
					t.Fatal(err)
				}
			}
			var out, errs bytes.Buffer
			settings := config.Assumed()
			r := &Reading{Config: settings, Tenant: &settings.All()[0], Times: "utc", Out: &out, Err: &errs}
			ctx, cancel := context.WithCancel(context.Background())
			done := make(chan error, 1)
			put("Master.csv", masterLine("0031201230001", 7200, 2)+masterLine("0031201230002", 3600, 4))
			time.Sleep(time.Minute)
			what, next := filepath.Join(dir, "Master.csv"), "Master.csv"
			if folder {
				what, next = dir, "next.csv"
			}
			go func() { done <- r.Follow(ctx, []string{what}) }()
			time.Sleep(1500 * time.Millisecond)
			synctest.Wait()
			if n := strings.Count(out.String(), "+3120123000"); n != 2 {
				t.Errorf("%d calls of the history are printed:\n%s%s", n, out.String(), errs.String())
			}
			put(next, masterLine("0031201230003", 2, 6))
			time.Sleep(9 * time.Second)
			synctest.Wait()
			if !strings.Contains(out.String(), "+31201230003") {
				t.Errorf("a call that came is not printed:\n%s%s", out.String(), errs.String())
			}
			cancel()
			if err := <-done; !errors.Is(err, context.Canceled) && err != nil || !strings.Contains(errs.String(), "3 rows, 0 that could not be read; from the end of a call to its record") {
				t.Errorf("%v:\n%s", err, errs.String())
			}
		})
	}
}
