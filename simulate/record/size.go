package record

import "github.com/belwacht/belwacht/simulate"

// fewRows is up to where ForRows counts what it promises; above that its estimate is good enough.
const fewRows = 1_000_000

// ForRows changes a Config so that its history has at least so many calls: more accounts where Extensions is 0, else more weeks, to the most
// that a Config allows. It makes up some weeks to see how much is telephoned. Attacks are left out.
func ForRows(c simulate.Config, rows int) (simulate.Config, error) {
	c.Attacks, c.AttackCount, c.EarlyAttacks = []string{}, -1, -1
	longer := c.Extensions != 0
	if !longer && c.Weeks == 0 {
		c.Weeks = 12
	}
	sample := c
	sample.Weeks, sample.LearnWeeks = 3, 1
	if !longer {
		sample.Extensions = 150
	}
	n, err := count(sample, 300_000)
	if err != nil {
		return c, err
	}
	perWeek := float64(max(n, 1)) / 3 * .55 // holidays and summer have fewer
	if longer {
		c.Weeks = min(520, int(float64(rows)/perWeek)+2)
	} else {
		c.Extensions = min(100_000, max(3, int(float64(rows)/perWeek*float64(sample.Extensions)/float64(c.Weeks))+1))
	}
	for rows <= fewRows && c.Weeks < 520 && c.Extensions < 100_000 {
		if n, err = count(c, rows); n >= rows || err != nil {
			return c, err
		}
		if longer {
			c.Weeks = min(520, c.Weeks*4/3+1)
		} else {
			c.Extensions = c.Extensions*4/3 + 1
		}
	}
	return c, nil
}

// count makes up a history and counts its calls, up to most.
func count(c simulate.Config, most int) (int, error) {
	o, err := simulate.New(c)
	if err != nil {
		return 0, err
	}
	n := 0
	o.Calls(func(*simulate.Call) bool { n++; return n < most })
	return n, nil
}
