package session

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"runtime/debug"
	"time"

	"rayos/geom"
	"rayos/gpu/display"
	"rayos/gpu/raster"
	"rayos/gpu/render"
	"rayos/intent/llm"
	"rayos/internal/loop"
	"rayos/rayapps/lang"
	"rayos/rayapps/text"
	"rayos/shell/apps"
	"rayos/shell/auth"
	"rayos/shell/decor"
	"rayos/shell/files"
	"rayos/shell/iconload"
	"rayos/shell/launcher"
	"rayos/shell/overlay"
	"rayos/shell/syslog"
	"rayos/shell/theme"
	"rayos/shell/vms"
	"rayos/surfaces"
	"rayos/surfaces/places"
	"rayos/surfaces/scene"
	"rayos/surfaces/seat"
	"rayos/surfaces/seat/xkb"
	"rayos/surfaces/wayland"
	"rayos/surfaces/xwayland"
	"rayos/wm"
)

// Options are what a session is made of.
type Options struct {
	Loop    *loop.Loop
	Display display.Display
	// Renderer is the software renderer when nil.
	Renderer render.Renderer
	// Runtime is the directory of the sockets, XDG_RUNTIME_DIR.
	Runtime string
	// Socket is the name of the Wayland socket; empty takes the first free.
	// NoSocket opens none, for tests that connect by socketpairs.
	Socket   string
	NoSocket bool
	// Places is the file that keeps where applications' windows were; without
	// it they are forgotten with the session.
	Places string
	// Keymap of the keyboards; nil is the system's default layout.
	Keymap *xkb.Keymap
	Log    *slog.Logger
	// Plain leaves the wallpaper away: the desktop is one colour.
	Plain  bool
	Scheme theme.Scheme
	// Shell draws the session's own panels: the taskbar on each output.
	Shell bool
	// RTL lays them out from right to left, whatever the language.
	RTL bool
	// Locale is what the environment says. A session sets the language of its
	// process.
	Locale lang.Locale
	// Wall is the time that clocks show; nil is the machine's.
	Wall func() time.Time
	X11  X11Options
	// FocusNew gives the focus to every new window, whatever the person is
	// doing: see newcomer.go.
	FocusNew bool
	// Lenient serves programs that break or don't know xdg_shell: see
	// wayland.Options. The first configure of a window never says that it is
	// active.
	Lenient bool
	// HideKey is the chord that hides the virtual machine in front; F12 when
	// empty.
	HideKey string
	// Icons says where icons of programs are; without folders there are none.
	Icons iconload.Config
	// SystemFonts lets the shell write what no embedded font can, with the fonts
	// of the machine.
	SystemFonts bool
	// FontFiles are fonts, by weight, for what no embedded font can write: those
	// of tests, whose pictures are the same on every machine.
	FontFiles [2][]string
	// Settings is the file of what the person has set, "" for none.
	Settings string
	// Lines are the last lines of Log, for those who look at them; nil keeps
	// none.
	Lines *syslog.Log
	// Auth checks passwords for the lock screen; without it the session can't be
	// locked, but by programs.
	Auth auth.Helper
	// Bus is the address of the session's message bus, "" for none.
	Bus string
	// SystemBus is the address of the machine's message bus, where logind is, ""
	// for none.
	SystemBus string
	// PowerClass and NetworkClass are where the kernel has batteries and network
	// devices; "" doesn't look for them.
	PowerClass, NetworkClass string
	// VMs says where virtual machines are; with an empty root there are none.
	VMs vms.Options
	// DevScanout is a moving test picture.
	DevScanout DevScanoutOptions
	// History is the file of the prompt's history, "" for one that ends with
	// the session.
	History string
	// Choices is the file that keeps what was chosen in the launcher, "" for
	// choices that end with the session.
	Choices string
	// Apps says where applications are, for the launcher; without folders there
	// are none.
	Apps apps.Config
	// Files says where the person's files are, for the launcher; without a home
	// none are looked for.
	Files files.Config
	// Proposers are slow ones that the launcher asks besides.
	Proposers []launcher.Proposer
	// Model says which language model the prompt may ask where the settings name
	// none. ModelKey is the file of its key, "" for none.
	Model    llm.Config
	ModelKey string
	// Notices is the file that keeps whether the person wants notifications, ""
	// for a choice that ends with the session.
	Notices string
	// Intents is the folder of the log of what came of lines at the prompt, ""
	// for none.
	Intents string
	// Tasks is the folder of the queue of tasks, "" for tasks that end with
	// the session.
	Tasks string
	// Volume is the folder of the semantic memory, "" for one that ends with the
	// session.
	Volume string
	// Staged is a folder with a volume of an older system, "" for none: see package
	// volume/legacy.
	Staged string
	// Installed says where installed apps are; the zero value has none.
	Installed InstalledOptions
	// Host is one end of a socket pair, whose other end may say events: see
	// package channel. It may be nil; it is the session's from here on.
	Host *os.File
	// ControlLog is a file that the control log is written to as well, "" for
	// none.
	ControlLog string
}

