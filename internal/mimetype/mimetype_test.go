package mimetype

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const globs = `# a comment
50:application/pdf:*.pdf
50:application/gzip:*.gz
60:application/x-compressed-tar:*.tar.gz
50:text/x-c++src:*.C:cs
50:text/x-csrc:*.c
50:text/x-makefile:Makefile
10:text/x-readme:README*
50:bad type:*.bad
x:text/plain:*.x
50:text/plain
`

func load(t *testing.T) *DB {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "globs2"), []byte(globs), 0o644); err != nil {
		t.Fatal(err)
	}
	return Load([]string{filepath.Join(dir, "none"), dir})
}

func TestNames(t *testing.T) {
	db := load(t)
	for name, want := range map[string]string{
		"a.pdf": "application/pdf", "A.PDF": "application/pdf", "x.y.tar.gz": "application/x-compressed-tar", "x.gz": "application/gzip",
		"a.C": "text/x-c++src", "a.c": "text/x-csrc", "Makefile": "text/x-makefile", "README.old": "text/x-readme",
		"none": Unknown, "": Unknown, "a.bad": Unknown, "a.x": Unknown, strings.Repeat(".", 300) + "pdf": Unknown, "İ.pdf": "application/pdf",
	} {
		if got := db.OfName(name); got != want {
			t.Errorf("%q is %s; want %s", name, got, want)
		}
	}
}

func TestFiles(t *testing.T) {
	db := load(t)
	dir := t.TempDir()
	for name, c := range map[string]struct{ text, want string }{
		"notes": {"hello\n", Text}, "bytes": {"\x00\x01", Unknown}, "nothing": {"", Empty}, "empty.pdf": {"", "application/pdf"},
	} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(c.text), 0o644); err != nil {
			t.Fatal(err)
		}
		if got := db.OfFile(file); got != c.want {
			t.Errorf("%s is %s; want %s", name, got, c.want)
		}
	}
	for file, want := range map[string]string{dir: Directory, dir + "/gone": Unknown, "/dev/null": Unknown} {
		if got := db.OfFile(file); got != want {
			t.Errorf("%s is %s; want %s", file, got, want)
		}
	}
}

func TestFolders(t *testing.T) {
	env := map[string]string{"HOME": "/h", "XDG_DATA_DIRS": "/a:relative:/b"}
	if got := strings.Join(Folders(func(k string) string { return env[k] }), " "); got != "/h/.local/share/mime /a/mime /b/mime" {
		t.Error(got)
	}
}

func FuzzGlobs(f *testing.F) {
	f.Add([]byte(globs), "x.tar.gz")
	f.Fuzz(func(t *testing.T, text []byte, name string) {
		db := &DB{literal: map[string]rule{}, suffix: map[string]rule{}}
		db.add(text)
		if got := db.OfName(name); !Valid(got) {
			t.Errorf("%q is %q", name, got)
		}
	})
}
