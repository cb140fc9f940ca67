package record

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"time"

	"rayos/geom"
	"rayos/gpu/render"
)

// File is what a recording is written to; *os.File is one.
type File interface {
	io.Writer
	io.WriterAt
	io.Closer
}

// Stats is what a recording has become.
type Stats struct {
	Frames int
	Bytes  int64
	Time   time.Duration
}

// ErrFrame is returned for a frame that isn't one of the recording: outside of
// it, before the one before, or in other pixels than XRGB8888 or ARGB8888.
var ErrFrame = errors.New("record: not a frame of this recording")

// Recorder writes a recording.
type Recorder struct {
	f    File
	size geom.Size
	zip  *zlib.Writer
	data bytes.Buffer // of a frame, compressed
	rows [2][]byte    // of pixels as PNG has them: this one and the one above

	seq     uint32 // of the next chunk that has a number
	frames  int
	at      time.Duration // when the last frame came
	start   time.Duration
	control int64 // where the last frame's fcTL begins
	last    [fcTL]byte
	bytes   int64
	err     error // of writing: nothing can follow
}

// Lengths of chunks.
const (
	overhead = 12 // length, name, checksum
	acTL     = 8
	fcTL     = 26
	// actlAt is where acTL begins: behind the signature and IHDR.
	actlAt = 8 + overhead + 13
)

// New begins a recording of a screen of the given size, in pixels.
func New(f File, size geom.Size) (*Recorder, error) {
	const most = 1 << 15
	if size.Empty() || size.W > most || size.H > most {
		return nil, fmt.Errorf("record: a screen of %v", size)
	}
	r := &Recorder{f: f, size: size}
	r.zip, _ = zlib.NewWriterLevel(&r.data, zlib.BestSpeed) // the level is valid
	for i := range r.rows {
		r.rows[i] = make([]byte, 3*size.W)
	}
	head := binary.BigEndian.AppendUint32(nil, uint32(size.W))
	head = binary.BigEndian.AppendUint32(head, uint32(size.H))
	head = append(head, 8, 2, 0, 0, 0) // 8 bits of R, G and B
	r.write([]byte("\x89PNG\r\n\x1a\n"))
	r.chunk("IHDR", head)
	r.chunk("acTL", make([]byte, acTL))
	return r, r.err
}

// Frame adds what a box of the screen shows from a time on. The first frame is
// the whole screen; the pixels are not kept.
func (r *Recorder) Frame(box geom.Rect, p render.Pixels, at time.Duration) error {
	switch {
	case r.err != nil:
		return r.err
	case box.Empty() || box.Intersect(r.size.Rect()) != box || box.Size() != p.Size(),
		r.frames == 0 && box != r.size.Rect(),
		r.frames > 0 && at < r.at,
		p.Format != render.XRGB8888 && p.Format != render.ARGB8888:
		return fmt.Errorf("%w: %v of %v at %v", ErrFrame, box, r.size, at)
	}
	if r.frames == 0 {
		r.start = at
	} else {
		r.delay(at - r.at)
	}
	r.at = at
	if err := r.compress(&p); err != nil {
		return err
	}
	r.controlled(box)
	if r.frames == 0 {
		r.chunk("IDAT", r.data.Bytes())
	} else {
		r.chunk("fdAT", r.data.Bytes())
	}
	r.frames++
	return r.err
}

// compress makes the rows of a frame into data: RGB, each the difference to the
// one above. For the chunk of a later frame its number stands in front.
func (r *Recorder) compress(p *render.Pixels) error {
	r.data.Reset()
	if r.frames > 0 {
		r.data.Write(binary.BigEndian.AppendUint32(nil, r.seq+1))
	}
	r.zip.Reset(&r.data)
	row, above := r.rows[0][:3*p.W], r.rows[1][:3*p.W]
	clear(above)
	filter := []byte{2}
	diff := make([]byte, len(row))
	for y := range p.H {
		src := p.Data[int(y)*int(p.Stride):]
		for x := range int(p.W) {
			row[3*x], row[3*x+1], row[3*x+2] = src[4*x+2], src[4*x+1], src[4*x]
		}
		for i := range row {
			diff[i] = row[i] - above[i]
		}
		if _, err := r.zip.Write(filter); err != nil {
			return fmt.Errorf("record: compress: %w", err)
		}
		if _, err := r.zip.Write(diff); err != nil {
			return fmt.Errorf("record: compress: %w", err)
		}
		row, above = above, row
	}
	if err := r.zip.Close(); err != nil {
		return fmt.Errorf("record: compress: %w", err)
	}
	return nil
}

// controlled writes what is said of a frame. How long it lasts is known when
// the next one comes.
func (r *Recorder) controlled(box geom.Rect) {
	c := r.last[:0]
	c = binary.BigEndian.AppendUint32(c, r.seq)
	for _, v := range [...]int32{box.W(), box.H(), box.X0, box.Y0} {
		c = binary.BigEndian.AppendUint32(c, uint32(v))
	}
	c = append(c, 0, 0, 0, 1, 0, 0) // no time yet; it stays, and replaces
	r.control = r.bytes
	r.chunk("fcTL", c)
	if r.seq++; r.frames > 0 {
		r.seq++ // the data has a number too
	}
}

// delay says how long the last frame was to be seen.
func (r *Recorder) delay(d time.Duration) {
	n, per := d.Milliseconds(), int64(1000)
	if n > 0xffff {
		n, per = min(n/1000, 0xffff), 1
	}
	binary.BigEndian.PutUint16(r.last[20:], uint16(n))
	binary.BigEndian.PutUint16(r.last[22:], uint16(per))
	r.patch(r.control, "fcTL", r.last[:])
}

// Close ends the recording at a time, and the file.
func (r *Recorder) Close(at time.Duration) (Stats, error) {
	if r.frames > 0 && r.err == nil {
		r.delay(max(at-r.at, 0))
	}
	counts := make([]byte, acTL)
	binary.BigEndian.PutUint32(counts, uint32(r.frames))
	binary.BigEndian.PutUint32(counts[4:], 1) // played once
	if r.err == nil {
		r.patch(actlAt, "acTL", counts)
		r.chunk("IEND", nil)
	}
	err := errors.Join(r.err, r.f.Close())
	if r.frames == 0 && err == nil {
		err = errors.New("record: the recording has no frame")
	}
	return Stats{Frames: r.frames, Bytes: r.bytes, Time: max(at-r.start, 0)}, err
}

func (r *Recorder) write(b []byte) {
	if r.err != nil {
		return
	}
	n, err := r.f.Write(b)
	if r.bytes += int64(n); err != nil {
		r.err = fmt.Errorf("record: %w", err)
	}
}

// chunk writes a chunk at the end.
func (r *Recorder) chunk(name string, data []byte) {
	var head [8]byte
	binary.BigEndian.PutUint32(head[:], uint32(len(data)))
	copy(head[4:], name)
	r.write(head[:])
	r.write(data)
	r.write(binary.BigEndian.AppendUint32(nil, sum(name, data)))
}

// patch writes a chunk that is in the file already once more.
func (r *Recorder) patch(at int64, name string, data []byte) {
	if r.err != nil {
		return
	}
	b := binary.BigEndian.AppendUint32(append([]byte(name), data...), sum(name, data))
	if _, err := r.f.WriteAt(b, at+4); err != nil {
		r.err = fmt.Errorf("record: %w", err)
	}
}

// sum is the checksum of a chunk.
func sum(name string, data []byte) uint32 {
	return crc32.Update(crc32.ChecksumIEEE([]byte(name)), crc32.IEEETable, data)
}
