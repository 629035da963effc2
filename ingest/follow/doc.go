// Package follow reads record files as they come: a [File] that the PBX goes on writing, and a [Folder] into which files are put.
//
// A File is looked at each second, which works on any disk, also over a network. It is known by device, inode and its first kilobyte, so that
// it is recognised after it was renamed, copied or packed. Of a file that was rotated the rest is read first; of one that was copied and
// emptied (logrotate's copytruncate) the rest stands in the copy. A last line that is half written waits for its other half. What was rotated
// before the start is history and read first, packed or not.
//
// A Folder takes whole files, such as a portal's daily export: each is read once it no longer grows, and once only, by what is in it; one
// that grew later gives only what is new.
//
// What the text means is known to ingest/cdr; the two meet through the interfaces [Growing] and [Whole]. Both kinds keep a position, a value
// that can be written as JSON and handed back after a restart, so that nothing is missed and nothing read twice.
package follow
