package rawclient

import "fmt"

// global is one advertisement of the registry.
type global struct {
	name, version uint32
}

// globals are the objects that a Conn binds, 0 where the compositor lacks one.
type globals struct {
	conn          *Conn
	registry      uint32
	offered       map[string]global
	compositor    uint32
	subcompositor uint32
	shm           uint32
	wmBase        uint32
	output        uint32
	screencopy    uint32

	width, height int32 // current mode of the first output, physical pixels
}

// FirstAnswer asks for the registry and waits until all globals have been
// announced. It binds nothing.
func (c *Conn) FirstAnswer() error {
	g := &c.globals
	if g.registry != 0 {
		return nil
	}
	g.conn = c
	g.offered = make(map[string]global)
	g.registry = c.newID(g)
	c.request(displayID, 1, g.registry)
	return c.Sync()
}

// Bind binds what the benchmarks use, at versions that every peer has.
func (c *Conn) Bind() error {
	if err := c.FirstAnswer(); err != nil {
		return err
	}
	g := &c.globals
	for _, want := range []struct {
		name     string
		version  uint32
		required bool
		id       *uint32
	}{
		{"wl_compositor", 4, true, &g.compositor},
		{"wl_shm", 1, true, &g.shm},
		{"xdg_wm_base", 2, true, &g.wmBase},
		{"wl_output", 2, true, &g.output},
		{"wl_subcompositor", 1, false, &g.subcompositor},
		{"zwlr_screencopy_manager_v1", 2, false, &g.screencopy},
	} {
		offer, ok := g.offered[want.name]
		if !ok {
			if want.required {
				return fmt.Errorf("compositor does not offer %s", want.name)
			}
			continue
		}
		*want.id = c.newID(g)
		c.requestString(g.registry, 0, []uint32{offer.name}, want.name, min(want.version, offer.version), *want.id)
	}
	return c.Sync()
}

// OutputSize is the current mode of the first output in physical pixels.
func (c *Conn) OutputSize() (width, height int32) { return c.globals.width, c.globals.height }

// CanCapture reports whether the compositor offers wlr-screencopy.
func (c *Conn) CanCapture() bool { return c.globals.screencopy != 0 }

// Offers reports whether the registry announced the interface.
func (c *Conn) Offers(name string) bool {
	_, ok := c.globals.offered[name]
	return ok
}

func (g *globals) receive(id uint32, opcode uint16, body args) {
	switch id {
	case g.registry:
		if opcode == 0 {
			name := body.uint()
			iface := body.string()
			if _, ok := g.offered[iface]; !ok {
				g.offered[iface] = global{name, body.uint()}
			}
		}
	case g.wmBase:
		if opcode == 0 { // ping → pong
			g.conn.request(g.wmBase, 3, body.uint())
			g.conn.reply = true
		}
	case g.output:
		if opcode == 1 { // mode
			if flags := body.uint(); flags&1 != 0 {
				g.width, g.height = body.int(), body.int()
			}
		}
	}
}
