package receivers

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/app/people"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/control"
	"github.com/belwacht/belwacht/notify/webhook"
	"github.com/belwacht/belwacht/store/sqlite"
)

// busy is how long anything may take that is waited for, on a busy machine.
const busy = 2 * time.Minute

const secret = "fake-secret-for-tests"

// stand is Belwacht, and the servers around it.
type stand struct {
	t       *testing.T
	dir     string
	program string
	ports   map[string]int
	belw    *exec.Cmd
	servers []*exec.Cmd
	client  *control.Client
	taken   string // the account whose alert was taken by its link
	starts  int
}

// need says why the test cannot run; in the acceptance that fails it.
func need(t *testing.T) {
	missing := ""
	for tool, pkg := range map[string]string{"rsyslogd": "rsyslog rsyslog-gnutls", "webhook": "webhook", "/usr/bin/python3": "python3"} {
		if _, err := exec.LookPath(tool); err != nil {
			missing += " " + pkg
		}
	}
	if err := exec.Command("/usr/bin/python3", "-c", "import aiosmtpd").Run(); err != nil {
		missing += " python3-aiosmtpd"
	}
	switch {
	case missing == "":
	case os.Getenv("BELWACHT_ACCEPT") == "notify":
		t.Fatal("not installed:" + missing)
	default:
		t.Skip("the real receivers are not installed; as root: apt-get install" + missing)
	}
}

