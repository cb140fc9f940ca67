package session

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
	"time"

	"rayos/geom"
	"rayos/gpu/compute"
	"rayos/shell/control"
)

// frameBoxes reads how large the frames of a recording are.
func frameBoxes(t *testing.T, file string) (out []geom.Rect) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for b = b[8:]; len(b) > 0; {
		n := binary.BigEndian.Uint32(b)
		if d := b[8:]; string(b[4:8]) == "fcTL" {
			u := func(i int) int32 { return int32(binary.BigEndian.Uint32(d[i:])) }
			out = append(out, geom.XYWH(u(12), u(16), u(4), u(8)))
		}
		b = b[12+n:]
	}
	return out
}

func TestARecordingHasWhatChanged(t *testing.T) {
	d := barDesk(t)
	w := d.connect().open(geom.Size{W: 200, H: 100})
	d.pass(200 * time.Millisecond)
	file := filepath.Join(t.TempDir(), "a.png")
	r := &d.session.record
	started := false
	d.ctl.Desk().RecordStart(file, "", func(err error) {
		if err != nil {
			t.Error(err)
		}
		started = true
	})
	d.eventually("it did not begin", func() bool { return started })
	d.ctl.Desk().RecordStart(file+"2", "", func(err error) {
		if err == nil {
			t.Error("two recordings at once")
		}
	})
	d.pass(100 * time.Millisecond)
	if !d.session.bars.state().Recording {
		t.Error("the bar doesn't tell")
	}
	frames := func(n int) func() bool { return func() bool { d.pass(20 * time.Millisecond); return r.frames >= n } }
	d.eventually("the bar's dot isn't recorded", frames(2))
	was, compared := r.frames, tilesCompared(d)
	w.draw() // the same once more
	d.eventually("the damage isn't compared", func() bool { d.pass(20 * time.Millisecond); return tilesCompared(d) > compared && !r.busy })
	if r.frames != was {
		t.Errorf("%d frames recorded of a window that was drawn the same once more", r.frames-was)
	}
	w.drawSpot(geom.XYWH(10, 10, 5, 6))
	d.eventually("the change isn't recorded", frames(was+1))
	var got control.Recording
	ended := false
	d.ctl.Desk().RecordStop(func(rec control.Recording, err error) {
		if err != nil {
			t.Error(err)
		}
		got, ended = rec, true
	})
	d.eventually("it did not end", func() bool { return ended })
	boxes := frameBoxes(t, file)
	if got.File != file || got.Frames != len(boxes) || got.Seconds <= 0 {
		t.Errorf("told %+v; the file has %d frames", got, len(boxes))
	}
	if boxes[0] != geom.XYWH(0, 0, 800, 600) {
		t.Errorf("the first frame is %v", boxes[0])
	}
	c := d.window(w.id).Content
	if want := geom.XYWH(c.X+10, c.Y+10, 5, 6); boxes[len(boxes)-1] != want {
		t.Errorf("the last frame is %v; want what has changed, %v", boxes[len(boxes)-1], want)
	}
	if d.session.bars.state().Recording {
		t.Error("the bar still tells of it")
	}
	d.ctl.Desk().RecordStop(func(_ control.Recording, err error) {
		if err == nil {
			t.Error("a recording that isn't there was ended")
		}
	})
}

// tilesCompared is how many pictures System 1 has compared.
func tilesCompared(d *desk) uint64 {
	for _, k := range d.ctl.Reflex().S1().Kernels {
		if k.Name == compute.Tiles.String() {
			return k.Tasks
		}
	}
	return 0
}

func TestARecordingByKeyEndsWithTheSession(t *testing.T) {
	files := pictureHome(t, "Videos/Recordings")
	d := barDesk(t)
	d.key("super+shift+r")
	d.eventually("it did not begin", func() bool { return d.session.record.frames >= 1 })
	d.close()
	if len(files()) != 1 {
		t.Fatalf("files: %v", files())
	}
	if got := sizeOf(t, files()[0]); got != (geom.Size{W: 800, H: 600}) {
		t.Errorf("the recording is %v", got)
	}
}

func TestARecordingThatCannotBe(t *testing.T) {
	d := barDesk(t)
	file := filepath.Join(t.TempDir(), "a.png")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ file, output string }{{file, ""}, {"/no/such/folder/a.png", ""}, {file + "b", "NOSUCH-1"}} {
		told := false
		d.ctl.Desk().RecordStart(c.file, c.output, func(err error) {
			if told = true; err == nil {
				t.Errorf("%+v: it began", c)
			}
		})
		if !told || d.session.record.out != nil {
			t.Errorf("%+v: told %v", c, told)
		}
	}
}
