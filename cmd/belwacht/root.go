package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
	"github.com/spf13/cobra"
)

// newRoot builds the whole command tree. A new command is one line in the list.
func newRoot(env *environment) *cobra.Command {
	root := &cobra.Command{
		Use:   "belwacht",
		Short: "A guard against telephone fraud",
		Long: "Belwacht guards an organisation's telephone system against fraud. It knows\n" +
			"what each call may cost and how each extension usually behaves, and refuses or\n" +
			"ends the calls that an attacker makes at the owner's expense.",
		SilenceErrors: true, // run prints them
		SilenceUsage:  true,
		Version:       readVersion().String(),
	}
	root.SetVersionTemplate("belwacht {{.Version}}\n")
	root.SetIn(env.in)
	root.SetOut(env.out)
	root.SetErr(env.err)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return belwacht.Errorf(belwacht.Usage, "%s; see %s --help", text.Clean(err.Error(), 200), c.CommandPath())
	})
	root.AddCommand(
		newAccessCommand(env),
		newAlertCommand(env),
		newAuditLogCommand(env),
		newDemoCommand(env),
		newDoctorCommand(env),
		newExplainCommand(env),
		newNumberCommand(env),
		newRecordsCommand(env),
		newReplayCommand(env),
		newRulesCommand(env),
		newRunCommand(env),
		newStatusCommand(env),
		newCallsCommand(env),
		newEndCommand(env),
		newLocksCommand(env),
		newPanicCommand(env),
		newWhyCommand(env),
		newFeedbackCommand(env),
		newSimulateCommand(env),
		newConfigCommand(env),
		newConnectCommand(env),
		newVersionCommand(env),
	)
	root.InitDefaultCompletionCmd()
	for _, c := range everyCommand(root) {
		strict(c)
	}
	return root
}

// everyCommand lists a command and all below it.
func everyCommand(c *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{c}
	for _, sub := range c.Commands() {
		all = append(all, everyCommand(sub)...)
	}
	return all
}

// strict makes every wrong argument a usage error with a hint, and gives a command that only groups others a help text and an error
// for what it does not have.
func strict(c *cobra.Command) {
	if !c.Runnable() {
		c.SuggestionsMinimumDistance = 2
		c.Args = cobra.ArbitraryArgs
		c.RunE = func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return c.Help()
			}
			return unknownCommand(c, args[0])
		}
		return
	}
	check := c.Args
	if check == nil {
		check = exactly(0, "flags and no arguments")
	}
	c.Args = func(c *cobra.Command, args []string) error {
		err := check(c, args)
		if err == nil || belwacht.CodeOf(err) == belwacht.Usage {
			return err
		}
		return belwacht.Errorf(belwacht.Usage, "%s: %s; usage: %s", c.CommandPath(), text.Clean(err.Error(), 200), c.UseLine())
	}
}

// unknownCommand says what there is instead.
func unknownCommand(c *cobra.Command, word string) error {
	shown := text.Clean(word, 60)
	if near := c.SuggestionsFor(word); len(near) > 0 {
		return belwacht.Errorf(belwacht.Usage, "%s has no command %s; did you mean %s?", c.CommandPath(), shown, strings.Join(near, " or "))
	}
	var names []string
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
		}
	}
	slices.Sort(names)
	return belwacht.Errorf(belwacht.Usage, "%s has no command %s; there are %s", c.CommandPath(), shown, strings.Join(names, ", "))
}

// atLeast is an argument check that names what is missing.
func atLeast(n int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) < n {
			return belwacht.Errorf(belwacht.Usage, "%s needs %s; usage: %s", c.CommandPath(), what, c.UseLine())
		}
		return nil
	}
}

// exactly is atLeast that allows no more.
func exactly(n int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if err := atLeast(n, what)(c, args); err != nil {
			return err
		}
		if len(args) > n {
			return belwacht.Errorf(belwacht.Usage, "%s takes only %s, and %s is too much; usage: %s", c.CommandPath(), what,
				fmt.Sprintf("%q", text.Clean(args[n], 60)), c.UseLine())
		}
		return nil
	}
}
