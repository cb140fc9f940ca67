package shader

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Record is how a module lays out the elements of a buffer.
type Record struct {
	Stride  uint32   // bytes from element to element
	Offsets []uint32 // bytes to each member of an element; nil when it is a number
}

// Buffer is a storage buffer of a module.
type Buffer struct {
	Offsets []uint32 // bytes to each member of the block
	Last    Record   // of the array that is the last member
}

// Instructions of SPIR-V that Reflect reads (specification 1.6, section 3.49).
const (
	opTypeArray      = 28
	opTypeRuntime    = 29
	opTypeStruct     = 30
	opTypePointer    = 32
	opVariable       = 59
	opDecorate       = 71
	opMemberDecorate = 72
	decArrayStride   = 6
	decBinding       = 33
	decOffset        = 35
	magic            = 0x07230203
	header           = 5       // words
	maxModule        = 1 << 20 // bytes
)

type module struct {
	pointed  map[uint32]uint32   // what a pointer type points to
	variable map[uint32]uint32   // a variable's type
	binding  map[uint32]uint32   // a variable's binding
	element  map[uint32]uint32   // of an array type
	stride   map[uint32]uint32   // of an array type
	members  map[uint32][]uint32 // types of a struct's members
	offsets  map[[2]uint32]uint32
}

// Reflect returns the buffers of a module by their bindings.
func Reflect(code []byte) (map[uint32]Buffer, error) {
	if len(code) < 4*header || len(code)%4 != 0 || len(code) > maxModule || binary.LittleEndian.Uint32(code) != magic {
		return nil, errors.New("shader: no SPIR-V module")
	}
	m := module{
		map[uint32]uint32{},
		map[uint32]uint32{},
		map[uint32]uint32{},
		map[uint32]uint32{},
		map[uint32]uint32{},
		map[uint32][]uint32{},
		map[[2]uint32]uint32{},
	}
	words := make([]uint32, len(code)/4)
	for i := range words {
		words[i] = binary.LittleEndian.Uint32(code[4*i:])
	}
	for at := header; at < len(words); {
		n := int(words[at] >> 16)
		if n == 0 || at+n > len(words) {
			return nil, fmt.Errorf("shader: an instruction of %d words at word %d of %d", n, at, len(words))
		}
		m.read(words[at]&0xffff, words[at+1:at+n])
		at += n
	}
	found := map[uint32]Buffer{}
	for id, b := range m.binding {
		block := m.pointed[m.variable[id]]
		buffer := Buffer{Offsets: m.layout(block)}
		if types := m.members[block]; len(types) > 0 {
			array := types[len(types)-1]
			buffer.Last = Record{m.stride[array], m.layout(m.element[array])}
		}
		found[b] = buffer
	}
	return found, nil
}

// read takes what an instruction says of layouts.
func (m *module) read(op uint32, w []uint32) {
	switch {
	case op == opTypePointer && len(w) == 3:
		m.pointed[w[0]] = w[2]
	case op == opVariable && len(w) >= 3:
		m.variable[w[1]] = w[0]
	case (op == opTypeArray || op == opTypeRuntime) && len(w) >= 2:
		m.element[w[0]] = w[1]
	case op == opTypeStruct && len(w) >= 1:
		m.members[w[0]] = w[1:]
	case op == opDecorate && len(w) == 3 && w[1] == decArrayStride:
		m.stride[w[0]] = w[2]
	case op == opDecorate && len(w) == 3 && w[1] == decBinding:
		m.binding[w[0]] = w[2]
	case op == opMemberDecorate && len(w) == 4 && w[2] == decOffset:
		m.offsets[[2]uint32{w[0], w[1]}] = w[3]
	}
}

func (m *module) layout(id uint32) []uint32 {
	var offsets []uint32
	for i := range m.members[id] {
		offsets = append(offsets, m.offsets[[2]uint32{id, uint32(i)}])
	}
	return offsets
}
