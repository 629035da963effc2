package access

import "github.com/belwacht/belwacht"

// What people do. Each has a line in Acts.
const (
	SignIn         belwacht.Act = "session.sign-in"
	SignInFailed   belwacht.Act = "session.failed"
	SignOut        belwacht.Act = "session.sign-out"
	SessionEnd     belwacht.Act = "session.end"
	LinkMake       belwacht.Act = "access.link"
	LinkUse        belwacht.Act = "access.link-used"
	UserAdd        belwacht.Act = "user.add"
	UserAddAdmin   belwacht.Act = "user.add-administrator"
	UserChange     belwacht.Act = "user.change"
	UserPromote    belwacht.Act = "user.promote" // to administrator
	UserRemove     belwacht.Act = "user.remove"
	UserReset      belwacht.Act = "user.reset"
	UserDemote     belwacht.Act = "user.demote" // an administrator made less, or barred
	PasswordChange belwacht.Act = "own.password"
	FactorAdd      belwacht.Act = "own.factor-added"
	FactorRemove   belwacht.Act = "own.factor-removed"
	RecoveryRenew  belwacht.Act = "own.recovery"
	KeyMake        belwacht.Act = "key.make"
	KeyRevoke      belwacht.Act = "key.revoke"
	ActPropose     belwacht.Act = "act.propose"
	ActAgree       belwacht.Act = "act.agree"
	ActRefuse      belwacht.Act = "act.refuse"
	NumberUnmask   belwacht.Act = "number.unmask"
	CallsTake      belwacht.Act = "calls.export"
	CallEnd        belwacht.Act = "call.end"
	CallJudge      belwacht.Act = "call.judge"
	AlertWork      belwacht.Act = "alert.work"
	AlertSilence   belwacht.Act = "alert.silence"
	SilenceEnd     belwacht.Act = "alert.silence-end"
	AccountLock    belwacht.Act = "account.lock"
	AccountUnlock  belwacht.Act = "account.unlock"
	OwnAccountLock belwacht.Act = "own.lock"
	PanicPress     belwacht.Act = "panic.on"
	PanicRelease   belwacht.Act = "panic.off"
	ModeRaise      belwacht.Act = "mode.raise"
	ModeLower      belwacht.Act = "mode.lower"
	RuleOn         belwacht.Act = "rule.on"
	RuleOff        belwacht.Act = "rule.off"
	RuleChange     belwacht.Act = "rule.change"
	LimitLower     belwacht.Act = "limit.lower"
	LimitRaise     belwacht.Act = "limit.raise"
	CountryClose   belwacht.Act = "country.close"
	CountryOpen    belwacht.Act = "country.open"
	BrakeOff       belwacht.Act = "brake.off"
	BanUndo        belwacht.Act = "ban.undo"
	BansClear      belwacht.Act = "bans.clear"
	SettingChange  belwacht.Act = "setting.change"
	KeepShorten    belwacht.Act = "retention.shorten"
	KeepLengthen   belwacht.Act = "retention.lengthen"
	AccessLoosen   belwacht.Act = "access.loosen" // networks, hours, second factor, sessions
	AccessTighten  belwacht.Act = "access.tighten"
	TellingLess    belwacht.Act = "telling.less" // a way of telling removed
	BackupMade     belwacht.Act = "backup.make"
	PersonTaken    belwacht.Act = "person.export"
	PersonGone     belwacht.Act = "person.forget"
	LogVerified    belwacht.Act = "log.verify"
)

// ActInfo is what is known of an act.
type ActInfo struct {
	Act     belwacht.Act
	Needs   belwacht.Permission // "" = no permission: it belongs to signing in
	Weakens bool                // lessens protection: all other administrators are told at once
	Two     bool                // takes two people where there are two administrators
	Anyhow  bool                // is done even where the audit log cannot be written now: it protects, and waits for nothing
	English string
	Dutch   string
}

// Acts is the table of all there are.
func Acts() []ActInfo {
	return append(doorActs(), guardActs()...)
}

