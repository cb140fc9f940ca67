// Package bvh finds which boxes rays meet and which boxes a box overlaps,
// by a bounding volume hierarchy.
//
// A Tree is built once over a set of boxes with the surface area heuristic
// (Wald, "On fast construction of SAH-based bounding volume hierarchies", 2007:
// binned, 12 bins an axis) and refitted when boxes move but stay the same
// number. Its nodes and boxes are flat arrays of 32-byte records, which are
// also what the compute kernels and the ray query shader read.
//
// Coordinates are in whatever unit the boxes are, finite and within ±Limit.
// The desktop's use is flat: window i with the rectangle x0,y0..x1,y1 is a box
// one unit deep at the depth of its place in the stack, a pointer is a ray in
// +z, and the closest hit is the topmost window.
//
//	t, err := bvh.Build(boxes)
//	hit := t.Closest(bvh.NewRay(bvh.Vec{x, y, -1}, bvh.Vec{0, 0, 1}, 0, bvh.Limit))
//
// Results depend on the boxes alone, never on the tree's shape or the order of
// traversal: at the same distance the lower index wins. All arithmetic is
// single precision, subtraction, multiplication and comparison only, each
// rounded by itself, so that a GPU that rounds correctly (Vulkan asks for it in
// these operations) gives the same bits. Boxes are half open: a ray along an
// axis that runs exactly in a box's lower face meets it, in the upper face it
// doesn't, so boxes that share a face are never both met.
//
// Queries allocate nothing. A Tree may be read by many goroutines at once;
// Refit wants it alone.
package bvh