// free is a port of loopback that nobody uses now.
func free(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func newStand(t *testing.T) *stand {
	t.Helper()
	dir, err := os.MkdirTemp("", "bw") // short: a socket's path may have 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	s := &stand{t: t, dir: dir, program: filepath.Join(dir, "belwacht"), ports: map[string]int{}, client: control.NewClient(filepath.Join(dir, "s"))}
	if out, err := exec.Command("go", "build", "-o", s.program, "../../cmd/belwacht").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, name := range []string{"smtp", "udp", "tcp", "tls", "hook", "link"} {
		s.ports[name] = free(t)
	}
	s.certificate()
	s.files()
	s.administrator()
	t.Cleanup(func() { s.end(syscall.SIGKILL); s.close() })
	return s
}

// certificate makes one for the servers, which signs itself.
func (s *stand) certificate() {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		s.t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "receivers"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		s.t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		s.t.Fatal(err)
	}
	s.write("cert.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), 0o644)
	s.write("key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})), 0o600)
}

func (s *stand) write(name, says string, mode os.FileMode) {
	for port, n := range s.ports {
		says = strings.ReplaceAll(says, "PORT_"+port, strconv.Itoa(n))
	}
	if err := os.WriteFile(filepath.Join(s.dir, name), []byte(strings.ReplaceAll(says, "DIR", s.dir)), mode); err != nil {
		s.t.Fatal(err)
	}
}

// files writes what the servers and Belwacht are configured by.
func (s *stand) files() {
	s.write("secret", secret+"\n", 0o600)
	s.write("rsyslog.conf", `global(workDirectory="DIR" defaultNetstreamDriverCAFile="DIR/cert.pem" defaultNetstreamDriverCertFile="DIR/cert.pem" defaultNetstreamDriverKeyFile="DIR/key.pem")
module(load="imudp")
module(load="imtcp")
template(name="line" type="string" string="%pri%|%hostname%|%app-name%|%msgid%|%structured-data%|%msg%\n")
ruleset(name="udp") { action(type="omfile" file="DIR/udp.log" template="line") }
ruleset(name="tcp") { action(type="omfile" file="DIR/tcp.log" template="line") }
ruleset(name="tls") { action(type="omfile" file="DIR/tls.log" template="line") }
input(type="imudp" address="127.0.0.1" port="PORT_udp" ruleset="udp")
input(type="imtcp" address="127.0.0.1" port="PORT_tcp" ruleset="tcp")
input(type="imtcp" address="127.0.0.1" port="PORT_tls" ruleset="tls" streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="anon")
`, 0o600)
	s.write("hook.sh", "#!/bin/sh\nprintf '%s\\t%s\\t%s\\t%s\\n' \"$1\" \"$2\" \"$3\" \"$4\" >> DIR/hook.log\n", 0o700)
	s.write("hooks.json", `[{"id": "belwacht", "execute-command": "DIR/hook.sh", "http-methods": ["POST"], "include-command-output-in-response": true, "pass-arguments-to-command":
 [{"source": "header", "name": "X-Belwacht-Delivery"}, {"source": "header", "name": "X-Belwacht-Timestamp"}, {"source": "header", "name": "X-Belwacht-Signature"}, {"source": "raw-request-body"}]}]`, 0o600)
	s.write("b.yaml", `organisation: {name: Oak, country: NL, timezone: Europe/Amsterdam}
mode: enforce
data: data
control: {socket: s}
limits: {organisation: {only_countries: [NL]}}
pbx: [{name: hk, ask: {listen: "127.0.0.1:0", secret_file: secret}, trunks: [PJSIP/trunk]}]
alerts:
  language: nl
  allow: [127.0.0.1]
  webhook: {url: "http://127.0.0.1:PORT_hook/hooks/belwacht", secret_file: secret}
  syslog:
    - {address: "udp://127.0.0.1:PORT_udp", format: cef}
    - {address: "tcp://127.0.0.1:PORT_tcp"}
    - {address: "tls://127.0.0.1:PORT_tls", ca_file: cert.pem}
  mail: {server: "127.0.0.1:PORT_smtp", security: starttls, ca_file: cert.pem, user: belwacht, password_file: secret, from: belwacht@example.nl}
  people: [{name: Anna, mail: anna@example.nl}]
  links: {url: "http://127.0.0.1:PORT_link/alert/", listen: "127.0.0.1:PORT_link"}
`, 0o600)
}

// administrator makes somebody who looks after it all, as a page would have.
func (s *stand) administrator() {
	s.t.Helper()
	c, err := config.Load(filepath.Join(s.dir, "b.yaml"), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	store, err := sqlite.Open(s.t.Context(), sqlite.Config{Folder: filepath.Join(s.dir, "data")})
	if err != nil {
		s.t.Fatal(err)
	}
	p, err := people.Open(s.t.Context(), people.Config{Folder: filepath.Join(s.dir, "data"), Store: store, Config: c, Log: slog.New(slog.DiscardHandler)})
	if err == nil {
		_, err = p.Local(s.t.Context(), "root", belwacht.User{Login: "olga", Name: "Olga", Mail: "olga@example.nl", Role: belwacht.RoleAdministrator, Language: "nl"}, "Groene-fiets7-lamp")
	}
	if err := errors.Join(err, store.Close(s.t.Context())); err != nil {
		s.t.Fatal(err)
	}
}

// letters are the mails that the mail server has, of those that somebody was sent.
func (s *stand) letters(to string) (list []letter) {
	for _, line := range s.lines("mail.log") {
		var m letter
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			s.t.Fatal(err)
		}
		if fmt.Sprint(m.To) == "["+to+"]" {
			list = append(list, m)
		}
	}
	return list
}

// letter is a mail, as the mail server writes it down.
type letter struct {
	To, Parts         []string
	Subject, ID, Text string
	TLS, User         bool
}

// door holds that the administrator and the log servers hear of what lessens protection, and get a head of the audit log that it verifies against.
func (s *stand) door() {
	t := s.t
	t.Helper()
	var heard control.Panicked
	for _, on := range []bool{true, false} {
		if err := s.client.Do(t.Context(), http.MethodPost, "/v1/panic", &control.PanicRequest{On: on, Why: "a test on +31612345678"}, &heard); err != nil {
			t.Fatal(err)
		}
	}
	record := func(name, part string) string {
		for _, line := range s.lines(name + ".log") {
			if strings.Contains(line, part) {
				return line
			}
		}
		return ""
	}
	s.until("the log servers hear of it", func() bool {
		return record("udp", " act=panic.off ") != "" && record("tcp", ` act="panic.off"`) != "" && record("tls", ` act="panic.off"`) != "" && record("udp", "|audit-head|") != "" &&
			record("tcp", "|audit-head|[audit-head@32473 ") != "" && record("tls", "|audit-head|") != ""
	})
	s.until("the administrator has the mails", func() bool { return len(s.letters("olga@example.nl")) >= 2 })
	subjects := ""
	for _, m := range s.letters("olga@example.nl") {
		subjects += m.Subject + "\n"
		if !m.TLS || !m.User || strings.Contains(m.Text, "612345678") {
			t.Errorf("%+v", m)
		}
	}
	if !strings.Contains(subjects, "de bescherming is verminderd") || !strings.Contains(subjects, "liet de noodknop los") || strings.Contains(subjects, "drukte") || !strings.Contains(subjects, "kop van het logboek") {
		t.Errorf("mails to the administrator:\n%s", subjects)
	}
	if strings.Contains(record("tcp", "panic.off"), "612345678") {
		t.Error("a number stands in full at the log server")
	}
	note, err := base64.StdEncoding.DecodeString(regexp.MustCompile(`note64="([^"]+)"`).FindStringSubmatch(record("tcp", "|audit-head|"))[1])
	if err != nil {
		t.Fatal(err)
	}
	s.write("head.txt", string(note), 0o600)
	verify := func(head string) (string, error) {
		out, err := exec.Command(s.program, "audit-log", "verify", "--socket", filepath.Join(s.dir, "s"), "--head", filepath.Join(s.dir, head)).CombinedOutput()
		return string(out), err
	}
	if out, err := verify("head.txt"); err != nil {
		t.Errorf("the head that left the machine does not verify: %v\n%s", err, out)
	}
	lines := strings.Split(string(note), "\n")
	lines[1] = "9" + lines[1]
	s.write("other.txt", strings.Join(lines, "\n"), 0o600)
	if out, err := verify("other.txt"); err == nil {
		t.Errorf("another head verifies: %s", out)
	}
}

// release lets the panic button go, which the administrator and the log servers must hear of.
func (s *stand) release(why string) {
	s.t.Helper()
	for _, on := range []bool{true, false} {
		if err := s.client.Do(s.t.Context(), http.MethodPost, "/v1/panic", &control.PanicRequest{On: on, Why: why}, &control.Panicked{}); err != nil {
			s.t.Fatal(err)
		}
	}
}

// waits waits until what was just done, and the head of each start, is on disk for each who has to hear of it.
func (s *stand) waits(why string) {
	s.t.Helper()
	s.until("what concerns the door waits on disk", func() bool {
		last := map[string]belwacht.Parcel{}
		for _, line := range s.lines(filepath.Join("data", "tell.ndjson")) {
			var l struct{ Parcel *belwacht.Parcel }
			if err := json.Unmarshal([]byte(line), &l); err != nil {
				return false // half of it is read
			}
			if l.Parcel != nil {
				last[l.Parcel.ID] = *l.Parcel
			}
		}
		heads, notices := 0, 0
		for _, p := range last {
			switch {
			case p.Kind == belwacht.NoticeHead && p.Log:
				heads++
			case p.Kind == belwacht.NoticeWeakened && p.Done == 0:
				notices++
			}
		}
		return heads >= 3*s.starts && notices == 4
	})
	for _, m := range s.letters("olga@example.nl") {
		if strings.Contains(m.Text, why) {
			s.t.Error("a mail came through the outage")
		}
	}
}

// toldOnce holds that the administrator and each log server heard of something once, over the outage and the restarts, and that the log servers have each head once.
func (s *stand) toldOnce(why string) {
	s.t.Helper()
	count := func() map[string]int {
		n := map[string]int{"mail": 0}
		for _, m := range s.letters("olga@example.nl") {
			if strings.Contains(m.Text, why) {
				n["mail"]++
			}
		}
		for _, name := range []string{"udp", "tcp", "tls"} {
			heads := map[string]bool{}
			for _, line := range s.lines(name + ".log") {
				if strings.Contains(line, "|notice|") && strings.Contains(line, why) {
					n[name]++
				}
				if strings.Contains(line, "|audit-head|") {
					note := regexp.MustCompile(`note64[=:]\\?"? ?([^"; ]+)`).FindStringSubmatch(line)
					if note == nil || heads[note[1]] {
						s.t.Errorf("%s has a head twice: %s", name, line)
						continue
					}
					heads[note[1]] = true
				}
			}
			n[name+" heads"] = len(heads)
		}
		return n
	}
	want := map[string]int{"mail": 1, "udp": 1, "tcp": 1, "tls": 1, "udp heads": s.starts, "tcp heads": s.starts, "tls heads": s.starts}
	s.until("all hear of the door", func() bool {
		got := count()
		for name, n := range want {
			if got[name] < n {
				return false
			}
		}
		for _, w := range s.status().Ways {
			if w.Waiting > 0 {
				return false
			}
		}
		return true
	})
	if got := count(); !maps.Equal(got, want) {
		s.t.Errorf("heard of %s: %v, want %v", why, got, want)
	}
}

// alerts are the ways by which alerts are told.
func (s *stand) alerts() (list []control.Way) {
	for _, w := range s.status().Ways {
		if !strings.Contains(w.Name, "of the door") && !strings.Contains(w.Name, "who may come in") {
			list = append(list, w)
		}
	}
	return list
}

// first is the first line of a log server's that is an alert.
func (s *stand) first(name, mark string) string {
	for _, line := range s.lines(name) {
		if strings.Contains(line, mark) {
			return line
		}
	}
	return ""
}

// open starts the servers, and waits until they listen.
func (s *stand) open() {
	s.t.Helper()
	at := func(name string) string { return filepath.Join(s.dir, name) }
	for _, args := range [][]string{
		{"rsyslogd", "-n", "-f", at("rsyslog.conf"), "-i", at("rsyslog.pid")},
		{"webhook", "-hooks", at("hooks.json"), "-ip", "127.0.0.1", "-port", strconv.Itoa(s.ports["hook"])},
		{"/usr/bin/python3", "testdata/smtpd.py", strconv.Itoa(s.ports["smtp"]), at("cert.pem"), at("key.pem"), at("mail.log")},
	} {
		c := exec.Command(args[0], args[1:]...)
		log, err := os.OpenFile(at("servers.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			s.t.Fatal(err)
		}
		c.Stdout, c.Stderr = log, log
		err = c.Start()
		log.Close()
		if err != nil {
			s.t.Fatal(err)
		}
		s.servers = append(s.servers, c)
	}
	for _, name := range []string{"smtp", "tcp", "tls", "hook"} {
		s.until(name+" listens", func() bool {
			c, err := net.Dial("tcp", "127.0.0.1:"+strconv.Itoa(s.ports[name]))
			if err == nil {
				c.Close()
			}
			return err == nil
		})
	}
}

// close ends the servers, as an outage does.
func (s *stand) close() {
	for _, c := range s.servers {
		_ = c.Process.Kill()
		_ = c.Wait()
	}
	s.servers = nil
}

// start starts Belwacht, and waits until it answers.
func (s *stand) start() {
	s.t.Helper()
	s.belw = exec.Command(s.program, "run", "--config", filepath.Join(s.dir, "b.yaml"))
	log, err := os.OpenFile(filepath.Join(s.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		s.t.Fatal(err)
	}
	defer log.Close()
	s.belw.Stderr = log
	if err := s.belw.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.until("it answers", func() bool { v := s.status(); return len(v.PBXs) == 1 && !v.Starting })
	s.starts++
}

// end ends Belwacht by a signal.
func (s *stand) end(with syscall.Signal) {
	if s.belw == nil {
		return
	}
	_ = s.belw.Process.Signal(with)
	_ = s.belw.Wait()
	s.belw = nil
}

func (s *stand) status() (v control.Status) {
	_ = s.client.Do(s.t.Context(), http.MethodGet, "/v1/status", nil, &v)
	return v
}

// until waits for something.
func (s *stand) until(what string, ok func() bool) {
	s.t.Helper()
	began := time.Now()
	defer func() { s.t.Logf("%6.1f s until %s", time.Since(began).Seconds(), what) }()
	for end := time.Now().Add(busy); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			log, _ := os.ReadFile(filepath.Join(s.dir, "log"))
			servers, _ := os.ReadFile(filepath.Join(s.dir, "servers.log"))
			s.t.Fatalf("it is not so that %s:\n%s\n%s", what, log[max(0, len(log)-4000):], servers[max(0, len(servers)-2000):])
		}
	}
}

// alarm has a call of an account refused, which is an alert of its own.
func (s *stand) alarm(account string) {
	s.t.Helper()
	r, err := http.PostForm("http://"+s.status().PBXs[0].Ask+"/ask", url.Values{"key": {secret}, "number": {"00252611234567"}, "uniqueid": {account + ".1"}, "linkedid": {account + ".1"},
		"channel": {"PJSIP/" + account + "-0000000a"}})
	if err != nil {
		s.t.Fatal(err)
	}
	defer r.Body.Close()
	if b, err := io.ReadAll(r.Body); err != nil || !strings.HasPrefix(string(b), "refuse,limit.country") {
		s.t.Fatalf("%s %v", b, err)
	}
}

// lines are what a server wrote.
func (s *stand) lines(name string) (list []string) {
	f, err := os.Open(filepath.Join(s.dir, name))
	if err != nil {
		return nil
	}
	defer f.Close()
	for r := bufio.NewScanner(f); r.Scan(); {
		list = append(list, r.Text())
	}
	return list
}

// counts is how often each receiver was told of an account.
func (s *stand) counts(account string) map[string]int {
	n := map[string]int{}
	for name, pattern := range map[string]string{"udp": ` suser=` + account + ` `, "tcp": ` account="` + account + `"`, "tls": ` account="` + account + `"`,
		"hook": `"account":"` + account + `"`, "mail": ` toestel ` + account + ` \u00b7`} {
		n[name] = 0
		for _, line := range s.lines(name + ".log") {
			n[name] += strings.Count(line, pattern)
		}
	}
	return n
}

// wanted is how often a receiver is told of an account: once, and of the alert that Anna took by its link once more, that she has. Who took it is not told.
func (s *stand) wanted(account, name string) int {
	if account == s.taken && name != "mail" {
		return 2
	}
	return 1
}

// once waits until every receiver was told of all accounts, and fails where one was twice.
func (s *stand) once(accounts []string) {
	s.t.Helper()
	for _, a := range accounts {
		s.until("all are told of "+a, func() bool {
			for name, n := range s.counts(a) {
				if n < s.wanted(a, name) {
					return false
				}
			}
			return true
		})
	}
	s.until("nothing waits", func() bool {
		ways := s.alerts()
		for _, w := range ways {
			if w.Waiting > 0 {
				return false
			}
		}
		return len(ways) == 5
	})
	for _, a := range accounts {
		for name, n := range s.counts(a) {
			if n != s.wanted(a, name) {
				s.t.Errorf("%s was told of %s %d times", name, a, n)
			}
		}
	}
}

// TestReceivers: a mail server, a log server by UDP, TCP and TLS, and a webhook's receiver get each alert once: as it comes, after an outage of theirs, after a restart
// of Belwacht, and after kill -9.
func TestReceivers(t *testing.T) {
	need(t)
	rounds := 1
	if os.Getenv("BELWACHT_ACCEPT") == "notify" {
		rounds = 10
	}
	s := newStand(t)
	s.open()
	s.start()
	s.alarm("201")
	accounts := []string{"201"}
	s.once(accounts)
	s.formats()
	s.link()
	s.taken = "201"
	s.door()
	for round := range rounds {
		s.close()
		account := func(i int) string { return strconv.Itoa(1000 + 10*round + i) }
		s.alarm(account(1))
		s.alarm(account(2))
		s.until("the outage is seen", func() bool {
			failing := 0
			for _, w := range s.alerts() {
				if w.Since != 0 && w.Waiting >= 1 {
					failing++
				}
			}
			return failing == 5
		})
		why := "round " + strconv.Itoa(round+1) + " of it"
		s.release(why)
		s.waits(why)
		s.end(syscall.SIGTERM)
		s.start()
		s.alarm(account(3))
		s.until("what waits is on disk", func() bool {
			b, err := os.ReadFile(filepath.Join(s.dir, "data", "tell.ndjson"))
			return err == nil && strings.Contains(string(b), `"account":"`+account(3)+`"`)
		})
		s.waits(why)
		s.end(syscall.SIGKILL)
		s.start()
		s.open()
		accounts = append(accounts, account(1), account(2), account(3))
		s.once(accounts)
		s.toldOnce(why)
	}
	s.end(syscall.SIGTERM)
	log, err := os.ReadFile(filepath.Join(s.dir, "log"))
	if err != nil || strings.Contains(string(log), secret) || strings.Contains(string(log), "611234567") {
		t.Errorf("%v: a secret or a number is in the log", err)
	}
}

// formats looks at what the servers made of the first alert.
func (s *stand) formats() {
	t := s.t
	t.Helper()
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"tcp", "tls"} {
		if line := s.first(name+".log", "|alert|"); !strings.HasPrefix(line, "83|"+host+"|belwacht|alert|[alert@32473 id=\"A1\" delivery=\"") || !strings.Contains(line, "Geweigerd: +252 6 •••• 4567") {
			t.Errorf("%s: %s", name, line)
		}
	}
	if line := s.first("udp.log", "|alert|"); !strings.HasPrefix(line, "83|"+host+"|belwacht|alert|-|") || !strings.Contains(line, "CEF:0|Belwacht|Belwacht|") || !strings.Contains(line, "|limit.country|") {
		t.Errorf("udp: %s", line)
	}
	hook := strings.SplitN(s.lines("hook.log")[0], "\t", 4)
	var m map[string]any
	if err := json.Unmarshal([]byte(hook[3]), &m); err != nil || m["delivery"] != hook[0] || webhook.Sign([]byte(secret), hook[1], []byte(hook[3])) != hook[2] {
		t.Errorf("webhook: %v %q", err, hook)
	}
	if mail := s.letters("anna@example.nl")[0]; !mail.TLS || !mail.User || fmt.Sprint(mail.To) != "[anna@example.nl]" ||
		mail.ID != "<"+hook[0]+"@example.nl>" || mail.Subject != "Belwacht: gesprekken geweigerd, toestel 201 (Oak)" || !strings.Contains(strings.Join(mail.Parts, " "), "text/html") {
		t.Errorf("mail: %+v", mail)
	}
}

// link opens the link of the mail as a scanner does, which changes nothing, and then as Anna does.
func (s *stand) link() {
	t := s.t
	t.Helper()
	address := regexp.MustCompile(`http://127[^\\" ]+`).FindString(s.first("mail.log", "/alert/"))
	taken := func() bool {
		b, err := os.ReadFile(filepath.Join(s.dir, "data", "tell.ndjson"))
		return err == nil && strings.Contains(string(b), `"taker":"Anna"`)
	}
	for range 3 {
		r, err := http.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if r.StatusCode != http.StatusOK || taken() {
			t.Fatalf("%s: %d, taken %v", address, r.StatusCode, taken())
		}
	}
	r, err := http.Post(address, "application/x-www-form-urlencoded", strings.NewReader(""))
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if r.StatusCode != http.StatusOK || !taken() {
		t.Errorf("%d, taken %v", r.StatusCode, taken())
	}
	var log control.AuditLog
	if err := s.client.Do(t.Context(), http.MethodGet, "/v1/audit-log?act=alert.work", nil, &log); err != nil {
		t.Fatal(err)
	}
	if len(log.Entries) != 1 || log.Entries[0].Who != "Anna" || log.Entries[0].Via != "link" || log.Entries[0].From != "127.0.0.1" || log.Entries[0].Subject != "alert A1" || log.Entries[0].Tenant != "Oak" {
		t.Errorf("who took it by the link is not in the audit log once: %+v", log.Entries)
	}
}
