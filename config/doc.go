// Package config is the owner's one file: what it may hold, what holds where it says nothing, and what is wrong with it.
//
// [Load] reads the file strictly (package yaml), lays the environment over it (BELWACHT_SECTION__KEY=value), fills in defaults and checks
// it whole, references across sections included; all mistakes come at once, each with file and line. Only organisation.country and
// organisation.timezone are required:
//
//	organisation:
//	  name: Voorbeeld BV
//	  country: NL
//	  timezone: Europe/Amsterdam
//	  office_hours: "mon-fri 08:00-18:00"
//	mode: enforce
//
// [Config] is a plain struct. [Config.All] gives its tenants: the one `organisation:`, or each of `tenants:` with what the top level says where
// it says nothing itself. A [Tenant] makes the Config types of the packages below: one method, one file.
//
// A new key is a field with a yaml tag, a default in Default where zero will not do, a check in check.go, and a file in testdata/bad.
package config
