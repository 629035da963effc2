// Package app wires Belwacht together: it makes of one configuration the dial plans, calendars, rules and engine, and drives them for a
// command. The packages below know nothing of each other; they meet here, through functions over the nouns of the root package.
package app
