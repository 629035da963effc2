package setup

import (
	"slices"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/web/setup"
)

// tested says what would become of a call to a number by what the owner has set. What the guard thinks of it depends on who calls, when and how often.
func tested(t *config.Tenant, dialled string) (*setup.Tested, error) {
	site, err := t.Site()
	if err != nil {
		return nil, err
	}
	n := site.Read(dialled)
	x := &setup.Tested{Dialled: dialled}
	l := t.Limits.Organisation
	if l == nil {
		l = &config.Limit{}
	}
	switch {
	case n.Class == belwacht.ClassEmergency:
		x.Always = true
		x.Says = text.Say("an emergency number. It goes out always, from every telephone, whatever is locked, barred or spent; the telephone system does not even ask.",
			"een alarmnummer. Het gaat altijd door, vanaf elk toestel, wat er ook geblokkeerd, gesloten of op is; de telefooncentrale vraagt het niet eens.")
	case n.Class == belwacht.ClassSocial:
		x.Always = true
		x.Says = text.Say("on the list of helplines and alarm centres. No suspicion and no limit of money refuses it, and panic does not bar it.",
			"op de lijst van hulplijnen en meldkamers. Geen verdenking en geen limiet van geld weigert het, en de noodknop sluit het niet af.")
	case !n.External():
		x.Says = text.Say("stays in the house, so Belwacht has nothing to say about it.", "blijft in huis; Belwacht gaat daar niet over.")
	case !n.Dialable:
		x.Says = text.Say("is no number that can be dialled here; look whether it is complete.", "is geen nummer dat hier gekozen kan worden; kijk of het volledig is.")
	case slices.Contains(l.NoClasses, n.Class):
		x.Refused = true
		x.Says = text.Say("is refused: your limits bar this kind of number (%s).", "wordt geweigerd: uw limieten sluiten dit soort nummers af (%s).", n.Class)
	case n.Abroad && slices.Contains(l.NoCountries, n.Country), n.Abroad && len(l.OnlyCountries) > 0 && !slices.Contains(l.OnlyCountries, n.Country):
		x.Refused = true
		x.Says = text.Say("is refused: your limits do not allow calls to %s.", "wordt geweigerd: uw limieten laten geen gesprekken naar %s toe.", n.Country)
	default:
		x.Says = text.Say("may go out; whether it does is judged at each call, by who calls, when, how often and at what cost. Where it must be reached whatever happens, put it on the list.",
			"mag naar buiten; of dat gebeurt wordt per gesprek beoordeeld, naar wie belt, wanneer, hoe vaak en tegen welke kosten. Moet het altijd bereikbaar zijn, zet het dan op de lijst.")
	}
	return x, nil
}
