package registry

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"rayos/rayapps/manifest"
)

func TestFilesThatWereGiven(t *testing.T) {
	r := &Registry{Root: filepath.Join(t.TempDir(), "rayos")}
	const id = "org.example.Tally"
	now := time.Unix(1000, 0).UTC()
	give := func(path string, write bool) string {
		t.Helper()
		key, err := r.GiveFile(id, path, write, now)
		if err != nil || key == "" {
			t.Fatal(key, err)
		}
		return key
	}
	a, b := give("/a", false), give("/b", true)
	if again := give("/a", true); again != a || a == b {
		t.Errorf("keys %s, %s, %s", a, b, again)
	}
	if g, err := r.GivenFile(id, a); err != nil || g.Path != "/a" || !g.Write {
		t.Errorf("%+v, %v", g, err)
	}
	for _, key := range []string{"", "x", a + "x"} {
		if _, err := r.GivenFile(id, key); !errors.Is(err, ErrNoGrant) {
			t.Errorf("key %q: %v", key, err)
		}
	}
	if _, err := r.GivenFile("org.example.Other", a); !errors.Is(err, ErrNoGrant) {
		t.Errorf("another app has it: %v", err)
	}
	if err := r.TakeFile(id, "/a"); err != nil {
		t.Error(err)
	}
	if _, err := r.GivenFile(id, a); !errors.Is(err, ErrNoGrant) {
		t.Errorf("taken, and there: %v", err)
	}
	if err := r.TakeFile(id, "/a"); !errors.Is(err, ErrNoGrant) {
		t.Errorf("taken twice: %v", err)
	}
	for i := range MaxFiles + 5 {
		give("/"+strconv.Itoa(i), false)
	}
	list, err := r.Files(id)
	if err != nil || len(list) != MaxFiles || list[0].Path != "/"+strconv.Itoa(MaxFiles+4) {
		t.Errorf("%d files, %v", len(list), err)
	}
	if err := r.TakeFile(id, ""); err != nil {
		t.Error(err)
	}
	if list, err := r.Files(id); len(list) != 0 || err != nil {
		t.Errorf("%v, %v", list, err)
	}
	if err := os.WriteFile(r.filesPath(id), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := r.GivenFile(id, b); err == nil || errors.Is(err, ErrNoGrant) {
		t.Errorf("what can't be read: %v", err)
	}
}

// TestOwnApps: those that come along are found first and stay what they are.
func TestOwnApps(t *testing.T) {
	own := &App{Manifest: manifest.Manifest{
		ID: "org.rayos.ProcessExplorer", Exec: "rayos-apps", Schemes: []string{"vnc"},
		Permissions: map[string]string{"network": "To look."},
	}, Dir: "/lib", Command: "explorer"}
	r := &Registry{Root: filepath.Join(t.TempDir(), "rayos"), Own: []*App{own}}
	for _, name := range []string{"explorer", "processexplorer", "org.rayos.ProcessExplorer"} {
		a, err := r.Find(name)
		if err != nil || a.Program() != "/lib/rayos-apps" || a.Home != r.Root+"/home/"+own.ID || a.Trusted() {
			t.Errorf("%s: %+v, %v", name, a, err)
		}
	}
	for _, name := range []string{"", "Explorer", "explore", "org.rayos.Explorer"} {
		if _, err := r.Find(name); !errors.Is(err, ErrNone) {
			t.Errorf("%q: %v", name, err)
		}
	}
	if a, err := r.Opens("", "vnc"); err != nil || a.Command != "explorer" {
		t.Errorf("%+v, %v", a, err)
	}
	list, err := r.Permissions(own)
	if err != nil || len(list) != 1 || list[0].Open() || !list[0].Holds() {
		t.Errorf("%+v, %v", list, err)
	}
	if err := r.Decide(own, "network", Denied); err != nil {
		t.Error(err)
	}
	if list, err := r.Permissions(own); err != nil || list[0].Holds() {
		t.Errorf("%+v, %v", list, err)
	}
	if err := r.Remove(own.ID, false); !errors.Is(err, ErrOwn) {
		t.Errorf("removed: %v", err)
	}
	if got := own.Argv([]string{"a"}); len(got) != 2 || got[0] != "explorer" {
		t.Errorf("%q", got)
	}
}
