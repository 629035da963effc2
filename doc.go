// Package belwacht holds the nouns of Belwacht, the guard against telephone fraud: one noun, one file. Every other
// package speaks in these words, and this package imports none of them.
//
// The way of the data: a gateway, a record reader or a PBX connection turns what it sees into an [Event]. The engine
// (package detect) judges it and answers with a [Decision]. What the engine knows comes from [Number] (what was dialled),
// counters (how often, how much), profiles (is this usual) and rules (evidence in bits).
//
// Words. An account is who pays for behaviour: an extension, a trunk, a DID. An attempt is somebody wanting a call; a call
// is an attempt that was let through. Evidence is one observation with its weight in bits; a verdict is all evidence on
// one attempt; a decision is one of allow, watch, alert, refuse, end.
//
// Times are UTC instants in milliseconds ([Instant]); money is decimal, in millionths of the organisation's currency
// ([Money]); telephone numbers are packed digits ([E164]), so that judging a call allocates nothing.
package belwacht
