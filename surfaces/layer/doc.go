// Package layer lays out panels, docks and backgrounds: surfaces that stick to
// the edges of an output and may keep windows away from a strip of it. It is
// the geometry of zwlr_layer_shell_v1, and knows no protocol.
//
// Arrange gives each item the area that it may use and the size that it should
// take, and returns what is left for windows:
//
//	bar := layer.Item{Anchor: layer.Top | layer.Left | layer.Right, Size: geom.Size{H: 30}, Zone: 30}
//	spots, usable := layer.Arrange(nil, output, []layer.Item{bar})
//
// All rectangles are logical. The functions are pure.
package layer
