package freeswitch

// Template is a template of mod_cdr_csv: the order of its columns, by the names of the variables in it.
type Template struct {
	Name    string
	Columns []string
}

// Templates are those of the vanilla configuration (conf/vanilla/autoload_configs/cdr_csv.conf.xml) that hold enough to know a call by:
// example is the default. The template asterisk has the order of Asterisk's Master.csv.
func Templates() []Template {
	return []Template{
		{"example", []string{"caller_id_name", "caller_id_number", "destination_number", "context", "start_stamp", "answer_stamp", "end_stamp",
			"duration", "billsec", "hangup_cause", "uuid", "bleg_uuid", "accountcode", "read_codec", "write_codec"}},
		{"snom", []string{"caller_id_name", "caller_id_number", "destination_number", "context", "start_stamp", "answer_stamp", "end_stamp",
			"duration", "billsec", "hangup_cause", "uuid", "bleg_uuid", "accountcode", "read_codec", "write_codec", "sip_user_agent", "call_clientcode"}},
		{"opencdrrate", []string{"uuid", "signal_bond", "direction", "ani", "destination_number", "answer_stamp", "end_stamp", "billsec",
			"accountcode", "userfield", "network_addr", "regex"}},
	}
}
