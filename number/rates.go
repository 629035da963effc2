package number

import (
	"github.com/belwacht/belwacht"
)

// Rates is one rate deck, immutable and safe for concurrent use. It is a trie over the digits of E.164: ten children a node, so that the
// longest prefix of a number is found in at most fifteen steps.
type Rates struct {
	name   string
	nodes  []rateNode
	prices []belwacht.Price // prices[0] is none
	sells  []belwacht.Money // what the provider's customer pays a minute, beside prices; -1 where the deck does not say
}

type rateNode struct {
	next  [10]uint32
	price uint32 // index in prices, 0 for none
}

// Name is the deck's name.
func (r *Rates) Name() string { return r.name }

// Len is the number of prefixes with a price.
func (r *Rates) Len() int { return len(r.prices) - 1 }

// find is the index of the price of the longest prefix, 0 for none.
func (r *Rates) find(e belwacht.E164) uint32 {
	found, n := uint32(0), uint32(0)
	rest := e // the first digit is the next one
	for range e.Len() {
		n = r.nodes[n].next[rest>>60]
		if n == 0 {
			break
		}
		if p := r.nodes[n].price; p != 0 {
			found = p
		}
		rest <<= 4
	}
	return found
}

// Price is the price of the longest prefix of e in the deck, false where there is none. It allocates nothing.
func (r *Rates) Price(e belwacht.E164) (belwacht.Price, bool) {
	i := r.find(e)
	return r.prices[i], i != 0
}

// Sell is what the provider's customer pays a minute by the row that Price takes, false where the deck does not say.
func (r *Rates) Sell(e belwacht.E164) (belwacht.Money, bool) {
	i := r.find(e)
	return max(r.sells[i], 0), r.sells[i] >= 0 && i != 0
}

// put sets the price of a prefix and says whether there was one before.
func (r *Rates) put(e belwacht.E164, p belwacht.Price, sell belwacht.Money) bool {
	n := uint32(0)
	for i := range e.Len() {
		d := e.Digit(i)
		if r.nodes[n].next[d] == 0 {
			r.nodes[n].next[d] = uint32(len(r.nodes))
			r.nodes = append(r.nodes, rateNode{})
		}
		n = r.nodes[n].next[d]
	}
	if i := r.nodes[n].price; i != 0 {
		r.prices[i], r.sells[i] = p, sell
		return true
	}
	r.nodes[n].price = uint32(len(r.prices))
	r.prices, r.sells = append(r.prices, p), append(r.sells, sell)
	return false
}
