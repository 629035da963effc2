// Package store holds what lies between the call path and the disk, the same for every database.
//
// Judging a call never waits for a disk. What shall last (events, calls, decisions, alerts, decisions in force) is handed to a [Queue], which writes it behind
// the caller's back, many rows at once:
//
//	q := store.NewQueue(store.Config[row]{Write: writeRows})
//	q.Put(r)                  // returns at once; where the queue is full the row is dropped and counted
//	err := q.PutDurable(ctx, r) // returns once it is on disk, or after a second with an error; it stays in the queue
//
// A full or stalled disk is no reason to stop: what waits stays in the queue, is tried again, and State says so. The databases are sub-packages; what they
// keep is said by the interfaces beside the nouns of the root package. [Store] is all of them; package storetest holds one suite for every database.
package store
