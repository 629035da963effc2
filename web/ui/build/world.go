package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"

	"golang.org/x/text/language"
)

// topology is what of TopoJSON the map needs (github.com/topojson/topojson-specification).
type topology struct {
	Transform struct{ Scale, Translate [2]float64 }
	Arcs      [][][2]float64
	Objects   struct {
		Countries struct{ Geometries []geometry }
	}
}

type geometry struct {
	Type       string
	ID         string
	Arcs       json.RawMessage
	Properties struct{ Name string }
}

type point struct{ x, y float64 }

type land struct {
	Code string  `json:"code"`
	Path string  `json:"d,omitempty"`
	Dot  bool    `json:"dot,omitempty"`
	X    float64 `json:"x"`
	Y    float64 `json:"y"`
}

// The map's size in SVG units; what is south of the last inhabited land is left out.
const (
	width  = 1000.0
	south  = -58.0
	north  = 84.0
	dotted = 5.0 // what covers fewer square units is a dot
)

// world draws the countries of the coarse map, and dots for the territories that only the finer one has.
func world() error {
	coarse, err := read("node_modules/world-atlas/countries-110m.json")
	if err != nil {
		return err
	}
	fine, err := read("node_modules/world-atlas/countries-50m.json")
	if err != nil {
		return err
	}
	top, bottom := project(point{0, north}).y, project(point{0, south}).y
	out := struct {
		Width  float64 `json:"width"`
		Height float64 `json:"height"`
		Lands  []land  `json:"lands"`
	}{width, round(bottom - top), nil}
	drawn := map[string]bool{}
	add := func(t *topology, only bool) error {
		for i := range t.Objects.Countries.Geometries {
			g := &t.Objects.Countries.Geometries[i]
			code := codeOf(g)
			if code == "AQ" || only && (code == "" || drawn[code]) {
				continue
			}
			rings, err := t.rings(g)
			if err != nil {
				return err
			}
			l, area := draw(rings, top)
			l.Code = code
			if l.Dot = code != "" && area < dotted; l.Dot || only {
				l.Dot, l.Path = true, ""
			}
			if code != "" {
				drawn[code] = true
			}
			out.Lands = append(out.Lands, l)
		}
		return nil
	}
	if err := add(coarse, false); err != nil {
		return err
	}
	if err := add(fine, true); err != nil {
		return err
	}
	b, err := json.Marshal(out)
	if err != nil {
		return err
	}
	return write("world.json", b)
}

func read(name string) (*topology, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	t := &topology{}
	return t, json.Unmarshal(b, t)
}

// codeOf is the ISO code of a shape. Shapes without a number in the list are coloured as the country whose telephone code their people have, or not at all.
func codeOf(g *geometry) string {
	switch g.Properties.Name {
	case "Kosovo":
		return "XK"
	case "Somaliland":
		return "SO"
	}
	n, err := strconv.Atoi(g.ID)
	if err != nil {
		return ""
	}
	r, err := language.EncodeM49(n)
	if err != nil || len(r.String()) != 2 {
		return ""
	}
	return r.String()
}

// rings are the outlines of a shape, in degrees.
func (t *topology) rings(g *geometry) ([][]point, error) {
	var many [][][]int
	switch g.Type {
	case "Polygon":
		many = make([][][]int, 1)
		if err := json.Unmarshal(g.Arcs, &many[0]); err != nil {
			return nil, err
		}
	case "MultiPolygon":
		if err := json.Unmarshal(g.Arcs, &many); err != nil {
			return nil, err
		}
	default:
		return nil, fmt.Errorf("the map has a %s, which is not known", g.Type)
	}
	var out [][]point
	for _, polygon := range many {
		for _, ring := range polygon {
			var line []point
			for _, arc := range ring {
				line = append(line, t.arc(arc)[min(len(line), 1):]...)
			}
			out = append(out, line)
		}
	}
	return out, nil
}

// arc is a line of the map; of a negative number the line that its complement names, backwards.
func (t *topology) arc(n int) []point {
	back := n < 0
	if back {
		n = ^n
	}
	var x, y float64
	line := make([]point, len(t.Arcs[n]))
	for i, d := range t.Arcs[n] {
		x, y = x+d[0], y+d[1]
		at := i
		if back {
			at = len(line) - 1 - i
		}
		line[at] = point{x*t.Transform.Scale[0] + t.Transform.Translate[0], y*t.Transform.Scale[1] + t.Transform.Translate[1]}
	}
	return line
}

// project is the Equal Earth projection (Šavrič, Patterson, Jenny 2018), of degrees to SVG units: areas are in proportion.
func project(p point) point {
	const a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
	m := math.Sqrt(3) / 2
	lat, lon := p.y*math.Pi/180, p.x*math.Pi/180
	th := math.Asin(m * math.Sin(lat))
	t2 := th * th
	t6 := t2 * t2 * t2
	x := lon * math.Cos(th) / (m * (a1 + 3*a2*t2 + t6*(7*a3+9*a4*t2)))
	y := th * (a1 + a2*t2 + t6*(a3+a4*t2))
	const widest = 2.7066 // of x at the equator, 180 degrees
	return point{(x/widest + 1) / 2 * width, -y / widest / 2 * width}
}

// draw makes a path of outlines, and says how large the shape is and where the middle of its largest part lies.
func draw(rings [][]point, top float64) (l land, area float64) {
	var b strings.Builder
	most := 0.0
	for _, ring := range rings {
		var last point
		sum, cx, cy, written := 0.0, 0.0, 0.0, 0
		var before point
		for i, p := range ring {
			q := project(p)
			q.y -= top
			if i > 0 {
				f := before.x*q.y - q.x*before.y
				sum, cx, cy = sum+f, cx+(before.x+q.x)*f, cy+(before.y+q.y)*f
			}
			before = q
			r := point{round(q.x), round(q.y)}
			if i > 0 && r == last {
				continue
			}
			b.WriteString(map[bool]string{true: "M", false: "L"}[i == 0])
			fmt.Fprintf(&b, "%g,%g", r.x, r.y)
			last, written = r, written+1
		}
		b.WriteString("Z")
		if a := math.Abs(sum) / 2; a > most && written > 0 {
			most = a
			l.X, l.Y = round(cx/(3*sum)), round(cy/(3*sum))
		}
		area += math.Abs(sum) / 2
	}
	l.Path = b.String()
	return l, area
}

// round keeps a tenth of a unit, less than what is seen.
func round(v float64) float64 { return math.Round(v*10) / 10 }
