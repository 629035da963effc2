package number

import (
	"io"
	"time"

	"github.com/belwacht/belwacht"
)

// RateOptions says how a rate deck is read.
type RateOptions struct {
	Name      string            // of the deck, for messages
	Currency  string            // of the organisation; a deck without a currency is in it; default "EUR"
	Columns   map[string]string // our name → the deck's: prefix, rate, setup, first, next, currency, from, until, sell, description
	SkipBad   bool              // leave out bad rows instead of failing
	At        time.Time         // effective dates are judged at this moment; zero means now is not looked at: the newest wins
	Delimiter rune              // 0 = found out
}

// BadRow is a row of a deck that was not taken, or a warning on one that was.
type BadRow struct {
	Line   int    // 1 is the first
	Reason string // one sentence
}

// Rates is one rate deck, immutable and safe for concurrent use.
type Rates struct {
	byPrefix map[belwacht.E164]belwacht.Price
}

// ReadRates reads a rate deck.
func ReadRates(r io.Reader, o RateOptions) (*Rates, []BadRow, error) {
	return readRates(r, o)
}

// Price is the price of the longest prefix of e in the deck.
func (r *Rates) Price(e belwacht.E164) (belwacht.Price, bool) {
	for n := e.Len(); n > 0; n-- {
		if p, ok := r.byPrefix[e.Prefix(n)]; ok {
			return p, true
		}
	}
	return belwacht.Price{}, false
}
