// Package digest computes 64-bit hashes of content that are the same on every
// machine and in every run, for caches, comparisons and reference files. It
// resists chance, not malice: who trusts a hash against an attacker needs
// another one.
//
//	d := digest.New()
//	d.Uint(uint64(width))
//	d.String(label)
//	key := d.Sum()
package digest

import (
	"encoding/binary"
	"math/bits"
)

// Digest is a hash under way. It is a value; copying it forks the hash.
type Digest struct{ state uint64 }

const (
	seed = 0x9e3779b97f4a7c15
	mulA = 0xa0761d6478bd642f
	mulB = 0xe7037ed1a0b428db
)

// New returns the hash of nothing.
func New() Digest { return Digest{seed} }

// Uint adds a number.
func (d *Digest) Uint(v uint64) {
	hi, lo := bits.Mul64(d.state^v^mulA, mulB^d.state>>32)
	d.state = hi ^ lo + v
}

// Pair adds two 32-bit numbers.
func (d *Digest) Pair(a, b int32) { d.Uint(uint64(uint32(a)) | uint64(uint32(b))<<32) }

// Bytes adds bytes and their count.
func (d *Digest) Bytes(b []byte) {
	d.Uint(uint64(len(b)))
	for len(b) >= 8 {
		d.Uint(binary.LittleEndian.Uint64(b))
		b = b[8:]
	}
	var last uint64
	for i, c := range b {
		last |= uint64(c) << (8 * i)
	}
	d.Uint(last)
}

// String adds a string; it hashes like its bytes.
func (d *Digest) String(s string) {
	d.Uint(uint64(len(s)))
	for len(s) >= 8 {
		d.Uint(uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
			uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56)
		s = s[8:]
	}
	var last uint64
	for i := range len(s) {
		last |= uint64(s[i]) << (8 * i)
	}
	d.Uint(last)
}

// Sum returns the hash of what was added, never 0.
func (d Digest) Sum() uint64 {
	f := d
	f.Uint(mulB)
	return max(f.state, 1)
}
