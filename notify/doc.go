// Package notify tells people of alerts by ways that they chose: a webhook, a program, later mail and chat.
//
//	n, err := notify.New(notify.Config{Ways: ways, Language: text.Dutch, Log: log})
//	go n.Run(ctx)
//	n.Tell(&alert) // from the call path: it never waits
//
// Each way is a goroutine with a line of its own, so that a receiver that is down holds up nobody else. A way that fails is tried again for a day, ever more
// seldom. Where nobody answers, the line stands still and keeps its order. Where the receiver answers and does not take one alert, that one steps aside after
// five tries: no caller can hold up the alerts of all by a name that somebody's receiver chokes on.
//
// An alert that grows while it waits is told once, as it stands then. How often one that grows is worth telling again is for who calls Tell. A receiver gets
// each at least once: where an answer is lost, the alert comes again with the same tenant, id and first.
//
// Memory is bounded: a thousand alerts wait for each way, what comes beyond is dropped and counted. What waits does not outlive the process.
package notify
