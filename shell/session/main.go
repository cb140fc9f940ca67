package session

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/gpu/display"
	"rayos/gpu/display/choose"
	"rayos/intent/llm"
	"rayos/internal/bus"
	"rayos/internal/loop"
	"rayos/rayapps/lang"
	"rayos/shell/apps"
	"rayos/shell/auth"
	"rayos/shell/control"
	"rayos/shell/files"
	"rayos/shell/iconload"
	"rayos/shell/logind"
	"rayos/shell/network"
	"rayos/shell/power"
	"rayos/shell/syslog"
	"rayos/shell/theme"
	"rayos/shell/vms"
	"rayos/vmm"
)

// Version of RayOS.
const Version = "0.1.0"

// flags are the command line.
type flags struct {
	headless bool
	display  string
	renderer string
	socket   string
	outputs  outputFlags
	light    bool
	plain    bool
	noShell  bool
	rtl      bool
	x11      bool
	x11Idle  time.Duration
	hideKey  string
	ctlLog   string
	auth     string
	vnc      VNCOptions
	scanout  scanoutFlag
	hostFD   int
	verbose  bool
	rate     int
	version  bool
	command  []string
}

// outputFlags are the repeated --output.
type outputFlags []display.Spec

func (o *outputFlags) String() string { return "" }

// Set parses one output.
func (o *outputFlags) Set(v string) error {
	sp, err := display.ParseSpec(v)
	if err != nil {
		return err
	}
	*o = append(*o, sp)
	return nil
}

// scanoutFlag is --dev-scanout.
type scanoutFlag geom.Size

func (f *scanoutFlag) String() string { return "" }

// Set parses a size.
func (f *scanoutFlag) Set(v string) error {
	sp, err := display.ParseSpec(v)
	if err == nil && sp.Size.Empty() {
		err = fmt.Errorf("a picture of %s", v)
	}
	*f = scanoutFlag(sp.Size)
	return err
}

// options says how the test picture is to be shown.
func (f scanoutFlag) options() (DevScanoutOptions, error) {
	o := DevScanoutOptions{Enabled: f != scanoutFlag{}, Size: geom.Size(f)}
	if v := os.Getenv("RAYOS_DEV_SCANOUT_AUTOHIDE_SECS"); v != "" {
		n, err := strconv.ParseUint(v, 10, 31)
		if err != nil {
			return o, fmt.Errorf("RAYOS_DEV_SCANOUT_AUTOHIDE_SECS=%.20q: want a number of seconds", v)
		}
		o.AutoHide = time.Duration(n) * time.Second
	}
	return o, nil
}

const usage = `usage: rayos-session [flags] [-- command [args]]

Starts a RayOS desktop session: on a host's Wayland or X11 display in a window,
else without a display. A command given is started as its first client.

`

func parseFlags(args []string, stderr io.Writer) (*flags, error) {
	f := &flags{}
	fs := flag.NewFlagSet("rayos-session", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.BoolVar(&f.headless, "headless", false, "use no display (the same as --display headless)")
	fs.StringVar(&f.display, "display", "", "headless, nested (a window on a Wayland host) or window (on an X11 host)")
	fs.StringVar(&f.renderer, "renderer", "auto", "auto, software or gl (OpenGL ES 3)")
	fs.StringVar(&f.socket, "socket", "", "name of the Wayland socket (default the first free wayland-N)")
	fs.Var(&f.outputs, "output", "make an output `WIDTHxHEIGHT[@SCALE][:HZ][,transform=T]`; may be repeated")
	fs.BoolVar(&f.light, "light", false, "use the light theme")
	fs.BoolVar(&f.plain, "plain", false, "no wallpaper")
	fs.BoolVar(&f.noShell, "no-shell", false, "no taskbar: windows have all of the outputs")
	fs.BoolVar(&f.rtl, "rtl", false, "lay the shell out from right to left, whatever the language")
	fs.BoolVar(&f.x11, "x11", true, "let X11 programs run, by Xwayland")
	fs.DurationVar(&f.x11Idle, "x11-idle", 0, "how long Xwayland stays without programs (default 10s)")
	fs.StringVar(&f.hideKey, "hide-key", "F12", "the `CHORD` that hides the virtual machine in front")
	fs.StringVar(&f.ctlLog, "control-log", "", "write what is asked of the session, and what came of it, to this `FILE`")
	fs.StringVar(&f.auth, "auth", "rayos-auth", "the `PROGRAM` that checks passwords for the lock screen")
	fs.IntVar(&f.hostFD, "host-fd", 0, "the `DESCRIPTOR` of a socket by which the host says events; it has to be inherited")
	fs.Var(&f.scanout, "dev-scanout", "show a moving test picture of `WIDTHxHEIGHT` pixels that comes the way guests' do;\nRAYOS_DEV_SCANOUT_AUTOHIDE_SECS hides it after as many seconds")
	fs.IntVar(&f.rate, "clock-rate", 1, "let time pass `N` times faster (headless, for long tests)")
	fs.StringVar(&f.vnc.Listen, "vnc", "", "let VNC viewers come to this `ADDRESS`: host:port, or the path of a socket")
	fs.StringVar(&f.vnc.PasswordFile, "vnc-password-file", "", "a `FILE` that only you can read, with the password of VNC viewers; without one only yours on this machine may look")
	fs.BoolVar(&f.vnc.ViewOnly, "vnc-view-only", false, "VNC viewers look and do nothing")
	fs.BoolVar(&f.vnc.NoClipboard, "vnc-no-clipboard", false, "VNC viewers don't share the clipboard")
	fs.BoolVar(&f.verbose, "verbose", false, "log what happens")
	fs.BoolVar(&f.version, "version", false, "print the version")
	err := fs.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stderr, usage)
		fs.SetOutput(stderr)
		fs.PrintDefaults()
		return nil, err
	}
	if err != nil {
		return nil, fmt.Errorf("%w: rayos-session --help lists the flags", err)
	}
	f.command = fs.Args()
	if len(f.command) > 0 {
		if _, err := exec.LookPath(f.command[0]); err != nil {
			return nil, fmt.Errorf("the command after --: %w", err)
		}
	}
	if f.headless {
		if f.display != "" && f.display != "headless" {
			return nil, fmt.Errorf("--headless and --display %s exclude each other: leave one away", f.display)
		}
		f.display = "headless"
	}
	if f.rate < 1 || f.rate > maxClockRate || f.rate > 1 && f.display != "headless" {
		return nil, fmt.Errorf("--clock-rate %d: give 1 to %d, with --headless", f.rate, maxClockRate)
	}
	if !slices.Contains(choose.Renderers, f.renderer) {
		return nil, fmt.Errorf("there is no renderer %q: use %s", f.renderer, strings.Join(choose.Renderers, ", "))
	}
	return f, nil
}

