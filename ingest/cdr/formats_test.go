package cdr_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ingest"
	"github.com/belwacht/belwacht/ingest/cdr"
	words "github.com/belwacht/belwacht/text"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/unicode"
)

func amsterdam(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// rows reads all rows of a file.
func rows(t testing.TB, text string, o cdr.Options) (*cdr.Reader, []ingest.Row, error) {
	t.Helper()
	if o.Zone == nil {
		o.Zone = amsterdam(t)
	}
	r, err := cdr.Open(strings.NewReader(text), "file", o)
	if err != nil {
		return nil, nil, err
	}
	var all []ingest.Row
	for {
		var row ingest.Row
		err := r.Read(&row)
		if err == io.EOF {
			for _, note := range r.Notes() {
				if words.Note(words.Dutch, note) == note && note != "UTF-16" && note != "Windows-1252" { // names
					t.Errorf("a note has no Dutch (text/note.go): %q", note)
				}
			}
			return r, all, nil
		}
		if err != nil {
			return r, all, err
		}
		all = append(all, row)
	}
}

// say puts what matters of a row into one line.
func say(r *ingest.Row) string {
	return fmt.Sprintf("%s %s %s>%s (%s>%s) %s %s %d %s", r.UniqueID, r.Direction, r.From, r.To, r.Src, r.Dst, r.Start, r.Answer, r.Talk, r.Disposition)
}

func TestFormats(t *testing.T) {
	for _, c := range []struct{ name, text, format, want string }{
		{"master", office, "asterisk", "1771812720.2 unknown > (328>0202300856) 2026-02-23T02:12:00Z 2026-02-23T02:12:08Z 18 answered"},
		{"16 columns", strings.Replace(office, `,"1771812720.2",""`, "", 1), "asterisk", " unknown > (328>0202300856) 2026-02-23T02:12:00Z 2026-02-23T02:12:08Z 18 answered"},
		{"utc by its uniqueids", strings.ReplaceAll(office, "2026-02-23 03:", "2026-02-23 02:"), "asterisk",
			"1771812720.2 unknown > (328>0202300856) 2026-02-23T02:12:00Z 2026-02-23T02:12:08Z 18 answered"},
		{"backslashes", strings.Replace(office, `"""328"" <328>"`, `"\"Een, twee\" <328>"`, 1), "asterisk",
			"1771812720.2 unknown > (328>0202300856) 2026-02-23T02:12:00Z 2026-02-23T02:12:08Z 18 answered"},
		{"custom", `"""Een"" <201>","201","0032470000101","outbound-go","PJSIP/201-0","PJSIP/trunk-1","Dial","PJSIP/0032470000101@trunk,60,T","2026-11-24 15:53:55","2026-11-24 15:53:56","2026-11-24 15:54:01","6","5","ANSWERED","DOCUMENTATION","201","1795532035.0","","201","1795532035.0","0"`,
			"asterisk-custom", "1795532035.0 unknown > (201>0032470000101) 2026-11-24T14:53:55Z 2026-11-24T14:53:56Z 5 answered"},
		{"freepbx report", `calldate,clid,src,dst,dcontext,channel,dstchannel,lastapp,lastdata,duration,billsec,disposition,amaflags,accountcode,uniqueid,userfield
2026-03-02 09:00:00,"""Een"" <201>",201,0032470000101,from-internal,PJSIP/201-1,PJSIP/trunk-2,Dial,"PJSIP/0032470000101@trunk,300",30,20,ANSWERED,3,,1772438400.1,`, "freepbx",
			"1772438400.1 unknown > (201>0032470000101) 2026-03-02T08:00:00Z 2026-03-02T08:00:10Z 20 answered"},
		{"a table from a database", `CALLDATE,SRC,DST,CHANNEL,DSTCHANNEL,ANSWER,DURATION,BILLSEC,DISPOSITION
2026-03-02 09:00:00,201,0032470000101,PJSIP/201-1,PJSIP/trunk-2,0000-00-00 00:00:00,30,0,NO ANSWER`, "freepbx", " unknown > (201>0032470000101) 2026-03-02T08:00:00Z  0 no_answer"},
		{"no answer as an epoch", strings.Replace(office, `"2026-02-23 03:12:08"`, `"0.000000"`, 1), "asterisk", "1771812720.2 unknown > (328>0202300856) 2026-02-23T02:12:00Z 2026-02-23T02:12:08Z 18 answered"},
		{"grandstream, commas without quotes", `AcctId,accountcode,src,dst,dcontext,clid,channel,dstchannel,lastapp,lastdata,start,answer,end,duration,billsec,disposition,amaflags,uniqueid,userfield,channel_ext,dstchannel_ext,service
7,,1001,0032470000101,from-internal,"Een" <1001>,PJSIP/1001-1,PJSIP/trunk_1/0032470000101-2,Dial,PJSIP/trunk_1/0032470000101,60,tT,2026-03-02 09:00:00,2026-03-02 09:00:10,2026-03-02 09:00:30,30,20,ANSWERED,DOCUMENTATION,1772438400.1,,1001,,s`, "grandstream",
			"1772438400.1 unknown > (1001>0032470000101) 2026-03-02T08:00:00Z 2026-03-02T08:00:10Z 20 answered"},
		{"freeswitch", `"Een","1001","0032470000101","default","2026-03-02 09:00:00","2026-03-02 09:00:10","2026-03-02 09:00:30","30","20","NORMAL_CLEARING","u-1","u-2","1001","PCMA","PCMA"`,
			"freeswitch-example", "u-1 unknown 1001> (1001>0032470000101) 2026-03-02T08:00:00Z 2026-03-02T08:00:10Z 20 answered"},
		{"freeswitch, refused", `"Een","1001","0032470000101","default","2026-03-02 09:00:00","","2026-03-02 09:00:01","1","0","CALL_REJECTED","u-1","","1001","",""`,
			"freeswitch-example", "u-1 unknown 1001> (1001>0032470000101) 2026-03-02T08:00:00Z  0 failed"},
		{"freeswitch, asterisk", `"1001","1001","0032470000101","default","""Eva"" <1001>","sofia/internal/1001@10.0.0.9","sofia/external/0032470000101","bridge","sofia/gateway/voip/0032470000101","2026-03-02 09:00:00","2026-03-02 09:00:10","2026-03-02 09:00:30","30","20","NORMAL_CLEARING","3","u-1",""` + "\n",
			"freeswitch-asterisk", "u-1 unknown 1001> (1001>0032470000101) 2026-03-02T08:00:00Z 2026-03-02T08:00:10Z 20 answered"},
		{"freeswitch json", `{"core-uuid":"c","channel_data":{"direction":"inbound"},"variables":{"uuid":"u-1","direction":"inbound","start_epoch":"1772438400","answer_epoch":"1772438410","end_epoch":"1772438430","duration":"30","billsec":"20","hangup_cause":"NORMAL_CLEARING","user_name":"1001","accountcode":"1001"},"callflow":[{"caller_profile":{"username":"1001","caller_id_number":"1001","destination_number":"%2B32470000101","context":"default"}}]}`,
			"freeswitch-json", "u-1 unknown 1001> (1001>+32470000101) 2026-03-02T08:00:00Z 2026-03-02T08:00:10Z 20 answered"},
		{"fusionpbx", "\"xml_cdr_uuid\",\"direction\",\"extension\",\"caller_id_name\",\"caller_id_number\",\"destination_number\",\"start_stamp\",\"start_epoch\",\"duration\",\"billsec\",\"hangup_cause\"\n" +
			`"x-1","outbound","1001","Een","31201230000","0032470000101","02 Mar 2026 09:00:00","1772438400","30","20","NORMAL_CLEARING"`, "fusionpbx",
			"x-1 out 1001> (31201230000>0032470000101) 2026-03-02T08:00:00Z 2026-03-02T08:00:10Z 20 answered"},
		{"3cx, no quotes", "Call 61250,00000C21DE5C2470_65,00:05:36,2026/03/02 09:00:00,2026/03/02 09:00:10,2026/03/02 09:05:46,TerminatedBySrc,Ext.201,+32470000101,201,10001,0032470000101,,,,,,,,Chain: Ext.201;+32470000101;",
			"3cx", "00000C21DE5C2470_65 unknown 201> (201>0032470000101) 2026-03-02T08:00:00Z 2026-03-02T08:00:10Z 336 answered"},
		{"yeastar", "ID,Time,Call From,Call To,Call Duration,Ring Duration,Talk Duration,Status,Reason,Source Trunk,Destination Trunk,Communication Type\n" +
			"20260302090000,2026-03-02 09:00:00,Een<201>,0032470000101,00:00:30,00:00:10,00:00:20,ANSWERED,,,provider,Outbound", "yeastar",
			"20260302090000 out 201>0032470000101 (201>0032470000101) 2026-03-02T08:00:00Z 2026-03-02T08:00:10Z 20 answered"},
		{"yeastar event", `{"call_id":"7","time_start":"2026-03-02 09:00:00","call_from":"201","call_to":"0032470000101","call_duration":30,"talk_duration":20,"src_trunk_name":"","dst_trunk_name":"provider","status":"ANSWERED","type":"Outbound"}`,
			"yeastar-event", "7 out 201>0032470000101 (201>0032470000101) 2026-03-02T08:00:00Z 2026-03-02T08:00:10Z 20 answered"},
		{"teams", `{"@odata.count":1,"value":[{"id":"t-1","callId":"c","userPrincipalName":"een@example.com","startDateTime":"2026-03-02T08:00:00Z","endDateTime":"2026-03-02T08:00:20Z","duration":20,"callType":"user_out","calleeNumber":"+32470000101","callerNumber":"+31201230000"}]}`,
			"teams", "t-1 out een@example.com> (+31201230000>+32470000101) 2026-03-02T08:00:00Z 2026-03-02T08:00:00Z 20 answered"},
		{"teams, taken", "id,userPrincipalName,startDateTime,endDateTime,duration,callType,calleeNumber,callerNumber\nt-1,een@example.com,2026-03-02T08:00:00Z,2026-03-02T08:00:20Z,20,user_in,+31201230000,+32470000101",
			"teams", "t-1 in >een@example.com (+32470000101>+31201230000) 2026-03-02T08:00:00Z 2026-03-02T08:00:00Z 20 answered"},
		{"voys", "Datum;Tijd;Van;Naar;Duur;Richting;Toestel;Kosten\n02-03-2026;09:00:00;020 123 0000;0032-470-000101;0:20;Uitgaand;201;€ 0,12\nTotaal;;;;0:20;;;€ 0,12", "voys",
			" out 201> (0201230000>0032470000101) 2026-03-02T08:00:00Z 2026-03-02T08:00:00Z 20 answered"},
		{"specification", "Datum;Tijdstip;Tijd;A-nummer;B-nummer;Duur;Kosten\n02-03-2026;;09:00;31201230000;32470000101;00:00:20;0,1200", "kostenspecificatie",
			" unknown > (31201230000>32470000101) 2026-03-02T08:00:00Z 2026-03-02T08:00:00Z 20 answered"},
		{"overview", "ID;Starttijd;Van;Naar;Gespreksduur;Status;Richting\n9;02-03-2026 09:00:00;201;0032470000101;;Niet beantwoord;Uit", "gespreksoverzicht",
			"9 out > (201>0032470000101) 2026-03-02T08:00:00Z  0 no_answer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, all, err := rows(t, c.text, cdr.Options{MaxRejected: -1})
			if err != nil {
				t.Fatal(err)
			}
			if len(all) != 1 {
				n, rejected := r.Rejected()
				t.Fatalf("%d rows, %d rejected: %v", len(all), n, rejected)
			}
			if r.Format() != c.format {
				t.Errorf("format %s, not %s", r.Format(), c.format)
			}
			if got := say(&all[0]); got != c.want {
				t.Errorf("read\n%s\nnot\n%s", got, c.want)
			}
			if _, again, err := rows(t, c.text, cdr.Options{Format: c.format}); err != nil || len(again) != 1 {
				t.Errorf("forced: %d rows, %v", len(again), err)
			}
		})
	}
}