// Session is a running desktop.
type Session struct {
	opt     Options
	log     *slog.Logger
	loop    *loop.Loop
	display display.Display
	render  render.Renderer
	scene   *scene.Scene
	seat    *seat.Seat
	server  *wayland.Server
	fonts   *text.Fonts
	decor   *decor.Renderer
	art     art
	socket  string

	layers  layers
	heads   []*head
	outputs []*output // of the heads that are enabled
	lastOut wm.OutputID

	wm      wm.State // changed by decide
	decided decided
	windows map[wm.WindowID]*window
	stack   []wm.WindowID // as the scene has it
	focused wm.WindowID   // that was given the keyboard last
	placed  []wm.Placement
	layout  transition
	dirty   bool // the window manager's state has changed
	moved   bool // something on screen has a new place

	keyboard *seat.Keyboard
	cursor   pointerImage
	drag     dragIcon
	visitors []*visitor
	lock     lock
	// screenLock is the session's own locker.
	screenLock lockScreen
	leave      leaving
	logind     logindLink
	snap       *scene.Rect // shows where a release would put a window
	snapTo     wm.Zone
	snapOut    wm.OutputID
	cycling    bool // a walk through the windows is under way
	children   children
	x11        *xwayland.Server         // nil where X11 programs can't run
	x11Stack   []*surfaces.GuestSurface // storage
	memory     memory
	garbage    collector
	keeper     keeper // of windows' places
	bell       bell
	tablets    tablets
	vms        *vms.Supervisor
	console    *console
	machines   map[*wayland.Guest]*machine
	// hideChord hides the virtual machine that has the keyboard; it is bound
	// while one has it.
	hideChord   seat.Chord
	hideBinding *seat.Binding
	pen         penOfControl
	prompt      promptPanel
	overlay     overlays
	prefs       preferences
	access      access
	portal      looksPortal
	agents      agents
	markers     markers
	viewers     viewers
	parts       parts
	walk        walk
	spread      overviews
	swipe       swipe
	shots       shots
	peeks       peeks
	record      recording
	bars        taskbars
	notices     notices
	osd         osdPanel
	media       media
	volume      volume
	status      status
	light       light
	scanout     scanout
	reflex      reflex
	staged      staged
	traced      traced
	installed   installed
	tasks       tasks
	recall      recall

	started   time.Time
	presented uint64 // frames shown, over all outputs
	waiters   waiters
	exit      error
	done      bool
}

// layers are the trees of the scene, bottom to top.
type layers struct {
	wallpaper  *scene.Tree
	background *scene.Tree
	bottom     *scene.Tree
	windows    *scene.Tree
	above      *scene.Tree // windows that are to be above the others
	top        *scene.Tree
	fullscreen *scene.Tree // windows that have their output to themselves
	unmanaged  *scene.Tree // X11 windows that their programs place, menus most of all
	overlay    *scene.Tree
	menus      *scene.Tree // of the session's own panels
	prompt     *scene.Tree // where the session is told what to do
	input      *scene.Tree // popups of input methods
	hints      *scene.Tree // the session's own, over everything
	lock       *scene.Tree // covers the desktop while the session is locked
	drag       *scene.Tree
	cursor     *scene.Tree
}

func newLayers(root *scene.Tree) layers {
	l := layers{
		root.NewTree(), root.NewTree(), root.NewTree(), root.NewTree(), root.NewTree(),
		root.NewTree(), root.NewTree(), root.NewTree(), root.NewTree(), root.NewTree(), root.NewTree(),
		root.NewTree(), root.NewTree(), root.NewTree(), root.NewTree(), root.NewTree(),
	}
	for _, t := range []*scene.Tree{l.wallpaper, l.hints, l.drag, l.cursor} {
		t.SetInput(false)
	}
	return l
}

