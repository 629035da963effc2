// Package count remembers the recent past of each tenant: how often, how much, how many at once.
//
// A [Shard] is one tenant and has one writer; whoever holds it serialises the calls. Everything in it is bounded: accounts,
// destination cells, running calls. What does not fit evicts the least recently used and is counted, never an account with
// a running call.
//
// Three structures do the work. A [Window] slides in 60 equal buckets, so that the sum over an hour, a day or a month never
// falls off a cliff; its error is at most one bucket, on the side of counting too much. A [Log] keeps the last calls of an
// account that deserve a look (abroad, dear, unknown), from which pace, distinct numbers, money and spans between calls are
// read exactly. A [Table] holds cells by destination: a range of numbers, the tail of a dialled string.
//
// The profile of an account (package profile) is what is usual over weeks; this package holds what just happened.
package count
