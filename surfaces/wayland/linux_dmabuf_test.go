package wayland

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/wire"
)

// fakeImporter takes plain memory for memory of a GPU.
type fakeImporter struct {
	render.Renderer
	broken bool
	made   int // textures
}

const linear, tiled = 0, 0x0100000000000002

func (*fakeImporter) DmabufFormats() []render.DmabufFormat {
	return []render.DmabufFormat{
		{Format: render.XRGB8888, Modifier: tiled},
		{Format: render.XRGB8888, Modifier: linear},
		{Format: render.ARGB8888, Modifier: linear},
	}
}

func (*fakeImporter) DmabufDevice() uint64 { return 0xe280 }

func (i *fakeImporter) ImportDmabuf(d *render.Dmabuf) (render.Texture, error) {
	if i.broken {
		return nil, errors.New("no")
	}
	p := d.Planes[0]
	data := make([]byte, int64(p.Stride)*int64(d.H))
	if _, err := unix.Pread(p.FD, data, int64(p.Offset)); err != nil {
		return nil, err
	}
	i.made++
	t, err := i.Import(render.Pixels{Data: data, W: d.W, H: d.H, Stride: int32(p.Stride), Format: d.Format}, false)
	return &countedTexture{t, i}, err
}

type countedTexture struct {
	render.Texture
	i *fakeImporter
}

func (t *countedTexture) Release() {
	t.i.made--
	t.Texture.Release()
}

// Begin draws what is in the textures.
func (i *fakeImporter) Begin(t render.Target) (render.Pass, error) {
	p, err := i.Renderer.Begin(t)
	return unwrapping{p}, err
}

type unwrapping struct{ render.Pass }

func (u unwrapping) Texture(op *render.TextureOp, clip *geom.Region) {
	o := *op
	if t, ok := o.Texture.(*countedTexture); ok {
		o.Texture = t.Texture
	}
	u.Pass.Texture(&o, clip)
}

// dmabufFixture has a renderer that imports.
func dmabufFixture(t *testing.T) (*fixture, *fakeImporter) {
	t.Helper()
	f := newFixture(t)
	i := &fakeImporter{Renderer: f.core.Renderer}
	f.core.Renderer = i
	f.srv.addLinuxDmabuf()
	return f, i
}

func (c *testClient) dmabuf(version uint32) *client.ZwpLinuxDmabufV1 {
	return bind[client.ZwpLinuxDmabufV1](c, &protocol.ZwpLinuxDmabufV1Interface, version)
}

func TestDmabufIsAnnouncedWhereItCanBeImported(t *testing.T) {
	f := newFixture(t)
	for _, g := range f.connect().globals {
		if g.Interface == "zwp_linux_dmabuf_v1" {
			t.Error("announced, though the renderer imports nothing")
		}
	}
}

func TestDmabufFormatsBeforeFeedback(t *testing.T) {
	f, _ := dmabufFixture(t)
	c := f.connect()
	var log []string
	d := c.dmabuf(3)
	d.OnFormat = func(f uint32) { log = append(log, fmt.Sprintf("%v", render.Format(f))) }
	d.OnModifier = func(f, hi, lo uint32) {
		log = append(log, fmt.Sprintf("%v %x", render.Format(f), uint64(hi)<<32|uint64(lo)))
	}
	c.ok()
	if got := strings.Join(log, ", "); got != "XR24, XR24 100000000000002, XR24 0, AR24, AR24 0" {
		t.Errorf("heard %s", got)
	}
	log = nil
	d = c.dmabuf(4)
	d.OnFormat = func(uint32) { t.Error("version 4 is told formats by events") }
	c.ok()
}

func TestDmabufFeedback(t *testing.T) {
	f, i := dmabufFixture(t)
	c := f.connect()
	s := c.surface("s")
	d := c.dmabuf(4)
	for _, name := range []string{"default", "surface"} {
		fb := d.GetDefaultFeedback()
		if name == "surface" {
			fb = d.GetSurfaceFeedback(s)
		}
		var log []string
		note := func(format string, args ...any) { log = append(log, fmt.Sprintf(format, args...)) }
		var table []byte
		fb.OnFormatTable = func(file *wire.FD, size uint32) {
			fd := file.Take()
			table = make([]byte, size)
			if _, err := unix.Pread(fd, table, 0); err != nil {
				t.Error(err)
			}
			if _, err := unix.Mmap(fd, 0, int(size), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED); err == nil {
				t.Error("a client can change the table")
			}
			unix.Close(fd)
			note("table %d", size)
		}
		fb.OnMainDevice = func(b []byte) { note("main %x", binary.NativeEndian.Uint64(b)) }
		fb.OnTrancheTargetDevice = func(b []byte) { note("target %x", binary.NativeEndian.Uint64(b)) }
		fb.OnTrancheFlags = func(v protocol.ZwpLinuxDmabufFeedbackV1TrancheFlags) { note("flags %d", v) }
		fb.OnTrancheFormats = func(b []byte) { note("formats %x", b) }
		fb.OnTrancheDone = func() { note("tranche") }
		fb.OnDone = func() { note("done") }
		c.ok()
		if got := strings.Join(log, ", "); got != "table 48, main e280, target e280, flags 0, formats 000001000200, tranche, done" {
			t.Errorf("%s: heard %s", name, got)
		}
		for n, want := range i.DmabufFormats() {
			e := table[16*n:]
			got := render.DmabufFormat{Format: render.Format(binary.NativeEndian.Uint32(e)), Modifier: binary.NativeEndian.Uint64(e[8:])}
			if got != want {
				t.Errorf("%s: entry %d is %+v; want %+v", name, n, got, want)
			}
		}
		fb.Destroy()
	}
	s.Destroy()
	c.ok()
}

