package proctest

import (
	"image"
	"path/filepath"
	"testing"
)

// TestAlacritty: a terminal that draws with GL.
func TestAlacritty(t *testing.T) {
	s, c, id := one(t, nil, "alacritty", "-o", "colors.primary.background='#103050'", "-o", "colors.primary.foreground='#f0f0a0'", "-e", "sh")
	s.Until("its background", func() bool { _, n := s.Shoot(nil).Find(0x103050); return n > 100000 })
	s.prompt(id)
	s.click(Middle(s.content(id)))
	s.Call("input type", Args{"text": "echo GL >said; printf '\\033[48;2;200;0;200m      \\033[0m\\n'\n"})
	s.Until("the shell has run it", fileSays(filepath.Join(s.Dir, "said"), "GL"))
	if block := s.Spot("a block of colour", id, 0xc800c8); block.Dx() < 6*block.Dy()/4 {
		t.Errorf("six coloured cells take %v", block)
	}
	s.Call("input type", Args{"text": "exit\n"})
	c.Ends(s)
}

// TestMpv plays a test picture, pauses on a click and ends on a key.
func TestMpv(t *testing.T) {
	input := writeFile(t, "input.conf", "MBTN_LEFT cycle pause; print-text clicked\nx print-text typed\nq quit\n")
	s, c, id := one(t, nil, "mpv", "--no-config", "--vo=wlshm", "--osc=no", "--ao=null", "--loop=inf", "--input-conf="+input,
		"--geometry=640x480", "av://lavfi:smptebars=size=320x240")
	bars := s.Spot("the yellow bar", id, 0xc0c000)
	if r := s.content(id); bars.Dx() < 80 || bars.Dx() > 100 || bars.Min.Y != r.Min.Y {
		t.Errorf("the yellow bar is at %v in %v", bars, r)
	}
	for what, color := range map[string]uint32{"cyan": 0x00c0c0, "green": 0x00c000, "magenta": 0xc000c0, "red": 0xc00000, "blue": 0x0000c0} {
		if _, n := s.Shoot(nil).Part(s.content(id)).Find(color); n < 80*300 {
			t.Errorf("%d pixels are %s", n, what)
		}
	}
	s.Until("it has the focus", func() bool { return s.Get(id).Focused })
	s.key("x")
	c.Said(s, "typed")
	s.click(Middle(s.content(id)))
	c.Said(s, "clicked")
	s.Call("resize", Args{"window": id, "size": "320x240"})
	s.Until("the picture has half its size", func() bool {
		bar, _ := s.Shoot(nil).Part(s.content(id)).Find(0xc0c000)
		return s.content(id).Size() == image.Pt(320, 240) && bar.Dx() > 35 && bar.Dx() < 55
	})
	s.key("q")
	c.Ends(s)
	s.Until("the window is gone", func() bool { return s.Get(id) == nil })
}
