// Package guard is the pages of what happens now: overview, live calls, one call with why it was decided as it was, the panic button, locks, the helpdesk's page
// and how every source is doing. What they show and do comes through small interfaces, which a running Belwacht implements and the demonstration too; none of them
// knows a database. [New] registers the pages; nothing is kept between requests.
package guard
