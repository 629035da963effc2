// Package connect makes a running Asterisk or FreePBX ask Belwacht before it dials, and takes that back.
//
// It works on a folder tree. [New] and [Undo] read everything, decide, and change nothing: what they return is a [Plan], which says what it would do in
// sentences and as a diff. Where a file is not as expected they refuse with a sentence that names it. [Plan.Apply] then changes all of it or, where
// anything fails half-way, nothing; until [Applied.Keep] it can still be put back.
//
// What it writes into the owner's files stands between two marks and carries its sum, so that taking it out leaves every other byte as it is, and so that a
// changed hook is noticed. Secrets never stand in the configuration folder, whose modes FreePBX widens, nor in a diff: Asterisk reads them from a folder
// of their own by #tryinclude, which does no harm where the file is gone.
//
// How FreePBX's files lie together, and which of them are the owner's, is told in docs/connect.md.
package connect
