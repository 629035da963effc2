// Package ingest makes calls out of the rows that a PBX writes about them.
//
// One call may lie in many rows: a ring group, a queue, a follow-me, a transfer, a forward over a Local channel each write several,
// and the number, the account and the minutes of one call abroad may stand in three different ones. Rows come in the order in which
// calls begin or, mostly, end. An [Assembler] holds rows back for a horizon (24 hours by default), joins those that belong together
// and yields each call once, in the order in which calls began: the order in which a guard would have seen them.
//
// What a call says of its beginning (account, root, trunk, dialled number, lineage, direction, start) rests only on what had happened by
// then, never on what came after: whoever replays records must not know the future. Its outcome (answer, end, talk, disposition,
// who took it) rests on all its rows.
//
// The readers of particular files are in the packages below this one (ingest/cdr); they yield rows only.
package ingest
