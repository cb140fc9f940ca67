package settings

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestTheTableIsSound(t *testing.T) {
	seen := map[string]bool{}
	for i := range Table {
		k := &Table[i]
		if v, err := k.Check(k.Default); err != nil || v != k.Default {
			t.Errorf("%s: the default %q is %q, %v", k.Name, k.Default, v, err)
		}
		if seen[k.Name] || k.Title == "" || k.Help == "" || !slices.ContainsFunc(Pages, func(p Page) bool { return p.ID == k.Page() }) {
			t.Errorf("%s: twice there, without words or on no page", k.Name)
		}
		seen[k.Name] = true
	}
}

func TestCheck(t *testing.T) {
	for _, c := range []struct{ key, value, want string }{
		{"appearance.scheme", " Light ", "light"},
		{"appearance.scheme", "pink", ""},
		{"appearance.accent", "#ABCDEF", "#abcdef"},
		{"appearance.accent", "#abc", ""},
		{"appearance.accent", "abcdef0", ""},
		{"appearance.accent", "#-12345", ""},
		{"appearance.wallpaper", "yes", On},
		{"appearance.wallpaper", "0", Off},
		{"appearance.wallpaper", "maybe", ""},
		{"keyboard.delay", "0250", "250"},
		{"keyboard.delay", "99", ""},
		{"keyboard.delay", "1e3", ""},
		{"keyboard.layout", "us,de(neo)", "us,de(neo)"},
		{"privacy.folders", " /home/me/Notes/:/a b//c:/a b/c ", "/a b/c:/home/me/Notes"},
		{"privacy.folders", "notes", ""},
		{"privacy.folders", "/a\x1bb", ""},
		{"privacy.folders", "/" + strings.Repeat("x", MaxFolders), ""},
		{"keyboard.layout", "us;rm", ""},
		{"keyboard.layout", strings.Repeat("a", 201), ""},
	} {
		got, err := Lookup(c.key).Check(c.value)
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%s %q: %q, %v; want %q", c.key, c.value, got, err, c.want)
		}
	}
}

func TestStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rayos", "settings.json")
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	set := func(name, value string, want bool) {
		t.Helper()
		if got, err := s.Set(name, value); got != want || err != nil {
			t.Errorf("set %s %s: %v %v", name, value, got, err)
		}
	}
	set("keyboard.repeat", "40", true)
	set("keyboard.repeat", "40", false)
	set("appearance.scheme", "light", true)
	set("appearance.scheme", "dark", true) // the default needs no line
	if _, err := s.Set("keyboard.repeat", "x"); err == nil {
		t.Error("x was taken for a number")
	}
	if _, err := s.Set("no.such", "x"); err == nil {
		t.Error("a setting that isn't there was set")
	}
	data, err := os.ReadFile(path)
	if want := "{\n  \"keyboard.repeat\": \"40\"\n}\n"; string(data) != want || err != nil {
		t.Errorf("the file has %q; want %q", data, want)
	}
	again, err := Open(path)
	if err != nil || again.Number("keyboard.repeat") != 40 || again.Bool("appearance.wallpaper") != true {
		t.Errorf("read again: %+v %v", again.All(), err)
	}
}

func TestWhatCantBeReadIsKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "settings.json")
	broken := `{"keyboard.repeat": "30", "keyboard.delay": "fast", "other": "x"}`
	if err := os.WriteFile(path, []byte(broken), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Open(path)
	if err == nil || !strings.Contains(err.Error(), "keyboard.delay") || !strings.Contains(err.Error(), `"other"`) {
		t.Errorf("it says %v", err)
	}
	if s.Number("keyboard.repeat") != 30 || s.Number("keyboard.delay") != 600 {
		t.Errorf("%+v", s.All())
	}
	if got, _ := os.ReadFile(path); string(got) != broken {
		t.Error("reading has changed the file")
	}
	if _, err := s.Set("keyboard.repeat", "20"); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(path + ".broken"); string(got) != broken {
		t.Errorf("kept: %q", got)
	}
}

func TestWhatCantBeWrittenIsntTaken(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "rayos"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s, _ := Open(filepath.Join(dir, "rayos", "settings.json"))
	if _, err := s.Set("keyboard.repeat", "20"); err == nil || s.Number("keyboard.repeat") != 25 {
		t.Errorf("%v, and it is %d", err, s.Number("keyboard.repeat"))
	}
}

func FuzzFile(f *testing.F) {
	f.Add([]byte(`{"keyboard.repeat": "30", "appearance.accent": "#123456"}`))
	f.Add([]byte(`{"keyboard.repeat": 30}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, _ := Open("")
		_ = s.parse(data)
		for _, v := range s.All() {
			if got, err := Lookup(v.Name).Check(v.Value); err != nil || got != v.Value {
				t.Errorf("%s is %q: %v", v.Name, v.Value, err)
			}
		}
	})
}

// TestWords: each choice has a word for people, each number its unit.
func TestWords(t *testing.T) {
	for i := range Table {
		k := &Table[i]
		for _, c := range k.Choices {
			if k.Kind == Choice && k.Name != "appearance.language" && (len(k.Words) != len(k.Choices) || k.Shown(c) == c) {
				t.Errorf("%s has no word for %s", k.Name, c)
			}
		}
	}
	for name, want := range map[string][2]string{
		"keyboard.repeat": {"none", "1 a second"}, "privacy.lock-after": {"never", "1 minute"}, "keyboard.delay": {"0 ms", "1 ms"}, "pointer.scroll-speed": {"0 %", "1 %"},
	} {
		if got := ([2]string{Lookup(name).Amount(0), Lookup(name).Amount(1)}); got != want {
			t.Errorf("%s: %q; want %q", name, got, want)
		}
	}
}
