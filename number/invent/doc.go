// Package invent makes up what telephone records are made of, so that nothing has to be taken from anybody: valid numbers of every
// country ([Land]), how each country's people dial ([Nation]), prices ([Deck]), and people and machines with habits ([Person] in a
// [Role]). A [Geography] is the world as one organisation sees it and the way in. Everything is drawn from a random source that the
// caller gives: the same source gives the same.
//
// The numbers are ones that a numbering plan allows; whether somebody has them nobody asks. They are for records that never leave the
// machine: do not dial them.
package invent
