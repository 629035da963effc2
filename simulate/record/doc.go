// Package record writes made-up histories as files: what the organisation's Asterisk would have recorded (Master.csv, with or without the
// newer columns), what is true of it (truth.json: which calls are attacks, which are innocent oddities, which are emergency calls) and a
// configuration for a replay. Records come in the order in which calls end, as a PBX writes them; memory holds only the running calls.
package record

import (
	"fmt"

	"github.com/belwacht/belwacht/simulate"
)

// Configuration is a belwacht.yaml for the organisation.
func Configuration(o *simulate.Organisation) string {
	return fmt.Sprintf("organisation:\n  name: \"Made-up %s %d\"\n  country: %s\n  timezone: %s\n  office_hours: \"%s\"\nmode: enforce\n",
		o.Kind(), o.Seed(), o.Country(), o.Timezone(), o.OfficeHours())
}
