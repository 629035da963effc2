package proof

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/simulate"
)

// amiSecret is what the PBX's manager user logs in with.
const amiSecret = "fake-secret-of-the-feed"

// whole says whether the full length is asked for.
func whole() bool { return os.Getenv("BELWACHT_ACCEPT") == "live" }

// pbx is an Asterisk as its manager interface shows it: it plays calls in Asterisk's words, lists what runs, and hangs up what it is told to. Its methods
// are safe for concurrent use.
type pbx struct {
	trunk string
	mu    sync.Mutex
	conn  net.Conn // who listens; nil = nobody
	out   bytes.Buffer
	// How it misbehaves: the secret that it wants, what becomes of a text before it is sent, in pieces of how many bytes (0 = whole), and whether it says nothing.
	secret string
	mangle func(text string) string
	piece  int
	mute   bool
	sent   int          // events
	logins int          // tries
	wait   atomic.Int32 // who waits to answer an action
	names  map[string]*channel
	order  []*channel // in the order in which they began
	calls  map[string]*playing
	hung   func(id string)
	asked  int // Hangups asked for
}

// channel is one that runs.
type channel struct {
	name, id, link, context, exten, caller, app, data string
	state                                             int
	began                                             time.Time
	call                                              *playing
}

// playing is a call that runs: its channels, the one that dials and the one that it dials last.
type playing struct {
	call     *simulate.Call
	channels []*channel
	from, to *channel
	answered bool
}

func newPBX(trunk string) *pbx {
	return &pbx{trunk: trunk, names: map[string]*channel{}, calls: map[string]*playing{}, hung: func(string) {}, secret: amiSecret}
}

// pipe is a connection to it without a network, for a bubble of time.
func (p *pbx) pipe(context.Context) (net.Conn, error) {
	ours, theirs := net.Pipe()
	go p.serve(theirs)
	return ours, nil
}

// listen serves connections until the listener is closed.
func (p *pbx) listen(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		go p.serve(conn)
	}
}

// serve lets somebody in who knows the secret, and answers.
func (p *pbx) serve(conn net.Conn) {
	defer conn.Close()
	r := bufio.NewReader(conn)
	if _, err := io.WriteString(conn, "Asterisk Call Manager/11.0.0\r\n"); err != nil {
		return
	}
	a := action(r)
	id := "ActionID: " + a["ActionID"] + "\r\n"
	p.mu.Lock()
	p.logins++
	good := a["Action"] == "Login" && a["Secret"] == p.secret
	p.mu.Unlock()
	if !good {
		_, _ = io.WriteString(conn, "Response: Error\r\n"+id+"Message: Authentication failed\r\n\r\n")
		return
	}
	p.mu.Lock()
	_, err := io.WriteString(conn, "Response: Success\r\n"+id+"Message: Authentication accepted\r\n\r\nEvent: FullyBooted\r\nPrivilege: system,all\r\nUptime: 86400\r\n\r\n")
	p.conn = conn
	p.mu.Unlock()
	for a = action(r); err == nil && a != nil; a = action(r) {
		p.answerTo(conn, a)
	}
	p.mu.Lock()
	if p.conn == conn {
		p.conn = nil
	}
	p.mu.Unlock()
}

// action reads one; nil at the end.
func action(r *bufio.Reader) map[string]string {
	a := map[string]string{}
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return nil
		}
		if line = strings.TrimRight(line, "\r\n"); line == "" {
			return a
		}
		name, value, _ := strings.Cut(line, ": ")
		a[name] = value
	}
}

// answerTo answers an action.
func (p *pbx) answerTo(conn net.Conn, a map[string]string) {
	p.wait.Add(1)
	p.mu.Lock()
	p.wait.Add(-1)
	defer p.mu.Unlock()
	defer p.flush()
	if p.mute {
		return
	}
	id := "ActionID: " + a["ActionID"] + "\r\n"
	say := func(text string) {
		if p.conn == conn {
			p.out.WriteString(text)
		}
	}
	switch a["Action"] {
	case "Ping":
		say("Response: Success\r\n" + id + "Ping: Pong\r\n\r\n")
	case "Getvar":
		value := ""
		if c := p.names[a["Channel"]]; c != nil && a["Variable"] == "CDR(answer,u)" && c.call.answered {
			value = fmt.Sprintf("%d.000000", c.call.call.Answer/belwacht.Second)
		}
		say("Response: Success\r\n" + id + "Variable: " + a["Variable"] + "\r\nValue: " + value + "\r\n\r\n")
	case "CoreShowChannels":
		say("Response: Success\r\n" + id + "EventList: start\r\nMessage: Channels will follow\r\n\r\n" + p.list(id) +
			"Event: CoreShowChannelsComplete\r\n" + id + "EventList: Complete\r\nListItems: 0\r\n\r\n")
	case "Hangup":
		p.asked++
		c := p.names[a["Channel"]]
		if c == nil {
			say("Response: Error\r\n" + id + "Message: No such channel\r\n\r\n")
			return
		}
		say("Response: Success\r\n" + id + "Message: Channel Hungup\r\n\r\n")
		call := c.call.call.ID
		p.finish(c.call, "CANCEL", a["Cause"])
		p.hung(call)
	default:
		say("Response: Error\r\n" + id + "Message: Permission denied\r\n\r\n")
	}
}

