package sql

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib" // sql.Open("pgx")
)

// peer is a real database server in a folder of its own, on a port of loopback.
type peer struct {
	kind    Kind
	dir     string
	port    int
	server  []string // the command that starts it
	running *exec.Cmd
	log     *bytes.Buffer
}

// program finds a server's program, and skips the test where it is not installed. In the acceptance nothing skips.
func program(t *testing.T, pkg string, places ...string) string {
	t.Helper()
	for _, pattern := range places {
		if found, _ := filepath.Glob(pattern); len(found) > 0 {
			return found[len(found)-1]
		}
	}
	if os.Getenv("BELWACHT_ACCEPT") != "" {
		t.Fatalf("%s is not installed", pkg)
	}
	t.Skipf("%s is not installed; bash test/need.sh mariadbd postgres installs it", pkg)
	return ""
}

// unprivileged lets a command run as nobody where we are root: servers refuse to run as root.
func unprivileged(c *exec.Cmd) *exec.Cmd {
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if os.Getuid() == 0 {
		c.SysProcAttr.Credential = &syscall.Credential{Uid: 65534, Gid: 65534}
	}
	c.Env = []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "TZ=UTC"}
	return c
}

// newPeer makes and starts a server that the test ends.
func newPeer(t *testing.T, kind Kind) *peer {
	t.Helper()
	p := &peer{kind: kind, dir: t.TempDir(), log: &bytes.Buffer{}}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.port = l.Addr().(*net.TCPAddr).Port
	l.Close()
	for d := p.dir; d != os.TempDir() && len(d) > 1; d = filepath.Dir(d) {
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if os.Getuid() == 0 {
		if err := os.Chown(p.dir, 65534, 65534); err != nil {
			t.Fatal(err)
		}
	}
	data := filepath.Join(p.dir, "data")
	var setUp *exec.Cmd
	if kind == MySQL {
		server := program(t, "mariadb-server-core", "/usr/sbin/mariadbd")
		setUp = exec.Command(program(t, "mariadb-server-core", "/usr/bin/mariadb-install-db"), "--no-defaults", "--auth-root-authentication-method=normal",
			"--skip-test-db", "--datadir="+data)
		p.server = []string{server, "--no-defaults", "--datadir=" + data, "--bind-address=127.0.0.1",
			fmt.Sprintf("--port=%d", p.port), "--socket=" + p.dir + "/socket",
			"--pid-file=" + p.dir + "/pid", "--innodb-flush-log-at-trx-commit=2", "--skip-name-resolve", "--default-time-zone=+02:00"}
	} else {
		bin := filepath.Dir(program(t, "postgresql", "/usr/lib/postgresql/*/bin/initdb"))
		setUp = exec.Command(filepath.Join(bin, "initdb"), "-D", data, "-U", "root", "-A", "scram-sha-256", "--no-sync", "--pwfile="+filepath.Join(p.dir, "pw"))
		p.write(t, "pw", "rootpw\n")
		p.server = []string{filepath.Join(bin, "postgres"), "-D", data, "-p", fmt.Sprint(p.port), "-k", "", "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off",
			"-c", "timezone=Europe/Amsterdam"}
	}
	unprivileged(setUp)
	setUp.Dir = p.dir
	if out, err := setUp.CombinedOutput(); err != nil {
		t.Fatalf("the server cannot be set up: %v\n%s", err, out)
	}
	t.Cleanup(p.stop)
	p.start(t)
	return p
}

// write puts a file into the server's folder that the server may read.
func (p *peer) write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(p.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if os.Getuid() == 0 {
		if err := os.Chown(path, 65534, 65534); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// start starts the server and waits until it answers.
func (p *peer) start(t *testing.T) {
	t.Helper()
	p.running = unprivileged(exec.Command(p.server[0], p.server[1:]...))
	p.running.Dir = p.dir
	p.running.Stdout, p.running.Stderr = p.log, p.log
	if err := p.running.Start(); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(time.Minute)
	for {
		db := p.root(t, "")
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		err := db.PingContext(ctx)
		cancel()
		db.Close()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			p.stop()
			t.Fatalf("the server does not answer: %v\n%s", err, p.log)
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// stop ends the server at once, as a power cut would.
func (p *peer) stop() {
	if p.running != nil {
		if p.kind == PostgreSQL { // its children must go with it
			p.running.Process.Signal(syscall.SIGQUIT)
		} else {
			p.running.Process.Kill()
		}
		p.running.Wait()
		p.running = nil
	}
}

// root connects as the administrator.
func (p *peer) root(t *testing.T, database string) *sql.DB {
	t.Helper()
	var db *sql.DB
	var err error
	if p.kind == MySQL {
		db, err = sql.Open("mysql", fmt.Sprintf("root@tcp(127.0.0.1:%d)/%s?multiStatements=true&timeout=2s", p.port, database))
	} else {
		if database == "" {
			database = "postgres"
		}
		db, err = sql.Open("pgx", fmt.Sprintf("postgres://root:rootpw@127.0.0.1:%d/%s?sslmode=disable&connect_timeout=2&default_query_exec_mode=simple_protocol",
			p.port, database))
	}
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// cdr makes the database asteriskcdrdb with a table, and the user belwacht who may read it. It gives the administrator's connection and the
// configuration of a Reader.
func (p *peer) cdr(t *testing.T, table string) (*sql.DB, Config) {
	t.Helper()
	db := p.root(t, "")
	for _, q := range []string{"CREATE DATABASE asteriskcdrdb"} {
		exec1(t, db, q)
	}
	db.Close()
	db = p.root(t, "asteriskcdrdb")
	db.SetMaxIdleConns(0) // connections do not outlive a server
	t.Cleanup(func() { db.Close() })
	exec1(t, db, table)
	if p.kind == MySQL {
		exec1(t, db, "CREATE USER belwacht@'127.0.0.1' IDENTIFIED BY 'S3cret-of-the-test'; GRANT SELECT ON asteriskcdrdb.cdr TO belwacht@'127.0.0.1'")
	} else {
		exec1(t, db, "CREATE USER belwacht PASSWORD 'S3cret-of-the-test'; GRANT SELECT ON cdr TO belwacht")
	}
	return db, Config{Address: fmt.Sprintf("127.0.0.1:%d", p.port), Database: "asteriskcdrdb", User: "belwacht", Secret: says("S3cret-of-the-test")}
}

// says is a password.
func says(secret string) func() (string, error) { return func() (string, error) { return secret, nil } }

// exec1 runs a statement of the administrator.
func exec1(t *testing.T, db *sql.DB, query string) {
	t.Helper()
	if _, err := db.Exec(query); err != nil {
		t.Fatalf("%.200s: %v", query, err)
	}
}

// TestMain keeps the driver of the administrator's connection from writing what it tries while a server starts.
func TestMain(m *testing.M) {
	if err := mysql.SetLogger(&mysql.NopLogger{}); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// freepbx is FreePBX's table (framework, installlib/SQL/cdr.sql), with or without its index.
func freepbx(engine string, indexed bool) string {
	index := ""
	if indexed {
		index = ", KEY calldate (calldate), KEY dst (dst), KEY accountcode (accountcode), KEY uniqueid (uniqueid)"
	}
	return `CREATE TABLE cdr (calldate datetime NOT NULL DEFAULT '2000-01-01 00:00:00', clid varchar(80) NOT NULL DEFAULT '', src varchar(80) NOT NULL DEFAULT '',
		dst varchar(80) NOT NULL DEFAULT '', dcontext varchar(80) NOT NULL DEFAULT '', channel varchar(80) NOT NULL DEFAULT '',
		dstchannel varchar(80) NOT NULL DEFAULT '',
		lastapp varchar(80) NOT NULL DEFAULT '', lastdata varchar(80) NOT NULL DEFAULT '', duration int NOT NULL DEFAULT 0, billsec int NOT NULL DEFAULT 0,
		disposition varchar(45) NOT NULL DEFAULT '', amaflags int NOT NULL DEFAULT 0, accountcode varchar(20) NOT NULL DEFAULT '',
		uniqueid varchar(32) NOT NULL DEFAULT '',
		userfield varchar(255) NOT NULL DEFAULT '', did varchar(50) NOT NULL DEFAULT '', recordingfile varchar(255) NOT NULL DEFAULT '',
		cnum varchar(80) NOT NULL DEFAULT '',
		cnam varchar(80) NOT NULL DEFAULT '', outbound_cnum varchar(80) NOT NULL DEFAULT '', outbound_cnam varchar(80) NOT NULL DEFAULT '',
		dst_cnam varchar(80) NOT NULL DEFAULT '', linkedid varchar(32) NOT NULL DEFAULT '', peeraccount varchar(80) NOT NULL DEFAULT '',
		sequence int NOT NULL DEFAULT 0` + index + `) ENGINE=` + engine + ` DEFAULT CHARSET=utf8mb4`
}

// plain is Asterisk's own table (contrib/ast-db-manage/cdr) in PostgreSQL; with zoned as the older documentation has it.
func plain(zoned, indexed bool) string {
	start := "start timestamp"
	if zoned {
		start = "calldate timestamp with time zone"
	}
	more := ""
	if indexed {
		more = "; CREATE INDEX ON cdr (" + strings.Fields(start)[0] + ")"
	}
	return `CREATE TABLE cdr (accountcode varchar(80), src varchar(80), dst varchar(80), dcontext varchar(80), clid varchar(80), channel varchar(80),
		dstchannel varchar(80), lastapp varchar(80), lastdata varchar(80), ` + start + `, answer timestamp, "end" timestamp, duration integer, billsec integer,
		disposition varchar(45), amaflags varchar(45), userfield varchar(256), uniqueid varchar(150), linkedid varchar(150),
		peeraccount varchar(80), sequence integer)` + more
}
