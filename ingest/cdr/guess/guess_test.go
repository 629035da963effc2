package guess

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ingest"
	"github.com/belwacht/belwacht/ingest/cdr"
)

// want is what the two calls of every export below are, one a line.
const want = "2026-06-01 09:12 212>0201234567 65 answered\n2026-06-13 23:40 213>002521234567 0 no_answer\n"

// TestMapping reads the same two calls as many exports write them.
func TestMapping(t *testing.T) {
	for name, file := range map[string]string{
		"american": "Start Time,From,To,Duration (sec),Direction,Result\n6/1/2026 9:12:03 AM,212,0201234567,65,Outbound,Answered\n6/13/2026 11:40:10 PM,213,002521234567,20,Outbound,No Answer\n",
		"american by order alone": "Call Date,Caller,Dialed Number,Talk Time\n06/01/2026 09:12:03,212,0201234567,65\n06/02/2026 09:12:03,0201234567,212,65\n" +
			"06/03/2026 10:00:00,0201234567,212,0\n06/13/2026 23:40:10,213,002521234567,0\n",
		"german":          "Datum/Uhrzeit;Anrufer;Angerufener;Dauer;Ergebnis\n01.06.2026 09:12:03;212;0201234567;1:05;angenommen\n13.06.2026 23:40:10;213;002521234567;0:20;nicht angenommen\n",
		"german, apart":   "Datum;Uhrzeit;Nebenstelle;Gewählte Nummer;Gesprächsdauer\n01.06.26;09:12;212;0201234567;00:01:05\n13.06.26;23:40;213;002521234567;00:00:00\n",
		"dutch":           "Datum en tijd|Richting|Toestel|Gebeld nummer|Gespreksduur|Resultaat\n1-6-2026 9:12|Uitgaand|212|020 123 4567|65|Opgenomen\n13-6-2026 23:40|Uitgaand|213|00252 1234567|0|Geen antwoord\n",
		"title":           "Call report June 2026\n\nStarted,Extension,Dialled,Seconds\n2026-06-01 09:12:03,212,0201234567,65\n2026-06-13 23:40:10,213,002521234567,0\n",
		"times with zone": "call_id,caller,callee,start_time,answer_time,end_time,hangup_cause\na,212,0201234567,2026-06-01T07:12:03Z,2026-06-01T07:12:10Z,2026-06-01T07:13:15Z,NORMAL_CLEARING\nb,213,002521234567,2026-06-13T21:40:10Z,,2026-06-13T21:40:30Z,NO_ANSWER\n",
		"a first column as 3CX's": "Call Time,Call ID,From,To,Direction,Status,Ringing,Talking,Cost,Queue,Summary\n" +
			"2026-06-01 09:12:03,a,212,0201234567,Outbound,Answered,00:00:05,00:01:05,0.1,,\n2026-06-13 23:40:10,b,213,002521234567,Outbound,Unanswered,00:00:20,00:00:00,0,,\n",
		"milliseconds by name": "start_time,caller,callee,duration_ms\n2026-06-01T09:12:03+02:00,212,0201234567,65400\n2026-06-13T23:40:10+02:00,213,002521234567,0\n",
		"minutes":              "start;from;to;Duration (min)\n2026-06-01 09:12:03;212;0201234567;1,0833\n2026-06-13 23:40:10;213;002521234567;0,00\n",
		"utc by name":          "Start (UTC),From,To,Talk time\n2026-06-01 07:12:03,212,0201234567,65\n2026-06-13 21:40:10,213,002521234567,0\n",
		"addresses of SIP":     "start,from,to,billsec\n2026-06-01 09:12:03,<sip:212@pbx.local>,sip:0201234567@10.0.0.1:5060;user=phone,65\n2026-06-13 23:40:10,Ria Vos (213),tel:002521234567,0\n",
		"totals, anonymous":    "Datum;Tijd;Van;Naar;Duur\n01-06-2026;09:12:03;212;0201234567;00:01:05\n02-06-2026;10:00:00;Anoniem;212;00:00:05\n13-06-2026;23:40:10;213;002521234567;00:00:00\nTotaal;;;;00:01:10\n",
		"caller or extension":  "Beginn,Nebenstelle,Zielrufnummer,Dauer\n01.06.2026 09:12:03,212,0201234567,65\n02.06.2026 09:12:03,0612345678,212,65\n13.06.2026 23:40:10,213,002521234567,0\n",
		"french":               "Date;Heure;Poste;Numéro appelé;Durée;Statut\n01/06/2026;09:12:03;212;0201234567;00:01:05;Répondu\n13/06/2026;23:40:10;213;002521234567;00:00:20;Sans réponse\n",
		"spanish":              "Fecha y hora;Extensión;Número marcado;Duración (seg);Estado\n01/06/2026 09:12:03;212;0201234567;65;Contestada\n13/06/2026 23:40:10;213;002521234567;20;No contestada\n",
		"italian":              "Data;Ora;Chiamante;Chiamato;Durata\n01/06/2026;09:12:03;212;0201234567;00:01:05\n13/06/2026;23:40:10;213;002521234567;00:00:00\n",
		"milliseconds":         "id,started,src_user,dst_user,duration\n1,1780297923000,212,0201234567,65\n2,1781386810000,213,002521234567,0\n",
		"json, wrapped": `{"count":2,"data":[{"from":"212","to":"0201234567","startedAt":"2026-06-01T09:12:03+02:00","talkSeconds":65},` +
			`{"from":"213","to":"002521234567","startedAt":"2026-06-13T23:40:10+02:00","talkSeconds":0}],"next":null}`,
		"json": `[{"id":"x","from":{"extension":"212","name":"Jan"},"to":{"number":"0201234567"},"startedAt":"2026-06-01T09:12:03+02:00","talkSeconds":65,"answered":true},` +
			`{"id":"y","from":{"extension":"213","name":"Ria"},"to":{"number":"002521234567"},"startedAt":"2026-06-13T23:40:10+02:00","talkSeconds":0,"answered":false}]`,
	} {
		t.Run(name, func(t *testing.T) {
			if got := read(t, file); got != want {
				t.Errorf("read\n%s", got)
			}
		})
	}
}