// list is what runs.
func (p *pbx) list(id string) string {
	var b strings.Builder
	for _, c := range p.order {
		s := int(time.Since(c.began) / time.Second)
		fmt.Fprintf(&b, "Event: CoreShowChannel\r\n%sChannel: %s\r\nChannelState: %d\r\nUniqueid: %s\r\nLinkedid: %s\r\nContext: %s\r\nExten: %s\r\nCallerIDNum: %s\r\nApplication: %s\r\n"+
			"ApplicationData: %s\r\nDuration: %02d:%02d:%02d\r\n", id, c.name, c.state, c.id, c.link, c.context, c.exten, c.caller, c.app, c.data, s/3600, s/60%60, s%60)
		if c.call.answered {
			fmt.Fprintf(&b, "BridgeId: bridge-%s\r\n", c.call.call.ID)
		}
		b.WriteString("\r\n")
	}
	return b.String()
}

// say has events sent by the next flush. The mutex is held.
func (p *pbx) say(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if p.mangle != nil {
		text = p.mangle(text)
	}
	if p.conn != nil && !p.mute {
		p.sent += strings.Count(text, "Event: ")
		p.out.WriteString(text)
	}
}

// flush sends what was said to who listens.
func (p *pbx) flush() {
	for p.conn != nil && p.out.Len() > 0 {
		piece := p.out.Next(cmp.Or(p.piece, p.out.Len()))
		_ = p.conn.SetWriteDeadline(time.Now().Add(20 * time.Second))
		if _, err := p.conn.Write(piece); err != nil {
			p.conn = nil // who has gone hears nothing
		}
	}
	p.out.Reset()
}

// cut ends the connection in the middle of an event.
func (p *pbx) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.conn != nil {
		p.out.WriteString("Event: Newchannel\r\nChannel: PJSIP/2")
		conn := p.conn
		p.flush()
		_ = conn.Close()
		p.conn = nil
	}
}

// while changes how it behaves.
func (p *pbx) while(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
}

// open begins a channel.
func (p *pbx) open(k *playing, c *channel) *channel {
	c.began, c.call = time.Now(), k
	p.names[c.name] = c
	p.order = append(p.order, c)
	k.channels = append(k.channels, c)
	p.say("Event: Newchannel\r\nPrivilege: call,all\r\n%s\r\n", c.headers(""))
	return c
}

// headers describe a channel, as its own or with Dest before them.
func (c *channel) headers(prefix string) string {
	return fmt.Sprintf("%[1]sChannel: %[2]s\r\n%[1]sChannelState: %[3]d\r\n%[1]sCallerIDNum: %[4]s\r\n%[1]sContext: %[5]s\r\n%[1]sExten: %[6]s\r\n%[1]sPriority: 1\r\n"+
		"%[1]sUniqueid: %[7]s\r\n%[1]sLinkedid: %[8]s\r\n", prefix, c.name, c.state, c.caller, c.context, c.exten, c.id, c.link)
}

// dials has one channel dial another.
func (p *pbx) dials(from, to *channel, dialString string) {
	from.app, from.data, to.app = "Dial", to.name[:strings.IndexByte(to.name, '/')+1]+dialString+",300", "AppDial"
	p.say("Event: DialBegin\r\nPrivilege: call,all\r\n%s%sDialString: %s\r\n\r\n", from.headers(""), to.headers("Dest"), dialString)
}

// over is by which context a call that came in is sent on, "" where it is none, and the uniqueids of the channel that came in and of the half of the Local
// channel that it dials. The simulation numbers neither.
func over(c *simulate.Call) (context, came, one string) {
	context = map[simulate.Way]string{simulate.WayForward: "from-internal", simulate.WayTransfer: "from-internal-xfer", simulate.WayQueue: "from-queue"}[c.Way]
	second := c.Start / belwacht.Second
	return context, fmt.Sprintf("%d.%d", second, 1<<30+2*c.Channel), fmt.Sprintf("%d.%d", second, 1<<30+2*c.Channel+1)
}

