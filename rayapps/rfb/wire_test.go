package rfb

import (
	"bytes"
	"testing"

	"rayos/geom"
)

// The challenge's answer is that of openssl: DES in ECB mode, with the key
// 0e 86 ce ce ee f6 4e 26, which is "password" with the bits of each byte in
// reverse.
func TestVncAnswer(t *testing.T) {
	challenge := []byte("0123456789abcdef")
	got, err := VncAnswer(challenge, "password and more")
	if err != nil {
		t.Fatal(err)
	}
	want := []byte{0x56, 0x45, 0xab, 0xeb, 0x5f, 0x1e, 0x64, 0x75, 0xe8, 0xfe, 0xb1, 0x1b, 0xeb, 0x66, 0xea, 0x19}
	if !bytes.Equal(got, want) {
		t.Errorf("VncAnswer = % x; want % x", got, want)
	}
}

// painted decodes data as one rectangle of w×h at the corner.
func painted(t *testing.T, enc Encoding, w, h int32, data []byte) []byte {
	t.Helper()
	d := newDecoder(newReader(bytes.NewReader(data)), 0)
	*d.fb = NewFramebuffer(geom.Size{W: w, H: h})
	if err := d.rect(enc, 0, geom.XYWH(0, 0, w, h)); err != nil {
		t.Fatal(err)
	}
	if d.in.r != d.in.w {
		t.Errorf("%d bytes left", d.in.w-d.in.r)
	}
	for i := 3; i < len(d.fb.Pix); i += 4 {
		d.fb.Pix[i] = 0
	}
	return d.fb.Pix
}

// Vectors by hand: r, g and b are pixels, and each picture is said pixel by pixel.
func TestVectors(t *testing.T) {
	const r, g, b, k = "\x00\x00\xff\x00", "\x00\xff\x00\x00", "\xff\x00\x00\x00", "\x00\x00\x00\x00"
	const r3, g3, b3 = "\x00\x00\xff", "\x00\xff\x00", "\xff\x00\x00"
	for _, v := range []struct {
		name string
		enc  Encoding
		w, h int32
		data string
		want string
	}{
		{"raw", Raw, 2, 1, r + g, r + g},
		{"rre", RRE, 2, 2, "\x00\x00\x00\x01" + r + g + "\x00\x01\x00\x00\x00\x01\x00\x02", r + g + r + g},
		{"hextile background", Hextile, 2, 1, "\x02" + g, g + g},
		{"hextile raw", Hextile, 2, 1, "\x01" + g + b, g + b},
		{"hextile foreground", Hextile, 2, 2, "\x0e" + g + b + "\x01\x10\x01", g + b + g + b},
		{"hextile coloured", Hextile, 2, 1, "\x1a" + g + "\x01" + r + "\x10\x00", g + r},
		{"hextile keeps", Hextile, 17, 1, "\x02" + g + "\x00", g + g + g + g + g + g + g + g + g + g + g + g + g + g + g + g + g},
		{"trle raw", TRLE, 2, 1, "\x00" + r3 + g3, r + g},
		{"trle solid", TRLE, 2, 1, "\x01" + b3, b + b},
		{"trle packed 1 bit", TRLE, 3, 2, "\x02" + r3 + g3 + "\x40\xa0", r + g + r + g + r + g},
		{"trle packed 2 bits", TRLE, 3, 1, "\x03" + r3 + g3 + b3 + "\x18", r + g + b},
		{"trle packed 4 bits", TRLE, 3, 1, "\x05" + r3 + g3 + b3 + r3 + r3 + "\x21\x00", b + g + r},
		{"trle runs", TRLE, 3, 1, "\x80" + r3 + "\x01" + g3 + "\x00", r + r + g},
		{"trle palette runs", TRLE, 3, 1, "\x82" + r3 + g3 + "\x81\x01\x00", g + g + r},
		{"trle palette again", TRLE, 18, 1, "\x02" + r3 + g3 + "\x00\x00" + "\x7f\x40", r + r + r + r + r + r + r + r + r + r + r + r + r + r + r + r + r + g},
		{"trle palette again in runs", TRLE, 18, 1, "\x02" + r3 + g3 + "\x00\x00" + "\x81\x81\x01", r + r + r + r + r + r + r + r + r + r + r + r + r + r + r + r + g + g},
		{"tight fill", Tight, 2, 1, "\x80\xff\x00\x00", r + r},
		{"tight copy", Tight, 2, 1, "\x00\xff\x00\x00\x00\xff\x00", r + g},
		{"tight two colours", Tight, 3, 2, "\x40\x01\x01\xff\x00\x00\x00\xff\x00\x40\xa0", r + g + r + g + r + g},
		{"tight palette", Tight, 3, 1, "\x40\x01\x02\xff\x00\x00\x00\xff\x00\x00\x00\xff\x02\x01\x00", b + g + r},
		{"tight gradient", Tight, 1, 2, "\x40\x02\x10\x00\x00\xf0\x00\x00", "\x00\x00\x10\x00" + k},
		{"tight explicit copy", Tight, 1, 1, "\x40\x00\x00\x00\xff", b},
		// A stored block and a flush marker: 04 00 pixels of blue, deflated.
		{"tight stored", Tight, 4, 1, "\x01\x14\x78\x01\x00\x0c\x00\xf3\xff" + "\x00\x00\xff\x00\x00\xff\x00\x00\xff\x00\x00\xff" + "\x00", b + b + b + b},
	} {
		t.Run(v.name, func(t *testing.T) {
			if got := painted(t, v.enc, v.w, v.h, []byte(v.data)); string(got) != v.want {
				t.Errorf("got % x; want % x", got, v.want)
			}
		})
	}
}
