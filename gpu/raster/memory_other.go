//go:build !unix

package raster

// Where there are no mappings, as in WebAssembly, the heap has to do.
func mapPages(size int) ([]byte, error) { return make([]byte, size), nil }

func unmapPages([]byte) error { return nil }
