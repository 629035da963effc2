package report

import (
	"fmt"
	"math"

	"github.com/belwacht/belwacht"
)

// The pictures of the page are SVG shapes whose sizes are decided here. Each has a table with the same figures beside it, for
// those who cannot see it, and for those who want to know exactly.

// rect is a rectangle of a picture.
type rect struct {
	Class, Title string
	X, Y, W, H   float64
}

// caption is a text in a picture.
type caption struct {
	Text, Anchor string
	X, Y         float64
}

// twin is the table beside a picture.
type twin struct {
	Title string
	Head  []string
	Rows  [][]string
}

// columnChart is a picture of columns over time.
type columnChart struct {
	Why, Label, Figures string
	Lines               []rect
	Rects               []rect
	Texts               []caption
	Legend              []Setting // Name is shown, Value is the class
	Twin                twin
}

// The frame of a column chart, in the units of its view box of 660 × 240.
const (
	chartLeft   = 4.0
	chartRight  = 656.0
	chartTop    = 28.0
	chartBottom = 206.0
)

// series is one colour of a column chart.
type series struct {
	name, class string
	value       func(*tally) float64
	show        func(*tally) string
}

// chart draws stacked columns, the first series at the bottom.
func (w *view) chart(why, label string, all []series, axis func(float64) string) columnChart {
	v := w.v
	c := columnChart{Why: fmt.Sprintf(why, w.unit()), Label: label, Figures: v.Figures, Twin: twin{Title: label, Head: []string{w.unit()}}}
	top := 0.0
	for i := range w.stretches {
		sum := 0.0
		for _, s := range all {
			sum += max(s.value(&w.stretches[i].tally), 0)
		}
		top = max(top, sum)
	}
	top = round(top)
	for _, share := range []float64{0, 0.5, 1} {
		y := tenth(chartBottom - share*(chartBottom-chartTop))
		c.Lines = append(c.Lines, rect{X: chartLeft, Y: y})
		if share > 0 {
			c.Texts = append(c.Texts, caption{axis(top * share), "start", chartLeft, y - 5})
		}
	}
	step := (chartRight - chartLeft) / float64(max(len(w.stretches), 1))
	for i := range w.stretches {
		st := &w.stretches[i]
		row, y := []string{v.shortDay(st.from)}, chartBottom
		for _, s := range all {
			row = append(row, s.show(&st.tally))
			h := max(s.value(&st.tally), 0) / top * (chartBottom - chartTop)
			if h <= 0 {
				continue
			}
			h = max(h, 1.5) // what is there is seen
			y -= h
			c.Rects = append(c.Rects, rect{s.class, v.shortDay(st.from) + ": " + s.show(&st.tally) + " " + s.name,
				tenth(chartLeft + float64(i)*step + step*0.1), tenth(y), tenth(min(step*0.8, 60)), tenth(h)})
		}
		c.Twin.Rows = append(c.Twin.Rows, row)
	}
	for _, s := range all {
		c.Twin.Head = append(c.Twin.Head, s.name)
		c.Legend = append(c.Legend, Setting{s.name, s.class})
	}
	c.Texts = append(c.Texts, w.timeAxis(step)...)
	return c
}

// round is the next 1, 2 or 5 with zeros, so that the axis is easy to read.
func round(top float64) float64 {
	if !(top > 0) || math.IsInf(top, 0) {
		return 1
	}
	unit := math.Pow(10, math.Floor(math.Log10(top)))
	for _, m := range []float64{1, 2, 5, 10} {
		if top <= m*unit*(1+1e-9) {
			return m * unit
		}
	}
	return 10 * unit
}

// timeAxis names the first, middle and last column.
func (w *view) timeAxis(step float64) []caption {
	n := len(w.stretches)
	if n == 0 {
		return nil
	}
	day := func(i int) string {
		t := w.stretches[i].from
		return fmt.Sprintf("%d %s", t.Day(), w.v.Months[t.Month()-1])
	}
	all := []caption{{day(0), "start", chartLeft, chartBottom + 22}}
	if n > 2 {
		all = append(all, caption{day(n / 2), "middle", tenth(chartLeft + (float64(n/2)+0.5)*step), chartBottom + 22})
	}
	if n > 1 {
		all = append(all, caption{day(n - 1), "end", chartRight, chartBottom + 22})
	}
	return all
}

// timelineChart is what was refused, ended and alerted over time.
func (w *view) timelineChart() columnChart {
	v := w.v
	by := func(word belwacht.Word, name, class string) series {
		return series{name, class, func(t *tally) float64 { return float64(t.word[word]) }, func(t *tally) string { return v.count(t.word[word]) }}
	}
	return w.chart(v.pick("Calls above watch, by %s.",
		"Gesprekken boven ‘in de gaten gehouden’, per %s."), v.Timeline, []series{by(belwacht.Refuse, v.Refused, "refused"), by(belwacht.EndNow, v.Ended, "ended"),
		by(belwacht.Warn, v.Alerted, "alerted")}, func(f float64) string { return v.decimal(f, decimals(f)) })
}

// decimals keeps half a call from being written as one.
func decimals(f float64) int {
	if f != float64(int64(f)) {
		return 1
	}
	return 0
}

// moneyChart is what was spent, and what was or would have been kept, over time.
func (w *view) moneyChart() columnChart {
	v := w.v
	keptName := v.WouldSave
	if w.o.Mode == belwacht.Enforce {
		keptName = v.Saved
	}
	return w.chart(v.pick("What was spent, and what was or would have been kept from being spent, by %s.",
		"Wat is uitgegeven en wat behouden is of behouden zou zijn, per %s."), v.MoneyTime, []series{
		{v.pick("spent", "uitgegeven"), "spent", func(t *tally) float64 { return (t.cost - t.kept()).Float() }, func(t *tally) string { return v.money(t.cost - t.kept()) }},
		{keptName, "kept", func(t *tally) float64 { return t.kept().Float() }, func(t *tally) string { return v.money(t.kept()) }},
	}, func(f float64) string { return v.money(moneyOf(f)) })
}

