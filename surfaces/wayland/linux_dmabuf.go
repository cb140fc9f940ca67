package wayland

import (
	"encoding/binary"
	"fmt"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
	"rayos/surfaces/wire"
)

// addLinuxDmabuf announces zwp_linux_dmabuf_v1 where the renderer can draw
// memory of a GPU.
func (s *Server) addLinuxDmabuf() {
	m, ok := s.Core.Renderer.(render.DmabufImporter)
	if !ok || len(m.DmabufFormats()) == 0 {
		return
	}
	g := &dmabufs{importer: m, formats: m.DmabufFormats()}
	s.addGlobal(&protocol.ZwpLinuxDmabufV1Interface, 4, func(c *Client, id, version uint32) {
		res := server.NewZwpLinuxDmabufV1(c.conn, id, version)
		res.Handler = &linuxDmabuf{c, g}
		if version >= 4 {
			return // told by feedback
		}
		last := render.Format(0)
		for _, f := range g.formats {
			if f.Format != last {
				res.SendFormat(uint32(f.Format))
				last = f.Format
			}
			res.SendModifier(uint32(f.Format), uint32(f.Modifier>>32), uint32(f.Modifier))
		}
	})
}

// dmabufs is what all clients share.
type dmabufs struct {
	importer render.DmabufImporter
	formats  []render.DmabufFormat // at most maxTable
}

// maxTable is what indices of 16 bits can tell apart.
const maxTable = 1 << 16

func (g *dmabufs) supports(f render.Format, modifier uint64) bool {
	for _, k := range g.formats {
		if k.Format == f && k.Modifier == modifier {
			return true
		}
	}
	return false
}

func (g *dmabufs) knows(f render.Format) bool {
	for _, k := range g.formats {
		if k.Format == f {
			return true
		}
	}
	return false
}

// table returns a file of the formats that clients can only read.
func (g *dmabufs) table() (fd, size int, err error) {
	var t []byte
	for _, f := range g.formats[:min(len(g.formats), maxTable)] {
		t = binary.NativeEndian.AppendUint32(t, uint32(f.Format))
		t = binary.NativeEndian.AppendUint32(t, 0)
		t = binary.NativeEndian.AppendUint64(t, f.Modifier)
	}
	fd, err = unix.MemfdCreate("dmabuf-formats", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		return -1, 0, fmt.Errorf("table of dmabuf formats: %w", err)
	}
	const seals = unix.F_SEAL_WRITE | unix.F_SEAL_SHRINK | unix.F_SEAL_GROW | unix.F_SEAL_SEAL
	if _, err = unix.Write(fd, t); err == nil {
		_, err = unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS, seals)
	}
	if err != nil {
		unix.Close(fd)
		return -1, 0, fmt.Errorf("table of dmabuf formats: %w", err)
	}
	return fd, len(t), nil
}

type linuxDmabuf struct {
	c *Client
	g *dmabufs
}

func (*linuxDmabuf) Destroy(*server.ZwpLinuxDmabufV1) {}

func (h *linuxDmabuf) CreateParams(_ *server.ZwpLinuxDmabufV1, id *server.ZwpLinuxBufferParamsV1) {
	p := &dmabufParams{c: h.c, g: h.g}
	for i := range p.planes {
		p.planes[i].FD = -1
	}
	id.Handler = p
}

func (h *linuxDmabuf) GetDefaultFeedback(_ *server.ZwpLinuxDmabufV1, id *server.ZwpLinuxDmabufFeedbackV1) {
	h.feedback(id)
}

// GetSurfaceFeedback says the same for all surfaces: there is one GPU, and no
// hardware plane to prefer a format for.
func (h *linuxDmabuf) GetSurfaceFeedback(_ *server.ZwpLinuxDmabufV1, id *server.ZwpLinuxDmabufFeedbackV1, _ *server.WlSurface) {
	h.feedback(id)
}

