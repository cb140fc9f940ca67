package session

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rayos/rayapps/manifest"
	"rayos/rayapps/registry"
)

// comeAlong makes the test's binary an app that comes along.
func (d *appDesk) comeAlong(trusted bool) *registry.App {
	d.t.Helper()
	self, err := os.Executable()
	if err != nil {
		d.t.Fatal(err)
	}
	app := &registry.App{
		Manifest: manifest.Manifest{API: 1, ID: "org.rayos.Own", Name: "Own", Version: "0.1.0", Exec: filepath.Base(self), SingleInstance: true, Restore: true},
		Dir:      filepath.Dir(self), Command: "quiet",
	}
	if trusted {
		app.Permissions = map[string]string{manifest.Session: "To be part of it."}
	}
	d.reg.Own = append(d.reg.Own, app)
	d.session.installed.names = nil
	return app
}

// TestOwnAppsRunAsOthersDo: one instance, a restart after a crash, windows with
// an owner; confined, or as a part of the session.
func TestOwnAppsRunAsOthersDo(t *testing.T) {
	for name, trusted := range map[string]bool{"confined": false, "trusted": true} {
		t.Run(name, func(t *testing.T) {
			d := newAppDesk(t, "", Options{Shell: true, Runtime: t.TempDir()})
			d.comeAlong(trusted)
			if r, a := d.prompt("run quiet"); r.Command.App != "quiet" || !a.OK {
				t.Fatalf("%+v, %v", r, a)
			}
			// The test's app calls itself what it likes; only those that are
			// confined are held to their id.
			w := d.title(func(s string) bool { return s == "quiet" })
			if (w.Owner == "sandboxed") == trusted || !trusted && w.AppID != "org.rayos.Own" {
				t.Errorf("%+v", w)
			}
			list := d.ctl.Apps().Running()
			if len(list) != 1 || list[0].State != "running" || (list[0].Confined == "") != trusted || list[0].PID != int(w.PID) {
				t.Errorf("%+v", list)
			}
			how := ""
			d.ctl.Apps().Run("org.rayos.Own", []string{"x:1"}, func(h string, err error) { how = h })
			if how != "shown" {
				t.Errorf("the second: %q", how)
			}
			d.title(func(s string) bool { return s == `opens ["x:1"]` })
			d.kill()
			d.becomes("the pause", func() bool { return strings.Contains(d.markers(), "RAYOS_GUI_APP_RESTART:org.rayos.Own:1") })
			d.title(func(s string) bool { return s == "quiet" })
			if err := d.ctl.Apps().Stop("own"); err != nil {
				t.Error(err)
			}
			d.becomes("its end", func() bool { return len(d.ctl.Apps().Running()) == 0 && len(d.ctl.Windows()) == 0 })
		})
	}
}

// TestFilesThatAreNamed: an app gets what a line names by descriptor, and may
// have it again until the person takes it back.
func TestFilesThatAreNamed(t *testing.T) {
	home := t.TempDir()
	file := filepath.Join(home, "note.txt")
	write := func() {
		t.Helper()
		if err := os.WriteFile(file, []byte("hello"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var opt Options
	opt.Installed.Home = home
	d := newAppDesk(t, "single-instance = true\nmime = [\"text/plain\"]\n[permissions]\nfiles = \"to open\"\n", opt)
	for _, c := range []struct{ arg, want string }{
		{"note.txt", "given note.txt hello <nil>"},
		{file, "given note.txt hello <nil>"},
		{"file://" + file, "given note.txt hello <nil>"},
		{"~/note.txt", "given note.txt hello <nil>"},
	} {
		write()
		d.run("quiet", c.arg)
		d.title(func(s string) bool { return s == c.want })
		if data, err := os.ReadFile(file); string(data) != "hello!" {
			t.Errorf("%s: the app has written %q, %v", c.arg, data, err)
		}
		d.stop()
	}
	if list, err := d.reg.Files(tallyID); len(list) != 1 || list[0].Path != file || err != nil {
		t.Errorf("%+v, %v", list, err)
	}
	if !strings.Contains(d.markers(), "RAYOS_GUI_FILEIO:GRANT:"+tallyID+":note.txt") {
		t.Error("no grant was told")
	}
	write()
	d.run("again")
	if how := d.run("note.txt"); how != "shown" {
		t.Errorf("the second: %s", how)
	}
	d.title(func(s string) bool { return s == "given note.txt hello <nil>, again note.txt hello! <nil>" })
	d.stop()
	// What is no file stays a word, and so does every word of an app that may
	// open none.
	app, err := d.reg.Get(tallyID)
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"gone.txt", home, "/dev/zero"} {
		d.run("quiet")
		d.title(func(s string) bool { return s == "quiet" })
		d.run(word)
		d.title(func(s string) bool { return s == `opens ["`+word+`"]` })
		d.stop()
	}
	if err := d.reg.Decide(app, "files", registry.Denied); err != nil {
		t.Fatal(err)
	}
	d.run("quiet")
	d.title(func(s string) bool { return s == "quiet" })
	d.run(file)
	d.title(func(s string) bool { return s == `opens ["`+file+`"]` })
	d.stop()
}

// TestGrantsEnd: a key of another app, a made-up one and one that was taken back
// open nothing.
func TestGrantsEnd(t *testing.T) {
	home := t.TempDir()
	file := filepath.Join(home, "note.txt")
	if err := os.WriteFile(file, []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	var opt Options
	opt.Installed.Home = home
	d := newAppDesk(t, "[permissions]\nfiles = \"to open\"\n", opt)
	other, err := d.reg.GiveFile("org.example.Other", file, true, d.session.started)
	if err != nil {
		t.Fatal(err)
	}
	mine, err := d.reg.GiveFile(tallyID, file, false, d.session.started)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ grant, want string }{
		{mine, "file note.txt hello <nil>"},
		{other, "rayapps: no file: denied"},
		{"made-up", "rayapps: no file: denied"},
	} {
		d.run("regrant", c.grant)
		d.title(func(s string) bool { return s == c.want })
		d.stop()
	}
	if err := d.reg.TakeFile(tallyID, file); err != nil {
		t.Fatal(err)
	}
	d.run("regrant", mine)
	d.title(func(s string) bool { return s == "rayapps: no file: denied" })
	d.stop()
}

// TestTypesHaveApps: what the launcher opens goes to the app that takes it.
func TestTypesHaveApps(t *testing.T) {
	home := t.TempDir()
	file := filepath.Join(home, "note")
	if err := os.WriteFile(file, []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	var opt Options
	opt.Installed.Home = home
	d := newAppDesk(t, "mime = [\"text/plain\"]\nschemes = [\"tally\"]\n[permissions]\nfiles = \"to open\"\n", opt)
	for what, want := range map[string]string{file: "given note hello <nil>", "tally:7": "tally:7"} {
		if err := d.session.openWith(what); err != nil {
			t.Fatal(err)
		}
		d.title(func(s string) bool { return s == want })
		d.stop()
		if err := os.WriteFile(file, []byte("hello"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
