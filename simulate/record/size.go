package record

import "github.com/belwacht/belwacht/simulate"

// ForRows changes a Config so that its history has at least so many calls: more accounts where Extensions is 0, else more weeks. It makes
// up a few weeks to see how much is telephoned. Attacks are left out.
func ForRows(c simulate.Config, rows int) (simulate.Config, error) {
	c.Attacks, c.AttackCount, c.EarlyAttacks = []string{}, -1, -1
	sample := c
	sample.Weeks, sample.LearnWeeks = 3, 1
	if sample.Extensions == 0 {
		sample.Extensions = 150
	}
	o, err := simulate.New(sample)
	if err != nil {
		return c, err
	}
	n := 0
	o.Calls(func(*simulate.Call) bool { n++; return n < 300_000 })
	perWeek := float64(max(n, 1)) / 3 * .55 // holidays and summer have fewer
	if c.Extensions == 0 {
		if c.Weeks == 0 {
			c.Weeks = 12
		}
		perWeek /= float64(sample.Extensions)
		c.Extensions = min(100_000, max(3, int(float64(rows)/perWeek/float64(c.Weeks))+1))
	}
	if sample.Extensions == c.Extensions || c.Weeks == 0 {
		c.Weeks = min(520, int(float64(rows)/perWeek)+2)
	}
	return c, nil
}