func (h *linuxDmabuf) feedback(res *server.ZwpLinuxDmabufFeedbackV1) {
	res.Handler = dmabufFeedback{}
	fd, size, err := h.g.table()
	if err != nil {
		h.c.srv.log.Error("dmabuf feedback", "err", err)
		h.c.conn.PostError(1, uint32(protocol.WlDisplayErrorNoMemory), "no table of formats")
		return
	}
	defer unix.Close(fd)
	device := binary.NativeEndian.AppendUint64(nil, h.g.importer.DmabufDevice())
	var all []byte
	for i := range size / 16 {
		all = binary.NativeEndian.AppendUint16(all, uint16(i))
	}
	res.SendFormatTable(fd, uint32(size))
	res.SendMainDevice(device)
	// An event holds less than a large table has indices.
	for len(all) > 0 {
		n := min(len(all), maxIndices)
		res.SendTrancheTargetDevice(device)
		res.SendTrancheFlags(0)
		res.SendTrancheFormats(all[:n])
		res.SendTrancheDone()
		all = all[n:]
	}
	res.SendDone()
}

// maxIndices is how many bytes of indices go into one event; libwayland takes
// 4 KiB.
const maxIndices = 2048

type dmabufFeedback struct{}

func (dmabufFeedback) Destroy(*server.ZwpLinuxDmabufFeedbackV1) {}

// dmabufParams gathers the planes of a buffer.
type dmabufParams struct {
	c        *Client
	g        *dmabufs
	planes   [render.MaxPlanes]render.Plane // FD is -1 for none; ours
	modifier uint64                         // of plane 0
	mixed    bool                           // planes have several
	used     bool
}

func (*dmabufParams) Destroy(*server.ZwpLinuxBufferParamsV1) {}

// ResourceDestroyed closes what was not made a buffer of.
func (p *dmabufParams) ResourceDestroyed() { p.close() }

func (p *dmabufParams) close() {
	for i := range p.planes {
		if p.planes[i].FD >= 0 {
			unix.Close(p.planes[i].FD)
			p.planes[i].FD = -1
		}
	}
}

func (p *dmabufParams) Add(res *server.ZwpLinuxBufferParamsV1, fd *wire.FD, plane, offset, stride, hi, lo uint32) {
	switch {
	case p.used:
		res.PostError(protocol.ZwpLinuxBufferParamsV1ErrorAlreadyUsed, "a buffer was made already")
		return
	case plane >= render.MaxPlanes:
		res.PostError(protocol.ZwpLinuxBufferParamsV1ErrorPlaneIdx, "there is no plane %d", plane)
		return
	case p.planes[plane].FD >= 0:
		res.PostError(protocol.ZwpLinuxBufferParamsV1ErrorPlaneSet, "plane %d is set", plane)
		return
	}
	modifier := uint64(hi)<<32 | uint64(lo)
	if p.count() > 0 && modifier != p.modifier {
		p.mixed = true
	}
	p.modifier = modifier
	p.planes[plane] = render.Plane{FD: fd.Take(), Offset: offset, Stride: stride}
}

func (p *dmabufParams) count() (n int) {
	for i := range p.planes {
		if p.planes[i].FD >= 0 {
			n++
		}
	}
	return n
}

// Create answers with created or failed.
func (p *dmabufParams) Create(res *server.ZwpLinuxBufferParamsV1, width, height int32, format uint32, flags protocol.ZwpLinuxBufferParamsV1Flags) {
	d, ok := p.check(res, width, height, format)
	if !ok {
		return
	}
	defer p.close()
	t, err := p.load(d, flags)
	if err != nil {
		p.c.srv.log.Debug("dmabuf", "err", err)
		res.SendFailed()
		return
	}
	b := &dmabuf{c: p.c, tex: t}
	if b.res = res.SendCreated(); b.res == nil {
		t.Release()
		return
	}
	b.res.Handler = b
}

// CreateImmed makes the buffer at once; one that can't be imported ends the
// client, as it could not be told otherwise before it uses it.
func (p *dmabufParams) CreateImmed(res *server.ZwpLinuxBufferParamsV1, id *server.WlBuffer, width, height int32, format uint32, flags protocol.ZwpLinuxBufferParamsV1Flags) {
	b := &dmabuf{c: p.c, res: id}
	id.Handler = b
	d, ok := p.check(res, width, height, format)
	if !ok {
		return
	}
	defer p.close()
	t, err := p.load(d, flags)
	if err != nil {
		res.PostError(protocol.ZwpLinuxBufferParamsV1ErrorInvalidWlBuffer, "the buffer can't be imported: %v", err)
		return
	}
	b.tex = t
}

