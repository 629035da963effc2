// Package ui holds what a browser gets from the console besides pages: style, script, icons and the map of the world. `make ui` builds them out of npm
// packages into the folder dist, from which they are embedded; a clone without them compiles and runs all the same, with a plain style that is committed
// there. [Built] says which of the two it is.
package ui

import (
	"embed"
	"encoding/json"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Files are what is served under the name that each has.
func Files() fs.FS {
	f, err := fs.Sub(dist, "dist")
	if err != nil {
		panic("internal error: the folder of the console's assets is not embedded")
	}
	return f
}

// Built says whether `make ui` has built the assets of this program.
func Built() bool {
	_, err := fs.Stat(Files(), "app.css")
	return err == nil
}

// Icons are the insides of the SVG pictures by name, of 24 by 24 units; none where nothing is built.
func Icons() map[string]string {
	icons := map[string]string{}
	b, err := fs.ReadFile(Files(), "icons.json")
	if err != nil || json.Unmarshal(b, &icons) != nil {
		return map[string]string{}
	}
	return icons
}

// Land is one country or territory on the map.
type Land struct {
	Code string  `json:"code"`          // ISO 3166-1 alpha-2, "" where the map has a shape that is no country of the list
	Path string  `json:"d,omitempty"`   // SVG path, in units of [World]
	Dot  bool    `json:"dot,omitempty"` // too small to be seen: X and Y are its middle
	X    float64 `json:"x"`
	Y    float64 `json:"y"`
}

// World is the map: its size in SVG units and the lands on it. It has no lands where nothing is built.
type World struct {
	Width  float64 `json:"width"`
	Height float64 `json:"height"`
	Lands  []Land  `json:"lands"`
}

// Map reads the map of the world.
func Map() *World {
	w := &World{}
	b, err := fs.ReadFile(Files(), "world.json")
	if err != nil || json.Unmarshal(b, w) != nil {
		return &World{}
	}
	return w
}

// Licences are the licence texts of what was built in, "" where nothing is.
func Licences() string {
	b, _ := fs.ReadFile(Files(), "licences.txt") // not there: nothing was built in
	return string(b)
}
