package surfaces

import (
	"math"
	"slices"

	"rayos/geom"
)

// Fields is the set of fields of a State that a client has set.
type Fields uint32

// The fields of a State.
const (
	FieldBuffer Fields = 1 << iota
	FieldOffset
	FieldDamage
	FieldOpaque
	FieldInput
	FieldScale
	FieldTransform
	FieldViewport
	FieldFrames
	FieldFeedback
	FieldOrder
	FieldGeometry
	FieldLimits
	FieldAck
	FieldFifo
	FieldAlpha
	FieldContent
)

// State is one commit's worth of surface state (wl_surface and the extensions
// that are applied with it). Only the fields in Set have a meaning, except in
// a current state, which is complete.
type State struct {
	Set Fields

	Buffer Buffer     // nil detaches
	Offset geom.Point // of the new buffer against the old, surface-local

	SurfaceDamage geom.Region // surface-local
	BufferDamage  geom.Region // buffer

	Opaque   geom.Region // surface-local
	Input    geom.Region // surface-local; means nothing when InputAll
	InputAll bool

	Scale     int32
	Transform geom.Transform
	Viewport  Viewport

	Frames   []FrameCallback
	Feedback []Feedback

	Order []Placement // children and the surface itself, bottom first

	Geometry geom.Rect // xdg_surface.set_window_geometry, surface-local
	Min, Max geom.Size // xdg_toplevel limits, 0 is none
	Ack      uint32    // serial of the configure that this state answers

	Alpha   uint8 // multiplies all pixels; 255 leaves them as they are
	Content ContentType

	Barrier bool   // wp_fifo_v1: later commits may have to wait for a refresh
	Fifo    uint64 // number of the commit among those that take part

	blockers []*Blocker
}

// Viewport crops and scales a surface (wp_viewporter).
type Viewport struct {
	HasSource bool
	Source    geom.FRect // buffer coordinates after transform and scale
	HasDest   bool
	Dest      geom.Size // surface-local
}

// FrameCallback is a client's wish to know when to draw its next frame.
type FrameCallback interface {
	// SendDone tells the time in milliseconds; the callback ends with it.
	SendDone(ms uint32)
}

// reset empties a pending state and keeps its storage.
func (st *State) reset() {
	st.Set = 0
	st.Buffer = nil
	st.Offset = geom.Point{}
	st.SurfaceDamage.Clear()
	st.BufferDamage.Clear()
	clear(st.Frames)
	st.Frames = st.Frames[:0]
	clear(st.Feedback)
	st.Feedback = st.Feedback[:0]
	clear(st.Order)
	st.Order = st.Order[:0]
	clear(st.blockers)
	st.blockers = st.blockers[:0]
}

// merge moves what src has set on top of st and resets src. A buffer of st
// that is replaced loses its lock, for it will never be shown, and feedback
// for st is discarded.
func (st *State) merge(src *State) {
	set := src.Set
	if st.reshapedBy(src) {
		// Damage of st is in coordinates that the merged state lacks.
		st.SurfaceDamage.Clear()
		st.BufferDamage.SetRect(geom.Rect{X1: math.MaxInt32, Y1: math.MaxInt32})
		st.Set |= FieldDamage
	}
	if set&FieldBuffer != 0 {
		if st.Set&FieldBuffer != 0 && st.Buffer != nil {
			st.Buffer.Unlock()
		}
		st.Buffer = src.Buffer
		src.Buffer = nil
	}
	if set&FieldOffset != 0 {
		st.Offset = st.Offset.Add(src.Offset)
	}
	if set&FieldDamage != 0 {
		st.SurfaceDamage.Union(&src.SurfaceDamage)
		st.BufferDamage.Union(&src.BufferDamage)
	}
	if set&FieldFrames != 0 {
		st.Frames = append(st.Frames, src.Frames...)
	}
	for _, f := range st.Feedback {
		f.Discarded()
	}
	st.Feedback = append(st.Feedback[:0], src.Feedback...)
	if set&FieldOrder != 0 {
		st.Order = append(st.Order[:0], src.Order...)
	}
	barrier := st.Set&FieldFifo != 0 && st.Barrier
	st.mergeValues(src)
	st.Barrier = st.Barrier || barrier
	st.blockers = slices.DeleteFunc(st.blockers, (*Blocker).cleared)
	st.blockers = append(st.blockers, src.blockers...)
	st.Set |= set
	src.reset()
}

// reshapedBy reports whether the content of st, seen from src, may have other
// coordinates.
func (st *State) reshapedBy(src *State) bool {
	if st.Set&(FieldBuffer|FieldDamage) == 0 {
		return false
	}
	if src.Set&(FieldScale|FieldTransform|FieldViewport) != 0 {
		return true
	}
	if st.Set&src.Set&FieldBuffer == 0 {
		return false
	}
	if st.Buffer == nil || src.Buffer == nil {
		return st.Buffer != src.Buffer
	}
	return st.Buffer.Size() != src.Buffer.Size()
}

// mergeValues copies the fields that are plain values.
func (st *State) mergeValues(src *State) {
	set := src.Set
	if set&FieldOpaque != 0 {
		st.Opaque.Set(&src.Opaque)
	}
	if set&FieldInput != 0 {
		st.InputAll = src.InputAll
		st.Input.Set(&src.Input)
	}
	if set&FieldScale != 0 {
		st.Scale = src.Scale
	}
	if set&FieldTransform != 0 {
		st.Transform = src.Transform
	}
	if set&FieldViewport != 0 {
		st.Viewport = src.Viewport
	}
	if set&FieldGeometry != 0 {
		st.Geometry = src.Geometry
	}
	if set&FieldLimits != 0 {
		st.Min, st.Max = src.Min, src.Max
	}
	if set&FieldAck != 0 {
		st.Ack = src.Ack
	}
	if set&FieldAlpha != 0 {
		st.Alpha = src.Alpha
	}
	if set&FieldContent != 0 {
		st.Content = src.Content
	}
	if set&FieldFifo != 0 {
		st.Barrier, st.Fifo = src.Barrier, src.Fifo
	}
}

// drop gives up a state that will never be applied.
func (st *State) drop(c *Core) {
	if st.Set&FieldBuffer != 0 && st.Buffer != nil {
		st.Buffer.Unlock()
	}
	for _, f := range st.Feedback {
		f.Discarded()
	}
	c.abandon(st.Frames)
	st.reset()
}
