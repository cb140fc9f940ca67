package wayland

import (
	"testing"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

func TestFixesEndARegistry(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	fx := bind[client.WlFixes](c, &protocol.WlFixesInterface, 1)
	reg := c.d.GetRegistry()
	n := 0
	reg.OnGlobal = func(uint32, string, uint32) { n++ }
	c.ok()
	id := reg.ID()
	fx.DestroyRegistry(reg)
	c.ok()
	if c.srv.conn.Object(id) != nil || len(c.srv.registries) != 1 {
		t.Errorf("the registry lives: %d registries", len(c.srv.registries))
	}
	n = 0
	f.addOutput("TEST-2", geom.Point{X: 640}, testMode, geom.ScaleOne, geom.Normal)
	c.ok()
	if n != 0 {
		t.Errorf("a registry that has ended hears of %d globals", n)
	}
	fx.Destroy()
	c.ok()
}
