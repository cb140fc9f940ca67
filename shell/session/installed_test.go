package session

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"rayos/rayapps"
	"rayos/rayapps/applink"
	"rayos/rayapps/manifest"
	"rayos/rayapps/registry"
	"rayos/rayapps/sandbox"
	"rayos/rayapps/ui"
	"rayos/shell/control"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// The test's binary is also the helper that confines an app, the app, and the
// list of files.
const (
	asHelper = "SESSION_TEST_HELPER"
	asPicker = "pick-for-test"
)

func TestMain(m *testing.M) {
	switch {
	case os.Getenv(asHelper) != "":
		os.Exit(sandbox.Main(os.Args[1:], os.Stderr))
	case os.Getenv(applink.Variable) != "":
		os.Exit(testApp(os.Args[1:]))
	case len(os.Args) > 2 && os.Args[1] == asPicker:
		fmt.Println(os.Args[2])
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// appWindow is a window that says what became of an attempt by its title.
type appWindow struct{}

func (appWindow) View(*rayapps.Window) ui.Node { return ui.Label{Text: "x"} }

// testApp is a hostile app. It tells its results by the title of its window,
// for it has nothing else.
func testApp(args []string) int {
	what := "quiet"
	if len(args) > 0 {
		what = args[0]
	}
	if what == "crash" {
		return 3
	}
	dpy, err := client.Connect("")
	if err != nil {
		return 4
	}
	g, err := dpy.Globals()
	if err != nil {
		return 5
	}
	says := what
	var names []string
	for _, gl := range g.All() {
		names = append(names, gl.Interface)
	}
	switch what {
	case "globals":
		says = strings.Join(names, " ")
	case "bind":
		// By a number that it has guessed: a protocol error ends it.
		for n := range uint32(100) {
			if !slices.ContainsFunc(g.All(), func(gl client.Global) bool { return gl.Name == n }) {
				g.Registry.Bind(n, new(client.ZwlrScreencopyManagerV1), &protocol.ZwlrScreencopyManagerV1Interface, 1)
			}
		}
	case "network":
		_, err := net.Dial("tcp", "192.0.2.1:80")
		says = fmt.Sprint(err)
	case "session":
		_, err := client.Connect(args[1])
		says = fmt.Sprint(err)
	}
	app := &linkedApp{reads: what == "reads", pick: what == "pick" || what == "regrant", looks: what == "looks", again: what == "again"}
	if what == "regrant" {
		app.grant = args[1]
	}
	// The name of another app is not to be had.
	if err := rayapps.Run(rayapps.Options{ID: "org.rayos.Settings", Title: says, Conn: dpy, Marker: func(string) {}}, app); err != nil {
		return 6
	}
	return 0
}

// linkedApp tells by its title what the session says to it.
type linkedApp struct {
	appWindow
	pick  bool // when it has the focus first
	grant string
	again bool // asks again for what it is given
	looks bool
	reads bool // has a button that is pressed by whom it is read to
}

func (a *linkedApp) View(w *rayapps.Window) ui.Node {
	if a.looks {
		w.SetTitle(w.Theme().Scheme.String())
	}
	if a.reads {
		return ui.Button{Text: "Tally up", OnPress: func() { w.SetTitle("pressed") }}
	}
	return a.appWindow.View(w)
}

func (a *linkedApp) Open(w *rayapps.Window, names []string) {
	w.SetTitle(fmt.Sprintf("opens %q", names))
}

func (a *linkedApp) Focus(w *rayapps.Window, has bool) {
	if !has || !a.pick {
		return
	}
	a.pick = false
	w.PickFile(rayapps.Pick{Grant: a.grant}, func(f *os.File, name string, err error) {
		if err != nil {
			w.SetTitle(err.Error())
			return
		}
		data, err := io.ReadAll(f)
		w.SetTitle(fmt.Sprintf("file %s %s %v", name, data, err))
	})
}

// OpenFile tells what is in the file, and what is in it when it is asked for
// again.
func (a *linkedApp) OpenFile(w *rayapps.Window, f *os.File, name, grant string) {
	data, err := io.ReadAll(f)
	_, werr := f.WriteString("!")
	says := fmt.Sprintf("given %s %s %v", name, data, errors.Join(err, werr, f.Close()))
	if !a.again {
		w.SetTitle(says)
		return
	}
	w.PickFile(rayapps.Pick{Grant: grant}, func(f *os.File, name string, err error) {
		if err != nil {
			w.SetTitle(says + ", " + err.Error())
			return
		}
		data, err := io.ReadAll(f)
		w.SetTitle(fmt.Sprintf("%s, again %s %s %v", says, name, data, err))
	})
}

const tallyID = "org.example.Tally"

// appDesk is a session with an app installed.
type appDesk struct {
	*desk
	reg     *registry.Registry
	markers func() string
}

func newAppDesk(t *testing.T, more string, opt Options) *appDesk {
	t.Helper()
	if os.Getenv("RAYOS_EMULATED") != "" {
		t.Skip("an emulated processor: an app's helper, its filter of system calls and its folders are of the real one")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	reg := &registry.Registry{Root: filepath.Join(t.TempDir(), "rayos")}
	dir := filepath.Join(reg.Root, "apps", tallyID)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	text := "api = 1\nid = \"" + tallyID + "\"\nname = \"Tally\"\nversion = \"1.0.0\"\nexec = \"app\"\n" + more
	if err := os.WriteFile(filepath.Join(dir, manifest.Name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Link(self, filepath.Join(dir, "app")); err != nil {
		data, err := os.ReadFile(self)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "app"), data, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	opt.Installed.Registry = reg
	opt.Installed.Launcher = sandbox.Launcher{Helper: self, Env: []string{asHelper + "=1"}}
	d := &appDesk{desk: newDeskWith(t, opt), reg: reg}
	d.markers = func() string {
		list, _ := d.session.console.log.After(0)
		var b strings.Builder
		for _, e := range list {
			b.WriteString(e.Line + "\n")
		}
		return b.String()
	}
	return d
}

// becomes waits until something is so.
func (d *appDesk) becomes(what string, ok func() bool) {
	d.t.Helper()
	for end := time.Now().Add(60 * time.Second); !ok(); {
		if time.Now().After(end) {
			d.t.Fatalf("%s: never; windows %+v, markers\n%s", what, d.ctl.Windows(), d.markers())
		}
		if err := d.loop.Dispatch(5 * time.Millisecond); err != nil {
			d.t.Fatal(err)
		}
		d.loop.Advance(time.Second / 60)
	}
}

// run runs the app and returns what came of it.
func (d *appDesk) run(args ...string) string {
	d.t.Helper()
	how, done := "", false
	d.ctl.Apps().Run("tally", args, func(h string, err error) {
		if how, done = h, true; err != nil {
			how = err.Error()
		}
	})
	d.becomes("an answer", func() bool { return done })
	return how
}

// title waits for a window with a title that fits.
func (d *appDesk) title(fits func(string) bool) (found control.Window) {
	d.t.Helper()
	d.becomes("a title", func() bool {
		for _, w := range d.ctl.Windows() {
			if fits(w.Title) {
				found = w
				return true
			}
		}
		return false
	})
	return found
}

func (d *appDesk) stop() {
	d.t.Helper()
	if err := d.ctl.Apps().Stop("tally"); err != nil {
		d.t.Error(err)
	}
	d.becomes("its end", func() bool { return len(d.ctl.Apps().Running()) == 0 && len(d.ctl.Windows()) == 0 })
}

func TestInstalledApp(t *testing.T) {
	d := newAppDesk(t, "", Options{})
	if how := d.run("quiet"); how != "started" {
		t.Fatal(how)
	}
	w := d.title(func(s string) bool { return s == "quiet" })
	if w.AppID != tallyID || w.Owner != "sandboxed" || w.PID == 0 {
		t.Errorf("%+v; want the app's own id, whatever it says", w)
	}
	list := d.ctl.Apps().Running()
	if len(list) != 1 || list[0].State != "running" || list[0].Confined == "" || list[0].PID != int(w.PID) || len(list[0].Permissions) != 0 {
		t.Errorf("%+v", list)
	}
	if how := d.run("quiet"); how != "started" {
		t.Errorf("a second one: %s", how)
	}
	d.becomes("two windows", func() bool { return len(d.ctl.Windows()) == 2 })
	d.stop()
	for _, m := range []string{"RAYOS_GUI_APP_STARTED:" + tallyID + " pid=", "RAYOS_GUI_APP_CONFINED:" + tallyID + ":", "RAYOS_GUI_APP_ENDED:" + tallyID + ":stopped"} {
		if !strings.Contains(d.markers(), m) {
			t.Errorf("no %s in\n%s", m, d.markers())
		}
	}
	if how := d.runName("nobody"); !strings.Contains(how, "there is no app") {
		t.Errorf("nobody: %s", how)
	}
	if err := d.ctl.Apps().Stop("tally"); err == nil {
		t.Error("stopped what doesn't run")
	}
}

func (d *appDesk) runName(name string) (how string) {
	d.ctl.Apps().Run(name, nil, func(h string, err error) { how = h + fmt.Sprint(err) })
	return how
}

func TestPromptRunsInstalledApps(t *testing.T) {
	d := newAppDesk(t, "", Options{})
	r, a := d.prompt("run tally quiet")
	if r.Command.App != "tally" || a.String() == "" || !a.OK {
		t.Errorf("%+v, %v", r, a)
	}
	d.title(func(s string) bool { return s == "quiet" })
	d.stop()
	// The name is exact.
	for _, line := range []string{"run tall", "run Tally", "run tally2"} {
		if r, _ := d.prompt(line); r.Command.App != "" {
			t.Errorf("%s runs %q", line, r.Command.App)
		}
	}
}

// TestHostileAppOnTheScreen: what an app wasn't granted it doesn't see, can't
// bind and can't reach.
func TestHostileAppOnTheScreen(t *testing.T) {
	d := newAppDesk(t, "restore = false\n[permissions]\nscreen = \"to look\"\nclipboard = \"to read\"\nnetwork = \"to call\"\nawake = \"to stay\"\n", Options{})
	// Nobody can be asked in this session, so nothing holds that is asked for.
	d.run("globals")
	seen := d.title(func(s string) bool { return strings.Contains(s, "wl_compositor") }).Title
	allowed := manifest.Allowed([]string{"awake"})
	for _, name := range strings.Fields(seen) {
		if !slices.Contains(allowed, name) {
			t.Errorf("an app sees %s", name)
		}
	}
	if !strings.Contains(seen, "zwp_idle_inhibit_manager_v1") {
		t.Error("what needs no question isn't there")
	}
	d.stop()
	d.run("bind")
	d.becomes("its end", func() bool { return len(d.ctl.Apps().Running()) == 0 })
	d.run("network")
	if w := d.title(func(s string) bool { return s != "" }); !strings.Contains(w.Title, "operation not permitted") {
		t.Errorf("network: %s", w.Title)
	}
	d.stop()
	d.run("session", "/run/user/0/wayland-0")
	if w := d.title(func(s string) bool { return s != "" }); !strings.Contains(w.Title, "operation not permitted") {
		t.Errorf("the session's own socket: %s", w.Title)
	}
	d.stop()
	// With the person's word it sees more, and each use is told.
	app, err := d.reg.Get(tallyID)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"screen", "network"} {
		if err := d.reg.Decide(app, name, registry.Granted); err != nil {
			t.Fatal(err)
		}
	}
	d.run("globals")
	seen = d.title(func(s string) bool { return strings.Contains(s, "wl_compositor") }).Title
	if !strings.Contains(seen, "zwlr_screencopy_manager_v1") || strings.Contains(seen, "data_control") {
		t.Errorf("with the screen alone it sees %s", seen)
	}
	if !strings.Contains(d.markers(), "RAYOS_GUI_PERMISSION:used:"+tallyID+":network") {
		t.Errorf("no use told in\n%s", d.markers())
	}
	d.stop()
}

func TestPersonIsAskedFirst(t *testing.T) {
	d := newAppDesk(t, "[permissions]\nscreen = \"to look\"\nclipboard = \"to read\"\n", Options{Shell: true})
	for range 2 {
		if how := d.run("globals"); how != "asked" {
			t.Fatal(how)
		}
	}
	older := d.ctl.Notices().List()[1].ID
	for _, c := range []struct{ name, action, asks string }{
		{"clipboard", "deny", "May “Tally” read the clipboard while you use other windows?"},
		{"screen", "allow", "May “Tally” see the screen and other windows?"},
	} {
		list := d.ctl.Notices().List()
		i := slices.IndexFunc(list, func(n control.Notice) bool { return n.Shown && n.Summary == c.asks })
		if i < 0 || list[i].Owner != "sandboxed" || list[i].App != tallyID || !strings.Contains(list[i].Body, "It says why: to ") {
			t.Fatalf("%s: %+v", c.name, list)
		}
		if len(d.ctl.Apps().Running()) != 0 {
			t.Error("it runs already")
		}
		if err := d.ctl.Notices().Invoke(list[i].ID, c.action); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.ctl.Notices().Invoke(older, "allow"); err != nil {
		t.Error(err)
	}
	seen := d.title(func(s string) bool { return strings.Contains(s, "wl_compositor") }).Title
	if !strings.Contains(seen, "zwlr_screencopy_manager_v1") || strings.Contains(seen, "data_control") {
		t.Errorf("it sees %s", seen)
	}
	if n := len(d.ctl.Apps().Running()); n != 1 {
		t.Errorf("%d run after two cards", n)
	}
	d.stop()
	if how := d.run("quiet"); how != "started" {
		t.Errorf("asked again: %s", how)
	}
	d.title(func(s string) bool { return s == "quiet" })
	d.stop()
	for _, m := range []string{"asked", "granted"} {
		if !strings.Contains(d.markers(), "RAYOS_GUI_PERMISSION:"+m+":"+tallyID+":screen") {
			t.Errorf("no %s", m)
		}
	}
}

func TestAppThatCrashes(t *testing.T) {
	d := newAppDesk(t, "restore = true\n", Options{Shell: true})
	d.run("quiet")
	d.title(func(s string) bool { return s == "quiet" })
	for i, wait := range []string{"1", "2", "4"} {
		d.kill()
		d.becomes("the pause", func() bool { return strings.Contains(d.markers(), "RAYOS_GUI_APP_RESTART:"+tallyID+":"+wait) })
		if list := d.ctl.Apps().Running(); len(list) != 1 || list[0].State != "waiting" || list[0].Crashes != i+1 {
			t.Errorf("%+v", list)
		}
		d.title(func(s string) bool { return s == "quiet" })
	}
	d.kill()
	d.becomes("the end", func() bool { return strings.Contains(d.markers(), "RAYOS_GUI_APP_DEAD:"+tallyID) })
	list := d.ctl.Notices().List()
	if len(list) == 0 || list[0].Summary != "“Tally” has crashed" {
		t.Fatalf("%+v", list)
	}
	if err := d.ctl.Notices().Invoke(list[0].ID, "again"); err != nil {
		t.Fatal(err)
	}
	d.title(func(s string) bool { return s == "quiet" })
	d.stop()
}

// kill ends the app as a fault of its own would.
func (d *appDesk) kill() {
	d.t.Helper()
	list := d.ctl.Apps().Running()
	if len(list) != 1 || list[0].PID == 0 {
		d.t.Fatalf("%+v", list)
	}
	if err := unix.Kill(list[0].PID, unix.SIGKILL); err != nil {
		d.t.Fatal(err)
	}
	d.becomes("no window", func() bool { return len(d.ctl.Windows()) == 0 })
}

func TestOneInstance(t *testing.T) {
	d := newAppDesk(t, "single-instance = true\n", Options{})
	d.run("quiet")
	d.title(func(s string) bool { return s == "quiet" })
	if how := d.run("a.txt", "tally:7"); how != "shown" {
		t.Errorf("the second: %s", how)
	}
	d.title(func(s string) bool { return s == `opens ["a.txt" "tally:7"]` })
	if n := len(d.ctl.Apps().Running()); n != 1 || !strings.Contains(d.markers(), "RAYOS_GUI_APP_ACTIVATED:"+tallyID) {
		t.Errorf("%d run", n)
	}
	d.stop()
}

// TestAppsHearHowToLook: they have no bus to hear it from.
func TestAppsHearHowToLook(t *testing.T) {
	d := newAppDesk(t, "", Options{})
	d.run("looks")
	d.title(func(s string) bool { return s == "dark" })
	d.mustSet("appearance.scheme", "light")
	d.title(func(s string) bool { return s == "light" })
	d.stop()
}

func TestFilesThatThePersonChooses(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "note.txt")
	if err := os.WriteFile(file, []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	var opt Options
	for _, c := range []struct {
		chosen, permission, want string
	}{
		{file, "files = \"to open\"\n", "file note.txt hello <nil>"},
		{"", "files = \"to open\"\n", rayapps.ErrCancelled.Error()},
		{"/dev/zero", "files = \"to open\"\n", "rayapps: no file: failed"},
		{"relative", "files = \"to open\"\n", "rayapps: no file: failed"},
		{file, "", "rayapps: no file: denied"},
	} {
		opt.Installed.Picker = []string{self, asPicker, c.chosen}
		d := newAppDesk(t, "[permissions]\n"+c.permission, opt)
		d.run("pick")
		d.title(func(s string) bool { return s == c.want })
		d.stop()
		d.close()
	}
}
