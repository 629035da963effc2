package proof

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/control"
)

// busy is how long a process may take to do what is waited for, on a busy machine.
const busy = 60 * time.Second

// process is the real program, beside a PBX that is played to it.
type process struct {
	t       *testing.T
	program string
	dir     string
	pbx     *pbx
	client  *control.Client
	cmd     *exec.Cmd
	ask     atomic.Value // address where it is asked
}

// newProcess builds the program, and writes a configuration with limits and more (YAML) for a PBX that listens.
func newProcess(t *testing.T, limits, more string) *process {
	t.Helper()
	dir, err := os.MkdirTemp("", "bw") // short: a socket's path may have 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	p := &process{t: t, program: filepath.Join(dir, "belwacht"), dir: dir, pbx: newPBX("trunk"), client: control.NewClient(filepath.Join(dir, "s"))}
	if out, err := exec.Command("go", "build", "-o", p.program, "../../cmd/belwacht").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go p.pbx.listen(l)
	for name, text := range map[string]string{
		"ami.secret": amiSecret + "\n",
		"ask.secret": askSecret + "\n",
		"b.yaml": "organisation: {country: NL, timezone: Europe/Amsterdam}\nmode: enforce\ndata: data\ncontrol: {socket: s}\nlimits: " + limits + "\n" + more +
			"pbx: [{name: hk, ami: {address: \"" + l.Addr().String() + "\", user: belwacht, secret_file: ami.secret}, ask: {listen: \"127.0.0.1:0\", secret_file: ask.secret}, " +
			"trunks: [PJSIP/trunk]}]\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

const askSecret = "fake-secret-of-the-dial-plan"

// start starts it and waits until it answers and its feed is connected.
func (p *process) start() {
	p.t.Helper()
	p.launch()
	p.connected()
}

// launch starts it.
func (p *process) launch() {
	p.t.Helper()
	p.cmd = exec.Command(p.program, "run", "--config", filepath.Join(p.dir, "b.yaml"))
	log, err := os.OpenFile(filepath.Join(p.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		p.t.Fatal(err)
	}
	defer log.Close()
	p.cmd.Stderr = log
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { _ = p.cmd.Process.Kill() })
}

// connected waits until it answers, at its socket and to a dial plan, and its feed is connected.
func (p *process) connected() {
	p.t.Helper()
	p.until("it answers, and hears the PBX", func() bool {
		s, err := p.status()
		if err != nil || len(s.PBXs) != 1 || s.PBXs[0].Ask == "" || !strings.HasPrefix(s.PBXs[0].Feed, "connected") {
			return false
		}
		p.ask.Store(s.PBXs[0].Ask)
		return true
	})
}

// until waits for something.
func (p *process) until(what string, ok func() bool) {
	p.t.Helper()
	for end := time.Now().Add(busy); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			b, _ := os.ReadFile(filepath.Join(p.dir, "log"))
			p.t.Fatalf("it is not so that %s:\n%s", what, b[max(0, len(b)-4000):])
		}
	}
}

// kill ends it as kill -9 does.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

func (p *process) do(method, path string, in, out any) error {
	return p.client.Do(context.Background(), method, path, in, out)
}

func (p *process) status() (s control.Status, err error) {
	err = p.do(http.MethodGet, "/v1/status", nil, &s)
	return s, err
}

// asks asks as a dial plan does. The verdict is "" where there is none.
func (p *process) asks(web *http.Client, account, number, id string) (word, cause string) {
	r, err := web.PostForm("http://"+p.ask.Load().(string)+"/ask", url.Values{"key": {askSecret}, "number": {number}, "uniqueid": {id}, "linkedid": {id},
		"channel": {"PJSIP/" + account + "-0000000a"}})
	if err != nil {
		return "", ""
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK {
		return "", ""
	}
	fields := strings.Split(string(b), ",")
	if len(fields) < 2 {
		return "", ""
	}
	return fields[0], fields[1]
}

// calls are the IDs of the calls that it knows to run.
func (p *process) calls() (map[string]bool, error) {
	var list control.Calls
	err := p.do(http.MethodGet, "/v1/calls", nil, &list)
	ids := map[string]bool{}
	for i := range list.Calls {
		ids[list.Calls[i].ID] = true
	}
	return ids, err
}

// knows waits until it knows the calls to outside that run at the PBX, and no others. Nothing may move meanwhile.
func (p *process) knows() {
	p.t.Helper()
	var known, run map[string]bool
	for end := time.Now().Add(busy); ; time.Sleep(20 * time.Millisecond) {
		var err error
		known, err = p.calls()
		if run = p.pbx.run(); err == nil && maps.Equal(known, run) {
			return
		}
		if time.Now().After(end) {
			break
		}
	}
	for id := range known {
		if !run[id] {
			p.t.Errorf("it takes %s to run, which does not:\n%s", id, p.said(id))
		}
	}
	for id := range run {
		if !known[id] {
			p.t.Errorf("it does not know %s, which runs: %+v\n%s", id, p.pbx.calls[id].call.Call, p.said(id))
		}
	}
}

// said is what the log says of a call, and of its starts.
func (p *process) said(id string) string {
	b, _ := os.ReadFile(filepath.Join(p.dir, "log"))
	var said strings.Builder
	for line := range strings.Lines(string(b)) {
		if strings.Contains(line, `"`+id) || strings.Contains(line, "memory.again") || strings.Contains(line, "the PBX feeds") {
			said.WriteString(line)
		}
	}
	return said.String()
}

// logged is how much it has logged so far, in bytes.
func (p *process) logged() int {
	i, err := os.Stat(filepath.Join(p.dir, "log"))
	if err != nil {
		p.t.Fatal(err)
	}
	return int(i.Size())
}

// rss is how much memory the process holds, in bytes.
func (p *process) rss() int64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", p.cmd.Process.Pid))
	if err != nil {
		p.t.Fatal(err)
	}
	pages, err := strconv.ParseInt(strings.Fields(string(b))[1], 10, 64)
	if err != nil {
		p.t.Fatal(err)
	}
	return pages * int64(os.Getpagesize())
}

// cpu is how long the process has computed so far.
func (p *process) cpu() time.Duration {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		p.t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	fields := strings.Fields(rest)
	user, err1 := strconv.ParseInt(fields[11], 10, 64)
	system, err2 := strconv.ParseInt(fields[12], 10, 64)
	if err1 != nil || err2 != nil {
		p.t.Fatal(err1, err2)
	}
	return time.Duration(user+system) * 10 * time.Millisecond
}

// outside says whether the call that a PBX plays leaves the house.
func outside(k *playing) bool { return k.call.Direction == belwacht.Out && !k.call.Emergency }

// run are the IDs of the calls to outside that run at the PBX.
func (p *pbx) run() map[string]bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	ids := map[string]bool{}
	for id, k := range p.calls {
		if outside(k) {
			ids[id] = true
		}
	}
	return ids
}
