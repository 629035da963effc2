// Package doctor looks whether everything around Belwacht is as it should be, and says in one sentence each what is so and what to do.
//
// Each check is a small type in a file of its own, listed in [Checks]. A check only looks: it changes nothing, sends the PBX nothing but what a manager
// client sends, teaches Belwacht nothing, and gives up after a few seconds. What it looks at is a [Patient].
package doctor
