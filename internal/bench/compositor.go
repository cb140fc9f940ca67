package bench

import (
	"cmp"
	"debug/buildinfo"
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
)

// Setup is what a probe wants a compositor to be started with.
type Setup struct {
	Width, Height int32 // mode of the one output, physical pixels at scale 1; 0 for any
	NoScanout     bool  // composite even what could be scanned out
	X11           bool  // let X11 programs run
	Rate          int   // how much faster time passes for RayOS; 0 and 1 are as usual
	// Data is RayOS's data folder, with its virtual machines; "" is none.
	Data    string
	Shell   bool // the desktop's own panels: RayOS's shell, weston's panel
	Bus     bool // a session bus
	Entries int  // applications with a .desktop file
	Hertz   int  // refresh of RayOS's output; 0 is 60
}

// Compositor is one competitor: how to start it headless with a software
// renderer.
type Compositor struct {
	Name    string
	Version string
	path    string
	viewer  bool // no compositor: it takes part only in probes that name it
	command func(c *Compositor, s Setup) invocation
}

// size is the mode to ask for.
func (s Setup) size() (width, height int32) {
	if s.Width == 0 {
		return 1920, 1080
	}
	return s.Width, s.Height
}

// invocation is a command line for one start. Files are written into the
// runtime directory first, and the string $DIR stands for that directory.
type invocation struct {
	args  []string
	env   []string
	files map[string]string
}

// RayOS is the name of the compositor that ratios are about.
const RayOS = "rayos"

// Rayos is the session binary at path.
func Rayos(path string) (Compositor, error) {
	info, err := buildinfo.ReadFile(path)
	if err != nil {
		return Compositor{}, fmt.Errorf("no session to measure: %w (build it with `make build`, or name another with --rayos)", err)
	}
	version := "(devel)"
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			version = s.Value[:12]
		}
		if s.Key == "vcs.modified" && s.Value == "true" {
			version += "+"
		}
	}
	return Compositor{Name: RayOS, Version: version, path: path, command: rayosCommand}, nil
}

// Peers are the compositors that are installed, in the order of the table.
func Peers() ([]Compositor, error) {
	var found []Compositor
	for _, p := range []struct {
		name, versionFlag string
		command           func(*Compositor, Setup) invocation
	}{
		{"weston", "--version", westonCommand},
		{"sway", "--version", swayCommand},
		{"cage", "-v", cageCommand},
	} {
		path, err := exec.LookPath(p.name)
		if errors.Is(err, exec.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("look for %s: %w", p.name, err)
		}
		out, err := exec.Command(path, p.versionFlag).Output()
		if err != nil {
			return nil, fmt.Errorf("version of %s: %w", path, err)
		}
		found = append(found, Compositor{Name: p.name, Version: lastWord(string(out)), path: path, command: p.command})
	}
	return found, nil
}

func lastWord(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	f := strings.Fields(line)
	if len(f) == 0 {
		return "unknown"
	}
	return f[len(f)-1]
}

func rayosCommand(c *Compositor, s Setup) invocation {
	width, height := s.size()
	inv := invocation{args: []string{
		c.path, "--headless",
		"--output", fmt.Sprintf("%dx%d@1:%d", width, height, cmp.Or(s.Hertz, 60)),
		"--socket", socketName,
		"--clock-rate", strconv.Itoa(max(s.Rate, 1)),
	}}
	if !s.Shell {
		inv.args = append(inv.args, "--no-shell")
	}
	if s.Data != "" {
		inv.env = []string{"RAYOS_DATA=" + s.Data}
	}
	return inv
}

// westonCommand starts the desktop shell without animations, with a panel where
// one is wanted. Its
// headless backend has no scan-out to turn off.
func westonCommand(c *Compositor, s Setup) invocation {
	width, height := s.size()
	panel := "none"
	if s.Shell {
		panel = "top"
	}
	return invocation{
		args: []string{
			c.path, "--backend=headless-backend.so", "--use-pixman",
			fmt.Sprintf("--width=%d", width), fmt.Sprintf("--height=%d", height),
			"--socket=" + socketName, "--idle-time=0", "--config=$DIR/weston.ini",
		},
		files: map[string]string{"weston.ini": `[shell]
panel-position=` + panel + `
clock-format=minutes
locking=false
animation=none
close-animation=none
startup-animation=none
focus-animation=none
background-color=0xff202020
`},
	}
}

var wlrootsEnv = []string{
	"WLR_BACKENDS=headless",
	"WLR_RENDERER=pixman",
	"WLR_LIBINPUT_NO_DEVICES=1",
}

func swayCommand(c *Compositor, s Setup) invocation {
	width, height := s.size()
	args := []string{c.path, "--config", "$DIR/sway.conf"}
	if s.NoScanout {
		args = append(args, "-D", "noscanout")
	}
	x11 := "disable"
	if s.X11 {
		x11 = "enable"
	}
	return invocation{args: args, env: wlrootsEnv, files: map[string]string{"sway.conf": fmt.Sprintf(`output HEADLESS-1 resolution %dx%d position 0 0
default_border none
default_floating_border none
floating_maximum_size -1 x -1
for_window [app_id=".*"] floating enable
xwayland %s
swaybg_command -
`, width, height, x11)}}
}

// cageCommand has no way to give cage a mode: it takes part in the rows whose
// output may have any size. Cage lives as long as its program, here cat on a
// pipe that the driver holds, and demands an Xwayland that it never starts.
func cageCommand(c *Compositor, s Setup) invocation {
	env := append([]string{"WLR_XWAYLAND=/bin/true"}, wlrootsEnv...)
	if s.NoScanout {
		env = append(env, "WLR_SCENE_DISABLE_DIRECT_SCANOUT=1")
	}
	return invocation{args: []string{c.path, "--", "cat"}, env: env}
}
