package config

import (
	"crypto/x509"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// socketMost is how long the path of a unix socket may be (unix(7)), in bytes.
const socketMost = 107

// live checks what a running Belwacht needs.
func (k *checker) live() {
	c := k.c
	if c.Version != 0 && c.Version != 1 {
		k.fail("version", "%d is none that this Belwacht knows; write version: 1", c.Version)
	}
	if len(c.Socket()) > socketMost {
		k.fail("control.socket", "is longer than the %d bytes that a unix socket's path may have", socketMost)
	}
	if c.Health.Listen != "" {
		k.address("health.listen", c.Health.Listen)
	}
	names, listens := map[string]bool{}, map[string]string{}
	if c.Health.Listen != "" {
		listens[c.Health.Listen] = "health"
	}
	for i := range c.PBX {
		p := &c.PBX[i]
		path := fmt.Sprintf("pbx[%d].", i)
		if !plainName(p.Name) || names[p.Name] {
			k.fail(path+"name", "must be there and its own, at most 60 letters, digits, dots, dashes and underscores; it stands in what the PBX asks")
		}
		names[p.Name] = true
		if p.Kind != "" {
			k.known(path+"kind", "kind of PBX", p.Kind, []string{"asterisk", "freepbx", "freeswitch"})
		}
		if p.Kind == "freeswitch" && (p.AMI != nil || p.Ask != nil && p.Ask.FastAGI != "") {
			k.fail(path+"kind", "FreeSWITCH has no manager interface and no FastAGI; it asks by HTTP (ask: {listen: …}) and has records")
		}
		k.owner(p, path)
		k.ways(p, path)
		k.ask(p, path, listens)
	}
}

// plainName says whether a name can stand everywhere without quotes.
func plainName(s string) bool {
	return s != "" && len(s) <= 60 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == ""
}

// owner checks whose a PBX is.
func (k *checker) owner(p *PBX, path string) {
	var names []string
	for i := range k.c.Tenants {
		names = append(names, k.c.Tenants[i].Name)
	}
	switch {
	case len(names) == 0 && p.Tenant != "" && p.Tenant != k.c.Organisation.Name:
		k.fail(path+"tenant", "there is one organisation and no list of tenants; leave it out")
	case len(names) > 0 && p.Tenant == "":
		k.fail(path+"tenant", "is missing; write whose PBX it is, one of %s", strings.Join(names[:min(len(names), 30)], ", "))
	case len(names) > 0:
		k.known(path+"tenant", "tenant", p.Tenant, names)
	}
}

// ways checks the ways by which a PBX is heard.
func (k *checker) ways(p *PBX, path string) {
	if p.AMI == nil && p.Ask == nil && p.Records == nil {
		k.fail(strings.TrimSuffix(path, "."), "has neither ami nor ask nor records, so nothing would be heard of its calls")
	}
	if there := map[Source]bool{ByAsk: p.Ask != nil, ByAMI: p.AMI != nil, ByRecords: p.Records != nil}; !there[p.Judge()] && p.JudgeBy != "" {
		k.fail(path+"judge_by", "is %s, and the PBX has no %s section", p.JudgeBy, p.JudgeBy)
	}
	if a := p.AMI; a != nil {
		k.address(path+"ami.address", a.Address)
		if a.User == "" {
			k.fail(path+"ami.user", "is missing; belwacht connect makes one of least rights")
		}
		k.secret(path+"ami.secret_file", a.SecretFile)
		switch checks := a.CAFile != "" || a.ServerName != ""; {
		case !a.TLS && (checks || a.Unchecked):
			k.fail(path+"ami.tls", "is not true, so there is no certificate to look at; write tls: true, or leave ca_file, server_name and unchecked out")
		case checks && a.Unchecked:
			k.fail(path+"ami.unchecked", "says that the certificate is not looked at, and ca_file or server_name what to look for; leave one of them out")
		}
		k.authority(path+"ami.ca_file", a.CAFile)
	}
	if r := p.Records; r != nil {
		n := 0
		for _, there := range []bool{r.MySQL != nil, r.Postgres != nil, r.File != "", r.Folder != ""} {
			if there {
				n++
			}
		}
		if n != 1 {
			k.fail(path+"records", "must name one source: mysql, postgres, file or folder")
		}
		k.database(path+"records.mysql", r.MySQL)
		k.database(path+"records.postgres", r.Postgres)
	}
}

func (k *checker) database(path string, d *Database) {
	if d == nil {
		return
	}
	if !filepath.IsAbs(d.Address) {
		k.address(path+".address", d.Address)
	}
	if d.Database == "" {
		k.fail(path+".database", "is missing; FreePBX has its records in asteriskcdrdb")
	}
	if d.User == "" {
		k.fail(path+".user", "is missing; it needs to read one table and nothing else")
	}
	k.secret(path+".secret_file", d.SecretFile)
	if t := d.TLS; t != nil {
		if t.Off && (t.CAFile != "" || t.ServerName != "" || t.Unchecked) || t.Unchecked && (t.CAFile != "" || t.ServerName != "") {
			k.fail(path+".tls", "says what to check and that nothing is checked; leave one of them out")
		}
		k.authority(path+".tls.ca_file", t.CAFile)
	}
}

// authority checks a file of certificates; "" is none.
func (k *checker) authority(path, file string) {
	if file == "" {
		return
	}
	if pem, err := os.ReadFile(k.c.path(file)); err != nil || !x509.NewCertPool().AppendCertsFromPEM(pem) {
		k.fail(path, "%.200s is no file with a certificate in PEM (-----BEGIN CERTIFICATE-----)", file)
	}
}

// ask checks how a PBX asks. PBXs may share an address: the secret tells them apart.
func (k *checker) ask(p *PBX, path string, listens map[string]string) {
	a := p.Ask
	if a == nil {
		return
	}
	if a.Listen == "" && a.FastAGI == "" {
		k.fail(path+"ask", "listens nowhere; write listen: 127.0.0.1:4574 for CURL() or fastagi: 127.0.0.1:4575 for AGI()")
	}
	for _, l := range []struct{ key, what, addr string }{{"listen", "HTTP", a.Listen}, {"fastagi", "FastAGI", a.FastAGI}} {
		if l.addr == "" {
			continue
		}
		k.address(path+"ask."+l.key, l.addr)
		if strings.HasSuffix(l.addr, ":0") {
			continue // any port that is free
		}
		if was := listens[l.addr]; was != "" && was != l.what {
			k.fail(path+"ask."+l.key, "%.60s is listened on for %s already; choose another port", l.addr, was)
		}
		listens[l.addr] = l.what
	}
	if a.WhenDown != "" && !slices.Contains([]string{"pass", "refuse_abroad"}, a.WhenDown) {
		k.fail(path+"ask.when_down", "%.40q is nothing that a dial plan can do; there are pass and refuse_abroad", a.WhenDown)
	}
	for i, from := range a.From {
		if _, err := a.network(from); err != nil {
			k.fail(fmt.Sprintf("%sask.from[%d]", path, i), "%.60q is no address or network; write for example 192.0.2.7 or 192.0.2.0/24", from)
		}
	}
	k.secret(path+"ask.secret_file", a.SecretFile)
}

// Networks are those that a PBX asks from, besides loopback.
func (a *Ask) Networks() ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, from := range a.From {
		p, err := a.network(from)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

func (a *Ask) network(s string) (netip.Prefix, error) {
	if strings.Contains(s, "/") {
		return netip.ParsePrefix(s)
	}
	addr, err := netip.ParseAddr(s)
	if err != nil {
		return netip.Prefix{}, err
	}
	return addr.Prefix(addr.BitLen())
}

// address checks HOST:PORT.
func (k *checker) address(path, s string) {
	host, port, err := net.SplitHostPort(s)
	n, bad := strconv.Atoi(port)
	if err != nil || host == "" || bad != nil || n < 0 || n > 65535 {
		k.fail(path, "%.60q is no address; write HOST:PORT, such as 127.0.0.1:5038", s)
	}
}

// secret checks a secret's file as far as anybody can who does not open it.
func (k *checker) secret(path, name string) {
	if name == "" {
		k.fail(path, "is missing; a secret stands in a file of its own, mode 0640 or 0600")
		return
	}
	if wrong := secretWrong(k.c.path(name)); wrong != "" {
		k.fail(path, "%.200s %s", name, wrong)
	}
}
