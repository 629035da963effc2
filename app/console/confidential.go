package console

import (
	"sync"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/number"
)

// helplines knows which numbers are nobody's business, by the dial plans of the configuration in force. It may be asked from many goroutines.
type helplines struct {
	config func() *config.Config

	mu    sync.Mutex
	of    *config.Config // what sites was made of
	sites map[string]*number.Site
}

// confidential says whether a number is one, as a person dials it or with its country's code. Of an organisation without a dial plan every number is.
func (h *helplines) confidential(tenant, digits string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if c := h.config(); h.of != c {
		h.of, h.sites = c, make(map[string]*number.Site)
		for _, t := range c.All() {
			if site, err := t.Site(); err == nil { // config has read it
				h.sites[t.Name] = site
			}
		}
	}
	site := h.sites[tenant]
	return site == nil || site.Read(digits).Class == belwacht.ClassSocial
}
