// Package ask gives a verdict before the call: a PBX's dial plan asks whether it may dial, and is answered within a deadline.
//
// There are two ways with one answer. By HTTP, POST /ask with a form or JSON, for Asterisk's CURL(), FreeSWITCH's curl and anybody's SBC; and by FastAGI,
// where Asterisk has no res_curl. A [Server] serves both from listeners that it is given. What a call is, it does not know: a [Judge] says.
//
// No value is no verdict. Whoever may not ask, or asks wrongly, gets nothing that a dial plan could take for one, and no reason.
//
// The deadline is kept by the goroutine that holds the caller's connection, which takes no lock that judging holds: a judge that stalls
// makes a miss after 50 ms, and a miss has an answer too ([Server] follows the class of the number), so that a stalled engine never holds a call.
// All is bounded: connections, bytes, questions being judged, answers remembered.
package ask
