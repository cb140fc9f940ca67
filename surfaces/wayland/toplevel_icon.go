package wayland

import (
	"rayos/geom"
	"rayos/gpu/render"
	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

// iconSizes are the edges that the session asks for, in logical pixels: lists,
// panels, switchers.
var iconSizes = []int32{16, 24, 48, 96}

func (s *Server) addToplevelIcon() {
	s.addGlobal(&protocol.XdgToplevelIconManagerV1Interface, 1, func(c *Client, id, version uint32) {
		res := server.NewXdgToplevelIconManagerV1(c.conn, id, version)
		res.Handler = iconManager{c}
		for _, n := range iconSizes {
			res.SendIconSize(n)
		}
		res.SendDone()
	})
}

type iconManager struct{ c *Client }

func (iconManager) Destroy(*server.XdgToplevelIconManagerV1) {}

// CreateIcon makes an empty icon.
func (h iconManager) CreateIcon(_ *server.XdgToplevelIconManagerV1, id *server.XdgToplevelIconV1) {
	id.Handler = &icon{c: h.c, res: id, art: &iconArt{c: h.c, users: 1}}
}

// SetIcon gives a window an icon with its next commit. An empty one is none.
func (iconManager) SetIcon(_ *server.XdgToplevelIconManagerV1, top *server.XdgToplevel, id *server.XdgToplevelIconV1) {
	var art *iconArt
	if id != nil {
		i := id.Handler.(*icon)
		i.fixed = true
		if i.art.Name != "" || len(i.art.Images) > 0 {
			art = i.art
		}
	}
	top.Handler.(*toplevel).icon.ask(art)
}

// icon is xdg_toplevel_icon_v1.
type icon struct {
	c       *Client
	res     *server.XdgToplevelIconV1
	art     *iconArt
	fixed   bool         // a window has it
	buffers []*shmBuffer // of art.Images
}

func (*icon) Destroy(*server.XdgToplevelIconV1) {}

// ResourceDestroyed ends the object; windows keep what they have.
func (i *icon) ResourceDestroyed() {
	for _, b := range i.buffers {
		b.icons = remove(b.icons, i)
	}
	i.art.drop()
}

// changeable posts an error once a window has the icon.
func (i *icon) changeable(res *server.XdgToplevelIconV1) bool {
	if i.fixed {
		res.PostError(protocol.XdgToplevelIconV1ErrorImmutable, "a window has the icon already")
	}
	return !i.fixed
}

// SetName names the icon in icon themes.
func (i *icon) SetName(res *server.XdgToplevelIconV1, name string) {
	if i.changeable(res) {
		i.art.Name = cleanText(name)
	}
}

// AddBuffer copies pixels. Those of the same size and scale are replaced.
func (i *icon) AddBuffer(res *server.XdgToplevelIconV1, buffer *server.WlBuffer, scale int32) {
	if !i.changeable(res) {
		return
	}
	b, ok := buffer.Handler.(*shmBuffer)
	switch {
	case !ok:
		res.PostError(protocol.XdgToplevelIconV1ErrorInvalidBuffer, "wl_buffer@%d is not in shared memory", buffer.ID())
		return
	case b.pixels.W != b.pixels.H:
		res.PostError(protocol.XdgToplevelIconV1ErrorInvalidBuffer, "a buffer of %v is not square", b.Size())
		return
	case scale < 1:
		res.PostError(protocol.XdgToplevelIconV1ErrorInvalidBuffer, "scale %d is not positive", scale)
		return
	}
	m := surfaces.IconImage{Size: max(b.pixels.W/scale, 1), Scale: scale}
	if !i.art.room(&m) {
		return
	}
	var err error
	if m.Pixels, err = i.c.srv.iconPixels(b); err != nil {
		buffer.PostErrorCode(uint32(protocol.WlShmErrorInvalidFd), "reading the buffer: %v", err)
		return
	}
	at := i.art.add(m)
	if at == len(i.buffers) {
		i.buffers = append(i.buffers, nil)
	} else {
		i.buffers[at].icons = remove(i.buffers[at].icons, i)
	}
	i.buffers[at] = b
	b.icons = append(b.icons, i)
}

// maxIcon bounds the edge of the pixels that are kept; larger ones are scaled
// down.
const maxIcon = 256

// iconPixels copies a client's square picture.
func (s *Server) iconPixels(b *shmBuffer) (render.Pixels, error) {
	n := min(b.pixels.W, maxIcon)
	p := render.NewPixels(n, n, render.ARGB8888)
	r := s.Core.Renderer
	err := guardFault(func() error {
		t, err := r.Import(b.pixels, false)
		if err != nil {
			return err
		}
		defer t.Release()
		pass, err := r.Begin(&p)
		if err != nil {
			return err
		}
		clip := geom.RegionOf(p.Size().Rect())
		pass.Texture(&render.TextureOp{Texture: t, Dst: p.Size().Rect(), Alpha: 255, Filter: render.Bilinear}, &clip)
		return pass.Submit()
	})
	return p, err
}

// Bounds of what a client's icons take.
const (
	maxIconImages = 16
	maxIconBytes  = 64 << 20
)

// iconArt is what an icon shows. The object and the windows that have it share
// it.
type iconArt struct {
	surfaces.Icon
	c     *Client
	users int
	bytes int
}

// room reports whether the icon may have another image, after it has ended the
// client that has far too many. An icon with more sizes than anybody shows
// keeps those that it has.
func (a *iconArt) room(m *surfaces.IconImage) bool {
	if a.find(m) < 0 && len(a.Images) >= maxIconImages {
		return false
	}
	if a.c.iconBytes > maxIconBytes {
		a.c.tooMany("too many pixels in icons")
		return false
	}
	return true
}

func (a *iconArt) find(m *surfaces.IconImage) int {
	for i := range a.Images {
		if a.Images[i].Size == m.Size && a.Images[i].Scale == m.Scale {
			return i
		}
	}
	return -1
}

// add returns the place of the image.
func (a *iconArt) add(m surfaces.IconImage) int {
	n, at := len(m.Pixels.Data), a.find(&m)
	if at >= 0 {
		n -= len(a.Images[at].Pixels.Data)
		a.Images[at] = m
	} else {
		at = len(a.Images)
		a.Images = append(a.Images, m)
	}
	a.bytes += n
	a.c.iconBytes += n
	return at
}

func (a *iconArt) use() {
	if a != nil {
		a.users++
	}
}

func (a *iconArt) drop() {
	if a == nil {
		return
	}
	if a.users--; a.users == 0 {
		a.c.iconBytes -= a.bytes
	}
}

// iconState is a window's icon on its way: asked for, committed, shown.
type iconState struct {
	asked, latched, shown *iconArt
	isAsked, isLatched    bool
}

func (st *iconState) ask(a *iconArt) {
	a.use()
	st.asked.drop()
	st.asked, st.isAsked = a, true
}

// latch takes what was asked for with a commit.
func (st *iconState) latch() {
	if st.isAsked {
		st.latched.drop()
		st.latched, st.isLatched = st.asked, true
		st.asked, st.isAsked = nil, false
	}
}

// apply shows what was committed and reports whether that is something else.
func (st *iconState) apply(g *surfaces.GuestSurface) bool {
	if !st.isLatched {
		return false
	}
	old := st.shown
	st.shown, st.latched, st.isLatched = st.latched, nil, false
	old.drop()
	g.Icon = nil
	if st.shown != nil {
		g.Icon = &st.shown.Icon
	}
	return old != st.shown
}

// reset forgets all: the window has no content any more.
func (st *iconState) reset(g *surfaces.GuestSurface) {
	st.asked.drop()
	st.latched.drop()
	st.shown.drop()
	*st = iconState{}
	g.Icon = nil
}
