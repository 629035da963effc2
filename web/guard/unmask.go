package guard

import (
	"errors"
	"net/http"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/web"
)

// unmask shows the number of one call in full, once, to who says why. The page that shows it is the answer itself and is kept nowhere.
func (p *pages) unmask(a *web.Ask) (*web.Page, *web.Done, error) {
	page, v, err := p.one(a, a.FormValue("id"))
	if err != nil {
		return nil, nil, err
	}
	if !v.Unmask {
		return nil, nil, access.Errorf(belwacht.Forbidden, "the number of this call is not shown", "het nummer van dit gesprek wordt niet getoond")
	}
	deed, err := access.Unmasking(a.Tenant.Name, text.Mask(v.Number), "call "+text.Clean(v.ID, 60), v.Helpline, a.PostForm.Get("why"))
	if err == nil {
		var waits *web.Done
		if waits, err = a.Do(deed, func() error { return nil }); waits != nil {
			return nil, waits, nil
		}
	}
	var both interface{ Says(text.Language) string }
	switch {
	case err == nil:
		v.Whole, v.Unmask = v.Number, false
	case belwacht.CodeOf(err) == belwacht.Invalid && errors.As(err, &both):
		v.Wrong, page.Status = both.Says(a.Language), http.StatusUnprocessableEntity
	default:
		return nil, nil, err
	}
	return page, nil, nil
}

// confidential says whether a number is nobody's business.
func (p *pages) confidential(tenant, number string) bool {
	return p.Confidential != nil && number != "" && p.Confidential(tenant, number)
}
