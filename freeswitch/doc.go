// Package freeswitch knows how FreeSWITCH (1.6 to 1.10) and FusionPBX speak: the JSON of mod_json_cdr, channel names, hangup causes, and
// the dial plan that asks. The columns of mod_cdr_csv's templates are mappings of ingest/cdr. It knows nothing of fraud and judges nothing.
//
// A leg has a record of its own. Leg a is the one that came into FreeSWITCH (a phone that dials, a provider that calls in), leg b is one that
// FreeSWITCH set up. mod_cdr_csv writes leg a only, unless it is told otherwise; mod_json_cdr writes both, unless it is told
// otherwise, and percent-encodes values.
//
// Who placed a call is the user that authenticated: the field user name of a caller profile, or the account code, which the directory
// sets for a user who logged in. The caller id is what a phone chose to show.
//
// Facts are from signalwire/freeswitch (mod_cdr_csv, mod_json_cdr, vanilla configuration) and fusionpbx/fusionpbx (app/xml_cdr).
package freeswitch