// maxClockRate is more than any machine can draw frames for.
const maxClockRate = 1000

// Main runs a session until it is told to end and returns the exit code. Call
// it on the main goroutine, locked to its thread.
func Main(args []string, stdout, stderr io.Writer) int {
	f, err := parseFlags(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		fmt.Fprintln(stderr, "rayos-session:", err)
		return 2
	case f.version:
		fmt.Fprintln(stdout, "rayos-session", Version)
		return 0
	}
	if err := run(f, stdout, stderr); err != nil {
		fmt.Fprintln(stderr, "rayos-session:", err)
		return 1
	}
	return 0
}

func run(f *flags, stdout, stderr io.Writer) error {
	tuneMemory()
	level := slog.LevelInfo
	if f.verbose {
		level = slog.LevelDebug
	}
	lines := syslog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: level}))
	log := slog.New(lines)
	scanout, err := f.scanout.options()
	if err != nil {
		return err
	}
	runtimeDir := os.Getenv("XDG_RUNTIME_DIR")
	if err := checkRuntimeDir(runtimeDir); err != nil {
		return err
	}
	if err := joinPath(); err != nil {
		return err
	}
	l, err := loop.NewFast(f.rate)
	if err != nil {
		return fmt.Errorf("event loop: %w", err)
	}
	defer l.Close()
	chosen := choose.Options{Display: f.display, Outputs: f.outputs, Renderer: f.renderer, Log: log}
	d, why, err := choose.Open(l, chosen)
	if err != nil {
		return err
	}
	r, with, err := choose.OpenRenderer(d, chosen)
	if err != nil {
		return errors.Join(err, d.Close())
	}
	defer r.Close()
	if d.Name() != "window" {
		// Waking a locked thread costs two switches a turn.
		runtime.UnlockOSThread()
	}
	scheme := theme.Dark
	if f.light {
		scheme = theme.Light
	}
	host, err := f.host()
	if err != nil {
		return err
	}
	said := newLineWriter(stdout)
	defer said.close()
	s, err := New(Options{
		Auth: auth.Helper{Command: []string{f.auth}},
		Host: host, Shell: !f.noShell, RTL: f.rtl, Locale: lang.FromEnv(os.Getenv), Bus: bus.Address(), SystemBus: logind.Address(), PowerClass: power.Class, NetworkClass: network.Class,
		Loop: l, Display: d, Renderer: r, Runtime: runtimeDir,
		Socket: f.socket, Log: log, Lines: lines, Settings: configFile("settings.json"), Icons: iconload.FromEnv(os.Getenv), SystemFonts: true, Plain: f.plain, Scheme: scheme,
		X11: X11Options{Enabled: f.x11, Idle: f.x11Idle}, Places: stateFile("windows.json"), History: stateFile("prompt-history"), Choices: stateFile("choices.json"), Apps: apps.FromEnv(os.Getenv), Files: files.FromEnv(os.Getenv), Notices: stateFile("notifications.json"), Tasks: stateFile("conductor"), Intents: stateFile("intents"), Volume: stateFile("volume"), Staged: stateFile("staged"),
		Model: llm.Config{URL: os.Getenv("RAYOS_OLLAMA_URL"), Model: os.Getenv("RAYOS_OLLAMA_MODEL")}, ModelKey: configFile("model.key"),
		Installed: installedApps(log),
		HideKey:   f.hideKey, VMs: machineOptions(log, said.write), ControlLog: f.ctlLog, DevScanout: scanout,
	})
	if err != nil {
		return err
	}
	defer func() {
		if err := s.Close(); err != nil {
			log.Error("close", "err", err)
		}
	}()
	ctl, err := control.Listen(control.SocketPath(runtimeDir, s.Socket()), l, s.Commands())
	if err != nil {
		return fmt.Errorf("control socket: %w", err)
	}
	defer ctl.Close()
	if err := s.agents.set(s.prefs.store.Get("privacy.agents")); err != nil {
		log.Warn("agents can't connect", "err", err)
	}
	if err := s.serveHost(); err != nil {
		return err
	}
	stop := s.quitOnSignal()
	defer stop()
	names := "WAYLAND_DISPLAY=" + s.Socket()
	if d := s.Display(); d != "" {
		names += ", DISPLAY=" + d
	}
	said.write(fmt.Sprintf("RayOS %s: %s, %s, %s", Version, names, why, with))
	if len(f.command) > 0 {
		if err := s.Spawn(f.command[0], f.command[1:]...); err != nil {
			return err
		}
	}
	s.viewers.start(f.vnc)
	if err := s.welcome(stateFile("welcomed")); err != nil {
		log.Warn("the page of the first start", "err", err)
	}
	s.loop.Post(func() {
		s.markers.begun()
		s.console.marker("RAYOS_READY")
		s.tasks.open()
		s.memory.started()
	})
	return s.Run()
}

