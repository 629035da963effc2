package connect

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/asterisk"
)

// database is where FreePBX keeps its call records.
const database = "asteriskcdrdb"

// hosts are what MariaDB calls a client on the same machine: by name, and by address where it looks no names up.
func hosts() []string { return []string{"localhost", "127.0.0.1"} }

// grants are the statements that make a user who may read the call records and nothing else. Made again they give the secret anew.
func grants(secret string) []string {
	var out []string
	for _, h := range hosts() {
		user := fmt.Sprintf("'%s'@'%s'", userAMI, h)
		out = append(out, fmt.Sprintf("CREATE USER IF NOT EXISTS %s IDENTIFIED BY '%s';", user, secret),
			fmt.Sprintf("ALTER USER %s IDENTIFIED BY '%s';", user, secret), fmt.Sprintf("GRANT SELECT ON %s.cdr TO %s;", database, user))
	}
	return out
}

// eventGrants are those for channel events, which not every FreePBX keeps.
func eventGrants() []string {
	var out []string
	for _, h := range hosts() {
		out = append(out, fmt.Sprintf("GRANT SELECT ON %s.cel TO '%s'@'%s';", database, userAMI, h))
	}
	return out
}

// revokes take the user away.
func revokes() []string {
	var out []string
	for _, h := range hosts() {
		out = append(out, fmt.Sprintf("DROP USER IF EXISTS '%s'@'%s';", userAMI, h))
	}
	return out
}

// Grant makes the database user through the client program of this machine, as whoever runs this. The secret goes through its standard input: arguments
// can be seen by everybody.
func Grant(ctx context.Context, run Runner, o *Options) error {
	secret, err := o.secret(fileCDR)
	if err != nil {
		return err
	}
	if !asterisk.Plain(secret) {
		return belwacht.Errorf(belwacht.Internal, "the secret of the database user cannot be written into a statement")
	}
	if err := statements(ctx, run, grants(secret)); err != nil {
		return err
	}
	if err := statements(ctx, run, eventGrants()); err != nil && !strings.Contains(err.Error(), noSuchTable) {
		return err
	}
	return nil
}

// noSuchTable is MariaDB's error for a table that is not there.
const noSuchTable = "ERROR 1146 "

// Revoke takes the database user away.
func Revoke(ctx context.Context, run Runner) error { return statements(ctx, run, revokes()) }

// statements runs some, and never says what was in them.
func statements(ctx context.Context, run Runner, list []string) error {
	out, err := run(ctx, strings.Join(list, "\n")+"\n", "mysql", "--batch", "--connect-timeout=5")
	if belwacht.CodeOf(err) == belwacht.NotFound { // its newer name
		out, err = run(ctx, strings.Join(list, "\n")+"\n", "mariadb", "--batch", "--connect-timeout=5")
	}
	if err == nil {
		return nil
	}
	if belwacht.CodeOf(err) == belwacht.NotFound {
		return err
	}
	reason := "it does not say why"
	for line := range strings.SplitSeq(out, "\n") {
		// MariaDB repeats a part of the statement behind near; all before it is its own.
		if line, _, _ = strings.Cut(line, " near "); strings.HasPrefix(line, "ERROR ") {
			reason = line
		}
	}
	return belwacht.Errorf(belwacht.Unreachable, "the database user could not be made or taken away: %s", reason)
}

// GrantByHand is what an administrator of the database types instead, for a shell that may read the secret's file.
func GrantByHand(o *Options) string {
	return "mysql <<SQL\n" + strings.Join(append(grants("$(cat '"+filepath.Join(o.Own, fileCDR)+"')"), eventGrants()...), "\n") + "\nSQL"
}

// RevokeByHand is the way back.
func RevokeByHand() string { return "mysql <<SQL\n" + strings.Join(revokes(), "\n") + "\nSQL" }
