package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/pbx/connect"
	"github.com/belwacht/belwacht/pbx/connect/say"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/yaml"
	"github.com/spf13/cobra"
)

// connection is what the flags of belwacht connect say.
type connection struct {
	say.Speaker
	undo, noDatabase, fastAGI bool
	country, whenDown, lang   string
}

func newConnectCommand(env *environment) *cobra.Command {
	n := &connection{Speaker: say.Speaker{Console: connect.Console{Run: connect.Run}, In: env.in, Out: env.out, Terminal: env.isTerminal, Colour: env.colour}}
	c := &cobra.Command{
		Use:   "connect asterisk|freepbx|freeswitch",
		Short: "Have a PBX on this machine ask before it dials",
		Long: "Connects an Asterisk or FreePBX on this machine: a manager user of least rights,\n" +
			"and a place in the dial plan that asks Belwacht before a trunk dials. It shows\n" +
			"every change first and asks; --undo takes all of it back, byte for byte.\n" +
			"Emergency numbers go out without asking. Files that FreePBX writes itself are\n" +
			"left alone. Of FreeSWITCH it writes a context that your dial plan runs.",
		Example: "  belwacht connect freepbx --dry-run\n" +
			"  belwacht connect freepbx --config /etc/belwacht/belwacht.yaml\n" +
			"  belwacht connect freepbx --config /etc/belwacht/belwacht.yaml --undo",
		Args: exactly(1, "asterisk, freepbx or freeswitch"),
		RunE: func(c *cobra.Command, args []string) error {
			n.Asked = c.Flags().Changed("etc")
			return n.run(c.Context(), env, args[0])
		},
		ValidArgs: []string{string(connect.Asterisk), string(connect.FreePBX), string(connect.FreeSWITCH)},
	}
	f := c.Flags()
	f.BoolVar(&n.Dry, "dry-run", false, "show what would be done, and change nothing")
	f.BoolVar(&n.undo, "undo", false, "take back what an earlier connect did")
	f.BoolVarP(&n.Yes, "yes", "y", false, "do not ask")
	f.StringVar(&n.Etc, "etc", connect.DefaultEtc, "folder of the PBX's configuration; of FreeSWITCH /etc/freeswitch")
	f.StringVar(&n.Secrets, "secrets", connect.DefaultSecrets, "folder for what only the PBX may read; of FreeSWITCH /etc/belwacht/freeswitch")
	f.StringVar(&n.Config, "config", "", "Belwacht's configuration, into which the PBX is written; printed where it is not given")
	f.StringVar(&n.Name, "name", "pbx", "what the PBX is called")
	f.StringVar(&n.Tenant, "tenant", "", "whose PBX it is, where the configuration has several organisations")
	f.StringVar(&n.country, "country", "NL", "country, two letters, where no configuration says it")
	f.StringVar(&n.whenDown, "when-down", "pass", "while Belwacht does not answer: pass, or refuse_abroad")
	f.BoolVar(&n.fastAGI, "fastagi", false, "ask by FastAGI instead of HTTP, where Asterisk has no CURL()")
	f.StringVar(&n.Say, "say", "", "sound file that a refused caller hears, before the code that belwacht why explains; default: nothing is said")
	f.BoolVar(&n.NoReload, "no-reload", false, "do not have Asterisk read the files, and place no test call")
	f.BoolVar(&n.noDatabase, "no-database", false, "make no user for FreePBX's call records")
	f.StringVar(&n.lang, "lang", "en", "language: en or nl")
	return c
}

