package xwayland

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf8"

	"github.com/jezek/xgb/xproto"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/surfaces"
)

// This file reads the properties by which an X11 program describes its windows
// (ICCCM 4.1, EWMH 1.5, Motif). Programs can write anything there: what makes
// no sense is left out, and what is kept is bounded.

// property is a property's value as the X server gives it.
type property struct {
	kind   xproto.Atom
	format byte // bits of a unit
	value  []byte
}

// words returns a value of 32-bit units.
func (p property) words() []uint32 {
	if p.format != 32 {
		return nil
	}
	w := make([]uint32, len(p.value)/4)
	for i := range w {
		w[i] = binary.LittleEndian.Uint32(p.value[4*i:]) // as xgb has asked for
	}
	return w
}

// maxText bounds titles, classes and roles, which are shown and logged.
const maxText = 1024

// text decodes a string. latin1 is the encoding of the type STRING.
func (p property) text(latin1 bool) string {
	if p.format != 8 {
		return ""
	}
	b := p.value
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	var s string
	if latin1 && !utf8.Valid(b) {
		var out strings.Builder
		for _, c := range b[:min(len(b), maxText)] {
			out.WriteRune(rune(c))
		}
		s = out.String()
	} else {
		s = string(b[:min(len(b), maxText)])
	}
	return cleanText(s)
}

