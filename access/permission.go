package access

import (
	"slices"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

// What one may do. A page or operation names one of them.
const (
	OverviewRead  belwacht.Permission = "overview.read"
	CallsRead     belwacht.Permission = "calls.read"   // live and past calls with their traces, numbers masked
	CallsExport   belwacht.Permission = "calls.export" // as a file
	CallsEnd      belwacht.Permission = "calls.end"
	CallsJudge    belwacht.Permission = "feedback.write" // say that a call was fine, or fraud
	NumbersUnmask belwacht.Permission = "numbers.unmask" // see one number in full, with a reason
	AlertsRead    belwacht.Permission = "alerts.read"
	AlertsWork    belwacht.Permission = "alerts.write"   // take, note, close
	AlertsSilence belwacht.Permission = "alerts.silence" // silence for a time
	AccountsRead  belwacht.Permission = "accounts.read"
	AccountsLock  belwacht.Permission = "locks.add"
	AccountsFree  belwacht.Permission = "locks.remove"
	PanicOn       belwacht.Permission = "panic.on"
	PanicOff      belwacht.Permission = "panic.off"
	LocksRead     belwacht.Permission = "locks.read"
	ReportsRead   belwacht.Permission = "reports.read" // how good Belwacht is
	RulesChange   belwacht.Permission = "rules.write"
	LimitsChange  belwacht.Permission = "limits.write" // limits and countries
	BansRead      belwacht.Permission = "bans.read"
	BansUndo      belwacht.Permission = "bans.undo"
	HelpdeskRead  belwacht.Permission = "helpdesk.use" // the last hour of an extension, number or code
	HealthRead    belwacht.Permission = "health.read"
	SettingsRead  belwacht.Permission = "settings.read"  // rules, limits, countries, settings
	SettingsWrite belwacht.Permission = "settings.write" // mode, hours, ways of telling, PBXs, retention
	BackupMake    belwacht.Permission = "backup.make"
	PersonExport  belwacht.Permission = "person.export"
	PersonForget  belwacht.Permission = "person.forget"
	PrivacyRead   belwacht.Permission = "privacy.read"
	UsersRead     belwacht.Permission = "users.read"
	UsersChange   belwacht.Permission = "users.write"
	KeysRead      belwacht.Permission = "keys.read"
	KeysChange    belwacht.Permission = "keys.write"
	SessionsRead  belwacht.Permission = "sessions.read" // of all
	SessionsEnd   belwacht.Permission = "sessions.end"
	LogRead       belwacht.Permission = "audit.read" // the audit log
	ActsAgree     belwacht.Permission = "acts.agree" // be the second person
	OwnCalls      belwacht.Permission = "own.calls"  // the own extension's calls and lock
	OwnLock       belwacht.Permission = "own.lock"
	OwnAccount    belwacht.Permission = "own.account" // own password, second factors, sessions
)

// The sets that the table is made of.
const (
	adm = 1 << iota
	ope
	aud
	hel
	sel
	everybody = adm | ope | aud | hel | sel
	readers   = adm | ope | aud
)

// grant is a line of the table.
type grant struct {
	permission belwacht.Permission
	roles      int
	says       [2]string // English, Dutch: what one may
}

// grants is the table: what each role may. It is the only place that says so.
func grants() []grant {
	return []grant{
		{OverviewRead, readers, [2]string{"see the overview", "het overzicht zien"}},
		{CallsRead, readers, [2]string{"see calls, numbers masked", "gesprekken zien, nummers afgeschermd"}},
		{CallsExport, adm | aud, [2]string{"take calls out as a file", "gesprekken als bestand meenemen"}},
		{CallsEnd, adm | ope, [2]string{"end a running call", "een lopend gesprek beëindigen"}},
		{CallsJudge, adm | ope | hel, [2]string{"say that a call was fine or fraud", "zeggen dat een gesprek goed of fraude was"}},
		{NumbersUnmask, readers, [2]string{"see a number in full, with a reason", "een nummer voluit zien, met een reden"}},
		{AlertsRead, readers, [2]string{"see alerts", "alarmen zien"}},
		{AlertsWork, adm | ope, [2]string{"take, note and close alerts", "alarmen oppakken, becommentariëren en sluiten"}},
		{AlertsSilence, adm | ope, [2]string{"silence alerts for a time", "alarmen een tijd stilzetten"}},
		{AccountsRead, readers, [2]string{"see extensions and what is usual for them", "toestellen zien en wat ervoor gewoon is"}},
		{AccountsLock, adm | ope | hel, [2]string{"lock an extension", "een toestel blokkeren"}},
		{AccountsFree, adm | ope, [2]string{"unlock an extension", "een toestel vrijgeven"}},
		{PanicOn, adm | ope | hel, [2]string{"press the panic button", "de noodknop indrukken"}},
		{PanicOff, adm | ope, [2]string{"release the panic button", "de noodknop loslaten"}},
		{LocksRead, readers | hel, [2]string{"see locks", "blokkades zien"}},
		{ReportsRead, readers, [2]string{"see how good Belwacht is", "zien hoe goed Belwacht het doet"}},
		{RulesChange, adm, [2]string{"switch and change rules", "regels schakelen en wijzigen"}},
		{LimitsChange, adm, [2]string{"change limits and countries", "limieten en landen wijzigen"}},
		{BansRead, readers | hel, [2]string{"see banned addresses", "geweerde adressen zien"}},
		{BansUndo, adm | ope, [2]string{"undo a ban", "een blokkade van een adres opheffen"}},
		{HelpdeskRead, readers | hel, [2]string{"see the last hour of an extension", "het laatste uur van een toestel zien"}},
		{HealthRead, readers | hel, [2]string{"see how Belwacht is doing", "zien hoe het met Belwacht gaat"}},
		{SettingsRead, readers, [2]string{"see rules, limits, countries and settings", "regels, limieten, landen en instellingen zien"}},
		{SettingsWrite, adm, [2]string{"change settings", "instellingen wijzigen"}},
		{BackupMake, adm, [2]string{"make a backup", "een reservekopie maken"}},
		{PersonExport, adm, [2]string{"give out a person's data", "iemands gegevens uitgeven"}},
		{PersonForget, adm, [2]string{"delete a person's data", "iemands gegevens wissen"}},
		{PrivacyRead, adm | aud, [2]string{"see the privacy documents", "de privacydocumenten zien"}},
		{UsersRead, adm | aud, [2]string{"see users", "gebruikers zien"}},
		{UsersChange, adm, [2]string{"add, change and remove users", "gebruikers toevoegen, wijzigen en verwijderen"}},
		{KeysRead, adm | aud, [2]string{"see keys of the API", "sleutels van de API zien"}},
		{KeysChange, adm, [2]string{"make and revoke keys of the API", "sleutels van de API maken en intrekken"}},
		{SessionsRead, adm | aud, [2]string{"see who is signed in", "zien wie is aangemeld"}},
		{SessionsEnd, adm, [2]string{"sign others out", "anderen afmelden"}},
		{LogRead, adm | aud, [2]string{"see the audit log", "het logboek zien"}},
		{ActsAgree, adm, [2]string{"agree to what takes two people", "instemmen met wat twee mensen vraagt"}},
		{OwnCalls, sel, [2]string{"see the own extension's calls", "de gesprekken van het eigen toestel zien"}},
		{OwnLock, sel, [2]string{"lock the own extension", "het eigen toestel blokkeren"}},
		{OwnAccount, everybody, [2]string{"change own password and second factors", "eigen wachtwoord en tweede factoren wijzigen"}},
	}
}

// bit is a role's place in the table; 0 for what is none.
func bit(r belwacht.Role) int {
	if i := slices.Index(belwacht.Roles(), r); i >= 0 {
		return 1 << i
	}
	return 0
}

// Says is what a permission lets one do, in words; the name itself where there is no such permission.
func Says(l text.Language, p belwacht.Permission) string {
	for _, g := range grants() {
		if g.permission == p {
			return l.Pick(g.says[0], g.says[1])
		}
	}
	return string(p)
}

// May says whether a role may do something. What is not in the table nobody may.
func May(r belwacht.Role, p belwacht.Permission) bool {
	for _, g := range grants() {
		if g.permission == p {
			return g.roles&bit(r) != 0
		}
	}
	return false
}

// Permissions lists what a role may, in the table's order.
func Permissions(r belwacht.Role) []belwacht.Permission {
	var list []belwacht.Permission
	for _, g := range grants() {
		if g.roles&bit(r) != 0 {
			list = append(list, g.permission)
		}
	}
	return list
}

// AllPermissions lists all there are.
func AllPermissions() []belwacht.Permission {
	var list []belwacht.Permission
	for _, g := range grants() {
		list = append(list, g.permission)
	}
	return list
}

// Administrative says whether a role has rights over others' protection: a second factor is asked of it before anything else. Only self-service has none.
func Administrative(r belwacht.Role) bool { return r != belwacht.RoleSelf }
