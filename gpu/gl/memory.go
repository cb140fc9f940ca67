//go:build cgo

package gl

import (
	"errors"
	"fmt"
	"unsafe"

	gles "github.com/go-gl/gl/v3.1/gles2"

	"rayos/geom"
	"rayos/gpu/raster"
	"rayos/gpu/render"
)

// load uploads a part of p to the same place of t.
func (t *Target) load(p *render.Pixels, part *geom.Region) {
	if part.Empty() {
		return
	}
	gles.BindTexture(gles.TEXTURE_2D, t.tex)
	defer gles.PixelStorei(gles.UNPACK_ROW_LENGTH, 0)
	for _, r := range part.Rects() {
		row := p.Data[int(r.Y0)*int(p.Stride)+4*int(r.X0):]
		if p.Stride%4 == 0 {
			gles.PixelStorei(gles.UNPACK_ROW_LENGTH, p.Stride/4)
			gles.TexSubImage2D(gles.TEXTURE_2D, 0, r.X0, r.Y0, r.W(), r.H(), gles.RGBA, gles.UNSIGNED_BYTE, unsafe.Pointer(&row[0]))
			continue
		}
		for y := range r.H() {
			gles.TexSubImage2D(gles.TEXTURE_2D, 0, r.X0, r.Y0+y, r.W(), 1, gles.RGBA, gles.UNSIGNED_BYTE, unsafe.Pointer(&row[int(y)*int(p.Stride)]))
		}
	}
}

// save reads a part of t into the same place of p. All rectangles are on
// their way at once, and waited for once.
func (t *Target) save(p *render.Pixels, part *geom.Region) error {
	return t.read(part.Rects(), func(box geom.Rect, rows []byte) error {
		n := 4 * int(box.W())
		for y := box.Y0; y < box.Y1; y++ {
			copy(p.Data[int(y)*int(p.Stride)+4*int(box.X0):], rows[:n])
			rows = rows[n:]
		}
		return nil
	})
}

// read calls take with the pixels of each rectangle, row after row, in
// ARGB8888.
func (t *Target) read(boxes []geom.Rect, take func(box geom.Rect, rows []byte) error) error {
	total := 0
	for _, b := range boxes {
		total += 4 * int(b.W()) * int(b.H())
	}
	if total == 0 {
		return nil
	}
	gles.BindFramebuffer(gles.FRAMEBUFFER, t.fbo)
	gles.BindBuffer(gles.PIXEL_PACK_BUFFER, t.r.reading)
	defer gles.BindBuffer(gles.PIXEL_PACK_BUFFER, 0)
	gles.BufferData(gles.PIXEL_PACK_BUFFER, total, nil, gles.STREAM_READ)
	// Skipped pixels say where in the buffer each goes: a pointer that is none
	// must not be in Go's hands.
	at := int32(0)
	for _, b := range boxes {
		gles.PixelStorei(gles.PACK_SKIP_PIXELS, at)
		gles.ReadPixels(b.X0, b.Y0, b.W(), b.H(), gles.RGBA, gles.UNSIGNED_BYTE, nil)
		at += b.W() * b.H()
	}
	gles.PixelStorei(gles.PACK_SKIP_PIXELS, 0)
	if err := await(); err != nil {
		return err
	}
	m := gles.MapBufferRange(gles.PIXEL_PACK_BUFFER, 0, total, gles.MAP_READ_BIT)
	if m == nil {
		return errors.Join(errors.New("gl: cannot map what was read"), t.r.failure())
	}
	defer gles.UnmapBuffer(gles.PIXEL_PACK_BUFFER)
	rows := bytes(m, total)
	for _, b := range boxes {
		n := 4 * int(b.W()) * int(b.H())
		if err := take(b, rows[:n:n]); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// patience is how long the GPU may take for one frame, in nanoseconds, before
// it counts as hung.
const patience = 10_000_000_000

// await waits until the GPU has done all it was told.
func await() error {
	f := gles.FenceSync(gles.SYNC_GPU_COMMANDS_COMPLETE, 0)
	if f == 0 {
		return fmt.Errorf("%w: no fence", ErrLost)
	}
	defer gles.DeleteSync(f)
	switch s := gles.ClientWaitSync(f, gles.SYNC_FLUSH_COMMANDS_BIT, patience); s {
	case gles.ALREADY_SIGNALED, gles.CONDITION_SATISFIED:
		return nil
	default:
		return fmt.Errorf("%w: the GPU does not answer (%#x)", ErrLost, s)
	}
}

// ReadPixels implements render.Renderer. It waits for the GPU.
func (r *Renderer) ReadPixels(target render.Target, src geom.Rect, dst render.Pixels) error {
	t, ok := target.(*Target)
	switch {
	case r.pass.open || r.softPass.pass != nil:
		return errors.New("gl: read from a target while a pass is open")
	case !ok:
		return r.soft.ReadPixels(target, src, dst)
	case t.r != r || t.freed:
		return errors.New("gl: not a target of this renderer")
	case r.ready() != nil:
		px, err := t.inMemory()
		if err != nil {
			return err
		}
		return r.soft.ReadPixels(px, src, dst)
	case src.Empty() || !t.size.Rect().Contains(src):
		return fmt.Errorf("read from: %w: %v of %v", raster.ErrPixels, src, t.size)
	}
	err := t.read([]geom.Rect{src}, func(box geom.Rect, rows []byte) error {
		p := render.Pixels{Data: rows, W: box.W(), H: box.H(), Stride: 4 * box.W(), Format: render.XRGB8888}
		return r.soft.ReadPixels(&p, p.Size().Rect(), dst)
	})
	if errors.Is(err, ErrLost) {
		r.lose(err)
	}
	return err
}
