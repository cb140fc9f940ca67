package paint

import (
	"errors"
	"strings"
	"testing"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/golden"
	"rayos/rayapps/text"
)

func TestEncodedListsComeBack(t *testing.T) {
	s := newStage()
	for name := range sizes {
		l := s.scene(name)
		data, err := l.AppendBinary(nil)
		if err != nil {
			t.Fatal(err)
		}
		back, err := Decode(data, s.fonts)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if back.Hash() != l.Hash() || back.String() != l.String() || back.Bounds() != l.Bounds() {
			t.Errorf("%s changed:\n%s\nwas\n%s", name, back, l)
		}
		r := NewRaster(s.fonts)
		if name == "layers" {
			if d := difference(s.draw(t, r, l, sizes[name], 120), s.draw(t, r, back, sizes[name], 120)); d != "" {
				t.Errorf("%s: %s", name, d)
			}
		}
	}
}

func TestTextForm(t *testing.T) {
	s := newStage()
	for _, name := range []string{"shapes", "words", "layers"} {
		golden.Text(t, name+".paint.txt", s.scene(name).String())
	}
}

func TestDamagedListsAreRefused(t *testing.T) {
	s := newStage()
	good, err := s.scene("layers").AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	for n := range good {
		if _, err := Decode(good[:n], s.fonts); !errors.Is(err, ErrList) {
			t.Fatalf("the first %d bytes of %d: %v", n, len(good), err)
		}
	}
	counts := func(clips, paths, texts, images, ops string) string {
		return magic + clips + paths + texts + images + ops
	}
	for _, c := range []struct{ name, data, want string }{
		{"nothing", "", "too early"},
		{"another version", "RPL\x02", "otherwise"},
		{"more at the end", string(good) + "x", "after its end"},
		{"too many commands", counts("\x00", "\x00", "\x00", "\x00", "\xff\xff\xff\x7f"), "too large"},
		{"a layer without end", counts("\x00", "\x00", "\x00", "\x00", "\x01\x09\x00\xff"), "doesn't end"},
		{"an end without layer", counts("\x00", "\x00", "\x00", "\x00", "\x01\x0a"), "didn't start"},
		{"an unknown command", counts("\x00", "\x00", "\x00", "\x00", "\x01\x0b"), "no meaning"},
		{"text that isn't there", counts("\x00", "\x00", "\x00", "\x00", "\x01\x05\x00\x00"), "isn't there"},
		{"a clip that isn't there", counts("\x00", "\x00", "\x00", "\x00", "\x01\x00\x01"), "too large"},
		{"a colour beyond its alpha", counts("\x00", "\x00", "\x00", "\x00", "\x01\x00\x00\x00\x00\x02\x02\xff\x00\x00\x00"), "premultiplied"},
		{"a path that goes nowhere", counts("\x00", "\x01\x01\x07", "", "", ""), "no known way"},
		{"an image of another format", counts("\x00", "\x00", "\x00", "\x01RG24\x01\x01\x00\x00\x00\x00", ""), "sensible"},
		{"clips in clips", magic + "\x40" + deepClips(64), "too deep"},
	} {
		_, err := Decode([]byte(c.data), s.fonts)
		if !errors.Is(err, ErrList) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v; want … %s …", c.name, err, c.want)
		}
	}
}

// deepClips is n clips, each inside of the one before.
func deepClips(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(string([]byte{byte(i), 0, 0, 2, 2, 0}))
	}
	return b.String()
}

// FuzzDecode: whatever comes in, it is refused or it is a list that can be
// drawn, printed and sent on.
func FuzzDecode(f *testing.F) {
	s := newStage()
	for name := range sizes {
		data, err := s.scene(name).AppendBinary(nil)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(magic + "\x00\x00\x00\x00\x01\x09\x00\xff"))
	r := NewRaster(s.fonts)
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<14 {
			return
		}
		l, err := Decode(data, s.fonts)
		if err != nil {
			if !errors.Is(err, ErrList) {
				t.Fatal(err)
			}
			return
		}
		again, err := l.AppendBinary(nil)
		if err != nil {
			t.Fatal(err)
		}
		back, err := Decode(again, s.fonts)
		if err != nil || back.Hash() != l.Hash() || back.String() != l.String() {
			t.Fatalf("what was read can't be sent on: %v\n%s\n%s", err, l, back)
		}
		if l.Cost() > 1<<22 {
			return
		}
		for _, scale := range []geom.Scale{120, 200} {
			p := render.NewPixels(64, 48, render.ARGB8888)
			if err := r.Draw(Target{Pixels: &p, Scale: scale}, l, nil); err != nil {
				t.Fatal(err)
			}
			if _, err := golden.FromPixels(p); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestCostGrowsWithTheWork(t *testing.T) {
	cost := func(add func(b *Builder)) int64 {
		var b Builder
		add(&b)
		return b.Finish().Cost()
	}
	box := geom.FixedXYWH(0, 0, 100, 100)
	fill := cost(func(b *Builder) { b.Fill(box, ink) })
	if fill < 100*100 {
		t.Errorf("filling 100x100 costs %d", fill)
	}
	if c := cost(func(b *Builder) { b.Backdrop(box, Radii{}, text.Px(8)) }); c < 10*fill {
		t.Errorf("blurring costs %d, filling %d", c, fill)
	}
	if c := cost(func(b *Builder) { b.PushClip(geom.FixedXYWH(0, 0, 10, 10)); b.Fill(box, ink) }); c >= fill {
		t.Errorf("a clipped fill costs %d, a whole one %d", c, fill)
	}
}
