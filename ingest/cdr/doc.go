// Package cdr reads files of call detail records, in whatever form a PBX, a platform or a provider writes them, and yields
// rows (ingest.Row) and nothing else: which rows are one call is not decided here.
//
// [Open] looks at the first part of a file: is it packed, in which encoding, which format, where are its times. What it found it says
// (Format, Notes), for a wrong guess must be seen at once. [Reader.Read] then yields a row a call. Asterisk's CSV has a reader of
// its own, made for millions of rows a second; everything else goes by a [Mapping], a short YAML file that says which column is
// what. Ready mappings lie in the folder mappings.
//
// A record file is written by strangers: caller names hold what an attacker typed. Lines, fields and counts are bounded; a line that
// cannot be read is counted, kept with its number and reason, and written to Options.Rejects; nothing is dropped silently.
package cdr
