package file

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/belwacht/belwacht"
)

// takeParcel keeps one, and makes room for it.
func (t *Tellings) takeParcel(p *belwacht.Parcel) {
	if _, known := t.parcels[p.ID]; !known && len(t.parcels) >= parcelsMost {
		list := t.listParcels()
		slices.SortStableFunc(list, func(a, b belwacht.Parcel) int { // those that wait come last
			switch {
			case (a.Done == 0) == (b.Done == 0):
				return 0
			case a.Done != 0:
				return -1
			}
			return 1
		})
		for _, old := range list[:parcelsMost/10] {
			delete(t.parcels, old.ID)
		}
	}
	t.parcels[p.ID] = *p
}

// dropParcels lets go what is of no use any more.
func (t *Tellings) dropParcels(now belwacht.Instant) {
	for id, p := range t.parcels {
		if p.Done != 0 && p.Done < now-doneFor || p.Since < now-tellingsFor {
			delete(t.parcels, id)
		}
	}
}

// listParcels are all, those that began to wait first before the others.
func (t *Tellings) listParcels() []belwacht.Parcel {
	list := make([]belwacht.Parcel, 0, len(t.parcels))
	for _, p := range t.parcels {
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b belwacht.Parcel) int {
		return cmp.Or(cmp.Compare(a.Since, b.Since), cmp.Compare(a.Entry, b.Entry), strings.Compare(a.ID, b.ID))
	})
	return list
}

// PutParcels implements belwacht.ParcelStore.
func (t *Tellings) PutParcels(_ context.Context, list []belwacht.Parcel) error {
	var lines []tellLine
	for _, p := range list {
		if p.ID == "" || p.To == "" || p.Since <= 0 {
			return belwacht.Errorf(belwacht.Invalid, "a message on the door without ID, receiver or time cannot be kept")
		}
		lines = append(lines, tellLine{Parcel: &p})
	}
	if len(lines) == 0 {
		return nil
	}
	return t.add(lines...)
}

// Parcels implements belwacht.ParcelStore.
func (t *Tellings) Parcels(context.Context) ([]belwacht.Parcel, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.listParcels(), nil
}
