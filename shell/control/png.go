package control

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/png"

	"rayos/gpu/render"
)

// EncodePNG returns premultiplied ARGB8888 or XRGB8888 pixels as a PNG.
func EncodePNG(p render.Pixels) ([]byte, error) {
	if p.Format != render.ARGB8888 && p.Format != render.XRGB8888 {
		return nil, fmt.Errorf("cannot encode %v pixels", p.Format)
	}
	if p.W <= 0 || p.H <= 0 || p.Stride < p.W*4 || int64(len(p.Data)) < int64(p.Stride)*int64(p.H-1)+int64(p.W)*4 {
		return nil, fmt.Errorf("cannot encode %v pixels with stride %d in %d bytes", p.Size(), p.Stride, len(p.Data))
	}
	img := image.NewNRGBA(image.Rect(0, 0, int(p.W), int(p.H)))
	opaque := p.Format.Opaque()
	for y := range int(p.H) {
		src := p.Data[y*int(p.Stride):]
		dst := img.Pix[y*img.Stride:]
		for x := 0; x < int(p.W)*4; x += 4 {
			c := binary.LittleEndian.Uint32(src[x:])
			if opaque {
				c |= 0xff << 24
			}
			straight(dst[x:x+4], c)
		}
	}
	var b bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := enc.Encode(&b, img); err != nil {
		return nil, fmt.Errorf("encode png: %w", err)
	}
	return b.Bytes(), nil
}

// straight writes a premultiplied colour as R, G, B, A with straight alpha.
func straight(dst []byte, c uint32) {
	r, g, b, a := c>>16&0xff, c>>8&0xff, c&0xff, c>>24
	if a != 0xff && a != 0 {
		r, g, b = min((r*255+a/2)/a, 255), min((g*255+a/2)/a, 255), min((b*255+a/2)/a, 255)
	}
	dst[0], dst[1], dst[2], dst[3] = byte(r), byte(g), byte(b), byte(a)
}
