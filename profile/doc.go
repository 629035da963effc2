// Package profile learns what is usual: for an account which hours, countries, ranges and numbers, how many calls and how much
// money a day, how long calls are; for a tenant which countries, ranges and numbers anybody called.
//
// Everything fades: hours and countries over weeks, numbers when they were not called for long, so that a profile follows its
// owner. Everything is bounded: an [Account] is one value of fixed size, and what was used longest ago makes room. Learning
// is slow where it must be: nothing teaches an account more than three new ranges of a country a day (MaxNewRanges), and the
// engine hands suspicious calls over only after days.
//
// The package has no clock and does no I/O. Nothing in it is safe for concurrent use: one tenant is one writer.
package profile
