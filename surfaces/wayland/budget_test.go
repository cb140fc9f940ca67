package wayland

import (
	"fmt"
	"strings"
	"testing"

	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// comb makes a region that costs as much as one may.
func (c *testClient) comb() *client.WlRegion {
	r := c.comp.CreateRegion()
	for i := range int32(maxRegionRects) {
		r.Add(2*i, 2*i, 1, 1)
	}
	return r
}

func TestWhatAClientMayMakeTheServerRemember(t *testing.T) {
	noMemory := uint32(protocol.WlDisplayErrorNoMemory)
	for _, tc := range []struct {
		name  string
		flood func(c *testClient, i int)
	}{
		{"regions", func(c *testClient, _ int) { c.comb() }},
		{"shapes of surfaces", func(c *testClient, _ int) {
			s, r := c.comp.CreateSurface(), c.comb()
			s.SetOpaqueRegion(r)
			s.SetInputRegion(r)
			s.Commit()
			r.Destroy()
		}},
		{"types of the clipboard", func(c *testClient, i int) {
			m := bind[client.WlDataDeviceManager](c, &protocol.WlDataDeviceManagerInterface, 3)
			s := m.CreateDataSource()
			for j := range 64 {
				s.Offer(fmt.Sprint(strings.Repeat("x", 1000), i, j))
			}
		}},
		{"types of the primary selection", func(c *testClient, i int) {
			m := bind[client.ZwpPrimarySelectionDeviceManagerV1](c, &protocol.ZwpPrimarySelectionDeviceManagerV1Interface, 1)
			s := m.CreateSource()
			for j := range 64 {
				s.Offer(fmt.Sprint(strings.Repeat("x", 1000), i, j))
			}
		}},
		{"types of controlled data", func(c *testClient, i int) {
			m := bind[client.ExtDataControlManagerV1](c, &protocol.ExtDataControlManagerV1Interface, 1)
			s := m.CreateDataSource()
			for j := range 64 {
				s.Offer(fmt.Sprint(strings.Repeat("x", 1000), i, j))
			}
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := newFixture(t)
			c := f.connect()
			for i := 0; c.d.Err() == nil; i++ {
				if i > 2000 {
					t.Fatalf("the client remembers on: %d bytes", c.srv.remembered)
				}
				tc.flood(c, i)
				c.roundtrip()
			}
			c.wantError("wl_display", noMemory)
		})
	}
}

func TestMemoryIsGivenBack(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	before := c.srv.remembered
	m := bind[client.WlDataDeviceManager](c, &protocol.WlDataDeviceManagerInterface, 3)
	for range 3 {
		r := c.comb()
		s := c.comp.CreateSurface()
		s.SetInputRegion(r)
		r.Subtract(0, 0, 4096, 4096) // its storage stays
		src := m.CreateDataSource()
		src.Offer("text/plain")
		c.ok()
		if c.srv.remembered < before+4*maxRegionRects*bytesPerRect {
			t.Errorf("%d bytes are counted", c.srv.remembered-before)
		}
		src.Destroy()
		s.Destroy()
		r.Destroy()
		c.ok()
		if c.srv.remembered != before {
			t.Errorf("%d bytes are left", c.srv.remembered-before)
		}
	}
}
