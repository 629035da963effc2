package web

import "github.com/belwacht/belwacht/web/ui"

// World is the map of the world that is built in, and Land a shape on it.
type (
	World = ui.World
	Land  = ui.Land
)

// Map reads the map; it has no lands where `make ui` has not been run.
func Map() *World { return ui.Map() }
