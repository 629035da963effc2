// Package beside is how a running Belwacht stands beside its PBXs: it makes the feed of events and the source of call records that a configuration names.
//
//	live, err := app.Start(&app.LiveConfig{Config: c, Feeds: beside.Feeds(log), Records: beside.Records(log)})
package beside
