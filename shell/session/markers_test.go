package session

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rayos/geom"
	"rayos/shell/control"
	"rayos/shell/vms"
)

// markersOf keeps the markers whose names begin in one of these ways.
func markersOf(list *[]string, names ...string) vms.Options {
	return vms.Options{Marker: func(line string) {
		if slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(line, n) }) {
			*list = append(*list, line)
		}
	}}
}

// TestMarkersOfWindows: what becomes of a window is told when it has happened.
func TestMarkersOfWindows(t *testing.T) {
	var got []string
	d := newDeskWith(t, Options{VMs: markersOf(&got, "RAYOS_UI_", "RAYOS_WINDOW", "RAYOS_GUI_")})
	want := func(what string, lines ...string) {
		t.Helper()
		d.pass(300 * time.Millisecond)
		if !slices.Equal(got, lines) {
			t.Errorf("%s: %q; want %q", what, got, lines)
		}
		got = nil
	}
	want("an empty desktop", "RAYOS_UI_COMPOSITE:ok")
	w := d.connect().prepare(geom.Size{W: 300, H: 200})
	w.top.SetAppId("org.example.Notes")
	w.show()
	d.pass(300 * time.Millisecond)
	id := d.only().ID
	created := fmt.Sprintf("RAYOS_UI_WINDOW_CREATED:%d app=org.example.Notes owner=session", id)
	ready := fmt.Sprintf("RAYOS_GUI_APP_READY:notes window=%d", id)
	want("a window", created, fmt.Sprint("RAYOS_UI_WINDOW_FOCUSED:", id), ready)
	for _, c := range []struct {
		state control.WindowState
		lines []string
	}{
		{control.Maximize, []string{"RAYOS_WINDOW:MAXIMIZED:%d"}},
		{control.Unmaximize, []string{"RAYOS_WINDOW:RESTORED:%d"}},
		{control.SnapLeft, []string{"RAYOS_WINDOW:SNAPPED:%d:left"}},
		{control.SnapTopRight, []string{"RAYOS_WINDOW:SNAPPED:%d:top-right"}},
		{control.Unsnap, []string{"RAYOS_WINDOW:RESTORED:%d"}},
		{control.Fullscreen, []string{"RAYOS_WINDOW:FULLSCREEN:%d"}},
		{control.Unfullscreen, []string{"RAYOS_WINDOW:RESTORED:%d"}},
		{control.Shade, []string{"RAYOS_WINDOW:SHADED:%d"}},
		{control.Unshade, []string{"RAYOS_WINDOW:UNSHADED:%d"}},
		{control.Minimize, []string{"RAYOS_UI_WINDOW_FOCUSED:none", "RAYOS_WINDOW:MINIMIZED:%d"}},
		{control.Restore, []string{"RAYOS_UI_WINDOW_FOCUSED:%d", "RAYOS_WINDOW:UNMINIMIZED:%d"}},
	} {
		if err := d.ctl.SetState(id, c.state); err != nil {
			t.Fatal(err)
		}
		d.pass(300 * time.Millisecond)
		for i := range c.lines {
			c.lines[i] = strings.ReplaceAll(c.lines[i], "%d", fmt.Sprint(id))
		}
		want(string(c.state), c.lines...)
	}
	if err := d.ctl.MoveToWorkspace(id, 1); err != nil {
		t.Fatal(err)
	}
	want("another workspace", "RAYOS_UI_WINDOW_FOCUSED:none", fmt.Sprintf("RAYOS_WINDOW:WORKSPACE:%d:1", id))
	d.clients[0].dpy.Close()
	d.clients = nil
	want("its end", fmt.Sprint("RAYOS_UI_WINDOW_DESTROYED:", id))
}

// TestMarkersOfProgramsAreBounded: a program that opens windows again and again
// doesn't push everything else out of the log.
func TestMarkersOfProgramsAreBounded(t *testing.T) {
	var b budget
	n, now := 0, time.Hour
	for range 10 * markersAtOnce {
		if b.take(now) {
			n++
		}
	}
	if n != markersAtOnce {
		t.Errorf("%d at once", n)
	}
	n = 0
	for range 1000 {
		now += 10 * time.Millisecond
		if b.take(now) {
			n++
		}
	}
	if n != 10*markersASecond {
		t.Errorf("%d in ten seconds", n)
	}
}

func TestNamesOfApplications(t *testing.T) {
	for id, want := range map[string]string{"org.rayos.ProcessExplorer": "processexplorer", "foot": "foot", "A b": "a_b", "x.": ""} {
		if got := appName(id); got != want {
			t.Errorf("appName(%q) = %q; want %q", id, got, want)
		}
	}
}

// TestMarkersOfMachines: the window of a machine comes and goes without the
// machine.
func TestMarkersOfMachines(t *testing.T) {
	var got []string
	d := newDeskWith(t, Options{VMs: markersOf(&got, "RAYOS_UI_LINUX_DESKTOP", "RAYOS_GUI_")})
	m := d.machine(nil)
	for range 2 {
		m.view.Show()
		d.pass(100 * time.Millisecond)
		m.view.Hide()
		d.pass(100 * time.Millisecond)
	}
	m.dpy.Close()
	d.clients = nil
	d.pass(100 * time.Millisecond)
	for i := range got {
		got[i] = strings.TrimPrefix(got[i][:strings.LastIndexByte(got[i], ':')], "RAYOS_UI_LINUX_DESKTOP_")
	}
	if want := []string{"CREATED", "SHOWN", "HIDDEN", "SHOWN", "HIDDEN", "CLOSED"}; !slices.Equal(got, want) {
		t.Errorf("%q; want %q", got, want)
	}
}
