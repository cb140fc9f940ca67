package proctest

import "encoding/binary"

// appendWords appends words as they go over a Wayland socket.
func appendWords(b []byte, words ...uint32) []byte {
	for _, w := range words {
		b = binary.NativeEndian.AppendUint32(b, w)
	}
	return b
}
