package surfacelog

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// read reads lines that are right.
func read(t *testing.T, l *Log, text string) Registry {
	t.Helper()
	for line := range strings.Lines(text) {
		if _, err := l.Line(strings.TrimSuffix(line, "\n")); err != nil {
			t.Errorf("%q: %v", line, err)
		}
	}
	return l.Registry()
}

func TestSurfaceLifecycle(t *testing.T) {
	r := read(t, &Log{}, `RAYOS_LINUX_SURFACE_CREATE id=1 role=toplevel title=one format=ppm_p3 w=640 h=480
RAYOS_LINUX_SURFACE_CREATE id=2 role=toplevel title=two format=ppm_p3 w=640 h=480
RAYOS_LINUX_SURFACE_CONFIGURE id=2 x=0 y=0 w=800 h=600
RAYOS_LINUX_SURFACE_DESTROY id=1 reason=closed
RAYOS_LINUX_SURFACE_LIFECYCLE_END
`)
	s, w := r.Surfaces["2"], r.Windows["win-2"]
	if len(r.Surfaces) != 1 || len(r.Windows) != 1 || s.X != 0 || s.Y != 0 || s.W != 800 || s.H != 600 || w.W != 800 || w.H != 600 || w.Title != "two" {
		t.Errorf("registry %+v; want window 2 of 800x600 alone", r)
	}
	if !slices.Equal(r.Order, []string{"win-2"}) {
		t.Errorf("order %v", r.Order)
	}
}

func TestSurfaceFocusRole(t *testing.T) {
	l := &Log{}
	r := read(t, l, `RAYOS_LINUX_SURFACE_CREATE id=1 role=toplevel title=main format=ppm_p3 w=640 h=480
RAYOS_LINUX_SURFACE_CREATE id=2 role=toplevel title=menu format=ppm_p3 w=200 h=300
RAYOS_LINUX_SURFACE_FOCUS id=1 focused=1
RAYOS_LINUX_SURFACE_ROLE id=2 role=popup
RAYOS_LINUX_SURFACE_FOCUS id=2 focused=1
RAYOS_LINUX_SURFACE_FOCUS_ROLE_END
`)
	if r.Focused != "win-2" || r.Surfaces["2"].Role != "popup" || !slices.Equal(r.Order, []string{"win-1", "win-2"}) {
		t.Errorf("registry %+v; want the popup focused, in front", r)
	}
	// Who hasn't got the focus can't lose it.
	if r = read(t, l, "RAYOS_LINUX_SURFACE_FOCUS id=1 focused=0\n"); r.Focused != "win-2" {
		t.Errorf("focused %q", r.Focused)
	}
	if r = read(t, l, "RAYOS_LINUX_SURFACE_FOCUS id=2 focused=0\n"); r.Focused != "" {
		t.Errorf("focused %q", r.Focused)
	}
	if r = read(t, l, "RAYOS_LINUX_SURFACE_FOCUS id=1 focused=1\n"); !slices.Equal(r.Order, []string{"win-2", "win-1"}) {
		t.Errorf("order %v", r.Order)
	}
}

func TestSurfaceTree(t *testing.T) {
	l := &Log{}
	r := read(t, l, `RAYOS_LINUX_SURFACE_CREATE id=10 role=toplevel title=parent format=ppm_p3 w=800 h=600
RAYOS_LINUX_SURFACE_CREATE id=11 role=popup title=child format=ppm_p3 w=200 h=100
RAYOS_LINUX_SURFACE_PARENT id=11 parent=10
RAYOS_LINUX_SURFACE_STATE id=10 states=maximized
RAYOS_LINUX_SURFACE_STATE id=11 states=popup,modal
RAYOS_LINUX_SURFACE_TREE_END
`)
	if w := r.Windows["win-11"]; w.Parent != "win-10" || !slices.Equal(w.States, []string{"popup", "modal"}) || r.Surfaces["11"].Parent != 10 {
		t.Errorf("child %+v", w)
	}
	if w := r.Windows["win-10"]; !slices.Equal(w.Children, []string{"win-11"}) || !slices.Equal(w.States, []string{"maximized"}) {
		t.Errorf("parent %+v", w)
	}
	if _, err := l.Line("RAYOS_LINUX_SURFACE_PARENT id=10 parent=11"); err == nil {
		t.Error("a window became its own ancestor")
	}
	if r = read(t, l, "RAYOS_LINUX_SURFACE_DESTROY id=10 reason=closed\n"); r.Windows["win-11"].Parent != "" {
		t.Errorf("an orphan %+v", r.Windows["win-11"])
	}
}

