// Package number says what a dialled string means.
//
// A [Site] is one place's dial plan: its country, how it dials abroad, its outside-line digits, extensions and own numbers. [Site.Read]
// takes what was dialled and answers with a [belwacht.Number]: the E.164 number that the plan makes of it, its country or network, class,
// risk and price; or that it is an emergency, or stays in the house. Most of the world's plans need nothing but the country: prefixes, lengths and
// classes come from libphonenumber's data (package table), with our own tables on top.
//
// The order in which Read decides, and the first that speaks wins:
//
//  1. Emergency and social numbers, by equality of the whole string with one of a few listed forms. Nothing is stripped and no prefix is
//     enough, or a fraudster could hide behind 112. Emergency wins over a declared extension of the same digits; social does not.
//  2. Declared extensions, feature codes (* and #), the owner's short codes.
//  3. The plan: outside-line digit, international prefix or plus, trunk prefix or, where the country has none, the bare number.
//  4. What the plan cannot read: internal where it is short enough for an extension, else unknown.
//
// Attackers dial one target under a thousand prefixes with junk in between, to find the one that a PBX lets out. Where the plan read nothing,
// Read therefore looks for the number hidden in the string and gives it as Target: see target.go for how.
//
// Prices come from a rate deck ([ReadRates], [Site.WithRates]) by longest prefix. A number in no row has a pessimistic default by class and
// country, marked as an estimate; it is never zero but for freephone, emergency and social numbers and what stays in the house.
//
// Sites and decks are immutable and safe for concurrent use; Read, Caller, CountryOf and Price allocate nothing.
package number
