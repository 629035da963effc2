package feed

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/belwacht/belwacht"
)

func TestKeeper(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		told := 0
		k := New("Master.csv", func(belwacht.Feed) { told++ })
		begin := belwacht.InstantOf(time.Now())
		k.Took(begin-belwacht.Day, false)
		k.Progress(3, 4)
		k.Stand(belwacht.FeedHistory, "")
		if f := k.Feed(); told != 0 || f.Rows != 1 || f.Done != 3 || f.Delay.Count != 0 || f.State != belwacht.FeedHistory {
			t.Errorf("told %d times, %+v", told, f)
		}
		time.Sleep(time.Minute)
		k.Stand(belwacht.FeedLost, "it is gone")
		k.Note("once")
		k.Note("once")
		k.Note("")
		k.Took(belwacht.InstantOf(time.Now())-3*belwacht.Second, true)
		k.Rejected(2)
		f := k.Feed()
		if told != 2 || f.Since != begin+belwacht.Minute || f.Problem != "it is gone" || len(f.Notes) != 1 || f.Rejected != 2 ||
			f.Delay.Count != 1 || f.Delay.Worst != 3*belwacht.Second {
			t.Errorf("told %d times, %+v", told, f)
		}
		for i := range 100 {
			k.Note(fmt.Sprint(i))
		}
		if n := len(k.Feed().Notes); n != maxNotes {
			t.Errorf("%d notes are kept", n)
		}
		b, err := json.Marshal(f)
		if err != nil || !strings.Contains(string(b), `"state":"lost"`) || !strings.Contains(string(b), `"median_seconds":3`) {
			t.Errorf("%s, %v", b, err)
		}
	})
}
