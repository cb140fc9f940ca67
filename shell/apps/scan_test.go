package apps

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"rayos/internal/desktopentry"
)

const plain = "[Desktop Entry]\nType=Application\nName=%s\nExec=%s\n"

// put writes a file and the folders above it.
func put(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func app(name string, more ...string) string {
	return fmt.Sprintf(plain, name, "true") + strings.Join(more, "\n") + "\n"
}

func mustScan(t testing.TB, c Config) *Index {
	t.Helper()
	x, err := Scan(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// all writes an index as "ID=Name", with "-" before those of no menu.
func all(x *Index) []string {
	var list []string
	for i := range x.Apps() {
		a := &x.Apps()[i]
		s := a.ID + "=" + a.Name
		if !a.Menu {
			s = "-" + s
		}
		list = append(list, s)
	}
	return list
}

func TestScan(t *testing.T) {
	bin := t.TempDir()
	put(t, filepath.Join(bin, "there"), "")
	if err := os.Chmod(filepath.Join(bin, "there"), 0o755); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(bin, "data"), "")
	for _, c := range []struct {
		name  string
		files map[string]string // below two folders, a and b
		want  []string
	}{
		{"precedence", map[string]string{"a/x.desktop": app("Mine"), "b/x.desktop": app("Theirs"), "b/y.desktop": app("Other")}, []string{"x.desktop=Mine", "y.desktop=Other"}},
		{"folders", map[string]string{"a/kde/sub/x.desktop": app("Sub"), "b/kde-sub-x.desktop": app("Shadowed")}, []string{"kde-sub-x.desktop=Sub"}},
		{"deleted", map[string]string{"a/x.desktop": app("Mine", "Hidden=true"), "b/x.desktop": app("Theirs")}, nil},
		{"deleted, and nothing else said", map[string]string{"a/x.desktop": "[Desktop Entry]\nHidden=true\n", "b/x.desktop": app("Theirs")}, nil},
		{"broken ones don't cover", map[string]string{"a/x.desktop": "rubbish", "b/x.desktop": app("Theirs")}, []string{"x.desktop=Theirs"}},
		{"not for menus", map[string]string{"a/x.desktop": app("X", "NoDisplay=true")}, []string{"-x.desktop=X"}},
		{"other desktops", map[string]string{
			"a/1.desktop": app("1", "OnlyShowIn=GNOME;"), "a/2.desktop": app("2", "OnlyShowIn=RayOS;KDE;"), "a/3.desktop": app("3", "NotShowIn=RayOS;"),
		}, []string{"-1.desktop=1", "2.desktop=2", "-3.desktop=3"}},
		{"TryExec", map[string]string{
			"a/1.desktop": app("1", "TryExec=there"), "a/2.desktop": app("2", "TryExec=missing"), "a/3.desktop": app("3", "TryExec=data"),
			"a/4.desktop": app("4", "TryExec="+bin+"/there"), "a/5.desktop": app("5", "TryExec=../there"),
		}, []string{"1.desktop=1", "4.desktop=4"}},
		{"other files", map[string]string{"a/mimeinfo.cache": "x", "a/x.desktop.bak": app("B"), "a/l.desktop": "[Desktop Entry]\nType=Link\nName=L\nURL=/\n"}, nil},
		{"words", map[string]string{"a/x.desktop": app("X", "Name[de]=Ix")}, []string{"x.desktop=Ix"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			for name, text := range c.files {
				put(t, filepath.Join(dir, name), text)
			}
			x := mustScan(t, Config{
				Dirs: []string{filepath.Join(dir, "a"), filepath.Join(dir, "b")}, Desktops: []string{Desktop},
				Locales: []string{"de"}, Path: []string{bin},
			})
			if got := all(x); !slices.Equal(got, c.want) {
				t.Errorf("%q; want %q; problems %v", got, c.want, x.Problems())
			}
		})
	}
}

func TestFind(t *testing.T) {
	dir := t.TempDir()
	for _, id := range []string{"b", "a", "c"} {
		put(t, filepath.Join(dir, id+".desktop"), app(id, "NoDisplay="+fmt.Sprint(id == "b")))
	}
	x := mustScan(t, Config{Dirs: []string{dir}})
	if a := x.Find("b.desktop"); a == nil || a.Name != "b" || a.File != filepath.Join(dir, "b.desktop") {
		t.Errorf("Find(b) = %+v", a)
	}
	if a := x.Find("d.desktop"); a != nil {
		t.Errorf("Find(d) = %+v; want nil", a)
	}
	if m := x.Menu(); len(m) != 2 || m[0].Name != "a" || m[1].Name != "c" {
		t.Errorf("Menu() = %v", m)
	}
}

// A folder made to hurt: what is in it neither stops the scan nor hides the
// honest application.
func TestHostileFolder(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "zz-honest.desktop"), app("Honest"))
	put(t, filepath.Join(dir, "big.desktop"), app("Big", strings.Repeat("#\n", desktopentry.MaxFile)))
	put(t, filepath.Join(dir, "bytes.desktop"), "\xff\xfe\x00")
	for name, to := range map[string]string{"zero.desktop": "/dev/zero", "self.desktop": "self.desktop", "loop": ".", "up": "..", "tty.desktop": "/dev/tty"} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := unix.Mkfifo(filepath.Join(dir, "pipe.desktop"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "folder.desktop"), 0o700); err != nil {
		t.Fatal(err)
	}
	deep := dir + strings.Repeat("/d", 2*maxDepth)
	put(t, filepath.Join(deep, "deep.desktop"), app("Deep"))
	x := mustScan(t, Config{Dirs: []string{dir}})
	if got := all(x); !slices.Equal(got, []string{"zz-honest.desktop=Honest"}) {
		t.Errorf("%q", got)
	}
	if len(x.Problems()) < 5 {
		t.Errorf("problems %v", x.Problems())
	}
}

