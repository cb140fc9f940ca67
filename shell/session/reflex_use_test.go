package session

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"rayos/geom"
	"rayos/gpu/compute"
	"rayos/gpu/render"
	"rayos/shell/control"
	"rayos/volume/hnsw"
)

// spotted are frames of 256×128 pixels, each with another spot.
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

// losing makes a session whose System 1 sends everything to a GPU. What it returns
// has the GPU lost at the next dispatch.
func losing(t *testing.T, fault compute.Fault) (d *desk, lose func()) {
	t.Helper()
	useVulkan(t)
	d = newDesk(t)
	var now atomic.Bool
	d.session.reflex.tune = func(c *compute.Config) {
		c.Always = true
		c.Fault = func(uint64) compute.Fault {
			if now.Swap(false) {
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
	return d, func() { now.Store(true) }
}

// beside runs f on a goroutine while the loop goes on.
func (d *desk) beside(f func()) {
	d.t.Helper()
	ended := false
	go func() {
		f()
		d.session.loop.Post(func() { ended = true })
	}()
	d.until(&ended)
}

// wantReplayed checks that one of so many tasks of a kernel was done again by the
// CPU, and each of them once.
func (d *desk) wantReplayed(kernel string, tasks, items uint64) {
	d.t.Helper()
	s := d.ctl.Reflex().S1()
	if s.Lost != 1 || s.Replayed != 1 || s.Done != tasks || s.Enqueued != tasks {
		d.t.Errorf("lost %d, replayed %d, %d of %d done; want 1, 1, %d of %d", s.Lost, s.Replayed, s.Done, s.Enqueued, tasks, tasks)
	}
	if want := []control.Kernel{{Name: kernel, Tasks: tasks, Items: items, OnGPU: s.OnGPU}}; !slices.Equal(s.Kernels, want) || s.OnGPU == 0 {
		d.t.Errorf("kernels %+v; want %+v, some on the GPU", s.Kernels, want)
	}
}

var losses = map[string]compute.Fault{"at submission": compute.LoseNow, "under way": compute.LoseLate}

// TestRecordingOutlivesItsGPU: a device that is lost under a recording's frames
// takes none of them with it.
func TestRecordingOutlivesItsGPU(t *testing.T) {
	for name, fault := range losses {
		t.Run(name, func(t *testing.T) {
			d, lose := losing(t, fault)
			frames, spots := spotted(8)
			d.beside(func() {
				diff := difference{do: d.session.reflex.Do}
				for i, p := range frames {
					if i == 4 {
						lose()
					}
					want := p.Size().Rect()
					if i > 0 {
						want = spots[i].Union(spots[i-1])
					}
					if got, _, err := diff.of(p.Size().Rect(), p); got != want || err != nil {
						t.Errorf("frame %d: %v differs, %v; want %v", i, got, err, want)
					}
				}
			})
			d.wantReplayed("tiles", 7, 7*8)
		})
	}
}

// TestSearchesOutliveTheirGPU: what is nearest stays so when the device that looks
// for it is lost.
func TestSearchesOutliveTheirGPU(t *testing.T) {
	const dim, n = 24, 3000
	r := rand.New(rand.NewPCG(1, 2))
	vectors, ids := make([]float32, n*dim), make([]uint64, n)
	for i := range vectors {
		vectors[i] = float32(r.NormFloat64())
	}
	for i := range ids {
		ids[i] = uint64(i)
	}
	ix, err := hnsw.New(hnsw.Config{Dim: dim, Quant: hnsw.SQ8, M: 4, EfConstruction: 16})
	if err != nil {
		t.Fatal(err)
	}
	if err := ix.AddBatch(ids, vectors); err != nil {
		t.Fatal(err)
	}
	queries := slices.Collect(slices.Chunk(vectors[:20*dim], dim))
	for name, fault := range losses {
		t.Run(name, func(t *testing.T) {
			d, lose := losing(t, fault)
			d.beside(func() {
				for i := range 5 {
					if i == 2 {
						lose()
					}
					got, err := ix.ExactAll(t.Context(), queries, 10, d.session.reflex.scan)
					if err != nil {
						t.Error(err)
						return
					}
					for i, q := range queries {
						if want, err := ix.Exact(q, 10); err != nil || !slices.Equal(got[i], want) {
							t.Errorf("query %d: %v; want %v, %v", i, got[i], want, err)
						}
					}
				}
			})
			d.wantReplayed("search", 5, 5*20*3)
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
	if s := d.ctl.Reflex().S1(); !s.Running || s.Done != 2 || s.Backend != "cpu" || s.Reason != "RAYOS_S1 is cpu" {
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

// TestAGPUIsLookedForBesideTheFirstTask, used for those that follow, and given
// back when there are none.
func TestAGPUIsLookedForBesideTheFirstTask(t *testing.T) {
	useVulkan(t)
	d := newDesk(t)
	d.session.reflex.tune = func(c *compute.Config) { c.Always = true }
	frames, _ := spotted(2)
	compare := func() {
		d.beside(func() {
			diff := difference{do: d.session.reflex.Do}
			for _, p := range frames {
				if _, _, err := diff.of(p.Size().Rect(), p); err != nil {
					t.Error(err)
				}
			}
		})
	}
	compare()
	s1 := d.ctl.Reflex().S1
	d.eventually("no GPU is found", func() bool { return strings.HasPrefix(s1().Backend, "vulkan:") && !d.session.reflex.busy })
	if s := s1(); s.Done != 1 || s.OnGPU != 0 {
		t.Errorf("%d tasks done, %d on the GPU, before there was one; want 1, 0", s.Done, s.OnGPU)
	}
	compare()
	if s := s1(); s.Done != 2 || s.OnGPU != 1 {
		t.Errorf("%d tasks done, %d on the GPU; want 2, 1", s.Done, s.OnGPU)
	}
	d.pass(gpuIdle)
	if !s1().Running {
		t.Error("the GPU was given back a minute after it was found, though it was used")
	}
	d.pass(gpuIdle)
	d.eventually("the GPU is never given back", func() bool { return !s1().Running })
	compare()
	if s := s1(); s.Done != 3 || !s.Running {
		t.Errorf("%d tasks done, running %v; want 3, true", s.Done, s.Running)
	}
}

// useVulkan has System 1 compute with a driver that is a program on the CPU. It
// skips the test where there is none, or nothing that could call it.
func useVulkan(t *testing.T) {
	t.Helper()
	if !withCgo {
		t.Skip("built without cgo, and Vulkan is C")
	}
	driver := "/usr/share/vulkan/icd.d/lvp_icd.x86_64.json"
	if _, err := os.Stat(driver); err != nil {
		t.Skip("no Vulkan driver (Debian: mesa-vulkan-drivers)")
	}
	t.Setenv("VK_ICD_FILENAMES", driver)
	t.Setenv("RAYOS_S1", "software")
}
