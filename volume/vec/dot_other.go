//go:build !amd64

package vec

func bestKernels() *kernels { return &portable }

// Prefetch asks for the cache line of p, where the CPU can be asked.
func Prefetch(*uint32) {}
