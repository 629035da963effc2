package gather

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ingest"
	"github.com/belwacht/belwacht/ingest/cdr"
	"github.com/belwacht/belwacht/number"
)

// rowsOf reads rows of calls of 212 to a number, one a minute from a moment on.
func rowsOf(t *testing.T, n int, at time.Time) (rows []ingest.Row) {
	t.Helper()
	text := ""
	for i := range n {
		f := func(d time.Duration) string {
			return at.Add(time.Duration(i)*time.Minute + d).Format("2006-01-02 15:04:05")
		}
		text += fmt.Sprintf("\"\",\"212\",\"0201234567\",\"from-internal\",\"\",\"SIP/212-%08x\",\"SIP/trunk-%08x\",\"Dial\",\"SIP/trunk/0201234567,60\",\"%s\",\"%s\",\"%s\",40,30,\"ANSWERED\",\"DOCUMENTATION\",\"%d.%d\",\"\"\n",
			i, i, f(0), f(10*time.Second), f(40*time.Second), at.Unix()+int64(60*i), i)
	}
	g, err := cdr.OpenGrowing([]byte(text), "Master.csv", cdr.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.Rows([]byte(text), true, func(r *ingest.Row) error { rows = append(rows, *r); return nil }); err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestGather: the past is handed on when it has been read, what comes then some seconds after the last of it came, and nothing twice or late.
func TestGather(t *testing.T) {
	numbers, err := number.New(number.Config{Country: "NL"})
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		g := New(ingest.NewAssembler(ingest.Config{Numbers: numbers, Trunks: []string{"SIP/trunk"}}), func(c *belwacht.Call) error {
			if calls++; c.Late {
				t.Errorf("%s is late", c.ID)
			}
			return nil
		})
		look := func(history, caught bool, want int) {
			t.Helper()
			got, err := g.Look(history)
			if err != nil || got != caught || calls != want {
				t.Errorf("caught up %t, %d calls, %v; it must be %t and %d", got, calls, err, caught, want)
			}
		}
		rows := rowsOf(t, 5, time.Now().Add(-time.Hour))
		for i := range 3 {
			if err := g.Row(&rows[i]); err != nil {
				t.Fatal(err)
			}
		}
		look(true, false, 0)
		look(false, true, 3)
		look(false, false, 3)
		if !g.Idle() || !g.Live() {
			t.Error("something is held back")
		}
		if err := g.Row(&rows[3]); err != nil {
			t.Fatal(err)
		}
		look(false, false, 3) // its other legs may come yet
		time.Sleep(2 * time.Second)
		if err := g.Row(&rows[4]); err != nil {
			t.Fatal(err)
		}
		look(false, false, 3)
		look(false, false, 5) // no more came
	})
}
