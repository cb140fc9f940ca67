package explorer

import (
	"slices"
	"testing"
	"time"

	"rayos/geom"
	"rayos/internal/apptest"
	"rayos/internal/golden"
	"rayos/internal/procstat"
	"rayos/rayapps"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
	"rayos/shell/control"
	"rayos/shell/control/runner"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// at is what there is after n half seconds.
func at(n int) *sample {
	when := noon.Add(time.Duration(n) * every)
	k := time.Duration(n)
	return &sample{
		at: when,
		procs: control.Processes{
			Session: control.Stats{PID: 100, Uptime: 3*time.Hour + k*every, Surfaces: 9, Windows: 3, Frames: uint64(4000 + 30*n), Wakeups: uint64(9000 + 20*n + n*n%7)},
			Clients: []control.ClientProcess{
				{PID: 201, Name: "foot", Trust: "session", Connections: 1, Surfaces: 2, Bytes: 3 << 20},
				{PID: 202, Name: "weston-flower", Trust: "session", Connections: 1, Surfaces: 1, Bytes: 160 << 10},
				{PID: 203, Name: "firefox", Trust: "session", Connections: 2, Surfaces: 6, Bytes: 40 << 20},
			},
			Outputs: []control.OutputFrames{{Name: "HEADLESS-1", Frames: uint64(4000 + 30*n), Spent: k*30*2*time.Millisecond + time.Duration(n*n%11)*time.Millisecond, Refresh: time.Second / 60}},
			Tasks: []runner.Waiting{
				{ID: 7, From: "prompt", What: "BUILD_VM:linux-desktop", Machine: "linux", Running: true, Since: when.Add(-42 * time.Second)},
				{ID: 8, From: "rayctl", What: "SHOW_LINUX_DESKTOP", Machine: "linux", Since: when.Add(-3 * time.Second)},
			},
		},
		vms: []control.VM{{ID: "linux-desktop", Name: "Linux desktop", State: "running", Shown: true, PID: 300}, {ID: "win", Name: "Windows", State: "stopped"}},
		usage: map[int32]procstat.Stat{
			100: {CPU: k * 10 * time.Millisecond, Memory: 33 << 20}, 201: {CPU: k * 5 * time.Millisecond, Memory: 21 << 20},
			202: {CPU: k * 60 * time.Millisecond, Memory: 9 << 20, Nice: 5}, 203: {CPU: k * 350 * time.Millisecond, Memory: 1 << 30},
			300: {CPU: k * 200 * time.Millisecond, Memory: 560 << 20},
		},
	}
}

func filled() *Explorer {
	x := New()
	for n := range 60 {
		x.add(at(n))
	}
	x.chosen = 202
	return x
}

func TestPictures(t *testing.T) {
	for name, c := range map[string]struct {
		tab  int
		look rayapps.Look
	}{
		"programs-dark":      {0, rayapps.Look{}},
		"programs-light-rtl": {0, rayapps.Look{Scheme: theme.Light, RTL: true}},
		"machines-dark":      {1, rayapps.Look{}},
		"tasks-light":        {2, rayapps.Look{Scheme: theme.Light}},
		"performance-dark":   {3, rayapps.Look{}},
	} {
		x := filled()
		x.tab = c.tab
		c.look.Size = geom.Size{W: 720, H: 330}
		p := apptest.Preview(t, Options, x, c.look)
		pixels, err := p.Picture()
		if err != nil {
			t.Fatal(err)
		}
		golden.Pixels(t, name, pixels)
	}
}

func names(x *Explorer) (list []string) {
	for _, r := range x.rows {
		list = append(list, r.Name)
	}
	return list
}

func TestRowsAreSortedAndFiltered(t *testing.T) {
	x := filled()
	if got := names(x); !slices.Equal(got, []string{"firefox", "weston-flower", "foot"}) {
		t.Errorf("by processor: %q", got)
	}
	if r := x.rows[0]; r.share < 69 || r.share > 71 {
		t.Errorf("firefox takes %.1f %%; want 70", r.share)
	}
	x.sort, x.down = columnName, false
	x.arrange()
	if got := names(x); !slices.Equal(got, []string{"firefox", "foot", "weston-flower"}) {
		t.Errorf("by name: %q", got)
	}
	x.query = "FO"
	x.arrange()
	if got := names(x); !slices.Equal(got, []string{"firefox", "foot"}) {
		t.Errorf("with fo: %q", got)
	}
}

func TestHistoryHasAnEnd(t *testing.T) {
	x := New()
	for n := range 3 * span {
		x.add(at(n))
	}
	h := &x.history
	if len(h.cpu) != span || len(h.frames["HEADLESS-1"]) != span {
		t.Errorf("%d and %d figures", len(h.cpu), len(h.frames["HEADLESS-1"]))
	}
	if got := h.rate["HEADLESS-1"][span-1]; got != 60 {
		t.Errorf("%g frames in a second; want 60", got)
	}
	if got := h.cpu[span-1]; got < 1.99 || got > 2.01 {
		t.Errorf("the session takes %g %%; want 2", got)
	}
}

func TestWhatButtonsAskFor(t *testing.T) {
	x := filled()
	x.now.procs.Work = []control.Task{{ID: 12, Kind: "conductor.tidy", Level: "low", State: "queued", Age: time.Second}}
	asked := make(chan string, 1)
	x.call = func(cmd string, args map[string]any) error {
		if pid, ok := args["pid"]; ok && pid != int32(202) {
			t.Errorf("%s of %v", cmd, pid)
		}
		asked <- cmd
		return nil
	}
	p := apptest.Preview(t, Options, x, rayapps.Look{})
	for _, c := range []struct {
		tab          int
		button, want string
	}{
		{0, "Give way", "process nice"},
		{0, "End", "process end"},
		{0, "Kill", "process end"},
		{1, "Hide Linux desktop", "vm hide"},
		{1, "Show Windows", "vm show"},
		{2, "Cancel task 7", "cancel"},
		{2, "Cancel task 12", "conductor cancel"},
	} {
		x.tab = c.tab
		p.Root().Invalidate()
		p.Settle()
		i := apptest.Find(p.Root().Semantics(), c.button)
		if i == nil {
			t.Fatalf("there is no %q", c.button)
		}
		p.Root().Do(i.ID, ui.DoActivate, "")
		if got := <-asked; got != c.want {
			t.Errorf("%q asks for %q; want %q", c.button, got, c.want)
		}
	}
}

// TestLanguages shows each part in German and in Arabic, at its default size.
func TestLanguages(t *testing.T) {
	for _, c := range []struct {
		name, language string
		look           rayapps.Look
	}{
		{"de-dark", "de", rayapps.Look{}},
		{"de-light-2x", "de", rayapps.Look{Scheme: theme.Light, Scale: 2 * geom.ScaleOne}},
		{"ar-dark-2x", "ar", rayapps.Look{Scale: 2 * geom.ScaleOne}},
		{"ar-light", "ar", rayapps.Look{Scheme: theme.Light}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for i, part := range []string{"programs", "machines", "tasks", "performance"} {
				x := filled()
				x.tab = i
				pixels, err := apptest.Preview(t, Options, x, apptest.In(t, c.language, c.look)).Picture()
				if err != nil {
					t.Fatal(err)
				}
				golden.Pixels(t, part+"-"+c.name, pixels)
			}
		})
	}
}

// TestSmallest shows the programs in German in the smallest window.
func TestSmallest(t *testing.T) {
	look := apptest.In(t, "de", rayapps.Look{Size: Options.MinSize})
	pixels, err := apptest.Preview(t, Options, filled(), look).Picture()
	if err != nil {
		t.Fatal(err)
	}
	golden.Pixels(t, "de-small", pixels)
}
