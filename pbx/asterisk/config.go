package asterisk

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/number"
)

// Config is what a Feed needs to know of a PBX.
type Config struct {
	Name    string      // of the PBX, for logs
	Tenant  string      // of every event
	Site    string      // of every event
	Address string      // host:port of the manager interface, 5038 or with TLS 5039 as a rule
	TLS     *tls.Config // nil = plain TCP
	User    string
	Secret  string
	// Trunks are endpoints known to be trunks, as PJSIP/trunk or trunk. Others are found by what goes over them.
	Trunks []string
	// TrunkContexts are names of contexts that calls from outside come in by, besides the usual ones (from-trunk, from-pstn, …).
	TrunkContexts []string
	// Extensions says whether a name is a declared extension, which is never a trunk; nil = none are declared. It must be safe for concurrent use.
	Extensions func(name string) bool
	Numbers    *number.Site // the dial plan; required
	Log        *slog.Logger // nil = nothing is logged
	// Dial makes the connections; nil = TCP or TLS to the Address. A test in simulated time has no network.
	Dial func(ctx context.Context) (net.Conn, error)
}

// Sink takes what a Feed tells. Both methods are called from one goroutine, in order. A sink that is slow holds up nothing but itself: what does not fit
// into the queue before it is dropped, counted, and told as a gap.
type Sink interface {
	// Event takes one event. The receiver keeps neither ev nor ev.Login.
	Event(ev *belwacht.Event)
	// Running says, after each connection that was made and after each gap, which calls (Event.Call) run at the PBX now: whatever else the receiver
	// thinks is running has ended.
	Running(at belwacht.Instant, calls []string)
}

// Foreseer is a Sink that is told, where several events wait, which will come next, so that it can make ready for all of them at once. Each of them comes
// by Event all the same, unless the feed ends before.
type Foreseer interface {
	// Ahead takes events that come next, in their order; at most 48. The receiver neither keeps nor changes them. It is called from the goroutine of Event.
	Ahead(events []*belwacht.Event)
}

// State is how a Feed is doing.
type State struct {
	Connected    bool
	Since        time.Time     // of the connection, or of its loss; zero before the first
	LastEvent    time.Time     // when the PBX last sent anything
	Version      string        // of the manager interface, such as 11.0.0
	Reconnects   int64         // connections after the first
	Dropped      int64         // events that did not fit into the queue
	TooLarge     int64         // messages above the bounds, passed over
	Forgotten    int64         // channels let go for want of room
	Running      int           // calls
	LoginRefused bool          // the PBX knows the user or the secret not; it is tried again ever less often
	Denied       string        // the action that the manager user was last denied for want of rights; "" = none
	Latency      time.Duration // of the last Ping: how long the PBX took to answer
}

// check says what a configuration lacks.
func (c *Config) check() error {
	switch _, _, err := net.SplitHostPort(c.Address); {
	case err != nil:
		return belwacht.Errorf(belwacht.Config, "the address of the PBX %q is %q; write it as 127.0.0.1:5038", c.Name, c.Address)
	case c.User == "" || c.Secret == "":
		return belwacht.Errorf(belwacht.Config, "the PBX %q has no user or no secret for its manager interface; give both under ami", c.Name)
	case c.Numbers == nil:
		return belwacht.Errorf(belwacht.Internal, "the feed of the PBX %q was made without a dial plan", c.Name)
	}
	return nil
}
