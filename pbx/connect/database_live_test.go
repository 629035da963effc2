package connect

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestGrantLive makes the user in a real MariaDB, twice, and takes it away.
func TestGrantLive(t *testing.T) {
	for _, p := range []string{"mariadbd", "mariadb-install-db", "mysql"} {
		if _, err := exec.LookPath(p); err != nil {
			if os.Getenv("BELWACHT_ACCEPT") != "" {
				t.Fatalf("%s is not installed", p)
			}
			t.Skipf("%s is not installed (Debian's mariadb-server-core and mariadb-client-core)", p)
		}
	}
	socket := startMariaDB(t)
	as := func(user, secret string) Runner {
		return func(ctx context.Context, stdin, program string, args ...string) (string, error) {
			known := []string{"--no-defaults", "--socket=" + socket, "--user=" + user}
			if secret != "" {
				known = append(known, "--password="+secret)
			}
			return Run(ctx, stdin, program, append(known, args...)...)
		}
	}
	root := as("root", "")
	if out, err := root(t.Context(), "CREATE DATABASE asteriskcdrdb; USE asteriskcdrdb; CREATE TABLE cdr (src VARCHAR(80)); INSERT INTO cdr VALUES ('201'); CREATE TABLE other (a INT);", "mysql"); err != nil {
		t.Fatal(out, err)
	}
	o := unpack(t, "freepbx17")
	connected(t, o)
	secret := strings.TrimSpace(read(t, filepath.Join(o.Own, fileCDR)))
	for range 2 { // there is no table cel at first
		if err := Grant(t.Context(), root, o); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := root(t.Context(), "CREATE TABLE asteriskcdrdb.cel (a INT);", "mysql"); err != nil {
		t.Fatal(out, err)
	}
	if err := Grant(t.Context(), root, o); err != nil {
		t.Fatal(err)
	}
	guard := as(userAMI, secret)
	for statement, may := range map[string]bool{"SELECT src FROM asteriskcdrdb.cdr": true, "SELECT * FROM asteriskcdrdb.cel": true, "SELECT * FROM asteriskcdrdb.other": false,
		"DELETE FROM asteriskcdrdb.cdr": false, "SELECT * FROM mysql.user": false} {
		if out, err := guard(t.Context(), statement, "mysql", "--batch"); (err == nil) != may {
			t.Errorf("%s: %v, %s", statement, err, out)
		}
	}
	if err := Revoke(t.Context(), root); err != nil {
		t.Fatal(err)
	}
	if out, err := guard(t.Context(), "SELECT 1", "mysql"); err == nil || !strings.Contains(out, "ERROR 1045") {
		t.Errorf("the user is still there: %v, %s", err, out)
	}
}

// startMariaDB starts a server of the test's own, without a port, and returns its socket.
func startMariaDB(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "bw") // short, since a socket's path may have 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	as := &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if os.Geteuid() == 0 { // servers refuse to run as root
		as.Credential = &syscall.Credential{Uid: 65534, Gid: 65534}
		if err := os.Chown(dir, 65534, 65534); err != nil {
			t.Fatal(err)
		}
	}
	data, socket := filepath.Join(dir, "data"), filepath.Join(dir, "socket")
	install := exec.Command("mariadb-install-db", "--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db", "--datadir="+data)
	install.Dir, install.SysProcAttr = dir, as
	if out, err := install.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	server := exec.Command("mariadbd", "--no-defaults", "--datadir="+data, "--socket="+socket, "--skip-networking", "--pid-file="+filepath.Join(dir, "pid"))
	server.Dir, server.SysProcAttr = dir, as
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Process.Kill(); _ = server.Wait() })
	for until := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) { // a real program has no simulated time
		if _, err := Run(t.Context(), "SELECT 1", "mysql", "--no-defaults", "--socket="+socket, "--user=root"); err == nil {
			return socket
		} else if time.Now().After(until) {
			t.Fatal(err)
		}
	}
}