func cleanText(s string) string {
	if len(s) > maxText {
		s = s[:maxText]
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}

// class decodes WM_CLASS: instance and class, each ended by a zero.
func (p property) class() (instance, class string) {
	if p.format != 8 {
		return "", ""
	}
	first, rest, _ := bytes.Cut(p.value, []byte{0})
	second, _, _ := bytes.Cut(rest, []byte{0})
	one := func(b []byte) string { return property{format: 8, value: b}.text(true) }
	return one(first), one(second)
}

// hints are WM_HINTS.
type hints struct {
	NoInput bool // the program doesn't want the focus to be set
	Iconic  bool // wants to start minimised
	Urgent  bool
	Group   xproto.Window
}

func parseHints(w []uint32) (h hints) {
	if len(w) < 8 {
		return h
	}
	flags := w[0]
	h.NoInput = flags&1 != 0 && w[1] == 0
	h.Iconic = flags&2 != 0 && w[2] == 3
	if flags&(1<<6) != 0 && len(w) > 8 {
		h.Group = xproto.Window(w[8])
	}
	h.Urgent = flags&(1<<8) != 0
	return h
}

// sizeHints are WM_NORMAL_HINTS, in X pixels.
type sizeHints struct {
	Placed   bool // the person has said where the window shall be
	Min, Max geom.Size
	Base     geom.Size
	Inc      geom.Size // 0 without steps
}

// maxExtent bounds sizes: what X11 can say.
const maxExtent = 1<<15 - 1

func parseSizeHints(w []uint32) (h sizeHints) {
	if len(w) < 15 {
		return h
	}
	flags := w[0]
	size := func(i int) geom.Size {
		return geom.Size{W: clampSize(w[i]), H: clampSize(w[i+1])}
	}
	h.Placed = flags&1 != 0
	if flags&(1<<4) != 0 {
		h.Min = size(5)
	}
	if flags&(1<<5) != 0 {
		h.Max = size(7)
	}
	if flags&(1<<6) != 0 {
		h.Inc = size(9)
	}
	switch {
	case flags&(1<<8) != 0 && len(w) >= 17:
		h.Base = size(15)
	case flags&(1<<4) != 0:
		h.Base = h.Min
	}
	if flags&(1<<4) == 0 && flags&(1<<8) != 0 {
		h.Min = h.Base
	}
	if h.Max.W != 0 && h.Max.W < h.Min.W || h.Max.H != 0 && h.Max.H < h.Min.H {
		h.Max = geom.Size{}
	}
	return h
}

func clampSize(v uint32) int32 { return min(max(int32(v), 0), maxExtent) }

// snap returns the largest size up to s that is a whole number of steps.
func (h *sizeHints) snap(s geom.Size) geom.Size {
	step := func(v, base, inc, lo int32) int32 {
		if inc <= 1 || v <= base {
			return v
		}
		return max(base+(v-base)/inc*inc, lo, 1)
	}
	return geom.Size{W: step(s.W, h.Base.W, h.Inc.W, h.Min.W), H: step(s.H, h.Base.H, h.Inc.H, h.Min.H)}
}

// motif are _MOTIF_WM_HINTS as far as programs use them.
type motif struct{ NoFrame bool }

func parseMotif(w []uint32) motif {
	const decorations = 1 << 1
	return motif{NoFrame: len(w) >= 3 && w[0]&decorations != 0 && w[2] == 0}
}

// extents are _GTK_FRAME_EXTENTS: what of the window is shadow, in X pixels.
type extents struct{ Left, Right, Top, Bottom int32 }

func parseExtents(w []uint32) extents {
	const most = 512
	if len(w) < 4 {
		return extents{}
	}
	for _, v := range w[:4] {
		if v > most {
			return extents{}
		}
	}
	return extents{int32(w[0]), int32(w[1]), int32(w[2]), int32(w[3])}
}

func (e extents) size() geom.Size { return geom.Size{W: e.Left + e.Right, H: e.Top + e.Bottom} }

// Limits of icons: a program may set as many as it likes, and each is copied.
const (
	maxIconSide  = 256
	maxIconBytes = 2 << 20 // of the property that is looked at
	maxIcons     = 8
)

// parseIcon takes the square pictures of _NET_WM_ICON, nil for none.
func parseIcon(w []uint32) *surfaces.Icon {
	var list []surfaces.IconImage
	for len(w) > 2 && len(list) < maxIcons {
		iw, ih := w[0], w[1]
		w = w[2:]
		if iw == 0 || ih == 0 || uint64(iw)*uint64(ih) > uint64(len(w)) {
			break
		}
		n := int(iw * ih)
		if iw == ih && iw <= maxIconSide {
			p := render.NewPixels(int32(iw), int32(ih), render.ARGB8888)
			for i, v := range w[:n] {
				binary.LittleEndian.PutUint32(p.Data[4*i:], premultiply(v))
			}
			list = append(list, surfaces.IconImage{Pixels: p, Size: int32(iw), Scale: 1})
		}
		w = w[n:]
	}
	if list == nil {
		return nil
	}
	return &surfaces.Icon{Images: list}
}

func premultiply(p uint32) uint32 {
	a := p >> 24
	mul := func(shift uint) uint32 { return ((p>>shift&0xff)*a + 127) / 255 << shift }
	return a<<24 | mul(16) | mul(8) | mul(0)
}

// atomsIn returns the atoms of a list that this package knows.
func (a *atoms) atomsIn(w []uint32) []name {
	const most = 64
	var list []name
	for _, v := range w[:min(len(w), most)] {
		if n, ok := a.known(xproto.Atom(v)); ok {
			list = append(list, n)
		}
	}
	return list
}

// states is a set of _NET_WM_STATE members, by distance from stateModal.
type states uint32

func stateBit(n name) states {
	if n < stateModal || n > stateFocused {
		return 0
	}
	return 1 << (n - stateModal)
}

func (s states) has(n name) bool { return s&stateBit(n) != 0 }

func (s states) with(n name, on bool) states {
	if on {
		return s | stateBit(n)
	}
	return s &^ stateBit(n)
}

func statesOf(list []name) (s states) {
	for _, n := range list {
		s |= stateBit(n)
	}
	return s
}

// each calls fn for the members, in the order of names.
func (s states) each(fn func(name)) {
	for n := stateModal; n <= stateFocused; n++ {
		if s.has(n) {
			fn(n)
		}
	}
}

// props is all that is known of a window by its properties. It is a value:
// copies go from goroutine to goroutine.
type props struct {
	Title     string
	Instance  string
	Class     string
	Role      string
	PID       int32 // by the X server, not by the program
	Type      name  // one of the type names, typeNormal without one
	Transient xproto.Window
	Leader    xproto.Window
	Hints     hints
	Size      sizeHints
	Motif     motif
	Shadow    extents
	State     states
	Delete    bool // takes WM_DELETE_WINDOW
	TakeFocus bool
	Ping      bool
	Quiet     bool           // _NET_WM_USER_TIME of 0: doesn't want the focus when it appears
	Icon      *surfaces.Icon // not written to any more
	DND       byte           // XDND version that it takes, 0 for none

	netName bool // Title is of _NET_WM_NAME
}

// windowType picks the first known type; without one a window with a parent is
// a dialog.
func windowType(list []name, transient bool) name {
	for _, n := range list {
		if n >= typeDesktop && n <= typeNormal {
			return n
		}
	}
	if transient {
		return typeDialog
	}
	return typeNormal
}

// popupType reports whether windows of a type are put where the program says,
// and not managed.
func popupType(t name) bool {
	switch t {
	case typeDropdownMenu, typePopupMenu, typeTooltip, typeNotification, typeCombo, typeDND:
		return true
	}
	return false
}

// wantsKeys reports whether an unmanaged window takes the keyboard when no
// window of its kind has it, as launchers do.
func (p *props) wantsKeys() bool {
	switch p.Type {
	case typeDropdownMenu, typePopupMenu, typeTooltip, typeNotification, typeCombo, typeDND, typeSplash, typeDesktop, typeDock:
		return false
	}
	return !p.Hints.NoInput
}