// begin plays the beginning of a call.
func (p *pbx) begin(c *simulate.Call) {
	p.mu.Lock()
	defer p.mu.Unlock()
	defer p.flush()
	k := &playing{call: c}
	p.calls[c.ID] = k
	own, trunk := "PJSIP/"+c.Account, "PJSIP/"+p.trunk
	named := func(name string, serial uint32) string { return fmt.Sprintf("%s-%08x", name, serial) }
	second := fmt.Sprintf("%d.%d", c.Start/belwacht.Second, c.Channel+1)
	phone := func(name, context string) *channel { // that places the call
		return p.open(k, &channel{name: named(name, c.Channel), id: c.ID, link: c.ID, context: context, exten: c.Dialled, caller: c.Caller, state: 4})
	}
	far := func(name, link string) *channel { // that is called
		return p.open(k, &channel{name: named(name, c.Channel+1), id: second, link: link, context: "from-trunk", exten: "s", caller: "<unknown>"})
	}
	switch c.Way {
	case simulate.WayIn:
		k.from = phone(trunk, "from-trunk")
		k.to = far(own, c.ID)
		p.dials(k.from, k.to, c.Account)
	case simulate.WayInside:
		k.from = phone(own, "from-internal")
		k.to = far("PJSIP/"+c.Dialled, c.ID)
		p.dials(k.from, k.to, c.Dialled)
	case simulate.WayForward, simulate.WayTransfer, simulate.WayQueue:
		context, id, half := over(c)
		came := p.open(k, &channel{name: named(trunk, c.Channel-1), id: id, link: id, context: "from-trunk", exten: c.Account, caller: c.Caller, state: 4})
		base := named("Local/"+c.Account+"@"+context, c.Channel)
		one := p.open(k, &channel{name: base + ";1", id: half, link: id, context: context, exten: "s", caller: "<unknown>"})
		k.from = p.open(k, &channel{name: base + ";2", id: c.ID, link: id, context: context, exten: c.Account, caller: c.Caller, state: 4})
		p.dials(came, one, c.Account+"@"+context)
		k.from.exten = c.Dialled
		k.to = far(trunk, id)
		p.dials(k.from, k.to, c.Dialled+"@"+p.trunk)
	case simulate.WayTrunked:
		k.from = phone(trunk, "disa")
		k.to = far(trunk, c.ID)
		p.dials(k.from, k.to, c.Dialled+"@"+p.trunk)
	default:
		k.from = phone(own, "from-internal")
		k.to = far(trunk, c.ID)
		p.dials(k.from, k.to, c.Dialled+"@"+p.trunk)
	}
}

// answer plays the answer of a call; nothing where it has ended.
func (p *pbx) answer(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	defer p.flush()
	k := p.calls[id]
	if k == nil {
		return
	}
	k.answered = true
	for i := len(k.channels) - 1; i >= 0; i-- { // the far end first
		c := k.channels[i]
		c.state = 6
		p.say("Event: Newstate\r\nPrivilege: call,all\r\n%s\r\n", c.headers(""))
		if c == k.to {
			p.say("Event: DialEnd\r\nPrivilege: call,all\r\n%s%sDialStatus: ANSWER\r\n\r\n", k.from.headers(""), k.to.headers("Dest"))
		}
	}
	for _, c := range []*channel{k.to, k.from} {
		p.say("Event: BridgeEnter\r\nPrivilege: call,all\r\nBridgeUniqueid: bridge-%s\r\n%s\r\n", id, c.headers(""))
	}
}

// end plays the end of a call; nothing where it has ended.
func (p *pbx) end(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	defer p.flush()
	k := p.calls[id]
	if k == nil {
		return
	}
	switch k.call.Disposition {
	case belwacht.Busy:
		p.finish(k, "BUSY", "17")
	case belwacht.Failed:
		p.finish(k, "CHANUNAVAIL", "1")
	case belwacht.Congestion:
		p.finish(k, "CONGESTION", "34")
	case belwacht.Cancelled:
		p.finish(k, "CANCEL", "26")
	default:
		p.finish(k, "NOANSWER", "16")
	}
}

// finish ends all channels of a call.
func (p *pbx) finish(k *playing, status, cause string) {
	if !k.answered {
		p.say("Event: DialEnd\r\nPrivilege: call,all\r\n%s%sDialStatus: %s\r\n\r\n", k.from.headers(""), k.to.headers("Dest"), status)
	}
	delete(p.calls, k.call.ID)
	for i := len(k.channels) - 1; i >= 0; i-- {
		c := k.channels[i]
		delete(p.names, c.name)
		for j := range p.order {
			if p.order[j] == c {
				p.order = append(p.order[:j], p.order[j+1:]...)
				break
			}
		}
		p.say("Event: Hangup\r\nPrivilege: call,all\r\n%sCause: %s\r\nCause-txt: Normal Clearing\r\n\r\n", c.headers(""), cause)
	}
}