func TestPackedAndEncoded(t *testing.T) {
	name := strings.Replace(office, `"""328"" <328>"`, `"""Café"" <328>"`, 1)
	var z bytes.Buffer
	g := gzip.NewWriter(&z)
	if _, err := io.WriteString(g, name); err != nil {
		t.Fatal(err)
	}
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	e, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(name)
	if err != nil {
		t.Fatal(err)
	}
	for what, text := range map[string]string{
		"plain": name, "gzip": z.String(), "zstd": string(e.EncodeAll([]byte(name), nil)), "UTF-16": wide, "byte order mark": "\ufeff" + name,
		"Windows-1252": strings.ReplaceAll(name, "é", "\xe9"), "CRLF": strings.ReplaceAll(name, "\n", "\r\n"), "no line end": strings.TrimSuffix(name, "\n"),
	} {
		_, all, err := rows(t, text, cdr.Options{})
		if err != nil || len(all) != 1 || all[0].CallerName != "Café" || all[0].UniqueID != "1771812720.2" || all[0].Talk != 18 {
			t.Errorf("%s: %v %+v", what, err, all)
		}
	}
}

func TestWrongFiles(t *testing.T) {
	for what, text := range map[string]string{
		"\x89PNG\r\n\x1a\n\x00\x00": "PNG picture",
		"":                          "is empty",
		"\n \n":                     "is empty",
		"PK\x03\x04aaaa":            "Excel workbook",
		"prefix,description,rate_per_minute\n31,NL,0.01": "--rates",
		"hello world\nthis is a letter\n":                "no known format",
		strings.Repeat("\x00\x01\x02\x03", 2000):         "binary",
		`{"schema":"belwacht.decision/1","id":"1"}`:      "Belwacht's own",
		`{"a":`: "no complete object",
	} {
		_, _, err := rows(t, what, cdr.Options{})
		if err == nil || belwacht.CodeOf(err) != belwacht.Invalid || !strings.Contains(err.Error(), text) {
			t.Errorf("%.20q: %v, want %q", what, err, text)
		}
	}
	for _, o := range []cdr.Options{{Format: "no-such"}, {Times: "Mars/Olympus"}, {Encoding: "klingon"}} {
		if _, _, err := rows(t, office, o); belwacht.CodeOf(err) != belwacht.Usage {
			t.Errorf("%+v: %v", o, err)
		}
	}
	if _, _, err := rows(t, office, cdr.Options{Format: "freeswitch-json"}); belwacht.CodeOf(err) != belwacht.Invalid {
		t.Errorf("a table forced to be JSON: %v", err)
	}
	if _, err := cdr.Open(iotest{}, "x", cdr.Options{}); belwacht.CodeOf(err) != belwacht.Invalid {
		t.Errorf("unreadable: %v", err)
	}
}

