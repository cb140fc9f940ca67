package registry

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"rayos/rayapps/bundle"
	"rayos/rayapps/manifest"
)

func key(seed byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, ed25519.SeedSize))
}

// packed is a bundle of an app.
func packed(t *testing.T, id, version string, k ed25519.PrivateKey, more ...string) *bundle.Bundle {
	t.Helper()
	text := fmt.Sprintf("api = 1\nid = %q\nname = \"Ta;lly\"\nabout = \"50%% \\\\\"\nversion = %q\nexec = \"bin/tally\"\nicon = \"i.png\"\nmime = [\"text/plain\"]\nschemes = [\"tally\"]\n", id, version) +
		"[permissions]\nnetwork = \"to fetch\"\nawake = \"to stay\"\nfiles = \"to open\"\n"
	files := fstest.MapFS{
		manifest.Name: {Data: []byte(text), Mode: 0o644},
		"bin/tally":   {Data: []byte(strings.Join(more, "")), Mode: 0o755},
		"i.png":       {Data: []byte("png"), Mode: 0o644},
	}
	var b bytes.Buffer
	if _, err := bundle.Pack(&b, files, k); err != nil {
		t.Fatal(err)
	}
	r, err := bundle.Read(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func newRegistry(t *testing.T) *Registry {
	dir := t.TempDir()
	return &Registry{Root: filepath.Join(dir, "rayos"), Desktop: filepath.Join(dir, "applications")}
}

func yes(string) bool { return true }

const id = "org.example.Tally"

func tree(t *testing.T, r *Registry) string {
	t.Helper()
	var list []string
	err := filepath.Walk(filepath.Dir(r.Root), func(path string, st os.FileInfo, err error) error {
		if err == nil && !st.IsDir() && filepath.Base(path) != ".lock" {
			rel, err2 := filepath.Rel(filepath.Dir(r.Root), path)
			list, err = append(list, rel), err2
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(list, " ")
}

func TestInstallAndRemove(t *testing.T) {
	r := newRegistry(t)
	if apps, err := r.List(); len(apps) != 0 || err != nil {
		t.Errorf("before anything: %v, %v", apps, err)
	}
	asked := ""
	if err := r.Install(packed(t, id, "1.0.0", key(1)), func(f string) bool { asked = f; return false }); !errors.Is(err, ErrUntrusted) {
		t.Errorf("untrusted: %v", err)
	}
	if asked != bundle.Fingerprint(key(1).Public().(ed25519.PublicKey)) || tree(t, r) != "" {
		t.Errorf("asked about %q; %s", asked, tree(t, r))
	}
	if err := r.Install(packed(t, id, "1.0.0", key(1)), yes); err != nil {
		t.Fatal(err)
	}
	a, err := r.Get(id)
	if err != nil || a.Version != "1.0.0" || a.Program() != filepath.Join(r.Root, "apps", id, "bin", "tally") {
		t.Fatalf("%+v, %v", a, err)
	}
	entry, err := os.ReadFile(filepath.Join(r.Desktop, id+".desktop"))
	want := "[Desktop Entry]\nType=Application\nVersion=1.5\nName=Ta;lly\nComment=50% \\\\\nExec=rayctl run org.example.Tally %U\nStartupWMClass=org.example.Tally\n" +
		"StartupNotify=true\nIcon=" + a.Dir + "/i.png\nMimeType=text/plain;x-scheme-handler/tally;\n"
	if err != nil || string(entry) != want {
		t.Errorf("%v, %s; want %s", err, entry, want)
	}
	no := func(string) bool { t.Error("asked about a key that is known"); return false }
	for _, c := range []struct {
		b    *bundle.Bundle
		want error
	}{
		{packed(t, id, "1.0.0", key(1)), nil}, // the same again
		{packed(t, id, "1.0.0", key(1), "x"), ErrVersion},
		{packed(t, id, "0.9.9", key(1)), ErrDowngrade},
		{packed(t, id, "1.1.0", key(2)), ErrKey},
		{packed(t, id, "1.1.0", key(1), "new"), nil},
		{packed(t, id, "1.0.0", key(1)), ErrDowngrade},
	} {
		if err := r.Install(c.b, no); !errors.Is(err, c.want) {
			t.Errorf("%s: %v; want %v", c.b.Manifest.Version, err, c.want)
		}
	}
	if text, err := os.ReadFile(a.Program()); string(text) != "new" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
	if err := os.MkdirAll(filepath.Join(a.Home, "data"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(a.Home, "data", "x"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := r.Decide(a, "network", Granted); err != nil {
		t.Fatal(err)
	}
	if err := r.Remove(id, true); err != nil {
		t.Fatal(err)
	}
	if got, want := tree(t, r), "rayos/grants/"+id+".json rayos/home/"+id+"/data/x rayos/keys/"+id; got != want {
		t.Errorf("left: %s; want %s", got, want)
	}
	// Its folder is nobody else's.
	if err := r.Install(packed(t, id, "2.0.0", key(2)), yes); !errors.Is(err, ErrKey) {
		t.Errorf("somebody else's app: %v", err)
	}
	if err := r.Install(packed(t, id, "0.1.0", key(1)), no); err != nil {
		t.Error(err)
	}
	if err := r.Remove(id, false); err != nil {
		t.Fatal(err)
	}
	if got := tree(t, r); got != "" {
		t.Errorf("left: %s", got)
	}
	for _, id := range []string{id, "..", "../rayos"} {
		if err := r.Remove(id, false); !errors.Is(err, ErrNone) {
			t.Errorf("Remove(%s) = %v", id, err)
		}
	}
}

// TestInterrupted: what an install that was killed has left is nobody's app, and
// goes.
func TestInterrupted(t *testing.T) {
	r := newRegistry(t)
	left := filepath.Join(r.Root, "apps", ".new-1")
	if err := os.MkdirAll(left, 0o700); err != nil {
		t.Fatal(err)
	}
	if apps, err := r.List(); len(apps) != 0 || err != nil {
		t.Errorf("%v, %v", apps, err)
	}
	if err := r.Install(packed(t, id, "1.0.0", key(1)), yes); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(left); err == nil {
		t.Error("it is left")
	}
}

func TestDamaged(t *testing.T) {
	r := newRegistry(t)
	for _, v := range []string{"org.example.A", "org.example.B"} {
		if err := r.Install(packed(t, v, "1.0.0", key(1)), yes); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(r.Root, "apps", "org.example.A", manifest.Name), []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	apps, err := r.List()
	if len(apps) != 1 || apps[0].ID != "org.example.B" || err == nil || !strings.Contains(err.Error(), "org.example.A") {
		t.Errorf("%v, %v", apps, err)
	}
	// One that calls itself another's name is none.
	if err := os.Rename(apps[0].Dir, filepath.Join(r.Root, "apps", "org.example.C")); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Get("org.example.C"); err == nil {
		t.Error("an app under another's name")
	}
}

func TestFind(t *testing.T) {
	r := newRegistry(t)
	for _, v := range []string{"org.example.Tally", "org.example.Other", "com.example.Other"} {
		if err := r.Install(packed(t, v, "1.0.0", key(1)), yes); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]string{
		"tally": "org.example.Tally", "org.example.Tally": "org.example.Tally", "com.example.Other": "com.example.Other",
		"Tally": "", "tall": "", "other": "", "org.example": "", "": "", "../x": "", "org.example.Tally/": "",
	} {
		a, err := r.Find(name)
		if (a == nil) != (want == "") || a != nil && a.ID != want || (err == nil) != (want != "") {
			t.Errorf("Find(%q) = %v, %v; want %q", name, a, err, want)
		}
	}
	if a, err := r.Opens("text/plain", ""); err != nil || a.ID != "com.example.Other" {
		t.Errorf("text: %v, %v", a, err)
	}
	if a, err := r.Opens("", "tally"); err != nil || a.ID != "com.example.Other" {
		t.Errorf("tally: %v, %v", a, err)
	}
	if a, err := r.Opens("image/png", "http"); !errors.Is(err, ErrNone) {
		t.Errorf("nobody: %v, %v", a, err)
	}
}

func TestDecisions(t *testing.T) {
	r := newRegistry(t)
	if err := r.Install(packed(t, id, "1.0.0", key(1)), yes); err != nil {
		t.Fatal(err)
	}
	a, err := r.Get(id)
	if err != nil {
		t.Fatal(err)
	}
	held := func(want ...string) {
		t.Helper()
		list, err := r.Permissions(a)
		if got := Held(list); err != nil || !slices.Equal(got, want) {
			t.Errorf("%v, %v; want %v", got, err, want)
		}
	}
	held("awake", "files") // nobody was asked about the network
	if list, _ := r.Permissions(a); len(list) != 3 || !list[1].Open() || list[0].Open() || list[1].Reason != "to fetch" {
		t.Errorf("%+v", list)
	}
	for _, c := range []struct {
		name string
		d    Decision
	}{{"network", Granted}, {"files", Denied}} {
		if err := r.Decide(a, c.name, c.d); err != nil {
			t.Fatal(err)
		}
	}
	held("awake", "network")
	if st, err := os.Stat(r.grantsPath(id)); err != nil || st.Mode() != 0o600 {
		t.Errorf("mode %v, %v", st.Mode(), err)
	}
	if err := errors.Join(r.Decide(a, "network", Denied), r.Decide(a, "files", Undecided)); err != nil {
		t.Fatal(err)
	}
	held("awake", "files")
	if err := r.Decide(a, "screen", Granted); err == nil {
		t.Error("granted what it doesn't ask for")
	}
	if err := r.Decide(a, "network", "perhaps"); err == nil {
		t.Error("no decision")
	}
	// What can't be read grants nothing.
	if err := os.WriteFile(r.grantsPath(id), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if list, err := r.Permissions(a); err == nil || len(Held(list)) != 0 {
		t.Errorf("damaged: %v, %v", Held(list), err)
	}
	if err := os.WriteFile(r.grantsPath(id), []byte(`{"network": "sure", "screen": "granted"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	held("awake", "files")
}

func TestDefault(t *testing.T) {
	for _, c := range []struct{ data, home, want string }{
		{"/d", "/h", "/d/rayos"}, {"", "/h", "/h/.local/share/rayos"}, {"rel", "/h", "/h/.local/share/rayos"}, {"", "", ""},
	} {
		r, err := Default(func(name string) string { return map[string]string{"XDG_DATA_HOME": c.data, "HOME": c.home}[name] })
		if (err != nil) != (c.want == "") || r != nil && r.Root != c.want {
			t.Errorf("%+v: %+v, %v", c, r, err)
		}
	}
}

func TestExecIsQuoted(t *testing.T) {
	if got := strings.Join(quoted([]string{"/a b/ray$ctl", "run", "50%"}), " "); got != `"/a b/ray\\$ctl" run "50%%"` {
		t.Error(got)
	}
}
