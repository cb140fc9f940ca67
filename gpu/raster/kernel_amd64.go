package raster

func bestKernels() *kernels { return &portable }
