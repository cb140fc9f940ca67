package kvm

import "golang.org/x/sys/cpu"

// port is where a guest says how far it is.
const port = 0xe9

// step is an instruction that a guest tries.
type step struct {
	name string
	code []byte
}

type steps []step

// kernelSteps are instructions that stock kernels use with the rights of a
// kernel, as far as this processor has them.
func kernelSteps() steps {
	list := steps{
		{"out", nil},
		{"int3", []byte{0xcc}},
		{"fxsave", []byte{0x0f, 0xae, 0x07}},                                  // (%rdi)
		{"pxor", []byte{0x66, 0x0f, 0xef, 0xc0}},                              // %xmm0, %xmm0
		{"addps", []byte{0x0f, 0x58, 0xc0}},                                   // %xmm0, %xmm0
		{"fld1", []byte{0xd9, 0xe8, 0xdd, 0xd8}},                              // and fstp %st(0)
		{"lock cmpxchg8b", []byte{0xf0, 0x0f, 0xc7, 0x0f}},                    // (%rdi)
		{"swapgs", []byte{0x0f, 0x01, 0xf8, 0x0f, 0x01, 0xf8}},                // twice
		{"invlpg", []byte{0x0f, 0x01, 0x3f}},                                  // (%rdi)
		{"mov cr3", []byte{0x0f, 0x20, 0xd8, 0x0f, 0x22, 0xd8}},               // to %rax and back
		{"rdmsr", []byte{0xb9, 0x80, 0, 0, 0xc0, 0x0f, 0x32}},                 // EFER
		{"cpuid", []byte{0x31, 0xc0, 0x31, 0xc9, 0x0f, 0xa2}},                 // leaf 0
		{"rep stosq", []byte{0x57, 0xb9, 8, 0, 0, 0, 0xf3, 0x48, 0xab, 0x5f}}, // 64 bytes at (%rdi), which comes back
	}
	if cpu.X86.HasCX16 {
		list = append(list, step{"lock cmpxchg16b", []byte{0xf0, 0x48, 0x0f, 0xc7, 0x0f}})
	}
	if cpu.X86.HasPOPCNT {
		list = append(list, step{"popcnt", []byte{0xf3, 0x0f, 0xb8, 0xc1}})
	}
	return list
}

// code is a program that says the number of each step before it does it, and
// halts. It is the same in all modes of the processor.
func (s steps) code() []byte {
	var b []byte
	for i, st := range s {
		b = append(b, 0xb0, byte(i), 0xe6, port) // mov $i, %al; out %al, $port
		b = append(b, st.code...)
	}
	return append(b, 0xf4) // hlt
}
