// Package access says who may do what in Belwacht, and holds the means by which people prove who they are.
//
// What each role may is one table ([May]); what each act needs, which of them lessen protection and which take two people is another ([Acts]). A [Visitor] is who is
// at the other end of a request; [Policy] is the owner's will on who comes in from where and when. Passwords ([Weaknesses], [Hasher]), codes ([NewTOTP]), what is
// sealed ([Sealer]) and how guessing is slowed ([Throttle]) are here, one a file.
//
// Package door puts them together: users, sessions and keys, and the stages of signing in. Pages and operations ask the visitor:
//
//	v := access.Of(ctx)
//	if v.May(access.CallsRead) { … }
//
// and change things by door.Door.Do, which refuses, records and tells.
package access
