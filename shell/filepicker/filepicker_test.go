package filepicker

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rayos/geom"
	"rayos/internal/apptest"
	"rayos/internal/golden"
	"rayos/rayapps"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
)

// home has files and folders, seen and hidden.
func home(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"Music/a", "letters/b", "zebra.txt", "Apple.txt", ".secret", "ünder.txt"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, to := range map[string]string{"link": "zebra.txt", "broken": "nowhere", "far": "Music", "device": "/dev/zero"} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func names(p *Picker) string {
	var list []string
	for _, e := range p.list {
		name := e.Name
		if e.IsDir() {
			name += "/"
		}
		list = append(list, name)
	}
	return strings.Join(list, " ")
}

func TestWhatIsShown(t *testing.T) {
	dir := home(t)
	p := New("", dir, false, "")
	if got, want := names(p), "far/ letters/ Music/ Apple.txt link zebra.txt ünder.txt"; got != want {
		t.Errorf("%s; want %s", got, want)
	}
	p.enter(filepath.Join(dir, "none"))
	if p.why == "" || len(p.list) != 0 {
		t.Errorf("a folder that isn't there: %q", p.why)
	}
}

func TestChoosing(t *testing.T) {
	dir := home(t)
	p := New("Tally", dir, false, "")
	v := apptest.Preview(t, Options, p, rayapps.Look{})
	if p.ready() || p.Title() != "Open a file in “Tally”" {
		t.Errorf("%q, ready %v", p.Title(), p.ready())
	}
	p.choose(2)
	if p.verb() != "Open folder" {
		t.Error(p.verb())
	}
	p.accept(v.Window())
	if p.dir != filepath.Join(dir, "Music") || names(p) != "a" || p.Chosen != "" {
		t.Errorf("in %s: %s", p.dir, names(p))
	}
	v.Press(ui.KeyBackspace, 0)
	if p.dir != dir {
		t.Errorf("above is %s", p.dir)
	}
	p.choose(2)
	p.accept(v.Window())
	p.choose(0)
	p.accept(v.Window())
	if p.Chosen != filepath.Join(dir, "Music", "a") {
		t.Errorf("chosen %q", p.Chosen)
	}
}

func TestSaving(t *testing.T) {
	dir := home(t)
	for name, c := range map[string]struct {
		verb string
		ok   bool
	}{"new.txt": {"Save", true}, "zebra.txt": {"Replace", true}, "": {"Save", false}, "..": {"Save", false}, "a/b": {"Save", false}} {
		p := New("", dir, true, name)
		v := apptest.Preview(t, Options, p, rayapps.Look{})
		p.accept(v.Window())
		if p.verb() != c.verb || (p.Chosen == filepath.Join(dir, name)) != c.ok {
			t.Errorf("%q: %s, chosen %q", name, p.verb(), p.Chosen)
		}
	}
	p := New("", dir, true, "x")
	p.choose(3)
	if p.name != "Apple.txt" {
		t.Errorf("a chosen file names %q", p.name)
	}
}

func TestArguments(t *testing.T) {
	for _, args := range [][]string{{"--what"}, {"--for"}} {
		if err := run(args, os.Stdout); err == nil || !strings.Contains(err.Error(), "want [--for NAME]") {
			t.Errorf("%q: %v", args, err)
		}
	}
}

func TestPictures(t *testing.T) {
	dir := home(t)
	for name, c := range map[string]struct {
		look rayapps.Look
		save bool
	}{
		"dark": {rayapps.Look{}, false}, "light": {rayapps.Look{Scheme: theme.Light, Scale: 180}, true},
		"rtl": {rayapps.Look{RTL: true}, true}, "light-rtl": {rayapps.Look{Scheme: theme.Light, RTL: true}, false},
	} {
		p := New("Tally", dir, c.save, "zebra.txt")
		p.dir = "/home/ada/Documents" // as a test's is another each time
		p.row = 3
		if c.save {
			p.row = ui.NoSelection
		}
		v := apptest.Preview(t, Options, p, c.look)
		pixels, err := v.Picture()
		if err != nil {
			t.Fatal(err)
		}
		golden.Pixels(t, name, pixels)
		golden.Text(t, name+".paint.txt", v.List().String())
	}
}

// TestLanguages shows a folder in German and in Arabic, at its default size.
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
			p := New("Tally", home(t), c.look.Scheme == theme.Light, "zebra.txt")
			p.dir = "/home/ada/Documents"
			pixels, err := apptest.Preview(t, Options, p, apptest.In(t, c.language, c.look)).Picture()
			if err != nil {
				t.Fatal(err)
			}
			golden.Pixels(t, c.name, pixels)
		})
	}
}

// TestSmallest shows an empty folder in German in the smallest window.
func TestSmallest(t *testing.T) {
	look := apptest.In(t, "de", rayapps.Look{Size: Options.MinSize})
	p := New("Tally", t.TempDir(), false, "")
	p.dir = "/home/ada/Documents/a folder with a name that is long"
	pixels, err := apptest.Preview(t, Options, p, look).Picture()
	if err != nil {
		t.Fatal(err)
	}
	golden.Pixels(t, "de-small", pixels)
}
