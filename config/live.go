package config

import (
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/belwacht/belwacht"
)

// Where a running Belwacht keeps and listens to what, unless the file says otherwise.
const (
	DefaultData   = "/var/lib/belwacht"
	DefaultSocket = "/run/belwacht/control.sock"
)

// Control is the way into a running Belwacht.
type Control struct {
	Socket string `yaml:"socket,omitempty"` // a unix socket
}

// Health is where monitoring asks.
type Health struct {
	Listen string `yaml:"listen,omitempty"` // HOST:PORT; "" = nowhere
}

// PBX is one telephone system that is guarded.
type PBX struct {
	Name    string         `yaml:"name"`              // in output, and what tells them apart
	Kind    string         `yaml:"kind,omitempty"`    // asterisk, freepbx or freeswitch
	Tenant  string         `yaml:"tenant,omitempty"`  // whose it is, where there are tenants
	AMI     *AMI           `yaml:"ami,omitempty"`     // its feed of events
	Ask     *Ask           `yaml:"ask,omitempty"`     // its dial plan asks before it dials
	Records *RecordsSource `yaml:"records,omitempty"` // its call records
	JudgeBy Source         `yaml:"judge_by,omitempty"`
	Trunks  []string       `yaml:"trunks,omitempty"` // endpoints that lead outside; none = the tenant's
}

// AMI is how an Asterisk's manager interface is reached.
type AMI struct {
	Address    string `yaml:"address"` // HOST:PORT
	User       string `yaml:"user"`
	SecretFile string `yaml:"secret_file"` // see Secret
	TLS        bool   `yaml:"tls,omitempty"`
	CAFile     string `yaml:"ca_file,omitempty"`     // certificates in PEM that the PBX's must go back to, or its own; "" = the system's
	ServerName string `yaml:"server_name,omitempty"` // that the certificate must be for; "" = the host of the address
	Unchecked  bool   `yaml:"unchecked,omitempty"`   // the certificate is not looked at
}

// Ask is how a dial plan asks.
type Ask struct {
	Listen     string   `yaml:"listen,omitempty"`  // HTTP, HOST:PORT
	FastAGI    string   `yaml:"fastagi,omitempty"` // HOST:PORT
	SecretFile string   `yaml:"secret_file"`
	From       []string `yaml:"from,omitempty"`      // addresses or networks that it asks from, besides loopback
	WhenDown   string   `yaml:"when_down,omitempty"` // pass or refuse_abroad: what the dial plan does without an answer
}

// RecordsSource is where the call records of a PBX come from as they are made: one of these.
type RecordsSource struct {
	MySQL    *Database `yaml:"mysql,omitempty"` // also MariaDB
	Postgres *Database `yaml:"postgres,omitempty"`
	File     string    `yaml:"file,omitempty"`   // that grows
	Folder   string    `yaml:"folder,omitempty"` // that files are put into
}

// Database is one that is read.
type Database struct {
	Address    string `yaml:"address"` // HOST:PORT, or the path of a unix socket
	Database   string `yaml:"database"`
	User       string `yaml:"user"`
	SecretFile string `yaml:"secret_file"`
	Table      string `yaml:"table,omitempty"` // "" = cdr
	TLS        *TLS   `yaml:"tls,omitempty"`   // nil: encrypted and checked, but for a database on this machine
}

// TLS is how a connection to a database is encrypted.
type TLS struct {
	CAFile     string `yaml:"ca_file,omitempty"`     // certificates in PEM that the server's must go back to; "" = the system's
	ServerName string `yaml:"server_name,omitempty"` // that the certificate must be for; "" = the host of the address
	Unchecked  bool   `yaml:"unchecked,omitempty"`   // the certificate is not looked at
	Off        bool   `yaml:"off,omitempty"`         // nothing is encrypted
}

// Source is what tells of a call first, and so is what it is judged by.
type Source string