func TestMoreFilesThanAreRead(t *testing.T) {
	dir := t.TempDir()
	first := filepath.Join(dir, "00000.desktop")
	put(t, first, app("A"))
	for i := 1; i <= MaxFiles; i++ {
		if err := os.Link(first, filepath.Join(dir, fmt.Sprintf("%05d.desktop", i))); err != nil {
			t.Fatal(err)
		}
	}
	x := mustScan(t, Config{Dirs: []string{dir}})
	if n := len(x.Apps()); n != MaxFiles {
		t.Errorf("%d applications; want %d", n, MaxFiles)
	}
	if p := x.Problems(); len(p) != 1 || !errors.Is(p[0], ErrTooMany) {
		t.Errorf("problems %v; want ErrTooMany", p)
	}
}

func TestScanEnds(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "a.desktop"), app("A"))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if x, err := Scan(ctx, Config{Dirs: []string{dir}}); !errors.Is(err, context.Canceled) {
		t.Errorf("Scan = %v, %v; want context.Canceled", x, err)
	}
}

func TestFromEnv(t *testing.T) {
	for _, c := range []struct {
		env  map[string]string
		dirs []string
	}{
		{map[string]string{"HOME": "/home/ada"}, []string{"/home/ada/.local/share/applications", "/usr/local/share/applications", "/usr/share/applications"}},
		{map[string]string{"XDG_DATA_HOME": "/d", "XDG_DATA_DIRS": "/e:rel::/f/"}, []string{"/d/applications", "/e/applications", "/f/applications"}},
		{map[string]string{"XDG_DATA_DIRS": "/e"}, []string{"/e/applications"}},
	} {
		got := FromEnv(func(k string) string { return c.env[k] })
		if !slices.Equal(got.Dirs, c.dirs) {
			t.Errorf("FromEnv(%v).Dirs = %q; want %q", c.env, got.Dirs, c.dirs)
		}
	}
	got := FromEnv(func(k string) string {
		return map[string]string{"LC_ALL": "de_AT.UTF-8", "LANG": "fr_FR", "PATH": "/bin:x:/usr/bin"}[k]
	})
	if !slices.Equal(got.Locales, []string{"de_AT", "de"}) || !slices.Equal(got.Path, []string{"/bin", "/usr/bin"}) {
		t.Errorf("FromEnv: %+v", got)
	}
}

// BenchmarkScan reads 2,000 applications.
func BenchmarkScan(b *testing.B) {
	dir := b.TempDir()
	text, more := "", []string{"Icon=application", "Categories=Utility;Office;", "Keywords=text;words;", "TryExec=true", "MimeType=text/plain;", "StartupNotify=true"}
	for _, lang := range []string{"ar", "cs", "da", "de", "el", "es", "fi", "fr", "hu", "it", "ja", "ko", "nl", "pl", "pt", "ru", "sv", "tr", "uk", "zh_CN"} {
		more = append(more, "Name["+lang+"]=Some Name", "Comment["+lang+"]=What the application is good for, in a sentence")
	}
	for i := range 2000 {
		text = app(fmt.Sprintf("Application %d", i), more...)
		put(b, filepath.Join(dir, fmt.Sprintf("org.example.App%d.desktop", i)), text)
	}
	c := Config{Dirs: []string{dir}, Desktops: []string{Desktop}, Locales: []string{"de"}, Path: []string{"/usr/local/bin", "/usr/bin", "/bin"}}
	b.ReportAllocs()
	for b.Loop() {
		if x := mustScan(b, c); len(x.Apps()) != 2000 {
			b.Fatal(len(x.Apps()))
		}
	}
}
