// Package telling makes of a configuration what tells people of alerts: ways, people, escalation, links, heartbeat and summaries.
//
//	live, err := app.Start(ctx, &app.LiveConfig{Tell: telling.New(log, version, c).Start})
//
// It stands between package notify, which knows nothing of a configuration, and a running Belwacht, which knows nothing of ways. [Ways] alone is what
// `belwacht alert test` tries; nothing needs to run for that.
package telling
