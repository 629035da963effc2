// Package rule turns what is known of an attempt into evidence in bits.
//
// A rule is a short data file of one kind; only a new kind of measure is code. A rule names a measure ("novel calls of the account
// within an hour"), steps (from which value how many bits), a family, and a sentence in two languages. A [Set] is compiled once
// and is pure: the same [View] gives the same evidence; there is no I/O and no clock.
//
// Bits are log2 of how much more likely an observation is under fraud than under this account's normal life. Bits that were
// set by hand depend on each other, so of a family only the strongest counts; bits that were fitted together
// (see "origin" in the file) have been shared out by the fit and add up. Nothing gives more than 8 bits, nor more than its history
// bears (log2(n + 1) of n observations), and nothing less than -2: a mimic cannot buy credit.
package rule
