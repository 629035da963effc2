package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/app/doctor"
	"github.com/belwacht/belwacht/pbx/connect"
	"github.com/belwacht/belwacht/terminal"
	"github.com/belwacht/belwacht/text"
	"github.com/spf13/cobra"
)

// examination is what the flags of belwacht doctor say.
type examination struct {
	config, etc, lang, failOn string
	json                      bool
	language                  text.Language
}

func newDoctorCommand(env *environment) *cobra.Command {
	x := &examination{}
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Look whether everything around Belwacht is as it should be",
		Long: "Looks at the configuration, the clock, the data folder, the secrets, whether\n" +
			"Belwacht and the PBX's manager answer, whether the PBX asks before it dials, and\n" +
			"for ways to a trunk round that. Says of each what is so and what to do. It\n" +
			"changes nothing, and ends with 0 whatever it finds, unless --fail-on is given.",
		Example: "  belwacht doctor\n" +
			"  belwacht doctor --config /etc/belwacht/belwacht.yaml --json\n" +
			"  belwacht doctor --fail-on wrong",
		RunE: func(c *cobra.Command, _ []string) error { return x.run(c.Context(), env) },
	}
	f := c.Flags()
	f.StringVar(&x.config, "config", defaultConfig, "Belwacht's configuration")
	f.StringVar(&x.etc, "etc", connect.DefaultEtc, "folder of Asterisk's configuration")
	f.StringVar(&x.lang, "lang", "en", "language: en or nl")
	f.StringVar(&x.failOn, "fail-on", "", "end with 6 where something is so bad: warning or wrong")
	f.BoolVar(&x.json, "json", false, "as JSON")
	return c
}

func (x *examination) run(ctx context.Context, env *environment) error {
	if err := x.language.UnmarshalText([]byte(x.lang)); err != nil {
		return belwacht.Errorf(belwacht.Usage, "--lang %s is no language that Belwacht speaks; there are en and nl", text.Clean(x.lang, 20))
	}
	limit := doctor.Wrong + 1
	if x.failOn != "" {
		if err := limit.UnmarshalText([]byte(x.failOn)); err != nil || limit == doctor.OK {
			return belwacht.Errorf(belwacht.Usage, "--fail-on %s is no level; there are warning and wrong", text.Clean(x.failOn, 20))
		}
	}
	results := doctor.Examine(ctx, &doctor.Patient{File: x.config, Environ: env.environ(), Etc: x.etc, Now: env.now()})
	write := x.text
	if x.json {
		write = x.asJSON
	}
	if err := write(env, results); err != nil {
		return err
	}
	if worst := doctor.Worst(results); worst >= limit {
		return belwacht.Errorf(belwacht.Findings, "something is %s; see above what to do", worst)
	}
	return nil
}

// text is for people.
func (x *examination) text(env *environment, results []doctor.Result) error {
	var count [doctor.Wrong + 1]int64
	p := terminal.NewPrinter(env.out, 100, env.colour)
	for _, r := range results {
		count[r.Level]++
		ink := [...]terminal.Ink{terminal.Green, terminal.Yellow, terminal.Red}[r.Level]
		word := x.language.Pick(r.Level.String(), [...]string{"goed", "let op", "fout"}[r.Level])
		p.Beside(terminal.Left(p.Tint(ink, word), 9)+terminal.Left(r.Check, 15), terminal.Plain, text.Clean(r.Says.In(x.language), 2000))
		if do := r.Do.In(x.language); do != "" {
			p.Beside(strings.Repeat(" ", 24)+"→ ", terminal.Plain, text.Clean(do, 2000))
		}
	}
	p.Blank()
	p.Line(fmt.Sprintf(x.language.Pick("%d ok, %s, %d wrong", "%d goed, %s, %d fout"), count[doctor.OK],
		text.Plural(x.language, count[doctor.Warning], x.language.Pick("warning", "waarschuwing"), x.language.Pick("warnings",
			"waarschuwingen")), count[doctor.Wrong]))
	return p.Flush()
}

// finding is a result in JSON.
type finding struct {
	Check  string       `json:"check"`
	Level  doctor.Level `json:"level"`
	Says   string       `json:"says"`
	SaysNL string       `json:"says_nl"`
	Do     string       `json:"do,omitempty"`
	DoNL   string       `json:"do_nl,omitempty"`
}

// asJSON is for machines: belwacht.doctor/1.
func (x *examination) asJSON(env *environment, results []doctor.Result) error {
	form := struct {
		Schema  string       `json:"schema"`
		Worst   doctor.Level `json:"worst"`
		Results []finding    `json:"results"`
	}{"belwacht.doctor/1", doctor.Worst(results), []finding{}}
	for _, r := range results {
		form.Results = append(form.Results, finding{r.Check, r.Level, r.Says.English, r.Says.Dutch, r.Do.English, r.Do.Dutch})
	}
	e := json.NewEncoder(env.out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(form)
}
