package sqlite

import (
	"context"
	"testing"
	"time"

	"github.com/belwacht/belwacht/store"
	"github.com/belwacht/belwacht/store/storetest"
)

func opened(t testing.TB, c Config) *Store {
	t.Helper()
	s, err := Open(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func closed(t testing.TB, s *Store) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := s.Close(ctx); err != nil {
		t.Error(err)
	}
}

// patient is a store on a disk that others keep busy: what is durable may take longer than a second, and the test is of something else.
func patient(folder string) Config { return Config{Folder: folder, Within: 30 * time.Second} }

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T, place string) store.Store { return opened(t, patient(place)) })
}
