package folder

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

func TestRead(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"b.txt", ".hidden", "sub/x"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("abc"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, to := range map[string]string{"far": "sub", "broken": "nowhere"} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	l, err := Read(t.Context(), dir)
	if err != nil || l.More {
		t.Fatal(err)
	}
	Sort(l.Entries, ByName, false)
	var got []string
	for _, e := range l.Entries {
		got = append(got, fmt.Sprintf("%s%v%v%v%v", e.Name, e.IsDir(), e.Link, e.Broken, e.Hidden()))
	}
	want := "fartruetruefalsefalse subtruefalsefalsefalse .hiddenfalsefalsefalsetrue b.txtfalsefalsefalsefalse brokenfalsetruetruefalse"
	if strings.Join(got, " ") != want {
		t.Errorf("%s; want %s", got, want)
	}
	if _, err := Read(t.Context(), filepath.Join(dir, "none")); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Read(ctx, dir); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestOrders(t *testing.T) {
	day := func(n int) time.Time { return time.Unix(int64(n)*86400, 0) }
	list := []Entry{{Name: "b.go", Size: 3, Mod: day(1)}, {Name: "a.txt", Size: 1, Mod: day(3)}, {Name: "dir", Mode: os.ModeDir, Mod: day(2)}, {Name: "c.c", Size: 2, Mod: day(2)}}
	for _, c := range []struct {
		by   Order
		down bool
		want string
	}{
		{ByName, false, "dir a.txt b.go c.c"},
		{ByName, true, "dir c.c b.go a.txt"},
		{BySize, false, "dir a.txt c.c b.go"},
		{ByTime, true, "dir a.txt c.c b.go"},
		{ByKind, false, "dir c.c b.go a.txt"},
	} {
		l := slices.Clone(list)
		Sort(l, c.by, c.down)
		var got []string
		for _, e := range l {
			got = append(got, e.Name)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%v %v: %s; want %s", c.by, c.down, got, c.want)
		}
	}
}

func TestCompare(t *testing.T) {
	sorted := []string{"", "1", "02", "2", "10", "a", "a1", "a2.txt", "a10.txt", "B", "b", "ä", "\xff"}
	for i, a := range sorted {
		for j, b := range sorted {
			if got, want := Compare(a, b), i-j; (got < 0) != (want < 0) || (got == 0) != (want == 0) {
				t.Errorf("%q and %q: %d", a, b, got)
			}
		}
	}
}

func TestShown(t *testing.T) {
	for name, want := range map[string]string{
		"report.pdf": "report.pdf", "übung ضوء 日本": "übung ضوء 日本", "a\nb": `a\nb`, `a\nb`: `a\\nb`, "photo\u202egpj.exe": `photo\u{202e}gpj.exe`,
		"\xff\xfe": `\xff\xfe`, " a ": `\u{20}a\u{20}`, "\u200e": `\u{200e}`, "": `\u{}`, "a\x1b[31mb": `a\u{1b}[31mb`, "👨‍👩‍👧": "👨‍👩‍👧", "\ufffd": "\ufffd", "\u2028": `\u{2028}`, "a\u00a0b": `a\u{a0}b`,
	} {
		if got := Shown(name); got != want {
			t.Errorf("%q is shown as %q; want %q", name, got, want)
		}
	}
}

func FuzzShown(f *testing.F) {
	for _, s := range []string{"a", "\xff", "\u202e", "  ", "a\n", "\u2066x\u2069"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		s := Shown(name)
		if s == "" || !utf8.ValidString(s) || strings.TrimSpace(s) != s {
			t.Fatalf("%q is shown as %q", name, s)
		}
		for _, r := range s {
			if unicode.IsControl(r) || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200e || r == 0x200f || r == 0x061c || r == '\u2028' {
				t.Fatalf("%q shows %U", name, r)
			}
		}
		if Compare(name, name) != 0 || Compare(name, "x") != -Compare("x", name) {
			t.Fatalf("%q has no place", name)
		}
	})
}

func TestNames(t *testing.T) {
	for name, want := range map[string]NameError{"a": NameFine, "": NameEmpty, "..": NameDots, "a/b": NameSlash, "a\x00": NameSlash, strings.Repeat("x", 256): NameLong, "\xff": NameFine} {
		if got := Check(name); got != want {
			t.Errorf("%q: %v; want %v", name, got, want)
		}
	}
	for name, want := range map[string]string{"a.txt": "a (2).txt", "a.tar.gz": "a (2).tar.gz", ".profile": ".profile (2)", "dir": "dir (2)", "..x.y": "..x (2).y"} {
		if got := Numbered(name, 2); got != want {
			t.Errorf("%q: %q; want %q", name, got, want)
		}
	}
	if got := Numbered(strings.Repeat("ü", 127)+".c", 12); len(got) > 255 || !utf8.ValidString(got) || !strings.HasSuffix(got, " (12).c") {
		t.Errorf("%d bytes: %q", len(got), got)
	}
}
