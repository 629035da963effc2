package doctor

import (
	"context"
	"encoding/json"
	"net"
	"time"

	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/pbx/connect"
	"github.com/belwacht/belwacht/yaml"
)

// Patient is what is looked at.
type Patient struct {
	File    string   // Belwacht's configuration
	Environ []string // as os.Environ gives it
	Etc     string   // the PBX's configuration on this machine
	Now     time.Time

	settings *config.Config // nil where it is wrong
	wrong    error
	live     live
}

// live is the part of a configuration that is about running beside a PBX. It is read by itself,
// so that a mistake elsewhere does not hide what can be looked at.
type live struct {
	Data string    `json:"data"`
	PBX  []livePBX `json:"pbx"`
}

// livePBX is one entry of pbx.
type livePBX struct {
	Name string       `json:"name"`
	Kind connect.Kind `json:"kind"`
	AMI  struct {
		Address    string `json:"address"`
		User       string `json:"user"`
		SecretFile string `json:"secret_file"`
		TLS        bool   `json:"tls"`
		CAFile     string `json:"ca_file"`
		ServerName string `json:"server_name"`
		Unchecked  bool   `json:"unchecked"`
	} `json:"ami"`
	Ask struct {
		Listen     string `json:"listen"`
		FastAGI    string `json:"fastagi"`
		SecretFile string `json:"secret_file"`
	} `json:"ask"`
	Records struct {
		MySQL struct {
			SecretFile string `json:"secret_file"`
		} `json:"mysql"`
	} `json:"records"`
	Trunks []string `json:"trunks"`
}

// open reads the configuration. What connect wrote is the other checks' to look at; the rest must be right by itself.
func (p *Patient) open() {
	data, err := yaml.Bytes(p.File)
	if err != nil {
		p.wrong = err
		return
	}
	p.settings, p.wrong = config.Read(connect.Without(data), p.File, p.Environ)
	if all, err := config.Plain(data); err == nil {
		if b, err := json.Marshal(all); err == nil {
			// What is not of the expected form stays empty, and its checks say what is missing.
			_ = json.Unmarshal(b, &p.live)
		}
	}
	if p.live.Data == "" {
		p.live.Data = config.DefaultData
	}
}

// Check looks at one thing.
type Check interface {
	Look(ctx context.Context, p *Patient) []Result
}

// Checks are all of them, in the order in which they are told.
func Checks() []Check {
	return []Check{configuration{}, clock{synchronised}, folder{}, secrets{}, ports{}, manager{}, hook{}, holes{}, telling{}, running{}}
}

// Examine carries out all checks. It takes as long as they do, some seconds where a PBX does not answer, and stops early when ctx ends.
func Examine(ctx context.Context, p *Patient) []Result {
	p.open()
	var out []Result
	for _, c := range Checks() {
		if ctx.Err() != nil {
			break
		}
		out = append(out, c.Look(ctx, p)...)
	}
	return out
}

// Worst is the gravest level of some results.
func Worst(results []Result) Level {
	worst := OK
	for _, r := range results {
		worst = max(worst, r.Level)
	}
	return worst
}

// dial opens a connection within three seconds.
func dial(ctx context.Context, address string) (net.Conn, error) {
	d := net.Dialer{Timeout: 3 * time.Second}
	return d.DialContext(ctx, "tcp", address)
}
