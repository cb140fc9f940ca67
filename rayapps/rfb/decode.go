package rfb

import (
	"errors"
	"fmt"
	"io"

	"rayos/geom"
)

// wrap says which rectangle failed.
func (j *job) wrap(err error) error {
	return fmt.Errorf("rectangle %d, %v of %d×%d at %d,%d (byte %d): %w",
		j.index, j.enc, j.rect.W(), j.rect.H(), j.rect.X0, j.rect.Y0, j.pos, err)
}

// do paints a job whose bytes are in its payload. d is scratch.
func (p *painter) do(j *job, zlib *[streams]inflater, d *reader) error {
	if j.enc == JPEG {
		return p.jpegRect(j.payload, j.rect)
	}
	if j.enc == Tight || j.enc == TightPNG {
		switch j.head.kind {
		case tightFill:
			p.fb.fill(j.rect, j.head.pal[0])
			return nil
		case tightJPEG:
			return p.jpegRect(j.payload, j.rect)
		case tightPNG:
			return p.pngRect(j.payload, j.rect)
		}
	}
	if j.stream < 0 {
		d.src, d.buf = noBytes{}, j.payload
		d.r, d.w = 0, len(j.payload)
		return p.tight(d, j.rect, &j.head)
	}
	z := &zlib[j.stream]
	z.feed(j.payload)
	var err error
	switch j.enc {
	case ZRLE:
		err = p.tiles(z.out, j.rect, 64)
	case Zlib:
		err = p.raw(z.out, j.rect)
	default:
		err = p.tight(z.out, j.rect, &j.head)
	}
	z.end()
	return err
}

// noBytes is the source of a reader that has all it gets.
type noBytes struct{}

func (noBytes) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// decoder reads rectangles of pixels from a stream into a framebuffer. It
// belongs to the goroutine that reads.
type decoder struct {
	in     *reader
	fb     *Framebuffer
	paint  painter
	plain  *reader
	zlib   [streams]inflater
	crew   *crew
	tables jpegTables
	seen   func(Encoding) // is told of each rectangle of pixels; nil but in tests
	inline int            // pixels below which a rectangle isn't handed over
}

func newDecoder(in *reader, workers int) *decoder {
	d := &decoder{in: in, fb: &Framebuffer{}, plain: newReader(nil), inline: inlineBelow}
	d.paint.fb = d.fb
	d.crew = newCrew(max(workers, 0), d.fb, &d.zlib)
	return d
}

// rect reads one rectangle, which lies within the framebuffer. Workers may
// still be at it when rect returns; crew.flush waits.
func (d *decoder) rect(enc Encoding, index int, r geom.Rect) error {
	here := job{rect: r, enc: enc, index: index, pos: d.in.pos}
	if d.seen != nil {
		d.seen(enc)
	}
	switch enc {
	case Tight, TightPNG, ZRLE, Zlib, JPEG:
		return d.bytesOf(here)
	}
	if enc == CopyRect {
		q, err := d.in.take(4)
		if err != nil {
			return here.wrap(err)
		}
		src := geom.XYWH(int32(q[0])<<8|int32(q[1]), int32(q[2])<<8|int32(q[3]), r.W(), r.H())
		if !r.Empty() && !(geom.Rect{X1: d.fb.Size.W, Y1: d.fb.Size.H}).Contains(src) {
			return here.wrap(fmt.Errorf("source %v is not in %d×%d", src, d.fb.Size.W, d.fb.Size.H))
		}
		if err := d.crew.await(src, -1); err != nil {
			return err
		}
		if err := d.crew.await(r, -1); err != nil {
			return err
		}
		if !r.Empty() {
			d.fb.copyRect(r, src.Min())
		}
		return nil
	}
	if err := d.crew.await(r, -1); err != nil {
		return err
	}
	var err error
	switch enc {
	case Raw:
		if !r.Empty() {
			err = d.paint.raw(d.in, r)
		}
	case RRE:
		err = d.paint.rre(d.in, r, false)
	case CoRRE:
		err = d.paint.rre(d.in, r, true)
	case Hextile:
		err = d.paint.hextile(d.in, r)
	case TRLE:
		err = d.paint.tiles(d.in, r, 16)
	default:
		err = errors.New("not an encoding that was asked for")
	}
	if err != nil {
		return here.wrap(err)
	}
	return nil
}

// bytesOf reads a rectangle whose length is known before it is decoded, and
// decodes it here or hands it over.
func (d *decoder) bytesOf(here job) error {
	j := d.crew.get()
	payload := j.payload
	j.rect, j.enc, j.index, j.pos, j.stream, j.payload = here.rect, here.enc, here.index, here.pos, -1, payload
	if err := d.payload(j); err != nil {
		d.crew.put(j)
		return j.wrap(err)
	}
	small := int(j.rect.W())*int(j.rect.H()) < d.inline
	if d.crew.n > 0 && !(small && d.crew.idle(j.rect, j.stream)) {
		d.crew.post(j)
		return nil
	}
	err := d.paint.do(j, &d.zlib, d.plain)
	d.crew.put(j)
	if err != nil {
		return j.wrap(err)
	}
	return nil
}

// payload reads what stands before the pixels of j, and their bytes.
func (d *decoder) payload(j *job) error {
	pixels := int(j.rect.W()) * int(j.rect.H())
	switch j.enc {
	case JPEG:
		var err error
		j.payload, err = d.tables.read(d.in, j.payload, jpegMost(pixels))
		return err
	case ZRLE, Zlib:
		n, err := d.in.u32()
		if err != nil {
			return err
		}
		// Plain runs of one pixel are the longest way to say a tile; what
		// can't be deflated grows by 5 bytes in 16 Ki or so.
		if most := 6*pixels + 512*(pixels/64+2); int64(n) > int64(most) {
			return fmt.Errorf("%d deflated bytes", n)
		}
		if j.stream = zrleStream; j.enc == Zlib {
			j.stream = zlibStream
		}
		j.payload, err = d.in.append(j.payload, int(n))
		return err
	}
	if err := j.head.read(d.in, j.enc == TightPNG); err != nil {
		return err
	}
	for i := range 4 {
		if j.head.reset>>i&1 == 0 {
			continue
		}
		if err := d.crew.await(geom.Rect{}, i); err != nil {
			return err
		}
		d.zlib[i].reset()
	}
	n, err := 0, error(nil)
	switch size := j.head.size(j.rect); {
	case j.head.kind == tightFill:
		return nil
	case j.head.kind == tightJPEG || j.head.kind == tightPNG:
		n, err = compact(d.in)
	case size < tightMin:
		n = size
	case j.head.stored:
		if n, err = compact(d.in); err == nil && n != size {
			err = fmt.Errorf("%d bytes; want %d", n, size)
		}
	default:
		j.stream = j.head.stream
		n, err = compact(d.in)
	}
	if err != nil {
		return err
	}
	j.payload, err = d.in.append(j.payload, n)
	return err
}