// doorActs are those of this package itself.
func doorActs() []ActInfo {
	return []ActInfo{
		{Act: SignIn, Anyhow: true, English: "signed in", Dutch: "meldde zich aan"},
		{Act: SignInFailed, Anyhow: true, English: "could not sign in", Dutch: "kon zich niet aanmelden"},
		{Act: SignOut, Anyhow: true, English: "signed out", Dutch: "meldde zich af"},
		{Act: SessionEnd, Needs: SessionsEnd, Anyhow: true, English: "signed somebody out", Dutch: "meldde iemand af"},
		{Act: LinkMake, Weakens: true, Anyhow: true, English: "made a one-time link on the machine itself", Dutch: "maakte op de machine zelf een eenmalige link"},
		{Act: LinkUse, Weakens: true, Anyhow: true, English: "came in by a one-time link", Dutch: "kwam binnen met een eenmalige link"},
		{Act: UserAdd, Needs: UsersChange, English: "added a user", Dutch: "voegde een gebruiker toe"},
		{Act: UserAddAdmin, Needs: UsersChange, Weakens: true, Two: true, English: "added an administrator", Dutch: "voegde een beheerder toe"},
		{Act: UserChange, Needs: UsersChange, English: "changed a user", Dutch: "wijzigde een gebruiker"},
		{Act: UserPromote, Needs: UsersChange, Weakens: true, Two: true, English: "made a user administrator", Dutch: "maakte een gebruiker beheerder"},
		{Act: UserRemove, Needs: UsersChange, English: "removed a user", Dutch: "verwijderde een gebruiker"},
		{Act: UserDemote, Needs: UsersChange, Weakens: true, Two: true, English: "took an administrator's rights", Dutch: "ontnam een beheerder de rechten"},
		{Act: UserReset, Needs: UsersChange, Weakens: true, English: "took away a user's password and second factors", Dutch: "wiste wachtwoord en tweede factoren van een gebruiker"},
		{Act: PasswordChange, Needs: OwnAccount, English: "changed their password", Dutch: "wijzigde het eigen wachtwoord"},
		{Act: FactorAdd, Needs: OwnAccount, English: "added a second factor", Dutch: "voegde een tweede factor toe"},
		{Act: FactorRemove, Needs: OwnAccount, English: "removed a second factor", Dutch: "verwijderde een tweede factor"},
		{Act: RecoveryRenew, Needs: OwnAccount, English: "made new recovery codes", Dutch: "maakte nieuwe herstelcodes"},
		{Act: KeyMake, Needs: KeysChange, Weakens: true, English: "made a key of the API", Dutch: "maakte een sleutel van de API"},
		{Act: KeyRevoke, Needs: KeysChange, Anyhow: true, English: "revoked a key of the API", Dutch: "trok een sleutel van de API in"},
		{Act: ActPropose, Needs: OwnAccount, English: "proposed what takes two people", Dutch: "stelde voor wat twee mensen vraagt"},
		{Act: ActAgree, Needs: ActsAgree, English: "agreed to what another proposed", Dutch: "stemde in met wat een ander voorstelde"},
		{Act: ActRefuse, Needs: ActsAgree, Anyhow: true, English: "refused what another proposed", Dutch: "weigerde wat een ander voorstelde"},
	}
}

