package belwacht

// Role is what a user is in Belwacht. Package access says what each may.
type Role string

// The roles.
const (
	RoleAdministrator Role = "administrator"
	RoleOperator      Role = "operator" // does the daily work
	RoleAuditor       Role = "auditor"  // reads all, changes nothing
	RoleHelpdesk      Role = "helpdesk" // helps who cannot call
	RoleSelf          Role = "self"     // one extension's own user
)

// Roles are all there are, the mightiest first.
func Roles() []Role {
	return []Role{RoleAdministrator, RoleOperator, RoleAuditor, RoleHelpdesk, RoleSelf}
}

// Permission is one thing that a role may or may not: a name such as calls.read, the same for pages, operations and scopes of keys.
type Permission string
