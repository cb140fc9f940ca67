package xwayland

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"github.com/jezek/xgb/xproto"

	"rayos/geom"
)

// This file tells X11 programs how large to draw: by X resources, which the
// older toolkits read, and by XSETTINGS, which GTK follows as it changes.

// cursorSize is the nominal size of cursors, in logical pixels.
const cursorSize = 24

// setScreen describes the outputs; first is before anybody can see it.
func (m *manager) setScreen(s screen, first bool) {
	changed := s.scale != m.screen.scale
	m.screen = s
	m.setWords(m.root, netDesktopGeometry, uint32(s.size.W), uint32(s.size.H))
	a := s.workarea
	m.setWords(m.root, netWorkarea, uint32(a.X0), uint32(a.Y0), uint32(a.W()), uint32(a.H()))
	if !first && !changed {
		return
	}
	m.setResources(s.scale)
	if first {
		id, err := m.newWindow(xproto.WindowClassInputOnly, geom.Rect{X0: -1, Y0: -1}, 0)
		if err != nil {
			m.log.Warn("xsettings", "err", err)
			return
		}
		m.settings = id
	}
	m.serial++
	m.set(m.settings, m.atoms.of[xsettingsSettings], m.atoms.of[xsettingsSettings], 8, encodeSettings(m.serial, settingsFor(s.scale)))
	if first {
		xproto.SetSelectionOwner(m.conn, m.settings, m.atoms.of[xsettingsS0], xproto.TimeCurrentTime)
		m.message(m.root, xproto.EventMaskStructureNotify, m.root, m.atoms.of[managerMessage],
			uint32(xproto.TimeCurrentTime), uint32(m.atoms.of[xsettingsS0]), uint32(m.settings))
	}
}

// setting is one of XSETTINGS: a number, or a text if there is one.
type setting struct {
	name  string
	value int32
	text  string
}

func settingsFor(scale int32) []setting {
	const dpi = 96 * 1024 // in 1/1024 of a dot
	return []setting{
		{name: "Gdk/UnscaledDPI", value: dpi},
		{name: "Gdk/WindowScalingFactor", value: scale},
		{name: "Gtk/CursorThemeSize", value: cursorSize * scale},
		{name: "Xft/Antialias", value: 1},
		{name: "Xft/DPI", value: dpi * scale},
		{name: "Xft/HintStyle", text: "hintslight"},
		{name: "Xft/Hinting", value: 1},
		{name: "Xft/RGBA", text: "none"},
	}
}

// encodeSettings writes the _XSETTINGS_SETTINGS property (XSETTINGS 0.5).
func encodeSettings(serial uint32, list []setting) []byte {
	le := binary.LittleEndian
	b := []byte{0, 0, 0, 0} // least significant byte first
	b = le.AppendUint32(b, serial)
	b = le.AppendUint32(b, uint32(len(list)))
	pad := func() {
		for len(b)%4 != 0 {
			b = append(b, 0)
		}
	}
	for _, s := range list {
		kind := byte(0)
		if s.text != "" {
			kind = 1
		}
		b = append(b, kind, 0)
		b = le.AppendUint16(b, uint16(len(s.name)))
		b = append(b, s.name...)
		pad()
		b = le.AppendUint32(b, serial)
		if s.text != "" {
			b = le.AppendUint32(b, uint32(len(s.text)))
			b = append(b, s.text...)
			pad()
		} else {
			b = le.AppendUint32(b, uint32(s.value))
		}
	}
	return b
}

// maxResources bounds what others have written there.
const maxResources = 64 << 10

// setResources changes our lines of RESOURCE_MANAGER and keeps the person's.
func (m *manager) setResources(scale int32) {
	var old string
	r, err := xproto.GetProperty(m.conn, false, m.root, xproto.AtomResourceManager, xproto.AtomString, 0, maxResources/4).Reply()
	if err == nil && r.Format == 8 {
		old = string(r.Value)
	}
	m.set(m.root, xproto.AtomResourceManager, xproto.AtomString, 8, []byte(mergeResources(old, scale)))
}

func mergeResources(old string, scale int32) string {
	mine := []struct{ key, value string }{
		{"Xft.dpi", fmt.Sprint(96 * scale)},
		{"Xcursor.size", fmt.Sprint(cursorSize * scale)},
	}
	var out strings.Builder
	for line := range strings.Lines(old) {
		key, _, _ := strings.Cut(line, ":")
		if !slices.ContainsFunc(mine, func(e struct{ key, value string }) bool { return e.key == strings.TrimSpace(key) }) {
			out.WriteString(strings.TrimSuffix(line, "\n") + "\n")
		}
	}
	for _, e := range mine {
		out.WriteString(e.key + ":\t" + e.value + "\n")
	}
	return out.String()
}
