// Package ledger is the tamper-evident log: what people did in Belwacht, in a Merkle tree whose signed heads leave the machine.
//
//	log := ledger.New(ledger.Config{Store: store, Signer: signer, Now: time.Now})
//	err := log.Record(ctx, &entry)   // returns once it is on disk
//	head, err := log.Head(ctx)       // a signed checkpoint; keep it elsewhere
//	report, err := ledger.Verify(ctx, store, verifier, heads)
//
// A leaf of the tree holds position, time, act and a sum (HMAC-SHA-256) over who, from where, about whom and why, with a random key of that entry alone. The
// readable part and the key are kept beside the leaf. Retention deletes both; the leaf stays, and nobody can try numbers or names against its sum. So data
// can be forgotten while the proof stays.
//
// The tree is that of Certificate Transparency (RFC 6962 §2.1, golang.org/x/mod/sumdb/tlog), a head a signed note in the form of transparency logs
// (C2SP tlog-checkpoint). Who can write the database and has the signing key can make another log that is sound in itself; only a head that was kept elsewhere
// shows it. That is why heads leave the machine each day.
package ledger
