package session

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"rayos/geom"
	"rayos/gpu/compute"
	"rayos/gpu/render"
	"rayos/shell/control"
)

// pictures are frames of 256×128 pixels, each with another spot.
func spotted(n int) (frames []render.Pixels, spots []geom.Rect) {
	for i := range int32(n) {
		p := render.NewPixels(256, 128, render.XRGB8888)
		spot := geom.XYWH(7*i, 3*i, 5+i, 4)
		for y := spot.Y0; y < spot.Y1; y++ {
			copy(p.Data[y*p.Stride+4*spot.X0:], slices.Repeat([]byte{200}, int(4*spot.W())))
		}
		frames, spots = append(frames, p), append(spots, spot)
	}
	return frames, spots
}

// TestRecordingOutlivesItsGPU: a device that is lost under a recording's frames
// takes none of them with it.
func TestRecordingOutlivesItsGPU(t *testing.T) {
	driver := "/usr/share/vulkan/icd.d/lvp_icd.x86_64.json"
	if _, err := os.Stat(driver); err != nil {
		t.Skip("no Vulkan driver (Debian: mesa-vulkan-drivers)")
	}
	t.Setenv("VK_ICD_FILENAMES", driver)
	t.Setenv("RAYOS_S1", "software")
	for name, fault := range map[string]compute.Fault{"at submission": compute.LoseNow, "under way": compute.LoseLate} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.session.reflex.tune = func(c *compute.Config) {
				c.Always = true
				c.Fault = func(dispatch uint64) compute.Fault {
					if dispatch == 3 {
						return fault
					}
					return compute.NoFault
				}
			}
			started := false
			d.ctl.Reflex().StartS1(func(s control.S1, err error) {
				if started = true; err != nil {
					t.Error(err)
				} else if s.Reason != "" {
					t.Errorf("no device: %s", s.Reason)
				}
			})
			d.until(&started)
			frames, spots := spotted(8)
			ended := false
			go func() {
				diff := difference{do: d.session.reflex.Do}
				for i, p := range frames {
					want := p.Size().Rect()
					if i > 0 {
						want = spots[i].Union(spots[i-1])
					}
					if got, _, err := diff.of(p.Size().Rect(), p); got != want || err != nil {
						t.Errorf("frame %d: %v differs, %v; want %v", i, got, err, want)
					}
				}
				d.session.loop.Post(func() { ended = true })
			}()
			d.until(&ended)
			s := d.ctl.Reflex().S1()
			if s.Lost != 1 || s.Replayed != 1 || s.Done != 7 || s.Enqueued != 7 {
				t.Errorf("lost %d, replayed %d, %d of %d done; want 1, 1, 7 of 7", s.Lost, s.Replayed, s.Done, s.Enqueued)
			}
			if want := []control.Kernel{{Name: "tiles", Tasks: 7, Items: 7 * 8, OnGPU: s.OnGPU}}; !slices.Equal(s.Kernels, want) || s.OnGPU == 0 {
				t.Errorf("kernels %+v; want %+v, some on the GPU", s.Kernels, want)
			}
		})
	}
}

// TestSystem1IsThereForWhoeverUsesIt, without being asked for, after it was
// stopped, and not after the session.
func TestSystem1IsThereForWhoeverUsesIt(t *testing.T) {
	t.Setenv("VK_ICD_FILENAMES", filepath.Join(t.TempDir(), "none.json"))
	t.Setenv("RAYOS_S1", "cpu")
	d := newDesk(t)
	frames, _ := spotted(3)
	compare := func() error {
		diff := difference{do: d.session.reflex.Do}
		var err error
		for _, p := range frames {
			if _, _, e := diff.of(p.Size().Rect(), p); e != nil {
				err = e
			}
		}
		return err
	}
	if err := compare(); err != nil {
		t.Error(err)
	}
	if s := d.ctl.Reflex().S1(); !s.Running || s.Done != 2 || s.Backend != "cpu" {
		t.Errorf("%+v; want it to run, with two tasks done", s)
	}
	stopped := false
	d.ctl.Reflex().StopS1(func(s control.S1, err error) {
		if stopped = true; err != nil || s.Running || s.Done != 2 || s.Last != "tiles" {
			t.Errorf("%+v, %v; want it stopped, with what it has done", s, err)
		}
	})
	d.until(&stopped)
	if err := compare(); err != nil {
		t.Error(err)
	}
	if s := d.ctl.Reflex().S1(); !s.Running || s.Done != 4 {
		t.Errorf("%+v; want it to run, with four tasks done", s)
	}
	d.session.reflex.close()
	if err := compare(); err == nil {
		t.Error("a task was taken after the end")
	}
}
