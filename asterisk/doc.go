// Package asterisk knows how Asterisk (13 to 22) and FreePBX speak in their records: what a channel is called, what an application was
// told to dial, in which order the columns of a record stand, and which words they hold. It knows nothing of fraud and judges nothing.
//
// A channel is named TECHNOLOGY/RESOURCE-SERIAL, such as PJSIP/201-0000000a: 201 is the endpoint, the thing that authenticated.
// Endpoint names may hold dashes (SIP/provider-out-0000001c), so the name is cut at the last one. A Local channel has two halves,
// Local/NUMBER@CONTEXT-SERIAL;1 and ;2: what dials ;1 makes ;2 run the dial plan at NUMBER in CONTEXT, and each half has records
// of its own. That is how a forward, a follow-me and a queue's agent appear.
//
// Facts are from the Asterisk 22 source (main/channel.c, main/cdr.c, cdr/cdr_csv.c, apps/app_dial.c) and from recordings.
package asterisk