// New makes a session and starts its display.
func New(o Options) (*Session, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Renderer == nil {
		o.Renderer = raster.New(raster.Options{})
	}
	s := &Session{
		opt: o, log: o.Log, loop: o.Loop, display: o.Display, render: o.Renderer,
		started: time.Now(), scene: scene.New(), windows: map[wm.WindowID]*window{},
	}
	s.fonts = text.NewFonts(text.Options{System: o.SystemFonts, Files: o.FontFiles, Changed: func() { s.loop.Post(s.rewrite) }})
	s.decor = decor.NewRenderer(s.fonts)
	s.overlay.draw = overlay.New(s.fonts)
	s.prefs.load(s)
	s.scene.SetBackground(theme.For(s.opt.Scheme).Desktop)
	hide, err := hideKey(o.HideKey)
	if err != nil {
		return nil, err
	}
	s.hideChord = hide
	s.art.s = s
	s.newSeat()
	root := s.scene.Root()
	core := &surfaces.Core{Scene: s.scene, Renderer: s.render}
	s.server = wayland.New(wayland.Options{
		Loop: s.loop, Core: core, Seat: s.seat, Shell: s, Log: s.log, Lenient: o.Lenient,
		Places: places.New(o.Places),
	})
	s.prefs.begin()
	s.layers = newLayers(root)
	s.snap = s.layers.hints.NewRect(geom.Size{}, render.RGBA(90, 169, 255, 60))
	s.snap.SetEnabled(false)
	s.newLock()
	s.cursor.init(s, s.seat)
	s.wm = wm.New(wmConfig())
	s.layout.init(s)
	s.memory.init(s)
	s.garbage.init(s.loop)
	s.keeper.init(s)
	s.bell.init(s)
	s.bindChords(keys{s: s, seat: s.seat})
	if !o.NoSocket {
		name, err := s.server.Listen(o.Runtime, o.Socket)
		if err != nil {
			return nil, err
		}
		s.socket = name
	}
	s.startX11()
	s.startConsole()
	s.access.init(s)
	s.portal.init(s)
	s.markers.s = s
	s.agents.s, s.viewers.s = s, s
	s.installed.s, s.tasks.s = s, s
	s.recall.init(s)
	s.staged.init(s)
	s.parts.init(s)
	s.overlay.s, s.scanout.s = s, s
	s.reflex.init(s)
	s.traced.init(s)
	s.startVMs()
	s.loop.AtTurnEnd(s.turn)
	s.fitRenderer()
	if o.DevScanout.Enabled {
		s.loop.Post(func() {
			if err := s.scanout.show(o.DevScanout.Size); err != nil {
				s.log.Error("dev scanout", "err", err)
			}
		})
	}
	if o.Shell {
		s.screenLock.resume()
		s.screenLock.setIdle(s.prefs.store.Get("privacy.lock-after"))
	}
	if err := s.display.Start(s); err != nil {
		if s.x11 != nil {
			s.x11.Close()
		}
		s.server.Close()
		return nil, fmt.Errorf("%s display: %w", s.display.Name(), err)
	}
	return s, nil
}

// wmConfig tells the policy how thick the frames are.
func wmConfig() wm.Config {
	c := wm.DefaultConfig()
	in := func(st decor.State) wm.Insets {
		t, r, b, l := decor.Insets(st)
		return wm.Insets{Left: l, Top: t, Right: r, Bottom: b}
	}
	c.Server = wm.Decoration{
		Floating: in(decor.State{}), Tiled: in(decor.State{Tiled: true}), Maximized: in(decor.State{Maximized: true}),
	}
	c.Title = theme.TitleBar
	return c
}

// loadKeymap compiles the layout that the environment asks for. It takes
// longer than all of the start, so the session begins with the built-in
// layout.
func (s *Session) loadKeymap(names xkb.Names, done func(error)) {
	km, err := xkb.Load(names)
	s.loop.Post(func() {
		if km != nil {
			s.seat.SetKeymap(km)
			for _, v := range s.visitors {
				v.seat.SetKeymap(km)
			}
		}
		done(err)
	})
	debug.FreeOSMemory() // compiling leaves several times what it returns
}

func (s *Session) newSeat() {
	km := s.opt.Keymap
	if km == nil {
		km = xkb.Builtin()
		go s.loadKeymap(s.prefs.names(), func(err error) {
			if err != nil {
				s.log.Warn("keymap: the built-in us layout is used", "err", err)
			}
		})
	}
	s.seat = seat.New(seat.Config{
		Hit: s.hit, Now: s.loop.Now, Keymap: km,
		Limit: func(from, to geom.FPoint) geom.FPoint { return s.limitPointer(s.seat, from, to) },
	})
	s.seat.Listen(&seat.Listener{
		PointerFocus: func(f seat.Focus) { s.pointerFocused(&s.cursor, f); s.notices.pointed(f); s.peeks.pointed(f) },
		Moved: func(p geom.FPoint) {
			s.pointerMoved(&s.cursor, &s.drag, p)
			s.access.moved()
		},
		Press:     s.pressed,
		Modifiers: s.modifiers,
	})
	s.seat.Attach(seat.CapPointer)
	s.keyboard = s.seat.NewKeyboard(nil)
}