func TestDmabufShowsItsPixels(t *testing.T) {
	f, i := dmabufFixture(t)
	c := f.connect()
	w := c.window("w", 60, 60, 0x0000ff)
	d := c.dmabuf(4)
	m := c.memory(60*60*4+64, false)
	for at := 64; at < len(m.data); at += 4 {
		binary.LittleEndian.PutUint32(m.data[at:], 0x123456)
	}
	p := d.CreateParams()
	p.Add(m.fd, 0, 64, 240, 0, linear)
	b := p.CreateImmed(60, 60, uint32(render.XRGB8888), 0)
	p.Destroy()
	released := 0
	b.OnRelease = func() { released++ }
	w.surf.Attach(b, 0, 0)
	w.surf.Damage(0, 0, 60, 60)
	w.surf.Commit()
	c.ok()
	f.draw()
	if got := f.at(30, 30); got != 0x123456 || released != 0 {
		t.Errorf("pixel %06x, released %d times", got, released)
	}
	// It is read until another takes its place, even when it is destroyed.
	other := c.buffer(60, 60, 0xff0000)
	w.surf.Attach(other, 0, 0)
	w.surf.Damage(0, 0, 60, 60)
	w.surf.Commit()
	c.ok()
	if released != 1 {
		t.Errorf("released %d times; want 1", released)
	}
	w.surf.Attach(b, 0, 0)
	w.surf.Damage(0, 0, 60, 60)
	w.surf.Commit()
	b.Destroy()
	c.ok()
	f.draw()
	if got := f.at(30, 30); got != 0x123456 || i.made != 1 {
		t.Errorf("pixel %06x, %d textures", got, i.made)
	}
	w.surf.Attach(other, 0, 0)
	w.surf.Commit()
	c.ok()
	if i.made != 0 {
		t.Errorf("%d textures are left", i.made)
	}
}

func TestDmabufCreatedAndFailed(t *testing.T) {
	f, i := dmabufFixture(t)
	c := f.connect()
	d := c.dmabuf(3)
	m := c.memory(40*40*4, false)
	ask := func(flags protocol.ZwpLinuxBufferParamsV1Flags) (log []string) {
		p := d.CreateParams()
		p.OnCreated = func(b *client.WlBuffer) {
			log = append(log, "created")
			b.Destroy()
		}
		p.OnFailed = func() { log = append(log, "failed") }
		p.Add(m.fd, 0, 0, 160, 0, linear)
		p.Create(40, 40, uint32(render.ARGB8888), flags)
		c.ok()
		p.Destroy()
		c.ok()
		return log
	}
	if got := ask(0); !slices.Equal(got, []string{"created"}) {
		t.Errorf("heard %q", got)
	}
	if got := ask(protocol.ZwpLinuxBufferParamsV1FlagsYInvert); !slices.Equal(got, []string{"failed"}) {
		t.Errorf("upside down: heard %q", got)
	}
	i.broken = true
	if got := ask(0); !slices.Equal(got, []string{"failed"}) {
		t.Errorf("with a broken GPU: heard %q", got)
	}
	if i.made != 0 {
		t.Errorf("%d textures are left", i.made)
	}
}

