// Package say is what connecting a PBX says to the person who does it, in English and Dutch: a [Speaker] shows every change, asks, carries the plan out and
// tells what is left to do. What a plan is, and how it is carried out or put back, is package connect's.
package say

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/pbx/connect"
	"github.com/belwacht/belwacht/terminal"
	"github.com/belwacht/belwacht/text"
)

// Speaker connects one PBX, once.
type Speaker struct {
	connect.Options
	Console  connect.Console
	In       io.Reader // where answers come from
	Out      io.Writer
	Terminal bool // somebody is at Out and can be asked
	Colour   bool
	Language text.Language

	Dry      bool // show only
	Yes      bool // do not ask
	NoReload bool // do not have the PBX read the files, and place no test call
}

func (n *Speaker) pick(english, dutch string) string { return n.Language.Pick(english, dutch) }

// printf writes for the person; a terminal that has gone is noticed by nobody.
func (n *Speaker) printf(format string, values ...any) { fmt.Fprintf(n.Out, format, values...) }

// Connect shows what would be done, asks, does it, has the PBX read it, and tells what remains for a person. Where the PBX then is not as it must be, all is
// put back, and the error says so; where somebody must be asked and nobody can be, it is of code Usage.
func (n *Speaker) Connect(ctx context.Context) error {
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
		if n.Dry {
			n.remains(plan.Later, plan)
		}
		return err
	}
	applied, err := plan.Apply()
	if err != nil {
		return err
	}
	later := plan.Later
	if n.Kind == connect.FreeSWITCH {
		// What it must read again stands in the plan: nothing asks before the owner has put his lines in.
	} else if !n.NoReload {
		switch err := n.Console.Activate(ctx, &n.Options, pbx); {
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
func (n *Speaker) putBack(ctx context.Context, applied *connect.Applied, why error) error {
	err := errors.Join(why, applied.Back())
	if again := n.Console.Reload(context.WithoutCancel(ctx)); again != nil {
		return errors.Join(err, again, belwacht.Errorf(belwacht.CodeOf(why), "the files are as they were, but Asterisk could not be told; have it reload them"))
	}
	return errors.Join(err, belwacht.Errorf(belwacht.CodeOf(why), "everything has been put back as it was"))
}

// TakeBack is Connect the other way: what an earlier one did is undone, byte for byte.
func (n *Speaker) TakeBack(ctx context.Context) error {
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
	if !n.NoReload && n.Kind != connect.FreeSWITCH && n.Console.Running(ctx) {
		if err := n.Console.Reload(ctx); err != nil {
			return n.putBack(ctx, applied, err)
		}
	}
	applied.Keep()
	n.printf("%s\n", n.pick("Done: the PBX no longer asks Belwacht, and its files are as they were.",
		"Klaar: de PBX vraagt Belwacht niets meer, en de bestanden zijn zoals ze waren."))
	if hadUser {
		if n.Asked || os.Geteuid() != 0 || connect.Revoke(ctx, n.Console.Run) != nil {
			n.printf("%s\n%s\n", n.pick("Not yet: the database user, if it was made, is still there. Take it away with:",
				"Nog niet: de databasegebruiker, als die gemaakt was, is er nog. Haal die weg met:"), connect.RevokeByHand())
		}
	}
	return nil
}

// answer reads a line; Ctrl-C ends the waiting.
func (n *Speaker) answer(ctx context.Context) (string, error) {
	line := make(chan string, 1)
	go func() {
		s, _ := bufio.NewReader(n.In).ReadString('\n') // without an end it is no yes
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
func (n *Speaker) agreed(ctx context.Context, plan *connect.Plan) (bool, error) {
	n.printf("%s\n", n.pick("What will be done:", "Wat er gedaan wordt:"))
	for _, s := range plan.Steps {
		n.printf("  - %s\n", text.Clean(s.In(n.Language), 2000))
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
		n.printf("%s\n", terminal.Tint(n.Colour, ink, line))
	}
	n.printf("\n")
	switch {
	case n.Dry:
		n.printf("%s\n", n.pick("Nothing has been changed.", "Er is niets veranderd."))
		return false, nil
	case n.Yes:
		return true, nil
	case !n.Terminal:
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
func (n *Speaker) grant(ctx context.Context) []text.Sentence {
	if !n.Database {
		return nil
	}
	byHand := connect.GrantByHand(&n.Options)
	english, dutch := "The database user for the call records is to be made by hand",
		"De databasegebruiker voor de belgegevens moet nog met de hand gemaakt worden"
	if !n.Asked && os.Geteuid() == 0 {
		err := connect.Grant(ctx, n.Console.Run, &n.Options)
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
func (n *Speaker) remains(later []text.Sentence, plan *connect.Plan) {
	if len(later) == 0 {
		return
	}
	n.printf("%s\n", n.pick("Not yet:", "Nog niet:"))
	for _, s := range later {
		for i, line := range strings.Split(s.In(n.Language), "\n") {
			n.printf("%s%s\n", map[bool]string{true: "  - ", false: "    "}[i == 0], text.Clean(line, 2000))
		}
	}
	if plan.Section != "" && !plan.InFile {
		n.printf("\n%s", plan.Section)
	}
}

// undoing is the command that takes this back.
func (n *Speaker) undoing() string {
	words := []string{"belwacht connect", string(n.Kind), "--undo"}
	if n.Asked {
		words = append(words, "--etc "+n.Etc)
	}
	if n.Secrets != connect.DefaultSecrets && n.Secrets != connect.KeyFreeSWITCH {
		words = append(words, "--secrets "+n.Secrets)
	}
	if n.Config != "" {
		words = append(words, "--config "+n.Config)
	}
	return text.Clean(strings.Join(words, " "), 1000)
}
