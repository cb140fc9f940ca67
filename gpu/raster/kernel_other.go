//go:build !amd64

package raster

func bestKernels() *kernels { return &portable }