// heatMap is a picture of the hours of a week.
type heatMap struct {
	Title, Label, Why, Figures string
	Cells                      []cell
	Texts                      []caption
	Twin                       twin
}

// cell is one hour of the week, with a ring where at least a fifth as many calls were told as in the gravest hour; RX and RY are the corner of its ring.
type cell struct {
	X, Y, RX, RY, Opacity float64
	Ring                  bool
	Title                 string
}

// heatMaps are calls and money by hour of the week.
func (w *view) heatMaps() []heatMap {
	v := w.v
	return []heatMap{
		w.heat(v.pick("Calls by hour of the week", "Gesprekken per uur van de week"), func(t *tally) float64 { return float64(t.calls) }, func(t *tally) string { return v.count(t.calls) }),
		w.heat(v.pick("Money by hour of the week", "Geld per uur van de week"), func(t *tally) float64 { return t.cost.Float() }, func(t *tally) string { return v.money(t.cost) }),
	}
}

// heat draws one heat map.
func (w *view) heat(title string, value func(*tally) float64, show func(*tally) string) heatMap {
	const left, size, high = 50, 26, 24
	v := w.v
	h := heatMap{Title: title, Label: title, Why: v.pick("Stronger is more. A ring marks the hours in which most calls were refused, ended or alerted.",
		"Sterker is meer. Een ring staat om de uren waarin de meeste gesprekken zijn geweigerd, beëindigd of gemeld."), Figures: v.Figures, Twin: twin{Title: title, Head: []string{v.pick("hour", "uur")}}}
	top, grave := 0.0, int64(1)
	for i := range w.hour {
		top, grave = max(top, value(&w.hour[i])), max(grave, w.hour[i].told())
	}
	for day := range 7 {
		h.Texts = append(h.Texts, caption{v.Weekdays[day], "start", 0, float64(day*high + 17)})
		h.Twin.Head = append(h.Twin.Head, v.Weekdays[day])
		for hour := range 24 {
			t := &w.hour[day*24+hour]
			c := cell{X: float64(left + hour*size), Y: float64(day * high), Opacity: 0.05, Ring: t.told()*5 >= grave}
			if n := value(t); n > 0 && top > 0 {
				c.Opacity = 0.1 + 0.9*math.Sqrt(n/top) // by the root, so that one attack's night leaves the office hours to be seen
			}
			c.Opacity = float64(int(c.Opacity*100)) / 100
			c.RX, c.RY = c.X+1, c.Y+1
			c.Title = fmt.Sprintf("%s %02d:00: %s", v.Weekdays[day], hour, show(t))
			if n := t.told(); n > 0 {
				c.Title += ", " + v.count(n) + " " + v.Told
			}
			h.Cells = append(h.Cells, c)
		}
	}
	for hour := 0; hour < 24; hour += 6 {
		h.Texts = append(h.Texts, caption{fmt.Sprintf("%02d:00", hour), "start", float64(left + hour*size), 7*high + 18})
	}
	for hour := range 24 {
		row := []string{fmt.Sprintf("%02d:00", hour)}
		for day := range 7 {
			row = append(row, show(&w.hour[day*24+hour]))
		}
		h.Twin.Rows = append(h.Twin.Rows, row)
	}
	return h
}

// barTable is a table whose rows carry a bar: picture and figures in one.
type barTable struct {
	Title, First, Why string
	Head              []string
	Rows              []barRow
}

// barRow is a row with its bar; Share is its length and Kept the part that was stopped, both in hundredths.
type barRow struct {
	Name        string
	Risk        *Setting
	Share, Kept float64
	Cells       []string
}

// barTable makes a table of what was told.
func (w *view) barTable(title, first string, all []line) barTable {
	v := w.v
	t := barTable{Title: title, First: first, Head: []string{v.Stopped, v.Alerted, v.Kept}}
	top := 0.0
	for i := range all {
		top = max(top, weight(&all[i].tally))
	}
	for i := range all {
		l := &all[i]
		t.Rows = append(t.Rows, barRow{Name: l.name, Share: tenth(weight(&l.tally) / max(top, 1e-9) * 100),
			Cells: []string{v.count(l.stopped()), v.count(l.word[belwacht.Warn]), v.money(l.kept())}})
	}
	return t
}

// destinations are the countries and networks by what was spent there.
func (w *view) destinations() barTable {
	v := w.v
	t := barTable{Title: v.Destinations, First: v.Country, Why: v.pick("What was spent by country, dearest first. The green part is what was stopped.",
		"Wat is uitgegeven per land, de duurste eerst. Het groene deel is gestopt."), Head: []string{v.Calls, v.Stopped, v.Money}}
	all := w.byMoney[:min(len(w.byMoney), max(w.o.Top, 12))]
	top := belwacht.Money(1)
	for i := range all {
		top = max(top, all[i].cost)
	}
	for i := range all {
		l := &all[i]
		r := barRow{Name: l.name, Share: tenth(l.cost.Float() / top.Float() * 100), Kept: tenth(min(l.kept(), l.cost).Float() / top.Float() * 100),
			Cells: []string{v.count(l.calls), v.count(l.stopped()), v.money(l.cost)}}
		if l.risk > belwacht.RiskUsual {
			r.Risk = &Setting{v.pick("risk", "risico") + " " + v.riskName(l.risk), l.risk.String()}
		}
		t.Rows = append(t.Rows, r)
	}
	return t
}
