package setup

import (
	"context"
	"fmt"
	"time"

	"github.com/belwacht/belwacht/web"
)

// Notices are what stands above every page for who may set Belwacht up: that it is not yet, and that the day has come on which it was meant to enforce.
func (c *Config) Notices(ctx context.Context, a *web.Ask) []web.Notice {
	if c.Wizard == nil || c.Stand == nil || !a.May(web.Configure) || a.Visitor.Tenants != nil {
		return nil
	}
	s, err := c.Wizard.Progress.State(ctx, a.Tenant.Name)
	if err != nil {
		return nil
	}
	l := a.Language
	set, mode := c.Stand(a.Tenant.Name)
	today := a.Now.Time().In(a.Tenant.Zone).Format(time.DateOnly)
	switch {
	case !set && s.Finished == 0:
		return []web.Notice{{Kind: "info", Text: l.Pick("Belwacht is not set up yet, and guards nothing.", "Belwacht is nog niet ingesteld, en bewaakt niets."), Link: "/wizard", Do: l.Pick("Set it up", "Instellen")}}
	case set && mode != "enforce" && s.Enforce != "" && s.Done["mode"] != 0 && today >= s.Enforce:
		return []web.Notice{{Kind: "warning", Text: fmt.Sprintf(l.Pick("You meant to let Belwacht enforce from %s on. Look whether its alerts were right, then switch it.",
			"U wilde Belwacht vanaf %s laten ingrijpen. Kijk of de meldingen klopten, en schakel het dan om."), s.Enforce), Link: "/settings/mode", Do: l.Pick("Switch it", "Omschakelen")}}
	}
	return nil
}
