package protocol_test

import (
	"testing"

	"rayos/surfaces/protocol"
	"rayos/surfaces/wire"
)

func TestEnums(t *testing.T) {
	for _, tt := range []struct {
		value interface {
			Valid() bool
			String() string
		}
		valid bool
		text  string
	}{
		{protocol.XdgToplevelStateMaximized, true, "maximized"},
		{protocol.WlOutputTransform90, true, "90"},
		{protocol.WlOutputTransform(8), false, "8"},
		{protocol.WlShmFormatArgb8888, true, "argb8888"},
		{protocol.WlSeatCapabilityPointer | protocol.WlSeatCapabilityTouch, true, "0x5"},
		{protocol.WlSeatCapability(8), false, "0x8"},
		{protocol.XdgPositionerConstraintAdjustment(0), true, "0x0"},
	} {
		if tt.value.Valid() != tt.valid || tt.value.String() != tt.text {
			t.Errorf("%T(%v): valid %t; want %s, %t", tt.value, tt.value, tt.value.Valid(), tt.text, tt.valid)
		}
	}
}

// TestDescriptors pins opcodes, versions and signatures that are easy to get
// wrong, in protocols nobody installs as XML.
func TestDescriptors(t *testing.T) {
	for _, tt := range []struct {
		iface     *wire.Interface
		events    bool
		op        int
		name, sig string
		since     uint32
	}{
		{&protocol.WlRegistryInterface, false, 0, "bind", "uN", 1},
		{&protocol.WlSurfaceInterface, false, 10, "offset", "ii", 5},
		{&protocol.WlPointerInterface, true, 10, "axis_relative_direction", "uu", 9},
		{&protocol.ZwlrScreencopyFrameV1Interface, true, 6, "buffer_done", "", 3},
		{&protocol.ZwlrScreencopyFrameV1Interface, false, 2, "copy_with_damage", "o", 2},
		{&protocol.ZwlrVirtualPointerManagerV1Interface, false, 2, "create_virtual_pointer_with_output", "?o?on", 2},
		{&protocol.ZwpVirtualKeyboardV1Interface, false, 0, "keymap", "uhu", 1},
		{&protocol.ZwlrLayerSurfaceV1Interface, false, 9, "set_exclusive_edge", "u", 5},
		{&protocol.ZwlrOutputModeV1Interface, false, 0, "release", "", 3},
		{&protocol.OrgKdeKwinServerDecorationManagerInterface, false, 0, "create", "no", 1},
		{&protocol.OrgKdeKwinServerDecorationInterface, false, 1, "request_mode", "u", 1},
		{&protocol.ZwpInputMethodV2Interface, false, 6, "destroy", "", 1},
	} {
		list := tt.iface.Requests
		if tt.events {
			list = tt.iface.Events
		}
		m := list[tt.op]
		if m.Name != tt.name || m.Signature != tt.sig || m.Since != tt.since {
			t.Errorf("%s[%d] = %s %q since %d; want %s %q since %d", tt.iface.Name, tt.op, m.Name, m.Signature, m.Since, tt.name, tt.sig, tt.since)
		}
	}
	if n := protocol.WlDataDeviceInterface.Events[0].New; n != &protocol.WlDataOfferInterface {
		t.Errorf("data_offer creates %v", n)
	}
	if m := protocol.WlKeyboardInterface.Events[0]; m.FDs != 1 {
		t.Errorf("keymap has %d descriptors", m.FDs)
	}
}
