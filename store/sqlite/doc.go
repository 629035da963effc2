// Package sqlite keeps what must last in one SQLite file: events, calls, decisions with their traces, alerts, decisions in force,
// log-ins, who may come in, and the audit log.
//
//	s, err := sqlite.Open(ctx, sqlite.Config{Folder: "/var/lib/belwacht"})
//	s.AddDecision(&d)                    // returns at once, on disk within a second
//	err = s.PutInForce(ctx, &lock)       // returns once it would survive a power cut
//	page, next, err := s.Decisions(ctx, &belwacht.DecisionQuery{Account: "212"})
//
// There is one writer, which puts many rows into one transaction (store.Queue), and a few readers, whom it does not hold up (write-ahead log). A commit is
// synced to disk before it is acknowledged (synchronous=FULL). A full or stalled disk stops nothing: rows wait, are tried again, and State says so.
//
// The folder is made 0700, the files 0600: numbers and names stand in them in full. What a user proves
// themselves with is hashed or sealed before it comes here. Strings come from attackers; they are cut to a
// length, kept as they came, and bound, never pasted, so whoever shows them escapes them.
//
// SQL and tables are in package query. What is new in the tables is migrated at Open, after a copy of the file was put beside it; a file of a newer
// Belwacht is refused. Only one process may have the file open to write: the owner of the data folder holds a lock on it.
package sqlite
