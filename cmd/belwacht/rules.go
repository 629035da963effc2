package main

import (
	"github.com/belwacht/belwacht/app/rules"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/rule"
	"github.com/spf13/cobra"
)

func newRulesCommand(env *environment) *cobra.Command {
	c := &cobra.Command{
		Use:   "rules",
		Short: "Show, test and check the rules that give evidence",
		Long: "A rule is a short YAML file: what it measures, from which value on it gives how\n" +
			"many bits, and a sentence in two languages. Each bit doubles how much more\n" +
			"likely fraud is. CONTRIBUTING.md shows how to write one.",
	}
	c.AddCommand(newRulesListCommand(env), newRulesShowCommand(env), newRulesTestCommand(env), newRulesCheckCommand(env))
	return c
}

// rulesOf is the built-in set with the switches of a configuration.
func rulesOf(env *environment, file string) (*rule.Set, error) {
	settings := config.Assumed()
	if file != "" {
		var err error
		if settings, err = config.Load(file, env.environ()); err != nil {
			return nil, err
		}
	}
	return one(settings, "").RuleSet()
}

// shower shows rules where this process writes.
func shower(env *environment, asJSON bool) *rules.Shower {
	return &rules.Shower{Out: env.out, Width: width(env), Colour: env.colour, JSON: asJSON}
}

func newRulesListCommand(env *environment) *cobra.Command {
	var file string
	var asJSON bool
	c := &cobra.Command{
		Use:     "list",
		Short:   "List the rules",
		Long:    "Lists the rules: name, family, what it measures, the most bits that it gives,\nwho set them, and its mode.",
		Example: "  belwacht rules list\n  belwacht rules list --config belwacht.yaml --json",
		RunE: func(*cobra.Command, []string) error {
			set, err := rulesOf(env, file)
			if err != nil {
				return err
			}
			return shower(env, asJSON).List(set)
		},
	}
	c.Flags().StringVar(&file, "config", "", "configuration, which may turn rules off or to monitor")
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}

func newRulesShowCommand(env *environment) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "show NAME",
		Short:   "Show one rule: why, steps, sentences and cases",
		Example: "  belwacht rules show new-country",
		Args:    exactly(1, "the name of a rule"),
		RunE: func(_ *cobra.Command, args []string) error {
			set, err := rulesOf(env, "")
			if err != nil {
				return err
			}
			return shower(env, asJSON).Show(set, args[0])
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}

func newRulesTestCommand(env *environment) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "test [NAME…]",
		Short: "Play the rules' cases: what must fire and what must not",
		Long: "Plays the cases of the named rules, or of all, to a whole engine, and says of\n" +
			"each whether the rule did as it must. Exit code 1 where one did not.",
		Example: "  belwacht rules test\n  belwacht rules test new-country missed-call",
		Args:    cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, args []string) error {
			set, err := rulesOf(env, "")
			if err != nil {
				return err
			}
			return shower(env, asJSON).Test(set, args)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON, one line a case")
	return c
}

func newRulesCheckCommand(env *environment) *cobra.Command {
	return &cobra.Command{
		Use:   "check FILE…",
		Short: "Check rule files of your own, and play the cases beside them",
		Long: "Reads rule files strictly: a mistake is told with file, line and what was most\n" +
			"likely meant. Where a file cases.yaml lies beside one, its cases are played with\n" +
			"the rule added to the built-in ones.",
		Example: "  belwacht rules check my-rule/rule.yaml",
		Args:    atLeast(1, "a rule file"),
		RunE:    func(_ *cobra.Command, args []string) error { return shower(env, false).Check(args) },
	}
}
