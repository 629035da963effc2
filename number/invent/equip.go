package invent

import "math/rand/v2"

// Equip gives machines their list and queues their agents outside.
func (g *Geography) Equip(rng *rand.Rand, p *Person) {
	switch p.Role.Name {
	case "machine":
		p.Contacts = nil
		for range 1 + rng.IntN(3) {
			c := Contact{E164: g.Domestic(rng), Answer: .97, Talk: float32(8 + rng.IntN(60))}
			c.Dialled = g.Dial(c.E164, false)
			p.Contacts = append(p.Contacts, c)
		}
	case "queue":
		p.Outside = g.Dial(g.Home.Number(rng, true), false)
		p.Forwards = .3
	}
	if p.Role.Campaign {
		l := g.Home
		if p.Role.Name == "export agent" {
			l = g.Abroad(rng)
		}
		p.Campaign = l.Number(rng, Chance(rng, .4))
		p.Campaign = p.Campaign[:len(p.Campaign)-4]
	}
	if p.Role.Name == "support" && Chance(rng, .3) {
		p.AgentOf, p.Outside, p.Forwards = "queue", g.Dial(g.Home.Number(rng, true), false), .3
	}
}
