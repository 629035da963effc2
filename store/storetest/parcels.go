package storetest

import (
	"fmt"
	"testing"

	"github.com/belwacht/belwacht"
)

// RunParcels is the suite of what keeps what waits to be told of the door. open opens what a folder keeps at a time, twice without a close between: a kill
// leaves it open.
func RunParcels(t *testing.T, open func(t *testing.T, folder string, now belwacht.Instant) belwacht.ParcelStore) {
	of := func(i int) belwacht.Parcel {
		at := lately + belwacht.Instant(i)*belwacht.Second
		return belwacht.Parcel{ID: fmt.Sprintf("%032x", i), Kind: belwacht.NoticeWeakened, Log: i%2 == 0, To: "syslog udp://192.0.2.5:514", Entry: uint64(i), At: at, Since: at}
	}
	t.Run("parcels", func(t *testing.T) {
		dir := t.TempDir()
		s := open(t, dir, lately)
		ok(t, s.PutParcels(t.Context(), []belwacht.Parcel{of(2), of(1)}))
		ok(t, s.PutParcels(t.Context(), nil))
		done := of(2)
		done.Done = done.Since + 5
		ok(t, s.PutParcels(t.Context(), []belwacht.Parcel{done}))
		code(t, s.PutParcels(t.Context(), []belwacht.Parcel{{To: "x", Since: 1}}), belwacht.Invalid)
		for _, c := range []struct {
			after belwacht.Instant
			want  []belwacht.Parcel
		}{{0, []belwacht.Parcel{of(1), done}}, {belwacht.Hour, []belwacht.Parcel{of(1), done}}, {3 * belwacht.Day, []belwacht.Parcel{of(1)}}, {10 * belwacht.Day, []belwacht.Parcel{}}} {
			if c.after != 0 {
				s = open(t, dir, lately+c.after)
			}
			got, err := s.Parcels(t.Context())
			ok(t, err)
			same(t, fmt.Sprint("parcels after ", c.after), got, c.want)
		}
	})
	t.Run("bounded", func(t *testing.T) {
		s := open(t, t.TempDir(), lately)
		for i := range 50 {
			var list []belwacht.Parcel
			for j := range 100 {
				p := of(1 + 100*i + j)
				if i < 10 {
					p.Done = p.Since + 1
				}
				list = append(list, p)
			}
			ok(t, s.PutParcels(t.Context(), list))
		}
		got, err := s.Parcels(t.Context())
		if ok(t, err); len(got) > 4000 || len(got) < 3500 || got[len(got)-1].Entry != 5000 || got[0].Done != 0 {
			t.Errorf("%d are kept, the first of them %+v", len(got), got[0])
		}
	})
}
