package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/pbx/connect"
	"github.com/belwacht/belwacht/terminal"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/yaml"
	"github.com/spf13/cobra"
)

// connection is what the flags of belwacht connect say.
type connection struct {
	dry, undo, yes, noReload, noDatabase, fastAGI bool
	country, whenDown, lang                       string

	connect.Options
	language text.Language
	env      *environment
	console  connect.Console
}

func newConnectCommand(env *environment) *cobra.Command {
	n := &connection{env: env, console: connect.Console{Run: connect.Run}}
	c := &cobra.Command{
		Use:   "connect asterisk|freepbx",
		Short: "Have a PBX on this machine ask before it dials",
		Long: "Connects an Asterisk or FreePBX on this machine: a manager user of least rights,\n" +
			"and a place in the dial plan that asks Belwacht before a trunk dials. It shows\n" +
			"every change first and asks; --undo takes all of it back, byte for byte.\n" +
			"Emergency numbers go out without asking. Files that FreePBX writes itself are\n" +
			"left alone.",
		Example: "  belwacht connect freepbx --dry-run\n" +
			"  belwacht connect freepbx --config /etc/belwacht/belwacht.yaml\n" +
			"  belwacht connect freepbx --config /etc/belwacht/belwacht.yaml --undo",
		Args: exactly(1, "asterisk or freepbx"),
		RunE: func(c *cobra.Command, args []string) error {
			n.Asked = c.Flags().Changed("etc")
			return n.run(c.Context(), args[0])
		},
		ValidArgs: []string{string(connect.Asterisk), string(connect.FreePBX)},
	}
	f := c.Flags()
	f.BoolVar(&n.dry, "dry-run", false, "show what would be done, and change nothing")
	f.BoolVar(&n.undo, "undo", false, "take back what an earlier connect did")
	f.BoolVarP(&n.yes, "yes", "y", false, "do not ask")
	f.StringVar(&n.Etc, "etc", connect.DefaultEtc, "folder of Asterisk's configuration")
	f.StringVar(&n.Secrets, "secrets", connect.DefaultSecrets, "folder for what only Asterisk may read")
	f.StringVar(&n.Config, "config", "", "Belwacht's configuration, into which the PBX is written; printed where it is not given")
	f.StringVar(&n.Name, "name", "pbx", "what the PBX is called")
	f.StringVar(&n.Tenant, "tenant", "", "whose PBX it is, where the configuration has several organisations")
	f.StringVar(&n.country, "country", "NL", "country, two letters, where no configuration says it")
	f.StringVar(&n.whenDown, "when-down", "pass", "while Belwacht does not answer: pass, or refuse_abroad")
	f.BoolVar(&n.fastAGI, "fastagi", false, "ask by FastAGI instead of HTTP, where Asterisk has no CURL()")
	f.StringVar(&n.Say, "say", "", "sound file that a refused caller hears, before the code that belwacht why explains; default: nothing is said")
	f.BoolVar(&n.noReload, "no-reload", false, "do not have Asterisk read the files, and place no test call")
	f.BoolVar(&n.noDatabase, "no-database", false, "make no user for FreePBX's call records")
	f.StringVar(&n.lang, "lang", "en", "language: en or nl")
	return c
}

func (n *connection) pick(english, dutch string) string { return n.language.Pick(english, dutch) }

// printf writes to standard output; a terminal that has gone is noticed by nobody.
func (n *connection) printf(format string, values ...any) { fmt.Fprintf(n.env.out, format, values...) }

// run reads the flags and goes one of the two ways.
func (n *connection) run(ctx context.Context, kind string) error {
	if err := n.language.UnmarshalText([]byte(n.lang)); err != nil {
		return belwacht.Errorf(belwacht.Usage, "--lang %s is no language that Belwacht speaks; there are en and nl", text.Clean(n.lang, 20))
	}
	switch n.Kind = connect.Kind(kind); n.Kind {
	case connect.Asterisk, connect.FreePBX:
	default:
		return belwacht.Errorf(belwacht.Usage, "belwacht connect knows no %s; there are asterisk and freepbx", text.Clean(kind, 40))
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
		return n.takeBack(ctx)
	}
	if err := n.numbers(); err != nil {
		return err
	}
	n.FastAGI = n.fastAGI || !n.Asked && n.console.Running(ctx) && !n.console.HasCURL(ctx)
	return n.connect(ctx)
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
	case n.Secrets == connect.DefaultSecrets:
		n.Own = connect.DefaultOwn
	default:
		n.Own = n.Secrets
	}
	return nil
}