// read reads a file that is in no known format, and tells its calls of extensions.
func read(t *testing.T, file string) string {
	t.Helper()
	if _, err := cdr.Open(strings.NewReader(file), "export", cdr.Options{}); err == nil {
		t.Fatal("it is in a known format")
	}
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	var mapping *cdr.Mapping
	r, err := cdr.Open(strings.NewReader(file), "export", cdr.Options{Zone: zone, Guess: func(h []string, rows [][]string) *cdr.Mapping {
		mapping = Mapping(h, rows)
		return mapping
	}})
	if err != nil {
		t.Fatal(err)
	}
	if notes := strings.Join(r.Notes(), "\n"); !strings.Contains(notes, "guessed from its columns") {
		t.Errorf("it is not said that columns were guessed: %q", notes)
	}
	if _, err := YAML(mapping); err != nil {
		t.Error(err)
	}
	var b strings.Builder
	for {
		var row ingest.Row
		err := r.Read(&row)
		if errors.Is(err, io.EOF) {
			return b.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		if from := cmp.Or(row.From, row.Src); len(from) == 3 {
			fmt.Fprintf(&b, "%s %s>%s %d %s\n", row.Start.Time().In(zone).Format("2006-01-02 15:04"), from, row.Dst, row.Talk, row.Disposition)
		}
	}
}

// TestTaken reads calls that came in: that their caller stands where extensions do makes him none.
func TestTaken(t *testing.T) {
	for file, direction := range map[string]belwacht.Direction{
		"start,from,to,seconds\n2026-06-02 09:20:00,0612345678,201,30\n2026-06-02 09:21:00,201,0201234567,30\n":                             belwacht.DirectionUnknown,
		"start,from,to,seconds,direction\n2026-06-02 09:20:00,0612345678,201,30,Incoming\n2026-06-02 09:21:00,201,0201234567,30,Outgoing\n": belwacht.In,
	} {
		r, err := cdr.Open(strings.NewReader(file), "export", cdr.Options{Guess: Mapping})
		if err != nil {
			t.Fatal(err)
		}
		var row ingest.Row
		if err := r.Read(&row); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintf("%s>%s from %s to %s", row.Src, row.Dst, row.From, row.To); got != "0612345678>201 from  to " || row.Direction != direction {
			t.Errorf("%s %s", row.Direction, got)
		}
	}
}

// TestAsterisk reads the table of Asterisk as a spreadsheet writes it again: its channels still say who called whom, and
// its uniqueids in which zone.
func TestAsterisk(t *testing.T) {
	titles, records := "calldate;clid;src;dst;dcontext;channel;dstchannel;lastapp;lastdata;duration;billsec;disposition;amaflags;accountcode;uniqueid\n",
		"1-6-2026 9:12;Jan;212;0201234567;from-internal;PJSIP/212-1;PJSIP/voip-2;Dial;PJSIP/0201234567@voip;70;65;ANSWERED;3;;1780297923.1\n"+
			"13-6-2026 23:40;Ria;213;s;from-internal;PJSIP/213-3;;Hangup;;1;0;NO ANSWER;3;;1781386800.3\n"
	for _, file := range []string{titles + records, records} { // a query may leave the titles out
		r, err := cdr.Open(strings.NewReader(file), "export", cdr.Options{Guess: Mapping})
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"2026-06-01T07:12 212>0201234567 PJSIP/212-1 PJSIP/voip-2 65 answered", "2026-06-13T21:40 213>s PJSIP/213-3  0 no_answer"} {
			var row ingest.Row
			if err := r.Read(&row); err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprintf("%.16s %s>%s %s %s %d %s", row.Start, row.Src, row.Dst, row.Channel, row.DstChannel, row.Talk, row.Disposition); got != want {
				t.Errorf("%s\n%s", got, want)
			}
		}
	}
}

