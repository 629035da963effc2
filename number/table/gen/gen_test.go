package main

import (
	"bytes"
	"os"
	"testing"
)

// TestReproducible generates world.bin again: the committed file must be what the sources in the tree give.
func TestReproducible(t *testing.T) {
	want, err := os.ReadFile("../world.bin")
	if err != nil {
		t.Fatal(err)
	}
	got, err := generate("../own")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Fatalf("number/table/world.bin is not what its sources give (%d bytes, generated %d); run go generate ./number/table and commit it", len(want), len(got))
	}
}
