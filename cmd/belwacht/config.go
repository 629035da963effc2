package main

import (
	"encoding/json"
	"fmt"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/text"
	"github.com/spf13/cobra"
)

// defaultConfig is where a configuration is looked for when none is named.
const defaultConfig = "/etc/belwacht/belwacht.yaml"

func newConfigCommand(env *environment) *cobra.Command {
	c := &cobra.Command{Use: "config", Short: "Check and show a configuration"}
	c.AddCommand(newConfigCheckCommand(env), newConfigShowCommand(env))
	return c
}

func newConfigCheckCommand(env *environment) *cobra.Command {
	return &cobra.Command{
		Use:     "check FILE",
		Short:   "Say whether a configuration is right, and all that is wrong with it",
		Example: "  belwacht config check /etc/belwacht/belwacht.yaml",
		Args:    exactly(1, "the configuration's file"),
		RunE: func(_ *cobra.Command, args []string) error {
			c, err := loadConfig(env, args[0])
			if err != nil {
				return err
			}
			for _, t := range c.All() {
				calendar, err := t.Calendar()
				if err != nil {
					return err
				}
				if !calendar.KnowsHolidays() {
					fmt.Fprintf(env.err, "belwacht: note: no public holidays are known for %s; write its days off under holidays.closed\n", t.Country)
				}
			}
			_, err = fmt.Fprintf(env.out, "%s: ok: %s\n", text.Clean(args[0], 200), describe(c))
			return err
		},
	}
}

// describe is a configuration in one line.
func describe(c *config.Config) string {
	all := c.All()
	if len(all) > 1 {
		return text.Plural(text.English, int64(len(all)), "organisation", "organisations")
	}
	t := all[0]
	name := t.Name
	if name == "" {
		name = "the organisation"
	}
	hours := t.OfficeHours
	if hours == "" {
		hours = "no office hours"
	}
	return fmt.Sprintf("%s, %s, %s, %s, mode %s", text.Clean(name, 60), t.Country, t.Timezone, text.Clean(hours, 80), t.Mode)
}

func newConfigShowCommand(env *environment) *cobra.Command {
	var effective, asJSON bool
	c := &cobra.Command{
		Use:   "show [FILE]",
		Short: "Show a configuration, with what the environment and the defaults add",
		Long: "Show a configuration as YAML. With --effective also what holds where the file\n" +
			"says nothing: defaults and variables such as BELWACHT_MODE. Without FILE it is\n" +
			defaultConfig + ".",
		Example: "  belwacht config show --effective belwacht.yaml",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return exactly(1, "the configuration's file")(c, args)
		},
		RunE: func(_ *cobra.Command, args []string) error {
			file := defaultConfig
			if len(args) > 0 {
				file = args[0]
			}
			c, err := loadConfig(env, file)
			if err != nil {
				return err
			}
			if !effective {
				c = c.Written()
			}
			b, err := c.YAML()
			if err != nil {
				return err
			}
			if asJSON {
				return writeJSON(env, b)
			}
			_, err = env.out.Write(b)
			return err
		},
	}
	c.Flags().BoolVar(&effective, "effective", false, "with defaults and the environment")
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}

// loadConfig reads a configuration with this process's environment over it.
func loadConfig(env *environment, file string) (*config.Config, error) {
	c, err := config.Load(file, env.environ())
	if belwacht.CodeOf(err) == belwacht.NotFound && err != nil && file == defaultConfig {
		return nil, belwacht.Errorf(belwacht.NotFound, "%s: there is no such file; name the configuration's", file)
	}
	return c, err
}

// writeJSON writes YAML as JSON, under the name of its form.
func writeJSON(env *environment, b []byte) error {
	v, err := config.Plain(b)
	if err != nil {
		return err
	}
	v["schema"] = "belwacht.config/1"
	e := json.NewEncoder(env.out)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
