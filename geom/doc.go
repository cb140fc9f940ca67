// Package geom holds the geometry that every room of RayOS shares: points,
// rectangles, the wl_fixed_t number, output transforms, scales in 1/120 and
// the y-x banded Region.
//
// All values are plain data without pointers into anything else. Rectangles
// are half open: X0 ≤ x < X1. Which space a value lives in (surface-local,
// buffer, logical, physical) is said by whoever carries it; the words are
//
//	surface-local  logical pixels from a surface's top-left corner
//	buffer         pixels of a wl_buffer
//	logical        pixels of the layout that all outputs share
//	physical       pixels of one output's framebuffer
//
// Regions reuse their storage, so set operations in steady state allocate
// nothing.
package geom
