// Package detect judges: it turns events into decisions.
//
// An [Engine] holds one shard a tenant: its counters (package count), profiles (package profile), limits and decisions in force,
// behind one mutex that is held for one event and never over I/O. The order of judging, and the first that speaks decides:
// emergency; decisions in force (feedback, locks, panic); hard limits; evidence.
//
// The engine takes the time from the events. Between events it judges running calls again, at moments that depend on nothing but the
// calls, so that the same events give the same decisions, live or replayed: see [Replay].
//
// What a call teaches depends on how it looked: calls below watch teach as they end, watched and alerted ones after seven days if nothing of
// the same pattern rose higher, refused and ended ones never, unless a person says they were fine.
package detect
