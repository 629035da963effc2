package main

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// decide is what a guard built on Redis runs for a call: six counters, each with its limit, and the answer 1 = let through. Its windows slide in
// the way that is usual on Redis: the window that runs, and of the one before it the part that still counts. The caller names both keys.
const decide = `
local ok = 1
for i = 1, 6 do
  local by = tonumber(ARGV[i])
  local now = redis.call('INCRBY', KEYS[i], by)
  if now == by then redis.call('EXPIRE', KEYS[i], ARGV[i + 18]) end
  local past = tonumber(redis.call('GET', KEYS[i + 6]) or 0)
  if now + past * tonumber(ARGV[i + 12]) > tonumber(ARGV[i + 6]) then ok = 0 end
end
return ok`

// redis is a Redis server of the bench's own.
type redis struct {
	process *exec.Cmd
	folder  string
	conn    net.Conn
	in      *bufio.Reader
	out     *bufio.Writer
	script  string
}

// startRedis starts Redis on a socket in a folder of its own, without persistence: its fastest settings.
func startRedis() (*redis, error) {
	path, err := exec.LookPath("redis-server")
	if err != nil {
		return nil, fmt.Errorf("redis-server is not installed; as root: apt-get install redis-server")
	}
	folder, err := os.MkdirTemp("", "belwacht-bench-")
	if err != nil {
		return nil, err
	}
	socket := filepath.Join(folder, "redis.sock")
	r := &redis{folder: folder, process: exec.Command(path, "--port", "0", "--unixsocket", socket, "--save", "", "--appendonly", "no", "--dir", folder, "--daemonize", "no")}
	if err := r.process.Start(); err != nil {
		os.RemoveAll(folder)
		return nil, err
	}
	for range 100 {
		if r.conn, err = net.Dial("unix", socket); err == nil {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if err != nil {
		r.end()
		return nil, fmt.Errorf("redis-server does not answer: %w", err)
	}
	r.in, r.out = bufio.NewReaderSize(r.conn, 1<<16), bufio.NewWriterSize(r.conn, 1<<16)
	r.send("SCRIPT", "LOAD", decide)
	if r.script, err = r.answer(); err != nil {
		r.end()
		return nil, err
	}
	return r, nil
}

// end ends the server and empties its folder.
func (r *redis) end() {
	if r.conn != nil {
		r.conn.Close()
	}
	r.process.Process.Kill()
	r.process.Wait()
	os.RemoveAll(r.folder)
}

// version is what the server says it is.
func (r *redis) version() string {
	r.send("INFO", "server")
	text, err := r.answer()
	if err != nil {
		return "?"
	}
	_, after, _ := strings.Cut(text, "redis_version:")
	v, _, _ := strings.Cut(after, "\r\n")
	return v
}

// send puts a command into the pipeline (RESP: an array of bulk strings).
func (r *redis) send(words ...string) {
	fmt.Fprintf(r.out, "*%d\r\n", len(words))
	for _, w := range words {
		fmt.Fprintf(r.out, "$%d\r\n%s\r\n", len(w), w)
	}
}

// answer reads the next answer: a bulk string, an integer or a status.
func (r *redis) answer() (string, error) {
	if err := r.out.Flush(); err != nil {
		return "", err
	}
	line, err := r.in.ReadString('\n')
	if err != nil {
		return "", err
	}
	line = strings.TrimRight(line, "\r\n")
	switch {
	case line == "":
		return "", fmt.Errorf("redis: an empty answer")
	case line[0] == '-':
		return "", fmt.Errorf("redis: %s", line[1:])
	case line[0] != '$':
		return line[1:], nil
	}
	n, err := strconv.Atoi(line[1:])
	if err != nil || n < 0 {
		return "", fmt.Errorf("redis: answer %q", line)
	}
	b := make([]byte, n+2)
	for got := 0; got < len(b); {
		k, err := r.in.Read(b[got:])
		if err != nil {
			return "", err
		}
		got += k
	}
	return string(b[:n]), nil
}

// depth is how many decisions are asked for before the first answer is read.
const depth = 200

// decisions asks for one decision for each request, pipelined, and says how many the server made in a second of its processor time.
func (r *redis) decisions(requests [][]byte) (float64, error) {
	before, err := secondsOf(r.process.Process.Pid)
	if err != nil {
		return 0, err
	}
	for len(requests) > 0 {
		n := min(depth, len(requests))
		for _, q := range requests[:n] {
			if _, err := r.out.Write(q); err != nil {
				return 0, err
			}
		}
		for range n {
			if a, err := r.answer(); err != nil || a != "1" && a != "0" {
				return 0, fmt.Errorf("redis answered %q: %w", a, err)
			}
		}
		requests = requests[n:]
	}
	after, err := secondsOf(r.process.Process.Pid)
	return after - before, err
}

// request is a decision on a call of an account: calls of the hour and the day, minutes and money of the day, calls to the country by this account
// in a day and by everybody in an hour.
func (r *redis) request(account, country string, at, cents int64) []byte {
	counters := []struct {
		name   string
		window int64
		by     int64
		limit  string
	}{{"ch:" + account, 3600, 1, "1000"}, {"cd:" + account, 86400, 1, "10000"}, {"md:" + account, 86400, 10, "100000"}, {"eu:" + account, 86400, cents, "1000000"},
		{"ac:" + account + ":" + country, 86400, 1, "10000"}, {"tc:" + country, 3600, 1, "100000000"}}
	words := []string{"EVALSHA", r.script, "12"}
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	for back := range int64(2) {
		for _, c := range counters {
			words = append(words, c.name+":"+number(at/c.window-back))
		}
	}
	for i := range 4 {
		for _, c := range counters {
			words = append(words, [4]string{number(c.by), c.limit, strconv.FormatFloat(1-float64(at%c.window)/float64(c.window), 'f', 3, 64), number(2 * c.window)}[i])
		}
	}
	b := []byte(fmt.Sprintf("*%d\r\n", len(words)))
	for _, w := range words {
		b = append(b, fmt.Sprintf("$%d\r\n%s\r\n", len(w), w)...)
	}
	return b
}
