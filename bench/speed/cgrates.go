package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// way is how a peer is asked.
type way struct {
	conns  string // kept, or new for each question
	atOnce int
}

// cgratesQuestions is how many questions CGRateS is asked in each way; it takes long.
const cgratesQuestions = 6_000

// cgratesConfig is CGRateS with its database in memory and the services that authorise, count and compare, called within the process. It logs
// errors only, and keeps no answers for questions that are asked again.
const cgratesConfig = `{
"general": {"log_level": 3, "logger": "*stdout"},
"listen": {"rpc_json": "%s", "rpc_gob": "%s", "http": "%s", "rpc_json_tls": "", "rpc_gob_tls": "", "http_tls": ""},
"data_db": {"db_type": "*internal"},
"stor_db": {"db_type": "*internal"},
"caches": {"partitions": {"*rpc_responses": {"limit": 0}}},
"stats": {"enabled": true, "store_interval": "-1", "string_indexed_fields": ["*req.Account"], "thresholds_conns": ["*internal"]},
"thresholds": {"enabled": true, "store_interval": "-1"},
"chargers": {"enabled": true},
"sessions": {"enabled": true, "listen_bijson": "", "chargers_conns": ["*internal"], "stats_conns": ["*internal"], "thresholds_conns": ["*internal"]},
"apiers": {"enabled": true}
}
`

// cgrates is a CGRateS that runs.
type cgrates struct {
	folder, addr string
	process      *exec.Cmd
	log          *os.File
}

// besideCGRateS asks CGRateS in all ways, where BELWACHT_CGRATES names its cgr-engine; else there is no peer. What it is asked is less than a Belwacht does: a
// session is authorised without looking at a balance or a price, the account's calls and distinct numbers within an hour are counted (a queue an account), and
// one threshold is compared.
func besideCGRateS(h *house) (map[way]*heard, error) {
	program := os.Getenv("BELWACHT_CGRATES")
	if program == "" {
		note("BELWACHT_CGRATES names no cgr-engine (github.com/cgrates/cgrates): what the design asks for is the peer")
		return nil, nil
	}
	c, err := startCGRateS(program)
	if err != nil {
		return nil, err
	}
	defer c.end()
	if err := c.furnish(h); err != nil {
		return nil, fmt.Errorf("cgrates: %w", err)
	}
	all := make(map[way]*heard)
	for _, w := range []way{{"kept", crowded}, {"kept", 1}, {"new", crowded}, {"new", 1}} {
		if err := warmUp(h.questions[:1000], c.dialler(true)); err != nil {
			return nil, fmt.Errorf("cgrates: %w", err)
		}
		r, err := measured(c.process.Process.Pid, h.questions[warm:], cgratesQuestions, w.atOnce, c.dialler(w.conns == "kept"))
		if err != nil {
			return nil, fmt.Errorf("cgrates: %w", err)
		}
		r.peer = "cgrates"
		note("cgrates, %s connections, %d at once: %.0f a second of its processor time; %s", w.conns, w.atOnce, r.speed(), r)
		all[w] = r
	}
	return all, nil
}

func startCGRateS(program string) (_ *cgrates, err error) {
	c := &cgrates{}
	if c.folder, err = os.MkdirTemp("", "belwacht-bench-"); err != nil {
		return nil, err
	}
	var addr [3]string
	for i := range addr {
		if addr[i], err = freePort(); err != nil {
			return nil, err
		}
	}
	c.addr = addr[0]
	if err := os.WriteFile(filepath.Join(c.folder, "cgrates.json"), fmt.Appendf(nil, cgratesConfig, addr[0], addr[1], addr[2]), 0o600); err != nil {
		return nil, err
	}
	if c.log, err = os.Create(filepath.Join(c.folder, "log")); err != nil {
		return nil, err
	}
	c.process = exec.Command(program, "-config_path", c.folder)
	c.process.Dir, c.process.Stdout, c.process.Stderr = c.folder, c.log, c.log
	if err := c.process.Start(); err != nil {
		return nil, fmt.Errorf("%s: %w", program, err)
	}
	if err := answers(c.addr); err != nil {
		text, _ := os.ReadFile(c.log.Name())
		c.end()
		return nil, fmt.Errorf("cgrates does not answer: %w: %s", err, text[:min(len(text), 2000)])
	}
	return c, nil
}

func (c *cgrates) end() {
	c.process.Process.Kill()
	c.process.Wait()
	c.log.Close()
	os.RemoveAll(c.folder)
}