// Socket returns the name of the Wayland socket.
func (s *Session) Socket() string { return s.socket }

// Server returns the Wayland server.
func (s *Session) Server() *wayland.Server { return s.server }

// Seat returns the seat.
func (s *Session) Seat() *seat.Seat { return s.seat }

// Scene returns the scene.
func (s *Session) Scene() *scene.Scene { return s.scene }

// WM returns the window manager's state.
func (s *Session) WM() wm.State { return s.wm }

// Run serves until Quit.
func (s *Session) Run() error {
	if err := s.loop.Run(); err != nil {
		return err
	}
	return s.exit
}

// Quit ends Run; err is why, nil for an ordinary end.
func (s *Session) Quit(err error) {
	if !s.done {
		s.done, s.exit = true, err
		s.loop.Stop()
	}
}

// Close frees everything.
func (s *Session) Close() error {
	s.scanout.stop()
	s.reflex.close()
	s.traced.close()
	s.overlay.set(false)
	s.agents.close()
	s.viewers.close()
	s.access.end()
	s.portal.end()
	s.parts.end()
	s.console.close()
	s.vms.Close()
	s.recall.stop()
	s.tasks.close()
	s.recall.close()
	s.children.stop()
	s.installed.close()
	if s.x11 != nil {
		s.x11.Close()
	}
	s.server.Close()
	s.keeper.close()
	return s.display.Close()
}

// do applies an op of the window manager. One that can't be carried out (a
// window that is gone, a request that makes no sense now) changes nothing.
func (s *Session) do(op wm.Op) bool {
	next, err := s.wm.Apply(op)
	if err != nil {
		s.log.Debug("window manager", "op", wm.FormatOp(op), "err", err)
		return false
	}
	s.decide(next)
	return true
}

// turn ends a turn of the loop.
func (s *Session) turn() {
	if s.dirty {
		s.manage()
		s.bars.stale = true
	}
	s.layout.settle()
	if s.moved {
		s.moved, s.bars.stale = false, true
		s.parts.follow()
		s.overlay.follow()
		s.describeScreen()
		s.server.RefreshOutputs()
		s.refocus()
	}
	s.parts.turn()
	for _, o := range s.outputs {
		o.redraw()
	}
	s.server.Flush()
	s.keeper.look()
	if s.waiters.check() {
		s.loop.Idle(func() {}) // in a turn that doesn't wait
	}
}

// Spawn starts a program as a client of this session.
func (s *Session) Spawn(name string, args ...string) error { return s.spawn("", name, args...) }

// spawn starts a program in a folder; "" is that of the session.
func (s *Session) spawn(dir, name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = s.environ()
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", name, err)
	}
	s.children.add(s, cmd)
	return nil
}

// environ is what the session's programs find it by.
func (s *Session) environ() []string {
	env := append(append(os.Environ(), s.prefs.spoken()...), "WAYLAND_DISPLAY="+s.socket, "XDG_SESSION_TYPE=wayland", "XDG_CURRENT_DESKTOP=RayOS",
		"XDG_ACTIVATION_TOKEN="+s.server.ActivationToken(""))
	if s.x11 != nil {
		env = append(env, "DISPLAY="+s.x11.Display())
	}
	if s.opt.Runtime != "" {
		env = append(env, "XDG_RUNTIME_DIR="+s.opt.Runtime)
	}
	return append(env, s.portal.environ()...)
}

// children are the programs that the session has started.
type children struct{ running map[*exec.Cmd]struct{} }

func (c *children) add(s *Session, cmd *exec.Cmd) {
	if c.running == nil {
		c.running = map[*exec.Cmd]struct{}{}
	}
	c.running[cmd] = struct{}{}
	go func() {
		err := cmd.Wait()
		s.loop.Post(func() {
			delete(c.running, cmd)
			var exit *exec.ExitError
			if errors.As(err, &exit) {
				s.log.Info("program ended", "name", cmd.Path, "status", exit.String())
			}
		})
	}()
}

// stop asks all to end. Their sockets close with the session anyway.
func (c *children) stop() {
	for cmd := range c.running {
		if err := cmd.Process.Signal(os.Interrupt); err != nil && !errors.Is(err, os.ErrProcessDone) {
			continue
		}
	}
}

// layoutDeadline is how long windows may take to answer before the layout
// changes without them.
const layoutDeadline = 100 * time.Millisecond