// picture is the guest's test picture.
func picture(w, h, seed int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "P3\n%d %d\n255\n", w, h)
	for y := range h {
		for x := range w {
			fmt.Fprintf(&b, "%d %d %d ", 255*x/(w-1), 255*y/(h-1), 255*(x+y+seed)/(w+h-1))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// TestSurfacePictures has the sums that guests and hosts have agreed on.
func TestSurfacePictures(t *testing.T) {
	var saved, gone []string
	l := &Log{
		Save: func(id uint32, seq uint64, ppm []byte) (string, error) {
			saved = append(saved, fmt.Sprint(id, " ", seq, " ", len(ppm)))
			return fmt.Sprintf("frames/surface-%d-seq-%d.ppm", id, seq), nil
		},
		Gone: func(path string) { gone = append(gone, path) },
	}
	r := read(t, l, "RAYOS_LINUX_EMBED_SURFACE_BEGIN id=7 format=ppm_p3 w=32 h=32\n"+picture(32, 32, 0)+"RAYOS_LINUX_EMBED_SURFACE_END id=7\n"+
		"RAYOS_LINUX_SURFACE_CREATE id=1 role=toplevel title=one format=ppm_p3 w=32 h=24\nRAYOS_LINUX_SURFACE_FRAME_BEGIN id=1 seq=1\n"+picture(32, 24, 1)+"RAYOS_LINUX_SURFACE_FRAME_END id=1 seq=1\n"+
		"RAYOS_LINUX_SURFACE_CREATE id=2 role=toplevel title=two format=ppm_p3 w=24 h=32\nRAYOS_LINUX_SURFACE_FRAME_BEGIN id=2 seq=1\n"+picture(24, 32, 2)+"RAYOS_LINUX_SURFACE_FRAME_END id=2 seq=1\n"+
		"RAYOS_LINUX_SURFACE_MULTI_END\n")
	for id, sum := range map[string]string{
		"7": "d971357e3ef5f1da102dee562e3cc278a3d9fce258ab815e4748f96fa238310f",
		"1": "411ed3f2b627be225978a8282cba7ab1b18b4af3337591c3cb643130e052c5ce",
		"2": "bd1312ef394c47e8bea8126f1a0217bcc00d0fb170a147e902feb0d87838d4fc",
	} {
		if got := r.Surfaces[id].SHA256; got != sum {
			t.Errorf("picture of %s: %s; want %s", id, got, sum)
		}
	}
	if len(saved) != 3 || len(gone) != 0 || r.Surfaces["2"].Path != "frames/surface-2-seq-1.ppm" {
		t.Errorf("saved %q, gone %q, %+v", saved, gone, r.Surfaces["2"])
	}
	// Frames that don't end as they began are none.
	for _, text := range []string{
		"RAYOS_LINUX_SURFACE_FRAME_BEGIN id=1 seq=2\nP3\nRAYOS_LINUX_SURFACE_FRAME_END id=1 seq=3",
		"RAYOS_LINUX_SURFACE_FRAME_BEGIN id=1 seq=2\nP3\nRAYOS_LINUX_SURFACE_FRAME_END id=2 seq=2",
		"RAYOS_LINUX_SURFACE_FRAME_END id=1 seq=2",
		"RAYOS_LINUX_SURFACE_FRAME_BEGIN id=1 seq=2\nP3\nRAYOS_LINUX_SURFACE_FRAME_BEGIN id=2 seq=5\nRAYOS_LINUX_SURFACE_FRAME_END id=1 seq=2",
		"RAYOS_LINUX_SURFACE_FRAME_BEGIN id=1 seq=2\n" + strings.Repeat(strings.Repeat("1 ", 500)+"\n", MaxFrame/1000) + "RAYOS_LINUX_SURFACE_FRAME_END id=1 seq=2",
		"RAYOS_LINUX_SURFACE_FRAME_BEGIN id=2 seq=2\nP3\nRAYOS_LINUX_SURFACE_DESTROY id=2 reason=x\nRAYOS_LINUX_SURFACE_FRAME_END id=2 seq=2",
	} {
		var last error
		for line := range strings.SplitSeq(text, "\n") {
			_, last = l.Line(line)
		}
		if last == nil || len(saved) != 3 {
			t.Errorf("%.200q made a picture: %q", text, saved)
		}
	}
	if !slices.Equal(gone, []string{"frames/surface-2-seq-1.ppm"}) {
		t.Errorf("gone %q; want the picture of the window that ended", gone)
	}
}

func TestUnheardOfWindowsAreStubs(t *testing.T) {
	r := read(t, &Log{}, "RAYOS_LINUX_SURFACE_STATE id=5 states=a,,b,a\nRAYOS_LINUX_SURFACE_PARENT id=6 parent=9\n")
	if len(r.Surfaces) != 3 || !slices.Equal(r.Surfaces["5"].States, []string{"a", "b"}) || r.Windows["win-6"].Parent != "win-9" {
		t.Errorf("registry %+v", r)
	}
}

func FuzzLog(f *testing.F) {
	f.Add("RAYOS_LINUX_SURFACE_CREATE id=1 role=toplevel title=one format=ppm_p3 w=640 h=480\nRAYOS_LINUX_SURFACE_PARENT id=1 parent=2\n")
	f.Add("RAYOS_LINUX_EMBED_SURFACE_BEGIN id=1 format=x w=1 h=1\nP3\nRAYOS_LINUX_EMBED_SURFACE_END id=1\n")
	f.Add("RAYOS_LINUX_SURFACE_FOCUS id=4294967295 focused=1\nRAYOS_LINUX_SURFACE_STATE id=3 states=a,b\nRAYOS_LINUX_SURFACE_DESTROY id=3 reason=\n")
	f.Fuzz(func(t *testing.T, text string) {
		l := &Log{}
		for line := range strings.SplitSeq(text, "\n") {
			before := l.Registry()
			if changed, err := l.Line(line); err != nil && changed {
				t.Fatalf("%q: %v, and it has changed something", line, err)
			}
			r := l.Registry()
			if _, err := r.JSON(); err != nil {
				t.Fatal(err)
			}
			if len(r.Surfaces) > MaxSurfaces || len(r.Windows) != len(r.Surfaces) || len(r.Order) != len(r.Surfaces) || r.Focused != "" && r.Windows[r.Focused].ID == "" {
				t.Fatalf("%q made %+v of %+v", line, r, before)
			}
		}
	})
}