// host is the socket that whoever has started us left open, nil for none. No
// program that we start gets it.
func (f *flags) host() (*os.File, error) {
	if f.hostFD == 0 {
		return nil, nil
	}
	kind, err := unix.GetsockoptInt(f.hostFD, unix.SOL_SOCKET, unix.SO_TYPE)
	if err != nil || f.hostFD <= unix.Stderr || kind != unix.SOCK_STREAM {
		return nil, fmt.Errorf("--host-fd %d: want a stream socket that was left open behind standard error", f.hostFD)
	}
	unix.CloseOnExec(f.hostFD)
	return os.NewFile(uintptr(f.hostFD), "host"), nil
}

// stateFile is where something is kept for the next session, "" if there is no
// such place.
func stateFile(name string) string { return homeFile("XDG_STATE_HOME", ".local/state", name) }

// configFile returns the path of a file with what the person has set, or "".
func configFile(name string) string { return homeFile("XDG_CONFIG_HOME", ".config", name) }

// homeFile returns the path of a file of ours in a base directory.
func homeFile(variable, usual, name string) string {
	dir := os.Getenv(variable)
	if !filepath.IsAbs(dir) {
		home, err := os.UserHomeDir()
		if err != nil {
			return ""
		}
		dir = filepath.Join(home, usual)
	}
	return filepath.Join(dir, "rayos", name)
}

// machineOptions says where virtual machines and their programs are: the latter
// beside ours.
func machineOptions(log *slog.Logger, marker func(string)) vms.Options {
	o := vms.Options{Marker: marker, WindowsDisk: os.Getenv("WINDOWS_DISK")}
	root, err := vmm.DefaultRoot(os.Getenv)
	if err != nil {
		log.Warn("no virtual machines", "err", err)
		return o
	}
	self, err := os.Executable()
	if err != nil {
		log.Warn("no virtual machines", "err", err)
		return o
	}
	o.Root = root
	o.Binary, o.Agent = filepath.Join(filepath.Dir(self), "rayos-vm"), filepath.Join(filepath.Dir(self), "rayos-agent")
	return o
}

// checkRuntimeDir says what is wrong with XDG_RUNTIME_DIR before anything
// starts.
func checkRuntimeDir(dir string) error {
	if dir == "" {
		return errors.New("XDG_RUNTIME_DIR is not set: log in through a session manager, or set it to a directory of yours with mode 0700")
	}
	st, err := os.Stat(dir)
	switch {
	case err != nil:
		return fmt.Errorf("XDG_RUNTIME_DIR: %w: create it with mode 0700", err)
	case !st.IsDir():
		return fmt.Errorf("XDG_RUNTIME_DIR: %s is no directory", dir)
	}
	if err := unix.Access(dir, unix.W_OK|unix.X_OK); err != nil {
		return fmt.Errorf("XDG_RUNTIME_DIR: %s is not writable for you: %w", dir, err)
	}
	return nil
}

// tuneMemory keeps the session small.
func tuneMemory() {
	debug.SetGCPercent(gcPercent)
	if runtime.GOMAXPROCS(0) > 4 {
		runtime.GOMAXPROCS(4)
	}
}

// quitOnSignal ends the session on SIGINT and SIGTERM.
func (s *Session) quitOnSignal() (stop func()) {
	ch := make(chan os.Signal, 1)
	signal.Notify(ch, unix.SIGINT, unix.SIGTERM)
	go func() {
		if _, ok := <-ch; ok {
			s.loop.Post(func() { s.Quit(nil) })
		}
	}()
	return func() {
		signal.Stop(ch)
		close(ch)
	}
}
