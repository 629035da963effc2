package house

import (
	"context"

	"github.com/belwacht/belwacht"
)

// Silence implements holds.Silencer: nobody is told of the demonstration's alerts, so that a silence is kept and shown only.
func (h *House) Silence(ctx context.Context, s *belwacht.Silence) error {
	if s.ID != "" {
		return h.Store.LiftSilence(ctx, s.Tenant, s.ID, s.Who, h.instant())
	}
	s.Since = h.instant()
	s.ID = "S" + s.Since.String()
	if err := s.Check(); err != nil {
		return err
	}
	return h.Store.PutSilence(ctx, s)
}
