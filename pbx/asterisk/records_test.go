package asterisk

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ingest"
	"github.com/belwacht/belwacht/ingest/cdr"
)

// records are the calls of a case as they are read from its records.
func records(t *testing.T, name string) []belwacht.Call {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("../../ingest/testdata/asterisk22", name, "Master.csv"))
	if err != nil || len(data) == 0 {
		return nil
	}
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	r, err := cdr.Open(bytes.NewReader(data), "Master.csv", cdr.Options{Zone: zone})
	if err != nil {
		t.Fatal(err)
	}
	a := ingest.NewAssembler(ingest.Config{Numbers: dutch(t), Tenant: "t", Site: "s"})
	var list []belwacht.Call
	keep := func(c *belwacht.Call) error {
		list = append(list, *c)
		return nil
	}
	var row ingest.Row
	for err = r.Read(&row); err == nil; err = r.Read(&row) {
		if err := a.Add(&row, keep); err != nil {
			t.Fatal(err)
		}
	}
	if err != io.EOF {
		t.Fatal(err)
	}
	if err := a.Flush(keep); err != nil {
		t.Fatal(err)
	}
	return list
}

// play gives what a board tells of a recording, without any connection.
func play(t *testing.T, folder string) []belwacht.Event {
	t.Helper()
	b := newBoard(&Config{Tenant: "t", Site: "s", Numbers: dutch(t)})
	for _, m := range readRecorded(t, folder, "ami").messages {
		take(t, b, m)
	}
	return told(b)
}

// otherwise are calls whose records say something else, with the reason.
var otherwise = map[string]string{
	"04-outbound-refused 1795532051.10":           "the number stands in no record",
	"26-ami-reconnects 1795532203.197":            "it began while the feed was away: TestRecorded",
	"35-attended-transfer-by-keys 1795532280.228": "the record shows the number of the party that was transferred later",
}

func TestSameCallInRecords(t *testing.T) {
	same := 0
	for folder := range cases(t) {
		name := filepath.Base(folder)
		attempts := map[string]belwacht.Event{}
		for _, e := range play(t, folder) {
			if e.Kind == belwacht.EventAttempt {
				attempts[e.Call] = e
			}
		}
		for _, c := range records(t, name) {
			key := Key(&c)
			e, ok := attempts[key]
			if otherwise[name+" "+c.ID] != "" {
				if ok && e.Caller == c.Caller {
					t.Errorf("%s: %s is the same by now; take it off the list", name, c.ID)
				}
				continue
			}
			same++
			if !ok {
				t.Errorf("%s: the record's call %s %s (%s to %s) has no attempt; there are %v", name, c.Direction, c.ID, c.Account, c.Dialled, attempts)
				continue
			}
			if e.Account != c.Account || e.Root != c.Root || e.Lineage != c.Lineage || e.Trunk != c.Trunk || e.Caller != c.Caller {
				t.Errorf("%s: %s: live %s", name, c.ID, show([]belwacht.Event{e}))
				t.Logf("record: %s root %s trunk %s %s->%s %s", c.Account, c.Root, c.Trunk, c.Caller, c.Dialled, c.Lineage)
			}
		}
	}
	if same < 60 {
		t.Errorf("only %d calls compared", same)
	}
}

// TestForwardSeenLate lets the dial plan behind a Local channel run ahead: the dial of that channel is told after the dial of the trunk.
func TestForwardSeenLate(t *testing.T) {
	moved := 0
	for folder, want := range cases(t) {
		in := readRecorded(t, folder, "ami").messages
		first, second := -1, -1
		for i, m := range in {
			if !strings.HasPrefix(m.text, "Event: DialBegin\r\n") {
				continue
			}
			if strings.Contains(m.text, "\r\nDestChannel: Local/") {
				first = i
			} else if first >= 0 && strings.Contains(m.text, "\r\nDestChannel: PJSIP/trunk") {
				second = i
				break
			}
		}
		if second < 0 {
			continue
		}
		moved++
		late := in[first].text
		for i := first; i < second; i++ {
			in[i].text = in[i+1].text
		}
		in[second].text = late
		b := newBoard(&Config{Tenant: "t", Site: "s", Numbers: dutch(t)})
		for _, m := range in {
			take(t, b, m)
		}
		out := 0
		for _, e := range told(b) {
			if e.Kind != belwacht.EventAttempt || e.Direction != belwacht.Out {
				continue
			}
			out++
			for _, w := range want.Calls {
				if w.Number == e.Dialled && (w.Account != e.Account || w.Root != e.Root || e.Lineage != belwacht.Forwarded) {
					t.Errorf("%s: %s of %s, not %s of %s", filepath.Base(folder), e.Account, e.Root, w.Account, w.Root)
				}
			}
		}
		if out != 1 {
			t.Errorf("%s: %d calls leave", filepath.Base(folder), out)
		}
	}
	if moved < 6 {
		t.Errorf("only %d recordings have a forward", moved)
	}
}
