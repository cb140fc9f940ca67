package qemu

import (
	"encoding/binary"
	"os"

	"rayos/geom"
)

// QEMU shows a picture of its own while the guest has none: one line of grey
// text in the middle of 640×480 black pixels ("Guest has not initialized the
// display (yet).", "Display output is not active."). Displays that take whole
// pictures get it as if it were the guest's.
const (
	placeholderTop    = 224 // its row of characters, of 16 pixels
	placeholderBottom = 240
	placeholderColor  = 0xaaaaaa
)

var placeholderSize = geom.Size{W: 640, H: 480}

// placeholder reports whether a picture is QEMU's own.
func placeholder(p Picture, data []byte) bool {
	if p.Size != placeholderSize {
		return false
	}
	left, right := int(p.Size.W), -1
	for y := range int(p.Size.H) {
		row := data[y*p.Stride:][:4*p.Size.W]
		inside := y >= placeholderTop && y < placeholderBottom
		for x := range int(p.Size.W) {
			switch binary.LittleEndian.Uint32(row[4*x:]) & 0xffffff {
			case 0:
			case placeholderColor:
				if !inside {
					return false
				}
				left, right = min(left, x), max(right, x)
			default:
				return false
			}
		}
	}
	// The line's middle is the picture's, but for the last letter's edges.
	const letter = 8
	off := left + right - int(p.Size.W)
	return right > left && off > -2*letter && off < 2*letter
}

// mappedPlaceholder is placeholder for a picture in memory.
func mappedPlaceholder(p Picture, f *os.File, offset int64) bool {
	if p.Size != placeholderSize {
		return false
	}
	data := make([]byte, p.bytes())
	_, err := f.ReadAt(data, offset)
	return err == nil && placeholder(p, data)
}
