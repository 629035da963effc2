package sql

import (
	"net"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ingest"
)

// Kind is what speaks to us.
type Kind uint8

// The databases.
const (
	MySQL Kind = iota + 1 // MySQL 5.7 and newer, MariaDB 10.1 and newer
	PostgreSQL
)

// String is the database's name.
func (k Kind) String() string {
	if k == PostgreSQL {
		return "PostgreSQL"
	}
	return "MySQL"
}

// Config is where the records lie.
type Config struct {
	Address  string // host:port, or the path of a socket (MySQL) or of its folder (PostgreSQL); "" = 127.0.0.1 and the usual port
	Database string // asteriskcdrdb on FreePBX; required
	User     string // one that may SELECT and nothing else; required
	Table    string // "" = cdr
	// Secret gives the password, at each connecting, so that a new one is taken without a restart; nil = none. Its error has code Config.
	Secret func() (string, error)
	TLS    *TLS // nil: to this machine itself nothing is encrypted, to others as by the zero TLS
}

// Options say how a Reader reads, and to whom.
type Options struct {
	Kind  Kind
	Name  string           // of the source, in messages; "" = made of the address and the table
	Zone  *time.Location   // the organisation's; nil = UTC
	Times string           // "" = Zone unless the uniqueids show otherwise; "utc", "local" (Zone) or Area/City
	From  belwacht.Instant // rows that began earlier are not read, exact to a day; zero: all
	Every time.Duration    // between two looks; 0 = a second. A look waits ten times as long as the last one took

	Row     func(*ingest.Row) error // takes a row, which is the Reader's again after the return; required
	Batch   func() error            // called when rows have been handed on and Position is good, and after each look without any; may be nil
	Changed func(belwacht.Feed)     // called where State, Problem or Notes changed; may be nil
}

// name is what a table and database may be called: what stands between quotes in a query stays there.
var name = regexp.MustCompile(`^[A-Za-z0-9_$.-]{1,64}$`)

// check fills what is left out and finds what is wrong.
func (c *Config) check(o *Options) error {
	if c.Table == "" {
		c.Table = "cdr"
	}
	switch {
	case o.Kind != MySQL && o.Kind != PostgreSQL:
		return belwacht.Errorf(belwacht.Internal, "a database of an unknown kind is to be read")
	case o.Row == nil:
		return belwacht.Errorf(belwacht.Internal, "nobody takes the rows of %s", c.Database)
	case !name.MatchString(c.Database):
		return belwacht.Errorf(belwacht.Config, "database: %.64q is no name of a database; FreePBX's is asteriskcdrdb", c.Database)
	case !name.MatchString(c.Table):
		return belwacht.Errorf(belwacht.Config, "table: %.64q is no name of a table; it is mostly called cdr", c.Table)
	case c.User == "":
		return belwacht.Errorf(belwacht.Config, "user: a database needs a user who may read the table and nothing else")
	}
	if c.Address == "" {
		c.Address = "127.0.0.1:3306"
		if o.Kind == PostgreSQL {
			c.Address = "127.0.0.1:5432"
		}
	}
	if _, _, err := net.SplitHostPort(c.Address); err != nil && !filepath.IsAbs(c.Address) {
		return belwacht.Errorf(belwacht.Config, "address: %.80q must be HOST:PORT or the absolute path of a socket", c.Address)
	}
	switch times := o.Times; {
	case times == "", strings.EqualFold(times, "utc"), strings.EqualFold(times, "local"):
	default:
		if _, err := time.LoadLocation(times); err != nil {
			return belwacht.Errorf(belwacht.Config, "times: %.40q is no time zone; say utc, local, or a name such as Europe/Amsterdam", times)
		}
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if o.Every <= 0 {
		o.Every = time.Second
	}
	if o.Name == "" {
		o.Name = c.Database + "." + c.Table + " at " + c.Address
	}
	return nil
}
