package asterisk

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	wire "github.com/belwacht/belwacht/asterisk"
)

// pings is of how many answers the middle is told: those of a minute.
const pings = int(time.Minute / pingEvery)

// trunksAsked bounds the trunks that are asked for.
const trunksAsked = 16

// pong takes how long the PBX took to answer, and once a minute tells the middle one and asks how long the far ends of the trunks took.
func (s *session) pong(took time.Duration) {
	f := s.feed
	f.state.Latency = took
	if f.paced = append(f.paced, took); len(f.paced) < pings {
		return
	}
	slices.Sort(f.paced)
	f.delay("", f.paced[len(f.paced)/2])
	f.paced = f.paced[:0]
	for i, t := range f.cfg.Trunks {
		name := t
		if strings.Contains(t, "/") {
			name = wire.ParseChannel(t).Endpoint
		}
		if i < trunksAsked && variable(name) {
			s.roundTrip(name)
		}
	}
}

// roundTrip asks how long the far end of a trunk took to answer the last OPTIONS, which a PJSIP trunk with qualify_frequency is sent.
func (s *session) roundTrip(trunk string) {
	s.send(func(m *wire.Message) {
		contact, _, _ := strings.Cut(clip(m.Get("Value")), ",")
		if !variable(contact) {
			return
		}
		s.send(func(m *wire.Message) {
			if us, err := strconv.ParseInt(clip(m.Get("Value")), 10, 40); err == nil && us > 0 {
				s.feed.delay(trunk, time.Duration(us)*time.Microsecond)
			}
		}, "Getvar", "Variable", "PJSIP_CONTACT("+contact+",rtt)")
	}, "Getvar", "Variable", "PJSIP_AOR("+trunk+",contact)")
}

// delay tells how long somebody took to answer.
func (f *Feed) delay(trunk string, took time.Duration) {
	f.board.tell(&belwacht.Event{Kind: belwacht.EventDelay, Time: f.board.now, Trunk: trunk, Talk: took.Milliseconds()})
}