// check ends p and says what is wrong with the request.
func (p *dmabufParams) check(res *server.ZwpLinuxBufferParamsV1, w, h int32, format uint32) (*render.Dmabuf, bool) {
	if p.used {
		res.PostError(protocol.ZwpLinuxBufferParamsV1ErrorAlreadyUsed, "a buffer was made already")
		return nil, false
	}
	p.used = true
	n := p.count()
	f := render.Format(format)
	switch {
	case n == 0 || p.planes[n-1].FD < 0 || p.planes[0].FD < 0:
		res.PostError(protocol.ZwpLinuxBufferParamsV1ErrorIncomplete, "planes are missing")
		return nil, false
	case !p.g.knows(f):
		res.PostError(protocol.ZwpLinuxBufferParamsV1ErrorInvalidFormat, "format %#x is not supported", format)
		return nil, false
	case p.mixed:
		res.PostError(protocol.ZwpLinuxBufferParamsV1ErrorInvalidFormat, "planes have different modifiers")
		return nil, false
	case !p.g.supports(f, p.modifier):
		res.PostError(protocol.ZwpLinuxBufferParamsV1ErrorInvalidFormat, "modifier %#x is not supported for format %v", p.modifier, f)
		return nil, false
	case w < 1 || h < 1:
		res.PostError(protocol.ZwpLinuxBufferParamsV1ErrorInvalidDimensions, "size %dx%d", w, h)
		return nil, false
	}
	for i := range p.planes[:n] {
		if why := outOfBounds(&p.planes[i], i, h); why != "" {
			res.PostError(protocol.ZwpLinuxBufferParamsV1ErrorOutOfBounds, "plane %d: %s", i, why)
			return nil, false
		}
	}
	return &render.Dmabuf{W: w, H: h, Format: f, Modifier: p.modifier, Planes: p.planes[:n]}, true
}

// outOfBounds says how a plane leaves its memory. Planes after the first may
// have fewer rows than the image; files that don't tell their size may be any.
func outOfBounds(p *render.Plane, index int, h int32) string {
	offset, stride := int64(p.Offset), int64(p.Stride)
	if offset+stride > 1<<32-1 {
		return "offset and stride overflow"
	}
	if index == 0 && offset+stride*int64(h) > 1<<32-1 {
		return "offset, stride and height overflow"
	}
	size, err := unix.Seek(p.FD, 0, unix.SEEK_END)
	switch {
	case err != nil:
		return ""
	case offset >= size:
		return fmt.Sprintf("offset %d of %d bytes", offset, size)
	case offset+stride > size:
		return fmt.Sprintf("offset %d and stride %d of %d bytes", offset, stride, size)
	case index == 0 && offset+stride*int64(h) > size:
		return fmt.Sprintf("%d rows of %d bytes at %d of %d bytes", h, stride, offset, size)
	}
	return ""
}

func (p *dmabufParams) load(d *render.Dmabuf, flags protocol.ZwpLinuxBufferParamsV1Flags) (render.Texture, error) {
	if flags != 0 {
		return nil, fmt.Errorf("flags %v are not supported", flags)
	}
	return p.g.importer.ImportDmabuf(d)
}

// dmabuf is a wl_buffer in memory of a GPU.
type dmabuf struct {
	c     *Client
	res   *server.WlBuffer
	tex   render.Texture // nil when it is not needed any more, or could not be imported
	locks int
	gone  bool
}

func (*dmabuf) Destroy(*server.WlBuffer) {}

// ResourceDestroyed: what is on screen stays there until it is replaced.
func (b *dmabuf) ResourceDestroyed() {
	b.gone = true
	b.release()
}

func (b *dmabuf) release() {
	if b.gone && b.locks == 0 && b.tex != nil {
		b.tex.Release()
		b.tex = nil
	}
}

func (b *dmabuf) Size() geom.Size {
	if b.tex == nil {
		return geom.Size{}
	}
	return b.tex.Size()
}

func (b *dmabuf) Destroyed() bool        { return b.gone }
func (b *dmabuf) Pixels() *render.Pixels { return nil }
func (b *dmabuf) Lock()                  { b.locks++ }

// Unlock tells the client that it may draw again when no reader is left.
func (b *dmabuf) Unlock() {
	if b.locks--; b.locks > 0 {
		return
	}
	if !b.gone {
		b.res.SendRelease()
	}
	b.release()
}

// Texture is the memory itself: it is held until the buffer is replaced.
func (b *dmabuf) Texture(render.Texture, *geom.Region) (render.Texture, bool, error) {
	return b.tex, true, nil
}
