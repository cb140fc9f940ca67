package trash

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func newBin(t *testing.T) (*Bin, string) {
	t.Helper()
	home := t.TempDir()
	return Home(func(k string) string { return map[string]string{"HOME": home}[k] }), home
}

func write(t *testing.T, path string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(path), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestThereAndBack(t *testing.T) {
	b, home := newBin(t)
	now := time.Now().Truncate(time.Second)
	for _, name := range []string{"a.txt", "dir", "100% ünder\nwegs", "\xff", strings.Repeat("x", 255)} {
		path := filepath.Join(home, name)
		if name == "dir" {
			write(t, filepath.Join(path, "deep/x"))
		} else {
			write(t, path)
		}
		for n := range 2 { // names are taken, too
			i, err := b.Put(path, now)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%q is there: %v", name, err)
			}
			got, err := b.Get(i.Name)
			if err != nil || got.Path != path || !got.When.Equal(now) {
				t.Errorf("%q: %+v, %v", name, got, err)
			}
			if n == 0 && name != "dir" {
				write(t, path)
				if err := b.Restore(got); !errors.Is(err, fs.ErrExist) {
					t.Errorf("restored over another: %v", err)
				}
				continue
			}
			if err := b.Restore(got); err != nil {
				t.Error(err)
			}
			if _, err := os.Lstat(path); err != nil {
				t.Error(err)
			}
		}
	}
	list, err := b.List()
	if err != nil || len(list) == 0 {
		t.Fatalf("%v, %v", list, err)
	}
	for _, i := range list {
		if err := b.Delete(i); err != nil {
			t.Error(err)
		}
	}
	if left, err := os.ReadDir(b.Dir()); len(left) != 0 || err != nil {
		t.Errorf("left: %v, %v", left, err)
	}
}

// TestNothingElseIsDeleted: links in a trash lead nowhere.
func TestNothingElseIsDeleted(t *testing.T) {
	b, home := newBin(t)
	keep := write(t, filepath.Join(home, "keep/file"))
	link := filepath.Join(home, "link")
	if err := os.Symlink(filepath.Dir(keep), link); err != nil {
		t.Fatal(err)
	}
	i, err := b.Put(link, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Delete(i); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(keep); err != nil {
		t.Errorf("a link was followed: %v", err)
	}
	if err := b.Delete(Item{Dir: b.dir, Name: "../../../../keep"}); err == nil {
		t.Error("a name has led out of the trash")
	}
	if _, err := os.Stat(keep); err != nil {
		t.Error(err)
	}
	if _, err := b.Put(home, time.Now()); err == nil {
		t.Error("the trash was put into itself")
	}
}

func TestParseInfo(t *testing.T) {
	for text, want := range map[string]string{
		"[Trash Info]\nPath=/a%20b\nDeletionDate=2026-01-02T03:04:05\n": "/a b",
		"[Trash Info]\r\nPath=/a\r\n":                                   "/a",
		"[Trash Info]\nPath=a/b\nPath=/c\n":                             "a/b",
		"[Trash Info]\nPath=/a\n[Other]\nPath=/b":                       "/a",
		"":                                         "",
		"Path=/a":                                  "",
		"[Trash Info]\n":                           "",
		"[Trash Info]\nPath=":                      "",
		"[Trash Info]\nPath=../../etc":             "",
		"[Trash Info]\nPath=/a/../../b":            "",
		"[Trash Info]\nPath=/a%00b":                "",
		"[Trash Info]\nPath=/a%zz":                 "",
		"[Trash Info]\nPath=/":                     "",
		strings.Repeat("x", maxInfo+1):             "",
		"[Trash Info]\nDeletionDate=x\nPath=/a%ff": "/a\xff",
	} {
		got, when, err := ParseInfo([]byte(text))
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%.60q: %q, %v; want %q", text, got, err, want)
		}
		if strings.Contains(text, "2026") && when.IsZero() {
			t.Errorf("%q has no date", text)
		}
	}
}

func FuzzParseInfo(f *testing.F) {
	f.Add([]byte("[Trash Info]\nPath=/a%20b\nDeletionDate=2026-01-02T03:04:05\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		path, _, err := ParseInfo(data)
		if err != nil {
			return
		}
		if path == "" || strings.ContainsRune(path, 0) || strings.Contains("/"+path+"/", "/../") {
			t.Fatalf("%q", path)
		}
		again, _, err := ParseInfo([]byte("[Trash Info]\nPath=" + escape(path)))
		if err != nil || again != path {
			t.Fatalf("%q becomes %q, %v", path, again, err)
		}
	})
}
