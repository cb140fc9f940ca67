package seat

import "slices"

// TabletInfo describes a graphics tablet.
type TabletInfo struct {
	Name            string
	Vendor, Product uint32 // of the USB device, 0 when unknown
	Path            string // of the device node, "" when there is none
}

// Tablet is the area that tools are used on.
type Tablet struct {
	Info TabletInfo

	seat *Seat
	gone bool
}

// NewTablet attaches a tablet.
func (s *Seat) NewTablet(info TabletInfo) *Tablet {
	t := &Tablet{Info: info, seat: s}
	s.tablets = append(s.tablets, t)
	for _, l := range s.listeners {
		if l.Tablet != nil {
			l.Tablet(t, true)
		}
	}
	return t
}

// Remove detaches the tablet, with its pads and the tools that were made on it.
func (t *Tablet) Remove() {
	if t.gone {
		return
	}
	t.gone = true
	s := t.seat
	for i := len(s.tools) - 1; i >= 0; i-- {
		if s.tools[i].home == t {
			s.tools[i].Remove()
		} else if s.tools[i].tablet == t {
			s.tools[i].Away(s.cfg.Now())
		}
	}
	for i := len(s.pads) - 1; i >= 0; i-- {
		if s.pads[i].tablet == t {
			s.pads[i].Remove()
		}
	}
	s.tablets = slices.DeleteFunc(s.tablets, func(o *Tablet) bool { return o == t })
	for _, l := range s.listeners {
		if l.Tablet != nil {
			l.Tablet(t, false)
		}
	}
}

// Tablets returns what is attached. The slice is borrowed.
func (s *Seat) Tablets() []*Tablet { return s.tablets }

// Tools returns the tools that are known. The slice is borrowed.
func (s *Seat) Tools() []*Tool { return s.tools }

// Pads returns the pads that are attached. The slice is borrowed.
func (s *Seat) Pads() []*Pad { return s.pads }
