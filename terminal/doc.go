// Package terminal writes for people at a terminal: paragraphs, tables with bars, and a progress line, never wider than the terminal,
// with colours only where they are wanted.
//
// Widths are in columns, not bytes: letters of East Asia take two, combining marks and colours none. A [Printer] cuts what is too
// wide, so a long name can push nothing out of its place; it does not clean what strangers wrote, which is the task of
// text.Clean before it comes here.
package terminal