// iotest is a file that cannot be read.
type iotest struct{}

func (iotest) Read([]byte) (int, error) { return 0, errors.New("permission denied") }

func TestRejects(t *testing.T) {
	bad := `"","1","2"` + "\n" + strings.Replace(office, "2026-02-23 03:12:00", "yesterday", 1) + `"open` + "\n" + `"","x` + strings.Repeat("y", 70<<10) + "\"\n"
	var out bytes.Buffer
	r, all, err := rows(t, strings.Repeat(office, 10)+bad+strings.Repeat(office, 10), cdr.Options{Rejects: &out, MaxRejected: 0.5})
	if err != nil {
		t.Fatal(err)
	}
	n, first := r.Rejected()
	if len(all) != 20 || n != 4 {
		t.Fatalf("%d rows, %d rejected: %+v", len(all), n, first)
	}
	for i, want := range []int64{11, 12, 13, 14} {
		if first[i].Line != want {
			t.Errorf("reject %d is of line %d, not %d: %s", i, first[i].Line, want, first[i].Reason)
		}
	}
	if all[19].Line != 24 {
		t.Errorf("the last row is of line %d", all[19].Line)
	}
	if !strings.HasPrefix(out.String(), cdr.RejectSchema+"\n# file line 11: ") || !strings.Contains(out.String(), `"yesterday"`) {
		t.Errorf("rejects: %.200s", out.String())
	}
	_, _, err = rows(t, strings.Repeat(office, 10)+bad, cdr.Options{})
	if belwacht.CodeOf(err) != belwacht.Invalid || !strings.Contains(err.Error(), "4 of 14 rows") || strings.Count(err.Error(), "line ") != 3 {
		t.Errorf("too many: %v", err)
	}
	repaired := strings.Replace(out.String(), "yesterday", "2026-02-23 03:12:00", 1)
	if _, all, _ := rows(t, repaired, cdr.Options{MaxRejected: 0.9}); len(all) != 1 {
		t.Errorf("the repaired file has %d rows", len(all))
	}
}
