package qemu

import (
	"encoding/binary"
	"testing"

	"rayos/geom"
)

// TestPlaceholderIsNobodysPicture looks at a machine that stands still before
// its first instruction: QEMU shows a picture, and the guest has none.
func TestPlaceholderIsNobodysPicture(t *testing.T) {
	m, _ := firmware(t, "-S")
	c := newCanvas()
	d, err := OpenDisplay(testContext(t), m, c)
	if err != nil {
		t.Fatal(err)
	}
	c.wait(t, func() bool { return c.disabled > 0 })
	if c.frames != 0 {
		t.Errorf("%d pictures were passed on; want none", c.frames)
	}
	if err := m.Execute(testContext(t), "cont", nil, nil); err != nil {
		t.Fatal(err)
	}
	c.wait(t, func() bool { return c.lit() > 500 })
	d.Close()
}

func TestPlaceholder(t *testing.T) {
	text := func(p Picture, x, y int, color uint32) []byte {
		data := make([]byte, p.bytes())
		for i := range 200 {
			binary.LittleEndian.PutUint32(data[y*p.Stride+4*(x+i):], color)
		}
		return data
	}
	size := geom.Size{W: 640, H: 480}
	p := Picture{Size: size, Stride: 4*640 + 64}
	big := Picture{Size: geom.Size{W: 800, H: 600}, Stride: 3200}
	for _, tt := range []struct {
		what string
		p    Picture
		data []byte
		want bool
	}{
		{"a grey line in the middle", p, text(p, 220, 230, 0xffaaaaaa), true},
		{"black", p, make([]byte, p.bytes()), false},
		{"white", p, text(p, 220, 230, 0xffffff), false},
		{"a line above", p, text(p, 220, 223, 0xaaaaaa), false},
		{"a line below", p, text(p, 220, 240, 0xaaaaaa), false},
		{"a line at the left", p, text(p, 0, 230, 0xaaaaaa), false},
		{"another size", big, text(big, 300, 230, 0xaaaaaa), false},
	} {
		if got := placeholder(tt.p, tt.data); got != tt.want {
			t.Errorf("%s: placeholder = %v; want %v", tt.what, got, tt.want)
		}
	}
}
