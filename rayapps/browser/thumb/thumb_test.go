package thumb

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func picture(t testing.TB, w, h int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.Set(x, y, color.RGBA{200, uint8(x), uint8(y), 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGet(t *testing.T) {
	dir := t.TempDir()
	c := Cache{Dir: filepath.Join(dir, "thumbnails")}
	path := filepath.Join(dir, "a b.png")
	if err := os.WriteFile(path, picture(t, 600, 300), 0o644); err != nil {
		t.Fatal(err)
	}
	mod := time.Unix(1000, 0)
	img, err := c.Get(path, mod)
	if err != nil || img.Bounds() != image.Rect(0, 0, 256, 128) || img.RGBAAt(10, 10).R != 200 {
		t.Fatalf("%v, %v", img.Bounds(), err)
	}
	// What is kept is as others want it, and is taken.
	name := c.file(URI(path))
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got := texts(data); got["Thumb::URI"] != "file://"+dir+"/a%20b.png" || got["Thumb::MTime"] != "1000" {
		t.Errorf("%v", got)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if again, err := c.Get(path, mod); err != nil || !bytes.Equal(again.Pix, img.Pix) {
		t.Errorf("what was kept: %v", err)
	}
	if _, err := c.Get(path, mod.Add(time.Second)); err == nil {
		t.Error("an older picture was taken")
	}
	if err := os.Rename(name, c.file(URI(path+"x"))); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Get(path+"x", mod); err == nil {
		t.Error("another's picture was taken")
	}
}

func TestLimits(t *testing.T) {
	dir := t.TempDir()
	large := picture(t, 1, 1)
	copy(large[16:], []byte{0, 0, 0x7f, 0xff, 0, 0, 0x7f, 0xff}) // it says that it is
	for name, data := range map[string][]byte{"large": large, "text": []byte("hello"), "half": picture(t, 30, 30)[:80], "empty": nil} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := (&Cache{}).Get(path, time.Time{}); err == nil {
			t.Errorf("%s is a picture", name)
		}
	}
	for _, path := range []string{dir, "/dev/zero"} {
		if _, err := (&Cache{}).Get(path, time.Time{}); err == nil {
			t.Errorf("%s is a picture", path)
		}
	}
}

func FuzzTexts(f *testing.F) {
	f.Add(withTexts(picture(f, 2, 2), [][2]string{{"Thumb::URI", "file:///a"}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(texts(data)) > maxParts {
			t.Error("too many texts")
		}
	})
}
