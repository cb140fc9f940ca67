package session

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sys/unix"

	"rayos/internal/bus"
	"rayos/internal/loop"
	"rayos/internal/mimetype"
	"rayos/rayapps/manifest"
	"rayos/rayapps/registry"
	"rayos/rayapps/sandbox"
	"rayos/shell/builtin/own"
	"rayos/shell/control"
	"rayos/shell/control/grammar"
	"rayos/surfaces/wayland"
	"rayos/wm"
)

// InstalledOptions say where installed apps are, and how they are run.
type InstalledOptions struct {
	Registry *registry.Registry // nil for none
	Launcher sandbox.Launcher
	// Home is the person's: files that lines name begin there.
	Home string
	// Types are where shared-mime-info keeps what files are, the most important
	// folder first.
	Types []string
	// Modules is the program that runs WebAssembly modules: its path.
	Modules string
	// Picker is the program that lets the person choose a file, and its first
	// arguments; nil is the session's own.
	Picker []string
}

// installed is the installed apps, and those of them that run.
type installed struct {
	s     *Session
	runs  []*appRun
	names map[string]bool // ids and short names
	seen  time.Time       // when the folder was changed that they were read from
	ended bool
}

// appRun is an app that runs, or will again.
type appRun struct {
	app     *registry.App
	held    []string // permissions
	args    []string
	proc    process
	pid     int
	status  sandbox.Status
	running bool // the process has become the app
	link    *appLink
	began   time.Duration
	crashes int // in a row
	stopped bool
	again   *loop.Timer
	done    []func(how string, err error) // of who waits for the start
}

// Limits of apps.
const (
	maxRuns = 256
	// maxCrashes in a row end the trying; one that has lived for settled has
	// settled.
	maxCrashes = 3
	settled    = time.Minute
)

// backoff is how long after its n-th crash in a row an app is started again.
func backoff(n int) time.Duration { return time.Second << (n - 1) }

// has reports whether a line's word is an app. The folder is read anew when it
// has changed.
func (a *installed) has(name string) bool {
	r := a.s.opt.Installed.Registry
	if slices.ContainsFunc(a.own(), func(app *registry.App) bool { return app.Called(name) }) {
		return true
	}
	if r == nil {
		return false
	}
	st, err := os.Stat(filepath.Join(r.Root, "apps"))
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			a.s.log.Warn("installed apps", "err", err)
		}
		return false
	}
	if a.names == nil || !st.ModTime().Equal(a.seen) {
		list, err := r.List()
		if err != nil {
			a.s.log.Warn("installed apps", "err", err)
		}
		a.names, a.seen = map[string]bool{}, st.ModTime()
		for _, app := range list {
			a.names[app.ID], a.names[app.Short()] = true, true
		}
	}
	return a.names[name]
}

// errNoApp is the answer to a name that nothing has.
func errNoApp(name string) error {
	return control.Errorf(control.CodeFailed, "there is no app %.60q; app list names those that are installed", name)
}

// find returns an app by its exact name or id.
func (a *installed) find(name string) (*registry.App, error) {
	r := a.s.opt.Installed.Registry
	if r == nil {
		return nil, errNoApp(name)
	}
	app, err := r.Find(name)
	if errors.Is(err, registry.ErrNone) {
		return nil, errNoApp(name)
	}
	return app, err
}

// run starts an app or, if there is to be one of it, shows the one that runs.
func (a *installed) run(app *registry.App, args []string, done func(how string, err error)) {
	list, err := a.s.opt.Installed.Registry.Permissions(app)
	if err != nil {
		a.s.log.Warn("permissions: the app gets none", "app", app.ID, "err", err)
	}
	if app.SingleInstance {
		if i := slices.IndexFunc(a.runs, func(r *appRun) bool { return r.app.ID == app.ID }); i >= 0 {
			r := a.runs[i]
			a.open(app, r.held, args, func(o opening) {
				a.activate(r, o)
				done("shown", nil)
			})
			return
		}
	}
	if i := slices.IndexFunc(list, func(s registry.State) bool { return s.Open() }); i >= 0 && a.ask(app, &list[i], args) {
		done("asked", nil)
		return
	}
	if len(a.runs) >= maxRuns {
		done("", errors.New("too many apps run"))
		return
	}
	r := &appRun{app: app, held: registry.Held(list), args: args, done: []func(string, error){done}}
	r.again = a.s.loop.NewTimer(func() { a.restart(r) })
	a.runs = append(a.runs, r)
	a.begin(r)
}

// begin starts the process of a run when its files are open.
func (a *installed) begin(r *appRun) {
	a.open(r.app, r.held, r.args, func(o opening) {
		err := errors.New("it was stopped")
		if !r.stopped {
			err = a.start(r, o)
		}
		o.close()
		if err != nil {
			a.s.log.Warn("start an app", "id", r.app.ID, "err", err)
			a.drop(r)
			r.answer("", err)
		}
	})
}

func (r *appRun) answer(how string, err error) {
	for _, fn := range r.done {
		fn(how, err)
	}
	r.done = nil
}