func TestDmabufErrors(t *testing.T) {
	const w, h, size = 40, 40, 40 * 40 * 4
	xr, ar := uint32(render.XRGB8888), uint32(render.ARGB8888)
	type params = client.ZwpLinuxBufferParamsV1
	for name, s := range map[string]struct {
		do   func(p *params, fd int)
		want protocol.ZwpLinuxBufferParamsV1Error
	}{
		"plane 4":     {func(p *params, fd int) { p.Add(fd, 4, 0, 160, 0, 0) }, protocol.ZwpLinuxBufferParamsV1ErrorPlaneIdx},
		"plane twice": {func(p *params, fd int) { p.Add(fd, 0, 0, 160, 0, 0); p.Add(fd, 0, 0, 160, 0, 0) }, protocol.ZwpLinuxBufferParamsV1ErrorPlaneSet},
		"no plane":    {func(p *params, _ int) { p.Create(w, h, xr, 0) }, protocol.ZwpLinuxBufferParamsV1ErrorIncomplete},
		"a gap":       {func(p *params, fd int) { p.Add(fd, 0, 0, 160, 0, 0); p.Add(fd, 2, 0, 160, 0, 0); p.Create(w, h, xr, 0) }, protocol.ZwpLinuxBufferParamsV1ErrorIncomplete},
		"no first":    {func(p *params, fd int) { p.Add(fd, 1, 0, 160, 0, 0); p.Create(w, h, xr, 0) }, protocol.ZwpLinuxBufferParamsV1ErrorIncomplete},
		"format":      {func(p *params, fd int) { p.Add(fd, 0, 0, 160, 0, 0); p.Create(w, h, 7, 0) }, protocol.ZwpLinuxBufferParamsV1ErrorInvalidFormat},
		"modifier":    {func(p *params, fd int) { p.Add(fd, 0, 0, 160, tiled>>32, tiled&0xffffffff); p.Create(w, h, ar, 0) }, protocol.ZwpLinuxBufferParamsV1ErrorInvalidFormat},
		"two modifiers": {func(p *params, fd int) {
			p.Add(fd, 0, 0, 160, 0, 0)
			p.Add(fd, 1, 0, 160, tiled>>32, 2)
			p.Create(w, h, xr, 0)
		}, protocol.ZwpLinuxBufferParamsV1ErrorInvalidFormat},
		"no width":        {func(p *params, fd int) { p.Add(fd, 0, 0, 160, 0, 0); p.Create(0, h, xr, 0) }, protocol.ZwpLinuxBufferParamsV1ErrorInvalidDimensions},
		"negative height": {func(p *params, fd int) { p.Add(fd, 0, 0, 160, 0, 0); p.CreateImmed(w, -1, xr, 0) }, protocol.ZwpLinuxBufferParamsV1ErrorInvalidDimensions},
		"too many rows":   {func(p *params, fd int) { p.Add(fd, 0, 0, 160, 0, 0); p.Create(w, h+1, xr, 0) }, protocol.ZwpLinuxBufferParamsV1ErrorOutOfBounds},
		"offset":          {func(p *params, fd int) { p.Add(fd, 0, size, 0, 0, 0); p.Create(w, h, xr, 0) }, protocol.ZwpLinuxBufferParamsV1ErrorOutOfBounds},
		"second plane": {func(p *params, fd int) {
			p.Add(fd, 0, 0, 160, 0, 0)
			p.Add(fd, 1, size-10, 160, 0, 0)
			p.Create(w, h, xr, 0)
		}, protocol.ZwpLinuxBufferParamsV1ErrorOutOfBounds},
		"overflow":         {func(p *params, fd int) { p.Add(fd, 0, 1<<32-1, 1<<32-1, 0, 0); p.Create(w, h, xr, 0) }, protocol.ZwpLinuxBufferParamsV1ErrorOutOfBounds},
		"overflow of rows": {func(p *params, fd int) { p.Add(fd, 0, 0, 1<<31, 0, 0); p.Create(w, 1<<30, xr, 0) }, protocol.ZwpLinuxBufferParamsV1ErrorOutOfBounds},
		"create twice":     {func(p *params, fd int) { p.Add(fd, 0, 0, 160, 0, 0); p.Create(w, h, xr, 0); p.Create(w, h, xr, 0) }, protocol.ZwpLinuxBufferParamsV1ErrorAlreadyUsed},
		"add after create": {func(p *params, fd int) {
			p.Add(fd, 0, 0, 160, 0, 0)
			p.CreateImmed(w, h, xr, 0)
			p.Add(fd, 1, 0, 160, 0, 0)
		}, protocol.ZwpLinuxBufferParamsV1ErrorAlreadyUsed},
		"immed with flags": {func(p *params, fd int) {
			p.Add(fd, 0, 0, 160, 0, 0)
			p.CreateImmed(w, h, xr, protocol.ZwpLinuxBufferParamsV1FlagsInterlaced)
		}, protocol.ZwpLinuxBufferParamsV1ErrorInvalidWlBuffer},
	} {
		t.Run(name, func(t *testing.T) {
			f, i := dmabufFixture(t)
			c := f.connect()
			d := c.dmabuf(4)
			m := c.memory(size, false)
			s.do(d.CreateParams(), m.fd)
			c.wantError("zwp_linux_buffer_params_v1", uint32(s.want))
			if i.made != 0 {
				t.Errorf("%d textures are left", i.made)
			}
		})
	}
}
