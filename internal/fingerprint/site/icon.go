package site

import (
	"encoding/base64"
	"encoding/binary"
	"math/bits"
)

// iconHash is the hash by which search engines for hosts list icons: the
// signed MurmurHash3 of the icon's base64 form, broken into lines of 76
// characters, with a line break at the end.
func iconHash(icon []byte) int32 {
	coded := base64.StdEncoding.EncodeToString(icon)
	var lines []byte
	for len(coded) > 76 {
		lines = append(append(lines, coded[:76]...), '\n')
		coded = coded[76:]
	}
	lines = append(append(lines, coded...), '\n')
	return int32(murmur3(lines))
}

// murmur3 is MurmurHash3_x86_32 with seed 0 (Austin Appleby, public domain).
func murmur3(data []byte) uint32 {
	const c1, c2 = 0xcc9e2d51, 0x1b873593
	var h uint32
	n := len(data)
	for ; len(data) >= 4; data = data[4:] {
		k := binary.LittleEndian.Uint32(data) * c1
		h ^= bits.RotateLeft32(k, 15) * c2
		h = bits.RotateLeft32(h, 13)*5 + 0xe6546b64
	}
	var k uint32
	for i, b := range data {
		k |= uint32(b) << (8 * i)
	}
	h ^= bits.RotateLeft32(k*c1, 15) * c2
	h ^= uint32(n)
	h = (h ^ h>>16) * 0x85ebca6b
	h = (h ^ h>>13) * 0xc2b2ae35
	return h ^ h>>16
}