// start makes the process of a run and its connection.
func (a *installed) start(r *appRun, o opening) (err error) {
	if r.app.Trusted() {
		return a.startTrusted(r, o)
	}
	s := a.s
	screen, theirs, err := pair(unix.SOCK_STREAM)
	if err != nil {
		return err
	}
	defer theirs.Close()
	link, far, err := pair(unix.SOCK_SEQPACKET)
	if err != nil {
		return errors.Join(err, unix.Close(screen))
	}
	defer far.Close()
	limits := r.app.Limits()
	spec := &sandbox.Spec{
		Program: r.app.Program(), Args: r.app.Argv(o.words), Runner: a.runner(r.app), Dir: r.app.Dir, Home: r.app.Home,
		Network: slices.Contains(r.held, "network"), Files: uint64(limits.Files),
		Limits:  sandbox.Limits{MemoryMiB: limits.MemoryMiB, CPUPercent: limits.CPUPercent, Tasks: limits.Tasks},
		Inherit: []*os.File{theirs, far}, Stderr: os.Stderr,
		Env: append(s.prefs.spoken(),
			"RAYOS_LOOKS="+s.portal.first(), "WAYLAND_SOCKET=3", "RAYOS_APP_SOCKET=4", "XDG_SESSION_TYPE=wayland", "XDG_CURRENT_DESKTOP=RayOS",
			"XDG_ACTIVATION_TOKEN="+s.server.ActivationToken(r.app.ID), "LANG="+os.Getenv("LANG"), "LC_ALL="+os.Getenv("LC_ALL")),
	}
	spec.Ports, spec.Lookups = r.app.Reach()
	if r.app.Command != "" {
		spec.Dir = spec.Program // what lies beside it is no bundle
	}
	p, err := s.opt.Installed.Launcher.Start(spec)
	if err != nil {
		return errors.Join(err, unix.Close(screen), unix.Close(link))
	}
	r.proc, r.pid, r.began, r.running = p, p.PID, s.loop.Now(), false
	_, err = s.server.AddApp(screen, wayland.App{
		ID: r.app.ID, PID: int32(p.PID), Globals: manifest.Allowed(r.held),
		Bound: func(iface string) { a.used(r.app, iface) },
	})
	if r.link = newAppLink(a, r, link); err == nil {
		err = r.link.err
	}
	if err != nil {
		s.log.Error("connection of an app", "app", r.app.ID, "err", err)
		r.stopped = true
		_ = p.Kill() // its end tells the rest
	}
	a.hand(r, o, "")
	s.markers.tell("RAYOS_GUI_APP_STARTED", grammar.Value(r.app.ID), grammar.Pair("pid", strconv.Itoa(p.PID)))
	if spec.Network {
		a.permission("used", r.app.ID, "network")
	}
	go func() {
		status := <-p.Confined
		s.loop.Post(func() { a.isConfined(r, p, status) })
		err := p.Wait()
		s.loop.Post(func() { a.hasEnded(r, p, err) })
	}()
	return nil
}

// runner is what runs an app that isn't a program. A module may have half of the
// app's memory, the other half is for who runs it.
func (a *installed) runner(app *registry.App) []string {
	if !app.Module() {
		return nil
	}
	return []string{a.s.opt.Installed.Modules, "--id", app.ID, "--memory", strconv.Itoa(min(app.Limits().MemoryMiB/2, 2048))}
}

// pair is a connection: our end, which doesn't block, and a program's.
func pair(kind int) (ours int, theirs *os.File, err error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, kind|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, nil, fmt.Errorf("socketpair: %w", err)
	}
	theirs = os.NewFile(uintptr(fds[1]), "app")
	if err := unix.SetNonblock(fds[0], true); err != nil {
		return -1, nil, errors.Join(err, unix.Close(fds[0]), theirs.Close())
	}
	return fds[0], theirs, nil
}

// isConfined is told how far a process is confined, before its first
// instruction.
func (a *installed) isConfined(r *appRun, p process, status sandbox.Status) {
	if a.ended || r.proc != p {
		return
	}
	r.status, r.running = status, status.Error == ""
	a.s.markers.tell("RAYOS_GUI_APP_CONFINED", grammar.Value(r.app.ID), grammar.Value(string(status.Level())), grammar.Value(status.Detail()))
	a.s.log.Info("app", "id", r.app.ID, "confined", status.Level(), "by", status.Has, "without", status.Lacks)
	if status.Error != "" {
		r.stopped = true // trying again wouldn't help
		r.answer("", fmt.Errorf("%s: %s", r.app.ID, status.Error))
		return
	}
	r.answer("started", nil)
}

