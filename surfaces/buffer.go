package surfaces

import (
	"time"

	"rayos/geom"
	"rayos/gpu/render"
)

// Buffer is what a client attaches to a surface.
type Buffer interface {
	// Size is in buffer pixels.
	Size() geom.Size
	// Texture makes the content drawable. old is the texture that this
	// surface owns, or nil; damage is what changed, in buffer pixels.
	//
	// held is true when the texture belongs to the buffer and goes on
	// reading the client's memory: the surface then keeps its lock until
	// the buffer is replaced. Otherwise the content was copied into a
	// texture that the surface owns now (old, or one that replaces it).
	Texture(old render.Texture, damage *geom.Region) (t render.Texture, held bool, err error)
	// Pixels is the memory that an output may scan out, or nil.
	Pixels() *render.Pixels
	// Lock and Unlock count readers. When the last one is gone the client
	// is told that it may write again.
	Lock()
	Unlock()
	// Destroyed reports whether the client has destroyed the buffer.
	Destroyed() bool
}

// Feedback is a client's wish to know when a commit reached the screen
// (wp_presentation_feedback).
type Feedback interface {
	Presented(p Presentation)
	Discarded()
}

// Presentation tells how and when content was shown.
type Presentation struct {
	Output   any           // the output's owner value
	Time     time.Duration // CLOCK_MONOTONIC
	Refresh  time.Duration // 0 when unknown
	Seq      uint64
	VSync    bool
	HWClock  bool
	ZeroCopy bool
}
