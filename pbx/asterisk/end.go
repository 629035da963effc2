package asterisk

import (
	"context"
	"time"

	"github.com/belwacht/belwacht"
	wire "github.com/belwacht/belwacht/asterisk"
)

// A call is tried to be ended so often, each time by what is right then.
const (
	endTries = 4
	endWait  = 400 * time.Millisecond // until the events show it; Asterisk takes 2 to 4 ms
)

// The causes of Q.850 by which a call is ended: refused before it is answered, cleared after.
const (
	causeRejected = "21"
	causeNormal   = "16"
)

// End ends a call by its key (Event.Call): it hangs up the channel that runs the dial plan, so that no other trunk is tried; where that has gone (a Local
// channel optimised away, a transfer) who talks to the trunk; at last the trunk's leg. What counts is that the events show the end; a response does not.
// It returns nil when the call has ended, within some milliseconds as a rule and two seconds at most; else an error of code NotFound where no such call
// runs, Unreachable where the PBX cannot be told or does not do it, Forbidden where its dial plan has let the call out as one for help.
func (f *Feed) End(ctx context.Context, key string) error {
	for try := range endTries {
		f.mu.Lock()
		c := f.board.calls[key]
		if c == nil {
			f.mu.Unlock()
			if try > 0 {
				return nil
			}
			return belwacht.Errorf(belwacht.NotFound, "no call %q runs at the PBX %q; it may have ended", key, f.cfg.Name)
		}
		if c.help {
			f.mu.Unlock()
			return belwacht.Errorf(belwacht.Forbidden, "the call %q at the PBX %q is a call for help by its dial plan (BW_HELP), and is not ended; end it there by hand if need be",
				key, f.cfg.Name)
		}
		if c.done == nil {
			c.done = make(chan struct{})
		}
		done, connected := c.done, f.session != nil
		if connected { // where too much waits to be sent to the PBX, the next try sends it
			f.hangup(c, try)
		}
		f.mu.Unlock()
		if !connected {
			return belwacht.Errorf(belwacht.Unreachable, "the call %q was not ended: the PBX %q is not connected", key, f.cfg.Name)
		}
		t := time.NewTimer(endWait)
		select {
		case <-done:
			t.Stop()
			return nil
		case <-ctx.Done():
			t.Stop()
			return belwacht.Errorf(belwacht.Unreachable, "the call %q was told to end, and the PBX %q has not yet said that it has: %w", key, f.cfg.Name, ctx.Err())
		case <-t.C:
		}
	}
	return belwacht.Errorf(belwacht.Unreachable, "the PBX %q does not end the call %q; end it there by hand (core show channels, channel request hangup)",
		f.cfg.Name, key)
}

// hangup asks for the end of a call's channel, over the session that there is, unless the dial plan has let the call out as one for help: its number may
// have been made another by the PBX. Where that cannot be asked, or the PBX does not say, the call is ended.
func (f *Feed) hangup(c *call, try int) {
	cause, s := causeRejected, f.session
	if c.answer != 0 {
		cause = causeNormal
	}
	names := f.board.toHangUp(c, try == endTries-1)
	end := func() {
		for _, name := range names {
			s.insist(nil, "Hangup", "Channel", name, "Cause", cause)
		}
	}
	if f.board.channels.byID[c.channel.id] != c.channel {
		end()
		return
	}
	s.insist(func(m *wire.Message) {
		if c.help = m.Is("Value", "YES"); !c.help {
			end()
		}
	}, "Getvar", "Channel", c.channel.name, "Variable", "BW_HELP")
}

// calling are the channels that an emergency call rests on: none of them is hung up for another call's sake.
func (b *board) calling() map[*channel]bool {
	var on map[*channel]bool
	for _, c := range b.calls {
		if c.ended || c.attempt.Direction != belwacht.Out || !b.endpoints.urgent(c.attempt.Dialled) {
			continue
		}
		if on == nil {
			on = make(map[*channel]bool)
		}
		on[c.channel], on[b.root(c.channel)] = true, true
		for _, l := range c.legs {
			on[l] = true
		}
		if c.leg != nil {
			on[c.leg] = true
			b.channels.mates(c.leg, func(o *channel) bool { on[o] = true; return true })
		}
	}
	return on
}

// toHangUp are the names of the channels whose end is the end of a call. A name in slashes would be a pattern to Asterisk and end others; no channel that
// exists is named so.
func (b *board) toHangUp(c *call, all bool) []string {
	var names []string
	calling := b.calling()
	add := func(o *channel) bool {
		if o.name != "" && o.name[0] != '/' && !calling[o] {
			names = append(names, o.name)
		}
		return true
	}
	if b.channels.byID[c.channel.id] == c.channel {
		add(c.channel)
	}
	if len(names) == 0 && c.leg != nil {
		b.channels.mates(c.leg, add)
	}
	if len(names) == 0 || all {
		for _, l := range c.legs {
			add(l)
		}
		if c.leg != nil && len(c.legs) == 0 {
			add(c.leg)
		}
	}
	return names
}
