// Package asterisk is the feed of a running Asterisk (13 to 22) or FreePBX: it is told over the manager interface what happens, makes the events of it
// that an engine judges, and ends a call that must not go on.
//
//	feed, err := asterisk.New(asterisk.Config{Name: "office", Tenant: "t", Address: "127.0.0.1:5038", User: "belwacht", Secret: secret, Numbers: site}, sink)
//	err = feed.Run(ctx) // until ctx ends
//
// The manager user needs read=call,cdr,security,system and write=call,reporting and nothing else. Asterisk sends passwords and events in plain text:
// outside the machine use TLS.
//
// # Calls
//
// A call is judged as it is dialled. DialBegin towards a trunk is an attempt of Direction Out; its key (Event.Call) is the uniqueid of the channel that
// runs Dial, which is what a dial plan that asks before it dials names too (package ask) and what the record of the call bears (package ingest). A
// channel that dials a second number has the key UNIQUEID/2 for it, and so on; another trunk tried for the same number is the same attempt. A number that
// is dialled and never reaches a trunk is told when its channel has ended. A forward over a Local channel gives two DialBegin: only the one to the trunk
// is the call, and it stays when the Local channel is optimised away.
//
// A call that comes in, or stays in the house, is keyed UNIQUEID/in or UNIQUEID/internal: the channel that opened it may still be sent abroad by a
// transfer, and that is another call. EventAnswer of such a call names in Account the endpoint that took it, where one did.
//
// Whose call it is (DESIGN, "whose call is it") is decided from channels by the rules that ingest has for records: who authenticated, else the extension
// that forwards, whose phone answered 302, or that transferred.
//
// # Other events
//
// EventAuthFailure and EventRegistration come from Asterisk's security events. A good one with the same Login.Session may come again with the user agent,
// which Asterisk tells only when asked. Login.Service is sip, iax2, ami or, for the PBX's own registration at its provider, trunk.
//
// EventConfigChange says in Event.Call what happened: started, stopped or reloaded MODULE.
//
// EventFeedGap with Talk 0 says that a gap has begun: the connection was lost, or 30 seconds went by without a word. With Talk above 0 it is over and
// lasted so many seconds. It also comes, over, where the receiver was too slow and events were dropped.
//
// # Time
//
// Events carry the PBX's Timestamp where timestampevents is on, else their arrival, and never go back, with one exception: calls that are taken up after a
// connection was made have the times at which they began and were answered.
package asterisk
