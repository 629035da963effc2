package invent

import "math/rand/v2"

// ProbePrefixes are what scanners set before an international number, in an order of their own.
func (g *Geography) ProbePrefixes(rng *rand.Rand) []string {
	list := []string{"", "+", "00", "000", "0000", "9", "900", "9000", "9011", "011", "0011", "810", "8810", "0", "1", "100", "200", "300", "400", "500", "600",
		"700", "800", "80000", "001", "002", "003", "0099", "99", "990", "9900", "999", "99900", "011011", "+00", "++", "*", "#", "*00", "#00", "1011", "2011", "7011", "77",
		"777", "7777", "00-", ".", "%", "%2b", "12300", "123400", "10000", "55", "5500", "6", "600", "4011", "a", "101", "1000", "10100"}
	for range rng.IntN(60) {
		list = append(list, Digits(rng, 1+rng.IntN(5))+Pick(rng, []string{"", "0", "00", "011"}))
	}
	list = append(list, g.Nation.International, g.Nation.Trunk)
	rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}
