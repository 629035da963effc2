// Package simulate makes up organisations that telephone, and attackers who telephone at their expense: for fitting weights, for
// the demo, for benches and drills. Nothing in it comes from anybody's records; everything follows from a seed.
//
// An [Organisation] is made by [New] from a [Config]: people with habits (whom they call, when, how long, how they dial), machines,
// queues and rooms; oddities, which are innocent and look strange (a sales campaign abroad, a conference bridge, an outage); and
// attacks, which are not innocent and may look like nothing much. [Organisation.Calls] gives the calls in the order in which they
// start. [Organisation.Begin] gives the same life to somebody who judges it: attackers and employees learn there of refusals and react,
// as they would to a guard that stands in the call path.
//
// What is random is drawn from the seed alone, and ordinary life is drawn apart from attacks, so that the same seed with other attacks
// gives the same innocent calls. Memory holds one day and the running calls, whatever the number of weeks.
//
// Truth: every [Call] says which attack it belongs to, which oddity, and whether it is an emergency call. Of a wangiri attack (short
// inbound calls that want to be called back) only the call-backs count; the ringing costs nothing.
package simulate
