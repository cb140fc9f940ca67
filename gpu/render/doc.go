// Package render is the contract between the scene and whoever turns it into
// pixels. It knows formats, textures and passes; it knows nothing of surfaces,
// windows or outputs.
//
// A Renderer imports pixels as a Texture, opens a Pass on a target and draws
// rectangles and textures into it, each limited to a clip region. Colours and
// alpha are premultiplied everywhere. All calls come from one goroutine, the
// loop's.
//
//	pass, err := r.Begin(target)
//	pass.Rect(box, render.RGBA(15, 17, 21, 255), clip)
//	pass.Texture(op, clip)
//	err = pass.Submit()
package render
