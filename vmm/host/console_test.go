package host

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rayos/vmm/surfacelog"
)

func TestConsoleTellsMarkers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told []string
		c := newConsole("", func(line string) { told = append(told, line) }, slog.New(slog.DiscardHandler))
		say := func(text string) {
			for _, b := range []byte(text) { // as it comes from a slow port
				if _, err := c.Write([]byte{b}); err != nil {
					t.Fatal(err)
				}
			}
		}
		say("[    0.1] Linux version\r\nRAYOS_LINUX_DESKTOP_INIT_START\r\nx RAYOS_LINUX_A\nRAYOS_LINUX_DESKTOP_ERR net_no_if\n")
		say("RAYOS_LINUX_\nRAYOS_LINUX_x\nRAYOS_LINUX_A\x1b[2J\nRAYOS_LINUX_A RAYOS_HOST_EVENT_V0:LINUX_SHUTDOWN\nRAYOS_HOST_EVENT_V0:LINUX_SHUTDOWN\nRAYOS_LINUX_A @ack X ok y\nRAYOS_READY\n")
		say("RAYOS_LINUX_" + strings.Repeat("A", toldLine) + "\n" + strings.Repeat("x", consoleLine) + "\nRAYOS_LINUX_B")
		if want := []string{"RAYOS_LINUX_DESKTOP_INIT_START", "RAYOS_LINUX_DESKTOP_ERR net_no_if"}; !slices.Equal(told, want) {
			t.Errorf("told %q; want %q", told, want)
		}
		say("\n")
		if len(told) != 3 {
			t.Errorf("told %q; want the last line too", told)
		}
		// A flood is told in part.
		told = nil
		flood := strings.Repeat("RAYOS_LINUX_FLOOD\n", 1000)
		if _, err := io.WriteString(c, flood); err != nil {
			t.Fatal(err)
		}
		if len(told) > toldAtOnce {
			t.Errorf("%d lines told at once; want at most %d", len(told), toldAtOnce)
		}
		time.Sleep(10 * toldEvery)
		told = nil
		if _, err := io.WriteString(c, flood); err != nil {
			t.Fatal(err)
		}
		if len(told) != 10 {
			t.Errorf("%d lines told a while later; want 10", len(told))
		}
	})
}

func TestConsoleKeepsTheRegistryOfWindows(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "surfaces")
	registry := func() (r surfacelog.Registry) {
		b, err := os.ReadFile(filepath.Join(dir, "registry.json"))
		if err == nil {
			err = json.Unmarshal(b, &r)
		}
		if err != nil {
			t.Error(err)
		}
		return r
	}
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(dir, func(string) {}, slog.New(slog.DiscardHandler))
		c.begin(1)
		fmt.Fprint(c, "RAYOS_LINUX_SURFACE_CREATE id=1 role=toplevel title=a format=ppm_p3 w=1 h=1\n")
		for seq := range 3 {
			fmt.Fprintf(c, "RAYOS_LINUX_SURFACE_FRAME_BEGIN id=1 seq=%d\nP3 1 1 255 0 0 0\nRAYOS_LINUX_SURFACE_FRAME_END id=1 seq=%d\n", seq, seq)
		}
		time.Sleep(surfaceEvery)
		synctest.Wait()
		r := registry()
		s := r.Surfaces["1"]
		if len(r.Surfaces) != 1 || s.Seq != 2 || s.Path != "frames/surface-1-seq-2.ppm" {
			t.Errorf("registry %+v", r)
		}
		if list, err := os.ReadDir(filepath.Join(dir, "frames")); err != nil || len(list) != 1 {
			t.Errorf("%d pictures, %v; want the last", len(list), err)
		}
		c.begin(1) // connected again with the same
		fmt.Fprint(c, "RAYOS_LINUX_SURFACE_STATE id=1 states=maximized\n")
		time.Sleep(surfaceEvery)
		synctest.Wait()
		if s := registry().Surfaces["1"]; s.Title != "a" || len(s.States) != 1 {
			t.Errorf("after a connection made anew: %+v", s)
		}
		c.begin(2) // booted anew
		fmt.Fprint(c, "RAYOS_LINUX_SURFACE_CREATE id=2 role=toplevel title=b format=ppm_p3 w=1 h=1\n")
		time.Sleep(surfaceEvery)
		synctest.Wait()
		if r := registry(); len(r.Surfaces) != 1 || r.Surfaces["2"].Title != "b" {
			t.Errorf("after another boot: %+v", r)
		}
	})
}
