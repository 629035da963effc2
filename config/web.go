package config

// Web is where the console and the API are served. Who may come in is Access's.
type Web struct {
	Listen      string `yaml:"listen,omitempty"`      // HOST:PORT; "" = nowhere
	Certificate string `yaml:"certificate,omitempty"` // file in PEM, with what it is signed by; "" = one signed by itself is made at the first start
	Key         string `yaml:"key,omitempty"`         // its file in PEM
}

// CertificateFiles are the certificate's file and its key's; "" where none are named.
func (c *Config) CertificateFiles() (certificate, key string) {
	if c.Web.Certificate == "" {
		return "", ""
	}
	return c.path(c.Web.Certificate), c.path(c.Web.Key)
}

// web checks where the console is served.
func (k *checker) web() {
	w := &k.c.Web
	if w.Listen != "" {
		k.address("web.listen", w.Listen)
	}
	if (w.Certificate == "") != (w.Key == "") {
		k.fail("web.certificate", "goes with web.key: name both, or neither for a certificate that Belwacht makes")
	}
}
