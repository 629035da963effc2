package access

import (
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

// reasonLeast and reasonMost bound a reason, in bytes.
const (
	reasonLeast = 5
	reasonMost  = 256
)

// Unmasking is the deed of looking at one number in full, and why: only once it is in the audit log may the number be shown. Confidential numbers (helplines, 113,
// 116xxx, the owner's list) are shown to nobody, which is an error of code Forbidden.
func Unmasking(tenant, masked, of string, confidential bool, why string) (*Deed, error) {
	why = text.Clean(strings.TrimSpace(why), reasonMost)
	switch {
	case confidential:
		return nil, Errorf(belwacht.Forbidden, "this number is confidential and is shown to nobody",
			"dit nummer is vertrouwelijk en wordt aan niemand getoond")
	case len(why) < reasonLeast:
		return nil, Errorf(belwacht.Invalid, "say in some words why you need to see this number; it is written in the audit log",
			"zeg in een paar woorden waarom u dit nummer moet zien; het komt in het logboek")
	}
	return &Deed{Act: NumberUnmask, Tenant: tenant, Subject: masked, Detail: of, Why: why}, nil
}