// run reads the flags and goes one of the two ways.
func (n *connection) run(ctx context.Context, env *environment, kind string) error {
	if err := n.Language.UnmarshalText([]byte(n.lang)); err != nil {
		return belwacht.Errorf(belwacht.Usage, "--lang %s is no language that Belwacht speaks; there are en and nl", text.Clean(n.lang, 20))
	}
	switch n.Kind = connect.Kind(kind); n.Kind {
	case connect.Asterisk, connect.FreePBX:
	case connect.FreeSWITCH:
		if n.fastAGI {
			return belwacht.Errorf(belwacht.Usage, "FreeSWITCH asks by HTTP; leave --fastagi out")
		}
		if n.Etc == connect.DefaultEtc {
			n.Etc = connect.EtcFreeSWITCH
		}
		if n.Secrets == connect.DefaultSecrets {
			n.Secrets = connect.KeyFreeSWITCH
		}
	default:
		return belwacht.Errorf(belwacht.Usage, "belwacht connect knows no %s; there are asterisk, freepbx and freeswitch", text.Clean(kind, 40))
	}
	switch n.whenDown {
	case "pass", "refuse_abroad":
		n.RefuseAbroad = n.whenDown == "refuse_abroad"
	default:
		return belwacht.Errorf(belwacht.Usage, "--when-down %s is no choice; there are pass and refuse_abroad", text.Clean(n.whenDown, 40))
	}
	if err := n.folders(); err != nil {
		return err
	}
	n.Database = n.Kind == connect.FreePBX && !n.noDatabase
	if n.undo {
		return n.TakeBack(ctx)
	}
	if err := n.numbers(env); err != nil {
		return err
	}
	n.FastAGI = n.fastAGI || n.Kind != connect.FreeSWITCH && !n.Asked && n.Console.Running(ctx) && !n.Console.HasCURL(ctx)
	return n.Connect(ctx)
}

// folders makes the paths absolute. Belwacht's own secrets stand beside its configuration; where none is named, in its usual folder, unless the secrets
// shall be elsewhere.
func (n *connection) folders() error {
	for _, p := range []*string{&n.Etc, &n.Secrets, &n.Config} {
		if *p == "" {
			continue
		}
		abs, err := filepath.Abs(*p)
		if err != nil {
			return belwacht.Errorf(belwacht.Usage, "%s is no path: %w", text.Clean(*p, 200), err)
		}
		*p = abs
	}
	switch {
	case n.Config != "":
		n.Own = filepath.Dir(n.Config)
	case n.Secrets == connect.DefaultSecrets, n.Secrets == connect.KeyFreeSWITCH:
		n.Own = connect.DefaultOwn
	default:
		n.Own = n.Secrets
	}
	return nil
}

// numbers finds out how the site dials: by its configuration, or by a country.
func (n *connection) numbers(env *environment) error {
	settings := config.Assumed()
	settings.Organisation.Country = strings.ToUpper(n.country)
	if n.Config != "" {
		data, err := yaml.Bytes(n.Config)
		switch {
		case err == nil:
			if settings, err = config.Read(connect.Without(data), n.Config, env.environ()); err != nil {
				return err
			}
		case belwacht.CodeOf(err) != belwacht.NotFound:
			return err
		}
	}
	tenant, err := n.organisation(settings)
	if err != nil {
		return err
	}
	site, err := tenant.Site()
	if err != nil {
		return belwacht.Errorf(belwacht.Usage, "--country %s is no country with a numbering plan; give two letters, such as NL", text.Clean(n.country, 20))
	}
	n.Numbers = site
	n.Fresh = fmt.Sprintf("# Belwacht's configuration. Check it with: belwacht config check %s\norganisation:\n  country: %s\n  timezone: %s\n",
		filepath.Base(n.Config),
		settings.Organisation.Country, zoneHere(env))
	return nil
}

// organisation is whose PBX it is: the only one, or the one of --tenant.
func (n *connection) organisation(settings *config.Config) (*config.Tenant, error) {
	all := settings.All()
	if len(settings.Tenants) == 0 && n.Tenant == "" {
		return &all[0], nil
	}
	var names []string
	for i := range all {
		if all[i].Name == n.Tenant {
			return &all[i], nil
		}
		names = append(names, text.Clean(all[i].Name, 60))
	}
	return nil, belwacht.Errorf(belwacht.Usage, "say whose PBX it is: --tenant and one of %s", strings.Join(names[:min(len(names), 30)], ", "))
}

// zoneHere is this machine's time zone, by its name.
func zoneHere(env *environment) string {
	zone := env.getenv("TZ")
	if link, err := os.Readlink("/etc/localtime"); zone == "" && err == nil {
		_, zone, _ = strings.Cut(link, "zoneinfo/")
	}
	if !strings.Contains(zone, "/") || strings.Trim(zone, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/_+-") != "" {
		return config.Assumed().Organisation.Timezone
	}
	return zone
}
