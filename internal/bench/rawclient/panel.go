package rawclient

import (
	"errors"
	"fmt"
)

// Panel is a zwlr_layer_surface_v1 at the top edge of the first output, with an
// exclusive zone, as a bar has it.
type Panel struct {
	conn           *Conn
	surface, layer uint32
	frame          uint32
	width, height  int32
	serial         uint32
	configured     bool
	pool           *pool
}

// NewPanel opens a panel of a height, attaches its first buffer and returns
// at its frame callback: a compositor has drawn the frame with it. (The
// feedback of wp_presentation would say more, but sway 1.7 never sends one for a
// panel on a headless output.)
func (c *Conn) NewPanel(height int32, color uint32) (*Panel, error) {
	p := &Panel{conn: c}
	shell, err := c.bindFirst("zwlr_layer_shell_v1", 1, zombie{})
	if err != nil {
		return nil, err
	}
	p.surface = c.newID(p)
	c.request(c.globals.compositor, 0, p.surface)
	p.layer = c.newID(p)
	const top = 2
	c.requestString(shell, 0, []uint32{p.layer, p.surface, c.globals.output, top}, "panel")
	const topLeftRight = 1 | 4 | 8
	c.request(p.layer, 0, 0, uint32(height))
	c.request(p.layer, 1, topLeftRight)
	c.request(p.layer, 2, uint32(height))
	c.request(p.surface, 6)
	if err := c.Flush(); err != nil {
		return nil, err
	}
	for !p.configured {
		if err := c.Read(); err != nil {
			return nil, fmt.Errorf("waiting for the panel's configure: %w", err)
		}
	}
	if p.pool, err = newPool(c, p.width, p.height, XRGB8888, 1); err != nil {
		return nil, err
	}
	p.pool.paint(color)
	c.request(p.layer, 6, p.serial)
	c.request(p.surface, 1, p.pool.buffers[0].id, 0, 0)
	c.request(p.surface, 9, 0, 0, uint32(p.width), uint32(p.height))
	p.frame = c.newID(p)
	c.request(p.surface, 3, p.frame)
	c.request(p.surface, 6)
	if err := c.Flush(); err != nil {
		return nil, errors.Join(err, p.pool.unmap())
	}
	for p.frame != 0 {
		if err := c.Read(); err != nil {
			return nil, errors.Join(fmt.Errorf("waiting for the panel on the screen: %w", err), p.pool.unmap())
		}
	}
	return p, nil
}

// Destroy ends the panel. Nothing is flushed.
func (p *Panel) Destroy() error {
	c := p.conn
	c.request(p.layer, 7)
	c.bury(p.layer)
	c.request(p.surface, 0)
	c.bury(p.surface)
	return p.pool.destroy()
}

func (p *Panel) receive(id uint32, opcode uint16, body args) {
	switch {
	case id == p.layer && opcode == 0:
		p.serial, p.width, p.height, p.configured = body.uint(), body.int(), body.int(), true
	case id == p.frame:
		p.frame = 0
	}
}