// furnish tells CGRateS what it needs to know: how sessions are charged, what is counted of each account, and a threshold.
func (c *cgrates) furnish(h *house) error {
	conn, err := c.dialler(true)()
	if err != nil {
		return err
	}
	defer conn.close()
	t := conn.(*rpc)
	// The services behind the socket begin one after the other.
	charger := map[string]any{"Tenant": "cgrates.org", "ID": "DEFAULT", "RunID": "*default", "AttributeIDs": []string{"*none"}}
	for try := 0; ; try++ {
		if err = t.call("APIerSv1.SetChargerProfile", charger); err == nil {
			break
		}
		if try == 100 {
			return err
		}
		time.Sleep(100 * time.Millisecond)
	}
	if err := t.call("APIerSv1.SetThresholdProfile", map[string]any{"Tenant": "cgrates.org", "ID": "MANY", "FilterIDs": []string{"*string:~*req.ToR:*voice"},
		"MaxHits": -1, "MinHits": 1 << 30, "Weight": 10}); err != nil {
		return err
	}
	seen := map[string]bool{}
	for i := range h.questions {
		account := h.questions[i].account
		if seen[account] {
			continue
		}
		seen[account] = true
		if err := t.call("APIerSv1.SetStatQueueProfile", map[string]any{"Tenant": "cgrates.org", "ID": "CALLS_" + account, "FilterIDs": []string{"*string:~*req.Account:" + account},
			"QueueLength": 100, "TTL": int64(time.Hour), "Metrics": []any{map[string]any{"MetricID": "*sum#1"}, map[string]any{"MetricID": "*ddc"}}, "ThresholdIDs": []string{"*none"}}); err != nil {
			return err
		}
	}
	note("cgrates: a queue for each of %d accounts", len(seen))
	return nil
}

// rpc asks CGRateS by JSON-RPC, a line each way.
type rpc struct {
	addr string
	kept bool
	conn net.Conn
	r    *bufio.Reader
	out  []byte
}

func (c *cgrates) dialler(kept bool) dialler {
	return func() (caller, error) {
		t := &rpc{addr: c.addr, kept: kept, r: bufio.NewReader(nil)}
		if !kept {
			return t, nil
		}
		return t, t.dial()
	}
}

func (t *rpc) dial() (err error) {
	if t.conn, err = net.Dial("tcp", t.addr); err == nil {
		t.r.Reset(t.conn)
	}
	return err
}

// call calls a method that answers "OK".
func (t *rpc) call(method string, params any) error {
	b, err := json.Marshal(map[string]any{"method": method, "params": []any{params}, "id": 1})
	if err != nil {
		return err
	}
	if _, err := t.conn.Write(append(b, '\n')); err != nil {
		return err
	}
	line, err := t.r.ReadSlice('\n')
	if err == nil && !bytes.Contains(line, []byte(`"result":"OK"`)) {
		err = fmt.Errorf("%s: %s", method, line)
	}
	return err
}

// ask implements caller.
func (t *rpc) ask(q *question, n int64) ([]byte, error) {
	t.out = fmt.Appendf(t.out[:0], `{"method":"SessionSv1.AuthorizeEvent","params":[{"GetMaxUsage":true,"ProcessThresholds":true,"ProcessStats":true,"Tenant":"cgrates.org","ID":"q%d",`+
		`"Event":{"ToR":"*voice","OriginID":"c%d","OriginHost":"127.0.0.1","Source":"bench","RequestType":"*rated","Account":%q,"Subject":%q,"Destination":%q,"SetupTime":%q}}],"id":%d}`+"\n",
		n, n, q.account, q.account, q.number, time.Now().UTC().Format(time.RFC3339), n)
	if !t.kept {
		if err := t.dial(); err != nil {
			return nil, err
		}
		defer t.conn.Close()
	}
	if _, err := t.conn.Write(t.out); err != nil {
		return nil, err
	}
	line, err := t.r.ReadSlice('\n')
	if err != nil {
		return nil, err
	}
	if !bytes.Contains(line, []byte(`"StatQueueIDs":["CALLS_`)) || !bytes.Contains(line, []byte(`"ThresholdIDs":["MANY"]`)) || !bytes.Contains(line, []byte(`"error":null`)) {
		return nil, fmt.Errorf("the answer is %s", line)
	}
	return []byte("allow"), nil
}

func (t *rpc) close() {
	if t.kept {
		t.conn.Close()
	}
}
