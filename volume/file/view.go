package file

import (
	"encoding/binary"
	"fmt"
	"unsafe"
)

// Number is an element of a section.
type Number interface {
	uint8 | int8 | uint32 | uint64 | float32
}

// little says that this machine keeps numbers as files do.
var little = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// As returns a section's bytes as numbers: where they lie, or a copy on machines
// of the other byte order.
func As[T Number](b []byte) ([]T, error) {
	var t T
	size := int(unsafe.Sizeof(t))
	if len(b)%size != 0 {
		return nil, fmt.Errorf("%d bytes are no numbers of %d bytes", len(b), size)
	}
	if len(b) == 0 {
		return nil, nil
	}
	if little && uintptr(unsafe.Pointer(&b[0]))%uintptr(size) == 0 {
		return unsafe.Slice((*T)(unsafe.Pointer(&b[0])), len(b)/size), nil
	}
	v := make([]T, len(b)/size)
	_, err := binary.Decode(b, binary.LittleEndian, v)
	return v, err
}

// Bytes returns numbers as a section's bytes: where they lie, or a copy on
// machines of the other byte order.
func Bytes[T Number](v []T) []byte {
	if len(v) == 0 {
		return nil
	}
	if little {
		return unsafe.Slice((*byte)(unsafe.Pointer(&v[0])), len(v)*int(unsafe.Sizeof(v[0])))
	}
	b, err := binary.Append(nil, binary.LittleEndian, v)
	if err != nil {
		panic(err) // T is of a fixed size
	}
	return b
}
