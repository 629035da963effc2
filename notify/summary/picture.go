package summary

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"strconv"
)

// Sizes of the picture in pixels: twice what it is shown at, for fine screens.
const (
	width, height = 1200, 360
	left, bottom  = 90, 50
	top           = 20
	dot           = 4 // of a digit
)

// digits are 3 by 5 dots each, a row a number, its highest bit at the left.
func digits() [10][5]uint8 {
	return [10][5]uint8{{7, 5, 5, 5, 7}, {2, 6, 2, 2, 7}, {7, 1, 7, 4, 7}, {7, 1, 7, 1, 7}, {5, 5, 7, 1, 1}, {7, 4, 7, 1, 7}, {7, 4, 7, 5, 7}, {7, 1, 1, 1, 1}, {7, 5, 7, 5, 7},
		{7, 5, 7, 1, 7}}
}

// fill fills a rectangle.
func fill(m *image.RGBA, r image.Rectangle, c color.Color) {
	draw.Draw(m, r, image.NewUniform(c), image.Point{}, draw.Src)
}

// number writes a number with its upper right corner at a point.
func number(m *image.RGBA, n, right, y int) {
	s := strconv.Itoa(n)
	x := right - len(s)*4*dot + dot
	for _, d := range s {
		for row, bits := range digits()[d-'0'] {
			for column := range 3 {
				if bits>>(2-column)&1 != 0 {
					fill(m, image.Rect(x+column*dot, y+row*dot, x+(column+1)*dot, y+(row+1)*dot), color.RGBA{0x5b, 0x66, 0x77, 255})
				}
			}
		}
		x += 4 * dot
	}
}

// scale is a round number that all bars fit under.
func scale(most int) int {
	for step := 1; ; step *= 10 {
		for _, f := range []int{1, 2, 5} {
			if most <= 4*f*step {
				return 4 * f * step
			}
		}
	}
}

// drawBars draws the bars as a PNG: one an hour from 0 on, or one a day from 1 on.
func drawBars(bars []Bar, from int) ([]byte, error) {
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	fill(m, m.Bounds(), color.White)
	most := 0
	for _, b := range bars {
		most = max(most, b.Warned+b.Refused+b.Ended)
	}
	whole := scale(max(most, 1))
	high := height - bottom - top
	for i := range 5 {
		y := height - bottom - high*i/4
		fill(m, image.Rect(left, y, width-10, y+2), color.RGBA{0xe2, 0xe6, 0xec, 255})
		number(m, whole*i/4, left-16, y-2*dot-2)
	}
	for i, b := range bars {
		x0, x1 := left+(width-10-left)*i/len(bars), left+(width-10-left)*(i+1)/len(bars)
		y := height - bottom
		for _, s := range []struct {
			n int
			c color.RGBA
		}{{b.Warned, color.RGBA{0xf2, 0xc9, 0x2e, 255}}, {b.Refused, color.RGBA{0xe8, 0x6b, 0x0c, 255}}, {b.Ended, color.RGBA{0xc9, 0x2a, 0x2a, 255}}} {
			h := s.n * high / whole
			if s.n > 0 {
				h = max(h, 3) // one call among thousands is seen
			}
			fill(m, image.Rect(x0+5, y-h, x1-5, y), s.c)
			y -= h
		}
		if i%2 == 0 {
			number(m, from+i, (x0+x1)/2+len(strconv.Itoa(from+i))*2*dot, height-bottom+12)
		}
	}
	var out bytes.Buffer
	err := png.Encode(&out, m)
	return out.Bytes(), err
}
