package number

import (
	"encoding/csv"
	"io"
	"strings"

	"github.com/belwacht/belwacht"
)

func readRates(r io.Reader, o RateOptions) (*Rates, []BadRow, error) {
	rows, err := csv.NewReader(r).ReadAll()
	if err != nil || len(rows) == 0 {
		return nil, nil, belwacht.Errorf(belwacht.Invalid, "%s: no rate deck: %w", o.Name, err)
	}
	col := map[string]int{}
	for i, h := range rows[0] {
		col[strings.ToLower(strings.TrimSpace(h))] = i
	}
	pi, ok1 := col["prefix"]
	ri, ok2 := col["rate_per_minute"]
	if !ok1 || !ok2 {
		return nil, nil, belwacht.Errorf(belwacht.Invalid, "%s: header has no prefix and rate", o.Name)
	}
	out := &Rates{byPrefix: map[belwacht.E164]belwacht.Price{}}
	var bad []BadRow
	for i, row := range rows[1:] {
		e, ok := belwacht.ParseE164(row[pi])
		m, ok2 := belwacht.ParseMoney(row[ri])
		if !ok || !ok2 {
			bad = append(bad, BadRow{i + 2, "bad prefix or rate"})
			if !o.SkipBad {
				return nil, bad, belwacht.Errorf(belwacht.Invalid, "%s line %d: bad prefix or rate", o.Name, i+2)
			}
			continue
		}
		out.byPrefix[e] = belwacht.Price{PerMinute: m, First: 1, Next: 1}
	}
	return out, bad, nil
}