// TestNothing: what is no list of calls is not taken for one.
func TestNothing(t *testing.T) {
	for name, file := range map[string]string{
		"rates":     "prefix,description,rate_per_minute\n31,Netherlands,0.01\n252,Somalia,0.8\n",
		"addresses": "name,number,date,time\nJan,0201234567,2026-06-01,09:00\n",
		"web log":   "time,source,destination,status,bytes\n2026-06-01 09:00:00,alpha,beta,200,1\n",
		"no caller": "start,to,duration\n2026-06-01 09:00:00,0201234567,5\n",
		"no length": "start,from,to\n2026-06-01 09:00:00,212,0201234567\n",
		"empty":     "start,from,to,duration\n",
		"nonsense":  "start,from,to,duration\nx,y,z,w\n",
	} {
		r := csv.NewReader(strings.NewReader(file))
		r.FieldsPerRecord = -1
		all, err := r.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if m := Mapping(all[0], all[1:]); m != nil {
			t.Errorf("%s was taken for calls: %s", name, m.Title)
		}
	}
}

// FuzzGuess: whatever stands in a file, what is guessed is a mapping that its reader takes, or nothing.
func FuzzGuess(f *testing.F) {
	f.Add("start,from,to,duration\n2026-06-01 09:00:00,212,0201234567,5\n")
	f.Add("Datum;Tijd;Van;Naar;Duur\n01-06-2026;09:00;212;020;0:05\n")
	f.Add(`[{"from":{"extension":"212"},"to":"020","start":"2026-06-01 09:00:00","talk":1}]`)
	f.Fuzz(func(t *testing.T, file string) {
		r, err := cdr.Open(strings.NewReader(file), "export", cdr.Options{Guess: Mapping, MaxRejected: 1})
		if err != nil {
			return
		}
		var row ingest.Row
		for err == nil {
			if err = r.Read(&row); err == nil && (row.Talk < 0 || row.Start == 0 && row.End != 0) {
				t.Fatalf("%+v", row)
			}
		}
		var coded *belwacht.Error
		if !errors.Is(err, io.EOF) && !errors.As(err, &coded) {
			t.Fatal(err)
		}
	})
}