// guardActs are those of what Belwacht guards.
func guardActs() []ActInfo {
	return []ActInfo{
		{Act: NumberUnmask, Needs: NumbersUnmask, English: "looked at a number in full", Dutch: "bekeek een nummer voluit"},
		{Act: CallsTake, Needs: CallsExport, English: "took calls out as a file", Dutch: "nam gesprekken als bestand mee"},
		{Act: CallEnd, Needs: CallsEnd, Anyhow: true, English: "ended a call", Dutch: "beëindigde een gesprek"},
		{Act: CallJudge, Needs: CallsJudge, English: "said what a call was", Dutch: "zei wat een gesprek was"},
		{Act: AlertWork, Needs: AlertsWork, English: "worked on an alert", Dutch: "werkte aan een alarm"},
		{Act: AlertSilence, Needs: AlertsSilence, Weakens: true, English: "silenced alerts", Dutch: "zette alarmen stil"},
		{Act: SilenceEnd, Needs: AlertsSilence, Anyhow: true, English: "ended a silence", Dutch: "beëindigde een stilte"},
		{Act: AccountLock, Needs: AccountsLock, Anyhow: true, English: "locked an extension", Dutch: "blokkeerde een toestel"},
		{Act: AccountUnlock, Needs: AccountsFree, English: "unlocked an extension", Dutch: "gaf een toestel vrij"},
		{Act: OwnAccountLock, Needs: OwnLock, Anyhow: true, English: "locked their own extension", Dutch: "blokkeerde het eigen toestel"},
		{Act: PanicPress, Needs: PanicOn, Anyhow: true, English: "pressed the panic button", Dutch: "drukte de noodknop in"},
		{Act: PanicRelease, Needs: PanicOff, Weakens: true, English: "released the panic button", Dutch: "liet de noodknop los"},
		{Act: ModeRaise, Needs: SettingsWrite, English: "raised the mode", Dutch: "zette de stand hoger"},
		{Act: ModeLower, Needs: SettingsWrite, Weakens: true, Two: true, English: "lowered the mode", Dutch: "zette de stand lager"},
		{Act: RuleOn, Needs: RulesChange, English: "turned a rule on", Dutch: "zette een regel aan"},
		{Act: RuleOff, Needs: RulesChange, Weakens: true, English: "turned a rule off", Dutch: "zette een regel uit"},
		{Act: RuleChange, Needs: RulesChange, Weakens: true, English: "changed a rule", Dutch: "wijzigde een regel"},
		{Act: LimitLower, Needs: LimitsChange, English: "lowered a limit", Dutch: "verlaagde een limiet"},
		{Act: LimitRaise, Needs: LimitsChange, Weakens: true, English: "raised a limit", Dutch: "verhoogde een limiet"},
		{Act: CountryClose, Needs: LimitsChange, English: "closed a country", Dutch: "sloot een land"},
		{Act: CountryOpen, Needs: LimitsChange, Weakens: true, English: "opened a country", Dutch: "stelde een land open"},
		{Act: BrakeOff, Needs: SettingsWrite, Weakens: true, Two: true, English: "turned the brake off", Dutch: "zette de rem uit"},
		{Act: BanUndo, Needs: BansUndo, English: "undid a ban", Dutch: "hief een blokkade op"},
		{Act: BansClear, Needs: BansUndo, Weakens: true, English: "cleared all bans", Dutch: "hief alle blokkades op"},
		{Act: SettingChange, Needs: SettingsWrite, English: "changed a setting", Dutch: "wijzigde een instelling"},
		{Act: KeepShorten, Needs: SettingsWrite, Weakens: true, Two: true, English: "shortened how long data is kept", Dutch: "verkortte hoe lang gegevens bewaard blijven"},
		{Act: KeepLengthen, Needs: SettingsWrite, English: "lengthened how long data is kept", Dutch: "verlengde hoe lang gegevens bewaard blijven"},
		{Act: AccessLoosen, Needs: SettingsWrite, Weakens: true, Two: true, English: "made signing in easier", Dutch: "maakte aanmelden makkelijker"},
		{Act: AccessTighten, Needs: SettingsWrite, English: "made signing in stricter", Dutch: "maakte aanmelden strenger"},
		{Act: TellingLess, Needs: SettingsWrite, Weakens: true, English: "removed a way of telling", Dutch: "haalde een meldweg weg"},
		{Act: BackupMade, Needs: BackupMake, English: "made a backup", Dutch: "maakte een reservekopie"},
		{Act: PersonTaken, Needs: PersonExport, English: "gave out a person's data", Dutch: "gaf iemands gegevens uit"},
		{Act: PersonGone, Needs: PersonForget, Weakens: true, English: "deleted a person's data", Dutch: "wiste iemands gegevens"},
		{Act: LogVerified, Needs: LogRead, Anyhow: true, English: "verified the audit log", Dutch: "controleerde het logboek"},
	}
}

// InfoOf is what is known of an act; false where there is no such act.
func InfoOf(a belwacht.Act) (ActInfo, bool) {
	for _, i := range Acts() {
		if i.Act == a {
			return i, true
		}
	}
	return ActInfo{}, false
}