// The sources that there are.
const (
	ByAsk     Source = "ask"
	ByAMI     Source = "ami"
	ByRecords Source = "records"
)

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *Source) UnmarshalText(b []byte) error {
	switch v := Source(b); v {
	case ByAsk, ByAMI, ByRecords:
		*s = v
		return nil
	}
	return belwacht.Errorf(belwacht.Config, "%.40q is nothing that calls are judged by; there are ask, ami and records", b)
}

// Judge is what the PBX's calls are judged by: what the file says, else what tells of them first.
func (p *PBX) Judge() Source {
	switch {
	case p.JudgeBy != "":
		return p.JudgeBy
	case p.Ask != nil:
		return ByAsk
	case p.AMI != nil:
		return ByAMI
	}
	return ByRecords
}

// TenantOf is the name of the organisation that a PBX belongs to.
func (c *Config) TenantOf(p *PBX) string {
	if len(c.Tenants) == 0 {
		return c.Organisation.Name
	}
	return p.Tenant
}

// Of is the organisation that a PBX belongs to, with all that holds for it; nil where there is none of that name.
func (c *Config) Of(p *PBX) *Tenant {
	all := c.All()
	for i := range all {
		if all[i].Name == c.TenantOf(p) {
			return &all[i]
		}
	}
	return nil
}

// TrunksOf lists the endpoints of a PBX that lead outside: its own, else its organisation's.
func (c *Config) TrunksOf(p *PBX) []string {
	if len(p.Trunks) > 0 {
		return p.Trunks
	}
	if t := c.Of(p); t != nil {
		return t.Trunks
	}
	return nil
}

// DataDir is the folder of all that must last.
func (c *Config) DataDir() string { return c.path(c.Data) }

// Socket is the path of the control socket.
func (c *Config) Socket() string { return c.path(c.Control.Socket) }

// fillLive sets what holds of a running Belwacht where the file says nothing.
func (c *Config) fillLive() {
	if c.Data == "" {
		c.Data = DefaultData
	}
	if c.Control.Socket == "" {
		c.Control.Socket = DefaultSocket
	}
}

// maxSecret bounds a secret's file, in bytes.
const maxSecret = 4096

// Secret reads a secret from its file: all that stands in it, without the line's end. A file that others than its owner and group can read, or that its
// group can change, is an error of code Config which says what to do.
func (c *Config) Secret(name string) (string, error) { return ReadSecret(c.path(name)) }

// ReadSecret is Secret for a file named as the process sees it.
func ReadSecret(name string) (string, error) {
	if wrong := secretWrong(name); wrong != "" {
		return "", belwacht.Errorf(belwacht.Config, "the secret %s %s", shown(name), wrong)
	}
	f, err := os.Open(name)
	if err != nil {
		return "", belwacht.Errorf(belwacht.Config, "the secret %s cannot be read; its owner or group must be the one that Belwacht runs as", shown(name))
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxSecret))
	if err != nil {
		return "", belwacht.Errorf(belwacht.Config, "the secret %s cannot be read", shown(name))
	}
	secret := strings.TrimRight(string(b), "\r\n")
	if secret == "" || strings.ContainsAny(secret, "\r\n\x00") {
		return "", belwacht.Errorf(belwacht.Config, "the secret %s must be one line and not empty", shown(name))
	}
	return secret, nil
}

// SecretOpen says whether a secret's file can be read or changed by more than its owner, and its group for reading: by more than mode 0640 allows.
func SecretOpen(mode fs.FileMode) bool { return mode.Perm()&0o137 != 0 }

// secretWrong says what is wrong with a secret's file, "" for nothing. It does not open it: whoever checks a configuration need not be able to.
func secretWrong(name string) string {
	info, err := os.Stat(name)
	switch {
	case err != nil || !info.Mode().IsRegular():
		return "is no file that can be read; is the name right, seen from the configuration's folder?"
	case SecretOpen(info.Mode()):
		return "can be read or changed by more than its owner and group (mode " + info.Mode().Perm().String() + "); run: chmod 0640 " + name
	case info.Size() > maxSecret:
		return "is too long to be one"
	}
	return ""
}
