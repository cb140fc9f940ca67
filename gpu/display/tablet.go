package display

import "time"

// Tablet describes a graphics tablet.
type Tablet struct {
	Name            string
	Vendor, Product uint32
	Path            string
}

// Tool describes what is used on tablets. Type and the bits of Caps are those
// of zwp_tablet_tool_v2: Caps has 1<<capability.
type Tool struct {
	Type       uint32
	Serial     uint64 // of the piece, 0 when it has none
	HardwareID uint64
	Caps       uint32
}

// ToolAxes are measurements in the units of zwp_tablet_tool_v2. Those whose
// bits are in Set have a meaning.
type ToolAxes struct {
	Set                uint32
	Pressure, Distance uint32
	TiltX, TiltY       float64
	Rotation           float64
	Slider             int32
	Wheel              float64
	Clicks             int32
}

// ToolButton is a button on a tool.
type ToolButton struct {
	Code    uint32
	Pressed bool
}

// ToolFrame is what has changed of a tool at once. It is told in the order of
// its fields. Slices are borrowed for the call.
type ToolFrame struct {
	Tool *Tool
	Near *Tablet // it has come close to, nil for no change
	// Output that it is over: with Near or Moved. X and Y are a fraction of
	// it, 0 to 1.
	Output   Output
	Moved    bool
	X, Y     float64
	Down, Up bool // the tip
	Axes     ToolAxes
	Buttons  []ToolButton
	Away     bool // it is not near any more
}

// TabletInput is an optional part of Handler: it takes tablets. Tablets and
// tools are known by their pointers; a tool is new with its first frame.
type TabletInput interface {
	TabletAdded(t *Tablet)
	TabletRemoved(t *Tablet)
	ToolRemoved(t *Tool)
	ToolFrame(t time.Duration, f *ToolFrame)
}
