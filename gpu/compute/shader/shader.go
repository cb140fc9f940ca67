// Package shader holds the compute kernels: GLSL and the SPIR-V made of it by
//
//	go test ./gpu/compute/shader -run TestBinariesAreFresh -update
//
// which wants glslc of the version in Compiler. A test compiles them again and
// compares, another asks each binary for the offsets of its records and compares
// them with the Go types that are written into its buffers.
package shader

import "embed"

// Compiler is the first line of `glslc --version` of the committed binaries.
const Compiler = "shaderc 2023.2-1"

//go:embed *.spv
var binaries embed.FS

// Binary returns the SPIR-V of a kernel, as "trace". It panics on a name that
// isn't in this folder.
func Binary(name string) []byte {
	b, err := binaries.ReadFile(name + ".spv")
	if err != nil {
		panic("shader: no kernel " + name)
	}
	return b
}
