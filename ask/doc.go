// Package ask gives a verdict before the call: a PBX's dial plan asks whether it may dial, and is answered within a deadline.
//
// There are two ways with one answer. By HTTP, POST /ask with a form or JSON, for Asterisk's CURL(), FreeSWITCH's curl and anybody's SBC; and by FastAGI,
// where Asterisk has no res_curl. A [Server] serves both from listeners that it is given. What a call is, it does not know: a [Judge] says.
//
// No value is no verdict. Whoever may not ask, or asks wrongly, gets nothing that a dial plan could take for one, and no reason.
//
// A question is judged on the goroutine that read it. The deadline is kept by a timer that takes no lock that judging holds: a judge that stalls makes a miss
// after 50 ms, and another goroutine gets the caller's connection, answers in its place (a miss has an answer too, by the class of the number) and reads what
// comes next, so that a stalled engine never holds a call. Plain questions are read here ([Server.Serve]); the rest of HTTP is net/http's.
// All is bounded: connections, bytes, questions being judged, answers remembered.
package ask
