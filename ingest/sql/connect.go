package sql

import (
	"context"
	"crypto/tls"
	"database/sql"
	"errors"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// Limits in time of what is asked of the database.
const (
	connectLimit = 5 * time.Second
	queryLimit   = 30 * time.Second
	scanLimit    = 10 * time.Minute // of a query that has to go through a whole table
)

// connect opens the one connection that a Reader uses: no two of its queries run at once.
func (r *Reader) connect(ctx context.Context) (*sql.DB, *sql.Conn, error) {
	secret := ""
	var err error
	if r.config.Secret != nil {
		if secret, err = r.config.Secret(); err != nil {
			return nil, nil, err
		}
	}
	encrypted, err := r.config.encryption()
	if err != nil {
		return nil, nil, err
	}
	var db *sql.DB
	if r.options.Kind == PostgreSQL {
		db, err = openPostgreSQL(&r.config, secret, encrypted)
	} else {
		db, err = openMySQL(&r.config, secret, encrypted)
	}
	if err != nil {
		return nil, nil, err
	}
	db.SetMaxOpenConns(1)
	ctx, cancel := context.WithTimeout(ctx, 2*connectLimit)
	defer cancel()
	conn, err := db.Conn(ctx)
	if err == nil && r.options.Kind == MySQL {
		err = limitMySQL(ctx, conn, queryLimit)
	}
	if err != nil {
		db.Close()
		return nil, nil, r.explain(err)
	}
	return db, conn, nil
}

// openMySQL prepares connections to MySQL or MariaDB.
func openMySQL(c *Config, secret string, encrypted *tls.Config) (*sql.DB, error) {
	m := mysql.NewConfig()
	m.User, m.Passwd, m.DBName = c.User, secret, c.Database
	m.Net, m.Addr = "tcp", c.Address
	if strings.HasPrefix(c.Address, "/") {
		m.Net = "unix"
	}
	m.TLS = encrypted
	m.Timeout, m.ReadTimeout, m.WriteTimeout = connectLimit, scanLimit, connectLimit
	m.Logger = &mysql.NopLogger{} // what it says comes back as an error as well
	m.Params = map[string]string{"time_zone": "'+00:00'"}
	connector, err := mysql.NewConnector(m)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "the database cannot be reached as it is written: %w", err)
	}
	return sql.OpenDB(connector), nil
}

// limitMySQL has the server end what takes too long; MariaDB and MySQL call that differently. It also makes all transactions read only.
func limitMySQL(ctx context.Context, conn *sql.Conn, limit time.Duration) error {
	var version string
	if err := conn.QueryRowContext(ctx, "SELECT VERSION()").Scan(&version); err != nil {
		return err
	}
	set := "SET SESSION max_execution_time = " + strconv.FormatInt(limit.Milliseconds(), 10)
	if strings.Contains(strings.ToLower(version), "mariadb") {
		set = "SET SESSION max_statement_time = " + strconv.FormatFloat(limit.Seconds(), 'f', -1, 64)
	}
	// One that is too old to know the limit is limited from here.
	var old *mysql.MySQLError
	if _, err := conn.ExecContext(ctx, set); err != nil && !errors.As(err, &old) {
		return err
	}
	_, err := conn.ExecContext(ctx, "SET SESSION TRANSACTION READ ONLY")
	return err
}

// openPostgreSQL prepares connections to PostgreSQL.
func openPostgreSQL(c *Config, secret string, encrypted *tls.Config) (*sql.DB, error) {
	host, port, err := net.SplitHostPort(c.Address)
	if err != nil {
		host, port = c.Address, "5432"
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "address: %.20q is no port", port)
	}
	// All that the environment could say otherwise is said here.
	p, err := pgx.ParseConfig("host=" + quoted(host) + " sslmode=disable user=" + quoted(c.User) + " dbname=" + quoted(c.Database) +
		" password='' passfile=''")
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "the database cannot be reached as it is written: %w", err)
	}
	p.Port, p.Password, p.ConnectTimeout, p.TLSConfig, p.Fallbacks = uint16(n), secret, connectLimit, encrypted, nil
	p.RuntimeParams = map[string]string{"timezone": "UTC", "datestyle": "ISO", "default_transaction_read_only": "on", "application_name": "belwacht",
		"statement_timeout": strconv.FormatInt(queryLimit.Milliseconds(), 10)}
	p.DefaultQueryExecMode = pgx.QueryExecModeExec // nothing is kept at the server between queries
	return stdlib.OpenDB(*p), nil
}

// quoted is a value of a connection string.
func quoted(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}

// explain makes a sentence that says what to do of what a driver says.
func (r *Reader) explain(err error) error {
	var ours *belwacht.Error
	var taker *takerError
	if err == nil || errors.As(err, &ours) || errors.As(err, &taker) || errors.Is(err, context.Canceled) {
		return err
	}
	if untrusted := r.untrusted(err); untrusted != nil {
		return untrusted
	}
	c := &r.config
	user, grant := strconv.Quote(c.User), "GRANT SELECT ON "+c.Database+"."+c.Table+" TO "+c.User
	if r.options.Kind == PostgreSQL {
		grant = "GRANT SELECT ON " + c.Table + " TO " + c.User
	}
	code := ""
	var m *mysql.MySQLError
	var p *pgconn.PgError
	if errors.As(err, &m) {
		code = strconv.Itoa(int(m.Number))
	} else if errors.As(err, &p) {
		code = p.Code
	}
	switch code {
	case "1045", "28P01", "28000":
		return belwacht.Errorf(belwacht.Unreachable, "%s refuses the user %s or the password in secret_file", c.Address, user)
	case "1044", "1142", "1143", "42501":
		return belwacht.Errorf(belwacht.Unreachable, "the user %s may not read %s.%s; as its administrator: %s", user, c.Database, c.Table, grant)
	case "1049", "3D000":
		return belwacht.Errorf(belwacht.Unreachable, "there is no database %s at %s; FreePBX's is asteriskcdrdb", c.Database, c.Address)
	case "1146", "42P01":
		return belwacht.Errorf(belwacht.Unreachable, "there is no table %s in %s, or %s may not read it: %s", c.Table, c.Database, user, grant)
	case "1969", "3024", "57014":
		return belwacht.Errorf(belwacht.Unreachable, "%s took longer than its limit to answer: %w", r.options.Name, errSlow)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return belwacht.Errorf(belwacht.Unreachable, "%s did not answer in time: %w", r.options.Name, errSlow)
	}
	return belwacht.Errorf(belwacht.Unreachable, "%s cannot be reached (%.300s); is the database running, and does address lead to it", r.options.Name,
		strings.Join(strings.Fields(err.Error()), " "))
}

// errSlow is the cause of an error where a query was ended for the time it took.
var errSlow = errors.New("the query was ended")
