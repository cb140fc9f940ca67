package session

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rayos/gpu/compute"
	"rayos/internal/vulkantest"
	"rayos/shell/control"
)

// TestSystem1StartsWhenAsked, says what it has found, and ends.
func TestSystem1StartsWhenAsked(t *testing.T) {
	driver := "/usr/share/vulkan/icd.d/lvp_icd.x86_64.json"
	if _, err := os.Stat(driver); err != nil {
		driver = filepath.Join(t.TempDir(), "none.json") // and then it says why
	}
	t.Setenv("VK_ICD_FILENAMES", driver)
	t.Setenv("RAYOS_S1", "")
	var markers []string
	d := newDeskWith(t, Options{VMs: markersOf(&markers, "RAYOS_S")})
	if d.session.reflex.engine != nil || d.ctl.Reflex().S1().Running {
		t.Fatal("it runs before somebody asks")
	}
	var got []control.S1
	var ended bool
	take := func(s control.S1, err error) {
		if err != nil {
			t.Error(err)
		}
		got = append(got, s)
		ended = len(got) == 3
	}
	// The second waits for the first, the third for both.
	d.ctl.Reflex().StartS1(take)
	d.ctl.Reflex().StartS1(take)
	d.ctl.Reflex().StopS1(take)
	d.until(&ended)
	if !got[0].Running || !got[1].Running || got[2].Running {
		t.Errorf("running: %v, %v, %v; want started, there, stopped", got[0].Running, got[1].Running, got[2].Running)
	}
	if got[0].Backend != "cpu" || got[0].Reason == "" {
		t.Errorf("back end %q, reason %q; want the CPU, because a program in the place of a GPU is slower", got[0].Backend, got[0].Reason)
	}
	if d.session.reflex.engine != nil {
		t.Error("an engine is left")
	}
	adapters := 0
	for _, m := range markers {
		if strings.HasPrefix(m, "RAYOS_S1_ADAPTER:") {
			adapters++
		}
	}
	if !slices.ContainsFunc(markers, func(m string) bool { return strings.HasPrefix(m, "RAYOS_S1_RT:absent:") && len(m) > 30 }) {
		t.Errorf("markers %q; want why rays aren't traced by an adapter", markers)
	}
	if adapters == 0 || !slices.Contains(markers, "RAYOS_SYSTEM1_REFLEX_INIT:ok") {
		t.Errorf("markers %q; want what was found, and that it takes tasks", markers)
	}
	t.Log(markers)
}

// TestRaysOfAnAdapterAreRequired: by RAYOS_RT_REQUIRED the start fails on a driver
// without ray queries, and tells why; on one that has them windows are found by
// them.
func TestRaysOfAnAdapterAreRequired(t *testing.T) {
	t.Setenv("RAYOS_S1", "software")
	t.Setenv("RAYOS_RT_REQUIRED", "1")
	t.Run("absent", func(t *testing.T) {
		driver := "/usr/share/vulkan/icd.d/lvp_icd.x86_64.json"
		if _, err := os.Stat(driver); err != nil {
			driver = filepath.Join(t.TempDir(), "none.json")
		}
		t.Setenv("VK_ICD_FILENAMES", driver)
		d := newDeskWith(t, Options{})
		err, ended := error(nil), false
		d.ctl.Reflex().StartS1(func(_ control.S1, e error) { err, ended = e, true })
		d.until(&ended)
		if err == nil || !strings.Contains(err.Error(), "RAYOS_RT_REQUIRED is set, and ray queries don't run: absent: ") {
			t.Errorf("started: %v; want it refused, with the reason", err)
		}
		if d.session.reflex.engine != nil {
			t.Error("an engine is left")
		}
	})
	t.Run("present", func(t *testing.T) {
		if !withCgo {
			t.Skip("built without cgo, and Vulkan is C")
		}
		vulkantest.UseRays(t)
		var markers []string
		d := newDeskWith(t, Options{VMs: markersOf(&markers, "RAYOS_S1_RT")})
		var s1 control.S1
		ended := false
		d.ctl.Reflex().StartS1(func(s control.S1, err error) {
			if err != nil {
				t.Error(err)
			}
			s1, ended = s, true
		})
		d.until(&ended)
		if s1.RT != compute.RayQuery || !strings.HasPrefix(s1.Backend, "vulkan:") || len(markers) != 1 || !strings.HasPrefix(markers[0], "RAYOS_S1_RT:present:") {
			t.Errorf("RT %q on %q, markers %q; want it present, and said once", s1.RT, s1.Backend, markers)
		}
	})
}
