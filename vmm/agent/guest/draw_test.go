package guest

import (
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestParseDraw(t *testing.T) {
	if frames, rate, err := parseDraw("100:20"); frames != 100 || rate != 20 || err != nil {
		t.Errorf("parseDraw = %d, %d, %v", frames, rate, err)
	}
	for _, bad := range []string{"", "1", "1:", ":1", "0:1", "1:0", "-1:1", "1:121", "100001:1", "1:1:1", "x:y"} {
		if frames, rate, err := parseDraw(bad); err == nil {
			t.Errorf("parseDraw(%q) = %d, %d", bad, frames, rate)
		}
	}
}

func TestParseFramebuffer(t *testing.T) {
	info := func(w, h, bits, stride uint32) (variable, fixed []byte) {
		variable, fixed = make([]byte, fbInfoSize), make([]byte, fbInfoSize)
		binary.NativeEndian.PutUint32(variable, w)
		binary.NativeEndian.PutUint32(variable[4:], h)
		binary.NativeEndian.PutUint32(variable[24:], bits)
		binary.NativeEndian.PutUint32(fixed[48:], stride)
		return variable, fixed
	}
	if fb, err := parseFramebuffer(info(640, 480, 32, 2560)); err != nil || fb.width != 640 || fb.height != 480 || fb.stride != 2560 {
		t.Errorf("parseFramebuffer = %+v, %v", fb, err)
	}
	for _, bad := range [][4]uint32{{0, 1, 32, 4}, {1, 0, 32, 4}, {1, 1, 16, 4}, {2, 1, 32, 4}, {1 << 31, 1, 32, 1 << 31}} {
		if fb, err := parseFramebuffer(info(bad[0], bad[1], bad[2], bad[3])); err == nil {
			t.Errorf("parseFramebuffer(%v) = %+v", bad, fb)
		}
	}
}

// TestEveryPixelMoves checks that no two pictures in a row have a pixel in
// common, so that each is damage of the whole screen.
func TestEveryPixelMoves(t *testing.T) {
	f, err := os.OpenFile(filepath.Join(t.TempDir(), "fb"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	fb := &framebuffer{file: f, width: 300, height: 20, stride: 1280}
	var seen [2][]byte
	for i := range seen {
		if _, err := fb.animate(i+1, time.Microsecond); err != nil {
			t.Fatal(err)
		}
		if seen[i], err = io.ReadAll(io.NewSectionReader(f, 0, 1<<20)); err != nil {
			t.Fatal(err)
		}
	}
	if len(seen[0]) != 20*1280 {
		t.Fatalf("%d bytes", len(seen[0]))
	}
	for y := range fb.height {
		for x := range fb.width {
			if at := y*fb.stride + 4*x; bytes.Equal(seen[0][at:at+4], seen[1][at:at+4]) {
				t.Fatalf("pixel %d,%d stays", x, y)
			}
		}
	}
}

func TestDrawLineWithoutScreen(t *testing.T) {
	s := &system{log: io.Discard}
	for arg, want := range map[string]string{
		"1:1":  "RAYOS_LINUX_DRAW_ERR reason=no_framebuffer\n",
		"much": "RAYOS_LINUX_DRAW_ERR reason=want_frames_rate\n",
	} {
		if _, err := os.Stat("/dev/fb0"); err == nil && arg == "1:1" {
			continue
		}
		if got := s.line("DRAW:" + arg); got != want {
			t.Errorf("DRAW:%s = %q; want %q", arg, got, want)
		}
	}
}
