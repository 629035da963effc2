package freeswitch

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"

	"github.com/belwacht/belwacht"
)

// Record is what a record of mod_json_cdr says of one leg.
type Record struct {
	UUID        string
	Link        string // the call that the leg is part of
	Direction   string // of the leg: inbound (into FreeSWITCH) or outbound
	User        string // who authenticated, or ""
	Account     string // the account code
	Number      string // the caller's, as presented
	Name        string
	Destination string // what was dialled
	Context     string
	Gateway     string // the gateway that the call went out or came in by
	Channel     string
	ReferredBy  string // who transferred or diverted it
	Start       belwacht.Instant
	Answer      belwacht.Instant
	End         belwacht.Instant
	Duration    int64
	Talk        int64
	Cause       string
}

// rawRecord is the part of mod_json_cdr's document that is read.
type rawRecord struct {
	ChannelData struct {
		Direction string `json:"direction"`
	} `json:"channel_data"`
	Variables map[string]any `json:"variables"`
	Callflow  json.RawMessage
}

// profile is a caller profile within the call flow.
type profile struct {
	Profile struct {
		Username    string `json:"username"`
		Number      string `json:"caller_id_number"`
		Name        string `json:"caller_id_name"`
		Destination string `json:"destination_number"`
		UUID        string `json:"uuid"`
		Context     string `json:"context"`
		Channel     string `json:"chan_name"`
	} `json:"caller_profile"`
}

// ParseJSON reads one document of mod_json_cdr. Values may be percent-encoded (its default) or not. The error is of the code Invalid.
func ParseJSON(data []byte) (*Record, error) {
	var raw rawRecord
	if err := json.Unmarshal(data, &raw); err != nil {
		return nil, belwacht.Errorf(belwacht.Invalid, "it is no JSON: %w", err)
	}
	if len(raw.Variables) == 0 {
		return nil, belwacht.Errorf(belwacht.Invalid, "it has no variables, which a record of mod_json_cdr has")
	}
	v := func(name string) string { return decode(raw.Variables[name]) }
	r := &Record{UUID: v("uuid"), Link: first(v("call_uuid"), v("signal_bond"), v("originating_leg_uuid")), Direction: first(v("direction"), raw.ChannelData.Direction),
		Account: v("accountcode"), Gateway: v("sip_gateway_name"), Channel: v("channel_name"), Cause: v("hangup_cause"),
		User: first(v("user_name"), v("sip_auth_username")), Number: first(v("caller_id_number"), v("sip_from_user")), Name: v("caller_id_name"),
		Destination: first(v("destination_number"), v("sip_to_user")), Context: first(v("context"), v("user_context")),
		ReferredBy: first(v("sip_h_Referred-By"), v("sip_h_Diversion"))}
	r.Duration, _ = strconv.ParseInt(v("duration"), 10, 64)
	r.Talk, _ = strconv.ParseInt(v("billsec"), 10, 64)
	r.Start = moment(v("start_uepoch"), v("start_epoch"))
	r.Answer = moment(v("answer_uepoch"), v("answer_epoch"))
	r.End = moment(v("end_uepoch"), v("end_epoch"))
	if r.Start == 0 {
		return nil, belwacht.Errorf(belwacht.Invalid, "it has no start_epoch")
	}
	r.flow(raw.Callflow)
	return r, nil
}

// flow fills what the first caller profile knows better than the variables. Callflow is a list in newer versions, an object in older.
func (r *Record) flow(data json.RawMessage) {
	var list []profile
	if json.Unmarshal(data, &list) != nil {
		var one profile
		if json.Unmarshal(data, &one) != nil {
			return
		}
		list = []profile{one}
	}
	if len(list) == 0 {
		return
	}
	// The last one is where the call began, the first where it ended up.
	var user, number, name, channel, id string
	for i := len(list) - 1; i >= 0; i-- {
		p := &list[i].Profile
		user, number, name = first(user, plain(p.Username)), first(number, plain(p.Number)), first(name, plain(p.Name))
		channel, id = first(channel, plain(p.Channel)), first(id, plain(p.UUID))
	}
	r.User, r.Number, r.Name = first(user, r.User), first(number, r.Number), first(name, r.Name)
	r.Destination = first(plain(list[0].Profile.Destination), r.Destination)
	r.Context = first(plain(list[0].Profile.Context), r.Context)
	r.Channel, r.UUID = first(r.Channel, channel), first(r.UUID, id)
}

// first is the first of the strings that is not "".
func first(s ...string) string {
	for _, v := range s {
		if v != "" {
			return v
		}
	}
	return ""
}

// decode is a variable's value as text.
func decode(v any) string {
	switch v := v.(type) {
	case string:
		return plain(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

// plain undoes percent-encoding, where there is some and it is good.
func plain(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	if d, err := url.PathUnescape(s); err == nil {
		return d
	}
	return s
}

// moment is an instant by microseconds or seconds since 1970; zero where there is none.
func moment(micro, second string) belwacht.Instant {
	if u, err := strconv.ParseInt(micro, 10, 64); err == nil && u > 0 {
		return belwacht.Instant(u / 1000)
	}
	if s, err := strconv.ParseInt(second, 10, 64); err == nil && s > 0 && s < 1<<40 {
		return belwacht.Instant(s) * belwacht.Second
	}
	return 0
}
