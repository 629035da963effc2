// Package reach watches whether a house is reached and reaches others: the pace of calls from outside, how many of its own calls are answered, and how
// many find no channel. Who floods a house with calls, takes all its channels, or has made its numbers distrusted shows here before anybody complains.
//
// One Watch serves one organisation. It takes the time from who calls it, never from a clock, allocates nothing after its first call, and is not safe for
// concurrent use.
package reach
