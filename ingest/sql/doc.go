// Package sql reads call records out of a database: FreePBX's asteriskcdrdb and the cdr tables of plain Asterisk, in MySQL, MariaDB and
// PostgreSQL. [New] prepares a [Reader], [Reader.Run] hands on what was recorded before and then each row as it comes.
//
// Such a table has no primary key and no order to lean on. A row is written when its call ends and bears the time at which the call began,
// so a call of five hours appears five hours back. A cursor that asks for what is later than the last one would miss it. This one counts
// instead: the index of calldate tells how many rows begin in each five minutes, and where that number is another than it was, those five
// minutes are read again and what is known already is left out, by the hashes of the keys (uniqueid, sequence). They are remembered for 31
// days, at most a million of them; the last 26 hours are looked at each second, the rest every five minutes. Rows dated further back
// than that are counted once an hour, and told.
//
// Nothing is ever written: transactions are read only, queries limited in time and small, and none is open while its rows are judged.
package sql
