// Package scene is a retained tree of what is on the outputs: Tree groups,
// Rect is one colour, Buffer shows a texture. Whoever owns a node sets its
// position, size and content; the scene works out which pixels of which
// output changed, which nodes can be seen there, and draws no more than that.
//
// # Spaces
//
// Positions and sizes are logical. An output maps logical edges to physical
// ones with geom.Scale, so neighbours touch at any scale, and then turns the
// picture by its transform; the result, "physical" below, is in pixels of the
// framebuffer. Damage, visible and opaque regions are kept per output in
// physical pixels, because only there they are exact.
//
// A Tree may have a clip in its own coordinates: nothing below it is drawn or
// hit outside. Clips intersect on the way down, and their edges become physical
// like those of nodes.
//
// # Damage
//
// A setter that changes what can be seen damages the area that the node had
// and the one that it gets, on the outputs it touches. Content is different:
// only the damage that SetTexture is told of is redrawn, even if every pixel
// of the texture is new. Regions of very many rectangles may grow a little.
// Output.Render redraws the damage since the given age of its target.
//
// # Mirrors
//
// A Mirror shows what is below a tree once more at another size: live previews
// of windows are made of them. It samples the same textures and has the damage
// of their content.
//
// # Visibility
//
// The visible region of a node is its area less the opaque areas above it. It
// is recomputed when it is asked for, and only within the area of the nodes
// that changed since. Content damage never leads to that. An opaque region is
// trusted only for whole physical pixels.
//
//	s := scene.New()
//	out := s.NewOutput(geom.Point{}, geom.Size{W: 1920, H: 1080}, geom.ScaleOne, geom.Normal)
//	out.OnDamage = func() { scheduleFrame() }
//	window := s.Root().NewTree()
//	content := window.NewBuffer()
//	content.SetTexture(texture, nil)
//	window.SetPosition(100, 100)
//	damage, err := out.Render(renderer, target, age)
//
// Invariants: the scene neither owns nor releases textures; a node is not read
// after Destroy; content damage with Render, an idle turn and a hit test
// allocate nothing in steady state. All calls come from the loop goroutine.
package scene
