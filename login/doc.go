// Package login watches who logs in at a PBX, and who fails to.
//
// A [Watch] is one organisation's. It is told each log-in and failure, each call to the voicemail, and what the PBX says of itself; it answers with
// signs that a person should see ([Sign]), and keeps for each account where it logs in from and with what, so that a call can be judged by it ([Facts]).
//
//	w := login.New(login.Config{})
//	for _, sign := range w.Login(at, ev.Login, networks.Place(ev.Login.From)) { … }
//	facts := w.Facts("212", now)
//
// Nothing is new where nothing is known: an account says nothing of itself before it is known for three days and has logged in five times, and a network,
// country or maker becomes usual when it was seen on two days over three. A failure from a network that the account uses is its own phone's and counts
// for nothing but itself. What is told is told once an hour.
//
// Everything is bounded: strangers choose names and addresses, and can make a Watch forget the stranger who was quiet longest, never grow. Habits are kept
// of accounts that logged in with the right secret only, so that no flood of names pushes them out. The time comes with what is told, never from a clock. A
// Watch is not safe for concurrent use.
package login
