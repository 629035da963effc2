// Package report says what a replay found: on a terminal, on a page, and as the difference between two configurations.
//
// A [Summary] takes every call with what was decided on it ([belwacht.Outcome]) and keeps tables of bounded size: by rule,
// account, day, country and hour of the week, the patterns most worth a look, and how well the probability is calibrated. Its
// memory does not grow with the number of calls, so ten million of them need no more than a hundred thousand. It is then written
// as often as wanted: [Summary.Write] for a terminal, [WriteHTML] for one self-contained page, [Summary.WriteJSON] for a program.
// A [Compare] takes the outcomes of two runs over the same records and says what a changed configuration would have done
// differently.
//
// One decision is shown by a [Terminal]: [Terminal.Line] while decisions stream, [Terminal.Explain] when somebody asks why.
// Package decisions below writes and reads files of them.
//
// What is counted. A call is counted once, under its gravest decision. Money is what records say a call cost; "saved" is what
// was not spent because a decision was carried out, "would have saved" what decisions of learn and monitor mode would have kept.
// A refused attempt that was never answered saves nothing, and is not made to look as if it did.
//
// What is shown. Account names, numbers and sentences come from strangers: everything is cleaned of control characters before
// it reaches a terminal and escaped before it reaches a page; the page carries no script, and its policy would allow none.
// Numbers of helplines are never shown (DESIGN §8).
package report
