package records

import (
	"bufio"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/number"
	"github.com/belwacht/belwacht/text"
)

// schema names the form of a call as JSON.
const schema = "belwacht.call/1"

// printer prints calls.
type printer struct {
	out  *bufio.Writer
	site *number.Site
	zone *time.Location
	json bool
	head bool
}

// callForm is the machine-readable form of a call, belwacht.call/1.
type callForm struct {
	Schema      string               `json:"schema"`
	ID          string               `json:"id"`
	Direction   belwacht.Direction   `json:"direction"`
	Account     string               `json:"account"` // of an inbound call who took it, where that is known
	Root        string               `json:"root"`
	Number      string               `json:"number"`
	Start       belwacht.Instant     `json:"start"`
	Answer      *belwacht.Instant    `json:"answer"` // null: not answered
	End         belwacht.Instant     `json:"end"`
	Talk        int64                `json:"talk_seconds"`
	Rows        int                  `json:"rows"`
	Lineage     belwacht.Lineage     `json:"lineage"`
	Trunk       string               `json:"trunk,omitempty"`
	Caller      string               `json:"caller,omitempty"`
	Disposition belwacht.Disposition `json:"disposition"`
	Late        bool                 `json:"late,omitempty"`
}

// print prints one call.
func (p *printer) print(c *belwacht.Call) error {
	account := c.Account
	if c.Direction == belwacht.In && c.Taker != "" {
		account = c.Taker
	}
	n := p.site.Read(c.Dialled)
	shown := c.Dialled
	if n.E164 != 0 && n.Class != belwacht.ClassEmergency && n.External() {
		shown = n.E164.String()
	}
	if p.json {
		f := callForm{Schema: schema, ID: c.ID, Direction: c.Direction, Account: account, Root: c.Root, Number: shown, Start: c.Start, End: c.End,
			Talk: c.Talk, Rows: c.Rows, Lineage: c.Lineage, Trunk: c.Trunk, Caller: c.Caller, Disposition: c.Disposition, Late: c.Late}
		if c.Answer != 0 {
			f.Answer = &c.Answer
		}
		line, err := json.Marshal(&f)
		if err != nil {
			return belwacht.Errorf(belwacht.Internal, "a call cannot be written as JSON: %w", err)
		}
		_, err = p.out.Write(append(line, '\n'))
		return err
	}
	if !p.head {
		p.head = true
		if _, err := fmt.Fprintf(p.out, "%-19s  %-3s  %-12s  %-18s  %8s  %s\n", "start", "way", "account", "number", "talk", "how"); err != nil {
			return err
		}
	}
	line := fmt.Sprintf("%s  %-3s  %s  %s  %8s  %s", c.Start.Time().In(p.zone).Format("2006-01-02 15:04:05"), way(c.Direction), padded(account, 12), padded(shown, 18),
		talked(c), text.Clean(how(c), 14))
	_, err := p.out.WriteString(strings.TrimRight(line, " ") + "\n")
	return err
}

// way is a direction in three letters.
func way(d belwacht.Direction) string {
	if d == belwacht.Internally {
		return "int"
	}
	return d.String()
}

// padded is a strange string made harmless and of a width.
func padded(s string, width int) string {
	s = text.Clean(s, width)
	if n := len([]rune(s)); n < width {
		s += strings.Repeat(" ", width-n)
	}
	return s
}

// talked is how long a call's parties talked, or why not.
func talked(c *belwacht.Call) string {
	switch {
	case c.Answer == 0 && c.Disposition == belwacht.Busy:
		return "busy"
	case c.Answer == 0 && (c.Disposition == belwacht.Failed || c.Disposition == belwacht.Congestion || c.Disposition == belwacht.Declined):
		return "failed"
	case c.Answer == 0:
		return "-"
	case c.Talk < 3600:
		return fmt.Sprintf("%d:%02d", c.Talk/60, c.Talk%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", c.Talk/3600, c.Talk/60%60, c.Talk%60)
}

// how says how a call came about where its account did not dial it, and who began it.
func how(c *belwacht.Call) string {
	switch {
	case c.Direction != belwacht.Out || c.Lineage == belwacht.Dialled:
		return ""
	case c.Lineage == belwacht.Trunked:
		return "trunked"
	case c.Root != "" && c.Root != c.Account:
		return "for " + c.Root
	}
	return c.Lineage.String()
}