// hasEnded is told of the end of a process.
func (a *installed) hasEnded(r *appRun, p process, err error) {
	if a.ended || r.proc != p {
		return
	}
	r.link.close()
	r.proc, r.link, r.pid, r.running = nil, nil, 0, false
	how := "closed"
	var exit *exec.ExitError
	switch {
	case r.stopped:
		how = "stopped"
	case errors.As(err, &exit):
		how = "crashed"
		a.s.log.Warn("an app has crashed", "id", r.app.ID, "status", exit.String())
	case err != nil:
		how = "crashed"
		a.s.log.Error("an app", "id", r.app.ID, "err", err)
	}
	a.s.markers.tell("RAYOS_GUI_APP_ENDED", grammar.Value(r.app.ID), grammar.Value(how))
	r.answer("", fmt.Errorf("%s has %s", r.app.ID, how))
	if how != "crashed" {
		a.drop(r)
		return
	}
	if a.s.loop.Now()-r.began >= settled {
		r.crashes = 0
	}
	r.crashes++
	if !r.app.Restore || r.crashes > maxCrashes {
		a.drop(r)
		a.s.markers.tell("RAYOS_GUI_APP_DEAD", grammar.Value(r.app.ID))
		a.tellDead(r)
		return
	}
	wait := backoff(r.crashes)
	a.s.markers.tell("RAYOS_GUI_APP_RESTART", grammar.Value(r.app.ID), grammar.Value(strconv.Itoa(int(wait/time.Second))))
	r.again.Arm(a.s.loop.Now() + wait)
}

// restart is the end of a pause after a crash. The app may have been changed,
// or lost a permission, since.
func (a *installed) restart(r *appRun) {
	app, err := a.s.opt.Installed.Registry.Get(r.app.ID)
	if err == nil {
		var list []registry.State
		if list, err = a.s.opt.Installed.Registry.Permissions(app); err == nil {
			r.app, r.held = app, registry.Held(list)
			a.begin(r)
		}
	}
	if err != nil {
		a.s.log.Warn("an app isn't started again", "id", r.app.ID, "err", err)
		a.drop(r)
	}
}

func (a *installed) drop(r *appRun) {
	r.again.Disarm()
	a.runs = slices.DeleteFunc(a.runs, func(o *appRun) bool { return o == r })
}

// activate shows the window of an app that runs, and hands it what it shall
// open.
func (a *installed) activate(r *appRun, o opening) {
	s := a.s
	s.markers.tell("RAYOS_GUI_APP_ACTIVATED", grammar.Value(r.app.ID))
	token := s.server.ActivationToken(r.app.ID)
	if r.link != nil {
		r.link.open(o.words, token)
	}
	a.hand(r, o, token)
	o.close()
	for _, w := range s.windows {
		if w.mapped && r.owns(s, w) {
			s.do(wm.Activate{ID: w.id})
			return
		}
	}
}

// used tells that an app makes use of a global that came with a permission.
func (a *installed) used(app *registry.App, iface string) {
	for i := range manifest.Permissions {
		p := &manifest.Permissions[i]
		if _, asked := app.Permissions[p.Name]; asked && slices.Contains(p.Globals, iface) {
			a.permission("used", app.ID, p.Name)
		}
	}
}

// permission tells what becomes of a permission: a marker, and a line of the
// log.
func (a *installed) permission(what, id, name string) {
	a.s.log.Info("permission", "app", id, "permission", name, "what", what)
	a.s.markers.tell("RAYOS_GUI_PERMISSION", grammar.Value(what), grammar.Value(id), grammar.Value(name))
}

// stop ends the runs of an app.
func (a *installed) stop(id string) bool {
	found := false
	for _, r := range slices.Clone(a.runs) {
		if r.app.ID != id {
			continue
		}
		found = true
		if r.stopped = true; r.proc == nil {
			a.drop(r)
			continue
		}
		a.end(r)
	}
	return found
}

// grace is how long an app may take to end.
const grace = 5 * time.Second

// end asks the process to end, and makes it.
func (a *installed) end(r *appRun) {
	p := r.proc
	if err := p.Terminate(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		a.s.log.Warn("end an app", "id", r.app.ID, "err", err)
	}
	r.again.Disarm()
	r.again = a.s.loop.NewTimer(func() {
		if r.proc == p {
			_ = p.Kill() // Wait tells of its end
		}
	})
	r.again.Arm(a.s.loop.Now() + grace)
}

// close ends all with the session.
func (a *installed) close() {
	a.ended = true
	for _, r := range a.runs {
		r.again.Disarm()
		if r.link != nil {
			r.link.close()
		}
		if r.proc != nil {
			_ = r.proc.Terminate() // one that has ended needs no telling
		}
	}
	a.runs = nil
}

// installedApps says where the person's apps are; the helper that confines them
// lies beside us.
func installedApps(log *slog.Logger) InstalledOptions {
	r, err := registry.Default(os.Getenv)
	if err != nil {
		log.Warn("no installed apps", "err", err)
		return InstalledOptions{}
	}
	self, err := os.Executable()
	if err != nil {
		log.Warn("no installed apps", "err", err)
		return InstalledOptions{}
	}
	dir := filepath.Dir(self)
	if r.Own, err = own.Apps(filepath.Join(dir, appsProgram)); err != nil {
		log.Error("the session's own apps", "err", err) // the others run
	}
	return InstalledOptions{
		Registry: r, Launcher: sandbox.Launcher{Helper: filepath.Join(dir, "rayos-sandbox"), Limit: limiter(bus.Address(), log)},
		Modules: filepath.Join(dir, "rayos-wasm"), Home: os.Getenv("HOME"), Types: mimetype.Folders(os.Getenv),
	}
}
