package freeswitch

import (
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
)

const document = `{"core-uuid":"c","switchname":"pbx","channel_data":{"state":"CS_REPORTING","direction":"inbound"},
"variables":{"direction":"inbound","uuid":"u-1","call_uuid":"u-1","sip_gateway_name":"provider","start_epoch":"1772438400","start_uepoch":"1772438400123456",
"answer_uepoch":"1772438410000000","end_uepoch":"1772438430000000","duration":"30","billsec":20,"hangup_cause":"NORMAL_CLEARING","accountcode":"1001"},
"callflow":[{"caller_profile":{"username":"1001","caller_id_number":"31201230000","caller_id_name":"Een%20twee","destination_number":"%2B32470000101","context":"default"}},
{"caller_profile":{"username":"1001","destination_number":"1002","context":"default"}}]}`

func TestParseJSON(t *testing.T) {
	r, err := ParseJSON([]byte(document))
	if err != nil {
		t.Fatal(err)
	}
	if r.UUID != "u-1" || r.User != "1001" || r.Destination != "+32470000101" || r.Number != "31201230000" || r.Gateway != "provider" || r.Talk != 20 ||
		r.Start != 1772438400123 || r.Answer != 1772438410*belwacht.Second || r.Direction != "inbound" || r.Context != "default" {
		t.Errorf("%+v", r)
	}
	for text, want := range map[string]string{"": "no JSON", "{}": "no variables", `{"variables":{"uuid":"1"}}`: "no start_epoch", "[1]": "no JSON"} {
		if _, err := ParseJSON([]byte(text)); err == nil || belwacht.CodeOf(err) != belwacht.Invalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestNames(t *testing.T) {
	for name, want := range map[string]Channel{
		"sofia/internal/1001@192.0.2.1:5060":   {"internal", "", "1001"},
		"sofia/gateway/provider/0032470000101": {"external", "provider", "0032470000101"},
		"sofia/external/sip:+32470000101@h":    {"external", "", "+32470000101"},
		"loopback/205-a":                       {"loopback", "", "205"},
		"":                                     {}, "x": {},
	} {
		if got := ParseChannel(name); got != want {
			t.Errorf("%s: %+v", name, got)
		}
	}
	for cause, want := range map[string]belwacht.Disposition{"USER_BUSY": belwacht.Busy, "ORIGINATOR_CANCEL": belwacht.Cancelled, "NO_ANSWER": belwacht.NoAnswer,
		"CALL_REJECTED": belwacht.Failed, "SWITCH_CONGESTION": belwacht.Congestion, "": belwacht.DispositionUnknown} {
		if got := DispositionOf(cause, false); got != want {
			t.Errorf("%s: %s", cause, got)
		}
	}
	if DispositionOf("USER_BUSY", true) != belwacht.Answered || !Known("NORMAL_CLEARING") || Known("Answered") || Known("A") {
		t.Error("causes")
	}
}

func FuzzParseJSON(f *testing.F) {
	f.Add(document)
	f.Add(`{"variables":{"start_epoch":"99999999999999999999","uuid":[1]},"callflow":{"caller_profile":null}}`)
	f.Fuzz(func(t *testing.T, s string) {
		r, err := ParseJSON([]byte(s))
		if err == nil && r.Start <= 0 {
			t.Errorf("%+v", r)
		}
		ParseChannel(s)
	})
}