// numbers finds out how the site dials: by its configuration, or by a country.
func (n *connection) numbers() error {
	settings := config.Assumed()
	settings.Organisation.Country = strings.ToUpper(n.country)
	if n.Config != "" {
		data, err := yaml.Bytes(n.Config)
		switch {
		case err == nil:
			if settings, err = config.Read(connect.Without(data), n.Config, n.env.environ()); err != nil {
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
		settings.Organisation.Country, n.zone())
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

// zone is this machine's time zone, by its name.
func (n *connection) zone() string {
	zone := n.env.getenv("TZ")
	if link, err := os.Readlink("/etc/localtime"); zone == "" && err == nil {
		_, zone, _ = strings.Cut(link, "zoneinfo/")
	}
	if !strings.Contains(zone, "/") || strings.Trim(zone, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/_+-") != "" {
		return config.Assumed().Organisation.Timezone
	}
	return zone
}

// connect shows, asks, does, and tells.
func (n *connection) connect(ctx context.Context) error {
	plan, pbx, err := connect.New(&n.Options)
	if err != nil {
		return err
	}
	if plan.Empty() {
		n.printf("%s\n", n.pick("Nothing to do: this PBX is connected already, and nothing has been changed.",
			"Niets te doen: deze PBX is al aangesloten, en er is niets veranderd."))
		n.remains(plan.Later, plan)
		return nil
	}
	if ok, err := n.agreed(ctx, plan); err != nil || !ok {
		if n.dry {
			n.remains(plan.Later, plan)
		}
		return err
	}
	applied, err := plan.Apply()
	if err != nil {
		return err
	}
	later := plan.Later
	if !n.noReload {
		switch err := n.console.Activate(ctx, &n.Options, pbx); {
		case errors.Is(err, connect.ErrNotRunning):
			later = append(later, text.Sentence{English: "No Asterisk runs here that could be told: have it read its configuration (asterisk -rx 'dialplan reload' and 'module reload manager').",
				Dutch: "Hier draait geen Asterisk die het gezegd kon worden: laat die zijn configuratie lezen (asterisk -rx 'dialplan reload' en 'module reload manager')."})
		case err != nil:
			return n.putBack(ctx, applied, err)
		}
	} else {
		later = append(later, text.Sentence{English: "Have Asterisk read it: asterisk -rx 'dialplan reload' and asterisk -rx 'module reload manager'.",
			Dutch: "Laat Asterisk het lezen: asterisk -rx 'dialplan reload' en asterisk -rx 'module reload manager'."})
	}
	applied.Keep()
	if n.Kind == connect.FreePBX {
		n.printf("%s\n", n.pick("Done: the PBX asks Belwacht before a trunk dials.", "Klaar: de PBX vraagt Belwacht voordat een trunk kiest."))
	} else {
		n.printf("%s\n", n.pick("Done: Belwacht's part is in the PBX's files.", "Klaar: het deel van Belwacht staat in de bestanden van de PBX."))
	}
	later = append(later, n.grant(ctx)...)
	n.remains(later, plan)
	n.printf("%s\n  %s\n", n.pick("To take it all back:", "Om alles terug te draaien:"), n.undoing())
	return nil
}

// putBack is what happens where the reload shows that something is wrong.
func (n *connection) putBack(ctx context.Context, applied *connect.Applied, why error) error {
	err := errors.Join(why, applied.Back())
	if again := n.console.Reload(context.WithoutCancel(ctx)); again != nil {
		return errors.Join(err, again, belwacht.Errorf(belwacht.CodeOf(why), "the files are as they were, but Asterisk could not be told; have it reload them"))
	}
	return errors.Join(err, belwacht.Errorf(belwacht.CodeOf(why), "everything has been put back as it was"))
}

// takeBack is connect the other way.
func (n *connection) takeBack(ctx context.Context) error {
	plan, err := connect.Undo(&n.Options)
	if err != nil {
		return err
	}
	if plan.Empty() {
		n.printf("%s\n", n.pick("Nothing to do: there is nothing of Belwacht's in this PBX's files.",
			"Niets te doen: in de bestanden van deze PBX staat niets van Belwacht."))
		return nil
	}
	hadUser := n.Database && n.HasDatabaseUser()
	if ok, err := n.agreed(ctx, plan); err != nil || !ok {
		return err
	}
	applied, err := plan.Apply()
	if err != nil {
		return err
	}
	if !n.noReload && n.console.Running(ctx) {
		if err := n.console.Reload(ctx); err != nil {
			return n.putBack(ctx, applied, err)
		}
	}
	applied.Keep()
	n.printf("%s\n", n.pick("Done: the PBX no longer asks Belwacht, and its files are as they were.",
		"Klaar: de PBX vraagt Belwacht niets meer, en de bestanden zijn zoals ze waren."))
	if hadUser {
		if n.Asked || os.Geteuid() != 0 || connect.Revoke(ctx, n.console.Run) != nil {
			n.printf("%s\n%s\n", n.pick("Not yet: the database user, if it was made, is still there. Take it away with:",
				"Nog niet: de databasegebruiker, als die gemaakt was, is er nog. Haal die weg met:"), connect.RevokeByHand())
		}
	}
	return nil
}

// answer reads a line; Ctrl-C ends the waiting.
func (n *connection) answer(ctx context.Context) (string, error) {
	line := make(chan string, 1)
	go func() {
		s, _ := bufio.NewReader(n.env.in).ReadString('\n') // without an end it is no yes
		line <- s
	}()
	select {
	case s := <-line:
		return s, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// agreed shows the plan and asks.
func (n *connection) agreed(ctx context.Context, plan *connect.Plan) (bool, error) {
	n.printf("%s\n", n.pick("What will be done:", "Wat er gedaan wordt:"))
	for _, s := range plan.Steps {
		n.printf("  - %s\n", text.Clean(s.In(n.language), 2000))
	}
	n.printf("\n")
	for _, line := range plan.Diff() {
		ink := terminal.Plain
		switch {
		case strings.HasPrefix(line, "+"):
			ink = terminal.Green
		case strings.HasPrefix(line, "-"):
			ink = terminal.Red
		}
		n.printf("%s\n", terminal.Tint(n.env.colour, ink, line))
	}
	n.printf("\n")
	switch {
	case n.dry:
		n.printf("%s\n", n.pick("Nothing has been changed.", "Er is niets veranderd."))
		return false, nil
	case n.yes:
		return true, nil
	case !n.env.isTerminal:
		return false, belwacht.Errorf(belwacht.Usage, "this changes the PBX and nobody can be asked here; look with --dry-run, then add --yes")
	}
	n.printf("%s", n.pick("Do this? [y/N] ", "Doen? [j/N] "))
	answer, err := n.answer(ctx)
	if err != nil {
		return false, err
	}
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes", "j", "ja":
		return true, nil
	}
	n.printf("%s\n", n.pick("Nothing has been changed.", "Er is niets veranderd."))
	return false, nil
}

// grant makes the user for the call records, or says how to.
func (n *connection) grant(ctx context.Context) []text.Sentence {
	if !n.Database {
		return nil
	}
	byHand := connect.GrantByHand(&n.Options)
	english, dutch := "The database user for the call records is to be made by hand",
		"De databasegebruiker voor de belgegevens moet nog met de hand gemaakt worden"
	if !n.Asked && os.Geteuid() == 0 {
		err := connect.Grant(ctx, n.console.Run, &n.Options)
		if err == nil {
			n.printf("%s\n", n.pick("Done: a database user that may read the call records.", "Klaar: een databasegebruiker die de belgegevens mag lezen."))
			return nil
		}
		why := text.Clean(err.Error(), 300)
		english, dutch = english+" ("+why+")", dutch+" ("+why+")"
	}
	return []text.Sentence{{English: english + ":\n" + byHand, Dutch: dutch + ":\n" + byHand}}
}

// remains says what a person has still to do.
func (n *connection) remains(later []text.Sentence, plan *connect.Plan) {
	if len(later) == 0 {
		return
	}
	n.printf("%s\n", n.pick("Not yet:", "Nog niet:"))
	for _, s := range later {
		for i, line := range strings.Split(s.In(n.language), "\n") {
			n.printf("%s%s\n", map[bool]string{true: "  - ", false: "    "}[i == 0], text.Clean(line, 2000))
		}
	}
	if plan.Section != "" && !plan.InFile {
		n.printf("\n%s", plan.Section)
	}
}

// undoing is the command that takes this back.
func (n *connection) undoing() string {
	words := []string{"belwacht connect", string(n.Kind), "--undo"}
	if n.Asked {
		words = append(words, "--etc "+n.Etc)
	}
	if n.Secrets != connect.DefaultSecrets {
		words = append(words, "--secrets "+n.Secrets)
	}
	if n.Config != "" {
		words = append(words, "--config "+n.Config)
	}
	return text.Clean(strings.Join(words, " "), 1000)
}
