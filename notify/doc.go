// Package notify tells people of alerts by ways that they chose: mail, chat, a telephone's messages, a webhook, a log server, a program; each way is a sub-package.
//
//	n, err := notify.New(notify.Config{Receivers: people, Store: kept, Log: log})
//	go n.Run(ctx)
//	n.Tell(&alert) // as often as it comes or grows; it never waits
//
// A [Receiver] is a person, with a language, hours and what is grave enough, or what belongs to nobody, such as a log server. An alert is told when it comes, at
// once when it becomes graver, and while it only grows each quarter of an hour, until somebody takes it: by the [Notifier.Take] of a link that only that person got,
// or elsewhere. Where nobody does, an [Escalation] goes on to others, and in the end bars calls abroad. A [belwacht.Silence] stops telling, and nothing else.
//
// Each way is a goroutine with a line of its own, so that a receiver that is down holds up nobody else. A way that fails is tried again for a day, ever more
// seldom. Where nobody answers, the line stands still and keeps its order. Where the receiver answers and does not take one alert, that one steps aside after
// five tries: no caller can hold up the alerts of all by a name that somebody's receiver chokes on. What waits for a person is told in one message, where the way is
// a [Gatherer].
//
// A receiver gets each form of an alert at least once, over restarts too where there is a store: where an answer or the last moment before a crash is lost, it
// comes again with the same Message.Delivery. What reaches the disk lags behind what is told, never before it, so a disk that hangs holds up nothing.
//
// Memory is bounded: a thousand alerts wait for each way, what comes beyond is dropped and counted.
//
// HTTP ways use one [Client], which speaks to no address of the machine itself or of the networks around it unless the owner lists it.
package notify
