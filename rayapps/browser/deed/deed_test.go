package deed

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"rayos/internal/trash"
)

// tree makes files: a name that ends in / is a folder, "a->b" a link, all others
// have their name as text.
func tree(t *testing.T, dir string, names ...string) string {
	t.Helper()
	for _, name := range names {
		link, to, isLink := strings.Cut(name, "->")
		path := filepath.Join(dir, link)
		err := os.MkdirAll(filepath.Dir(path), 0o755)
		switch {
		case err != nil:
		case isLink:
			err = os.Symlink(to, path)
		case strings.HasSuffix(name, "/"):
			err = os.MkdirAll(path, 0o755)
		default:
			err = os.WriteFile(path, []byte(name), 0o640)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// there lists a folder as tree has it, with texts that aren't the names.
func there(t *testing.T, dir string) string {
	t.Helper()
	var list []string
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		switch {
		case e.IsDir():
			name += "/"
		case e.Type()&fs.ModeSymlink != 0:
			to, err := os.Readlink(path)
			if err != nil {
				return err
			}
			name += "->" + to
		default:
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if string(data) != name {
				name += "=" + string(data)
			}
		}
		list = append(list, name)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(list, " ")
}

func answers(list ...Answer) func(Conflict) (Answer, error) {
	return func(Conflict) (Answer, error) {
		if len(list) == 0 {
			return Answer{}, errors.New("nobody answers")
		}
		a := list[0]
		list = list[1:]
		return a, nil
	}
}

func TestCopyAndMove(t *testing.T) {
	for name, c := range map[string]struct {
		kind      Kind
		from, to  []string
		sources   []string
		ask       []Answer
		left, got string
		fails     int
		gives     bool
	}{
		"copy":       {Copy, []string{"a", "d/x", "d/e/", "l->a"}, nil, []string{"a", "d", "l"}, nil, "a d/ d/e/ d/x l->a", "a d/ d/e/ d/x l->a", 0, false},
		"move":       {Move, []string{"a", "d/x", "l->/etc"}, nil, []string{"a", "d", "l"}, nil, "", "a d/ d/x l->/etc", 0, false},
		"skip":       {Copy, []string{"a", "b"}, []string{"a", "x"}, []string{"a", "b"}, []Answer{{Do: Skip}}, "a b", "a b x", 0, false},
		"keep both":  {Copy, []string{"a.txt"}, []string{"a.txt"}, []string{"a.txt"}, []Answer{{Do: KeepBoth}}, "a.txt", "a (2).txt=a.txt a.txt", 0, false},
		"merge":      {Copy, []string{"d/x", "d/y"}, []string{"d/y", "d/z"}, []string{"d"}, []Answer{{Do: Replace, All: true}}, "d/ d/x d/y", "d/ d/x d/y d/z", 0, false},
		"move merge": {Move, []string{"d/x"}, []string{"d/z"}, []string{"d"}, []Answer{{Do: Replace}, {Do: Replace}}, "", "d/ d/x d/z", 0, false},
		"two kinds":  {Copy, []string{"d/x"}, []string{"d"}, []string{"d"}, []Answer{{Do: Replace}}, "d/ d/x", "d", 1, false},
		"no answer":  {Copy, []string{"a", "b"}, []string{"a"}, []string{"a", "b"}, nil, "a b", "a", 0, true},
		"gone":       {Copy, []string{"a"}, nil, []string{"b", "a"}, nil, "a", "a", 1, false},
		"replace":    {Move, []string{"a"}, []string{"a"}, []string{"a"}, []Answer{{Do: Replace}}, "", "a", 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			from, to := tree(t, t.TempDir(), c.from...), tree(t, t.TempDir(), c.to...)
			d := Deed{Kind: c.kind, Into: to}
			for _, s := range c.sources {
				d.Sources = append(d.Sources, filepath.Join(from, s))
			}
			var last Progress
			done, err := d.Run(t.Context(), Talk{Ask: answers(c.ask...), Progress: func(p Progress) { last = p }})
			if (err != nil) != c.gives || done.Failed != c.fails {
				t.Errorf("%v, %+v", err, done)
			}
			if l, g := there(t, from), there(t, to); l != c.left || g != c.got {
				t.Errorf("left %q, got %q; want %q and %q", l, g, c.left, c.got)
			}
			if slices.ContainsFunc(c.ask, func(a Answer) bool { return a.Do == Replace }) && done.Undoable() {
				t.Errorf("what was replaced could be taken back: %+v", done.Steps)
			}
			if err == nil && c.fails == 0 && !slices.ContainsFunc(c.ask, func(a Answer) bool { return a.Do == Skip }) && last.Part() != 1 && c.kind == Copy {
				t.Errorf("progress ends at %+v", last)
			}
		})
	}
}

func TestModesAndTimesAreKept(t *testing.T) {
	from, to := tree(t, t.TempDir(), "d/a"), t.TempDir()
	when := time.Unix(1_000_000, 0)
	for _, name := range []string{"d/a", "d"} {
		if err := errors.Join(os.Chmod(filepath.Join(from, name), 0o700), os.Chtimes(filepath.Join(from, name), when, when)); err != nil {
			t.Fatal(err)
		}
	}
	d := Deed{Kind: Copy, Into: to, Sources: []string{filepath.Join(from, "d")}}
	if done, err := d.Run(t.Context(), Talk{}); err != nil || done.Failed != 0 {
		t.Fatal(done, err)
	}
	for _, name := range []string{"d/a", "d"} {
		st, err := os.Stat(filepath.Join(to, name))
		if err != nil || st.Mode().Perm() != 0o700 || !st.ModTime().Equal(when) {
			t.Errorf("%s: %v, %v", name, st, err)
		}
	}
}

func TestCopyBesideItself(t *testing.T) {
	dir := tree(t, t.TempDir(), "a.txt", "d/x")
	d := Deed{Kind: Copy, Into: dir, Sources: []string{filepath.Join(dir, "a.txt")}}
	if _, err := d.Run(t.Context(), Talk{}); err != nil {
		t.Fatal(err)
	}
	if got := there(t, dir); got != "a (2).txt=a.txt a.txt d/ d/x" {
		t.Error(got)
	}
	for _, kind := range []Kind{Copy, Move} {
		d := Deed{Kind: kind, Into: filepath.Join(dir, "d"), Sources: []string{filepath.Join(dir, "d"), dir}}
		if done, err := d.Run(t.Context(), Talk{}); err != nil || done.Failed != 2 || !errors.Is(done.Failures[0], errInside) {
			t.Errorf("into itself: %+v, %v", done, err)
		}
	}
}

// TestNothingElseIsTouched: links are copied and deleted, not followed; pipes
// are left alone.
func TestNothingElseIsTouched(t *testing.T) {
	keep := tree(t, t.TempDir(), "secret")
	dir, to := tree(t, t.TempDir(), "d/x", "d/out->"+keep), t.TempDir()
	if err := unix.Mkfifo(filepath.Join(dir, "d/pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	d := Deed{Kind: Copy, Into: to, Sources: []string{filepath.Join(dir, "d")}}
	if done, err := d.Run(t.Context(), Talk{}); err != nil || done.Failed != 1 || !errors.Is(done.Failures[0], errSpecial) {
		t.Errorf("%+v, %v", done, err)
	}
	if got := there(t, to); got != "d/ d/out->"+keep+" d/x" {
		t.Error(got)
	}
	d = Deed{Kind: Delete, Sources: []string{filepath.Join(dir, "d")}}
	if done, err := d.Run(t.Context(), Talk{}); err != nil || done.Failed != 0 || done.Undoable() {
		t.Errorf("%+v, %v", done, err)
	}
	if got := there(t, dir); got != "" {
		t.Errorf("left %q", got)
	}
	if got := there(t, keep); got != "secret" {
		t.Errorf("a link was followed: %q", got)
	}
	// A folder whose place a link has taken since it was looked at.
	tree(t, dir, "e/x", "f/y")
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	st, err := root.Lstat("e")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Rename(filepath.Join(dir, "e"), filepath.Join(dir, "g")), os.Symlink("f", filepath.Join(dir, "e"))); err != nil {
		t.Fatal(err)
	}
	if _, err := enter(root, "e", st); !errors.Is(err, errChanged) {
		t.Errorf("a link in the place of a folder: %v", err)
	}
}

func TestGivingUp(t *testing.T) {
	from, to := tree(t, t.TempDir(), "a", "b"), t.TempDir()
	if err := os.WriteFile(filepath.Join(from, "large"), make([]byte, 3*chunk), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	d := Deed{Kind: Copy, Into: to, Sources: []string{filepath.Join(from, "a"), filepath.Join(from, "large"), filepath.Join(from, "b")}}
	_, err := d.Run(ctx, Talk{Progress: func(p Progress) {
		if p.Name == "large" && p.Bytes > chunk {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if got := there(t, to); got != "a" {
		t.Errorf("left behind: %.80s", got)
	}
}

func TestBack(t *testing.T) {
	home := t.TempDir()
	bin := trash.Home(func(k string) string { return map[string]string{"HOME": home}[k] })
	from, to := tree(t, filepath.Join(home, "from"), "a", "b"), tree(t, filepath.Join(home, "to"), "x")
	before := there(t, from) + "|" + there(t, to)
	paths := []string{filepath.Join(from, "a"), filepath.Join(from, "b")}
	for name, d := range map[string]Deed{
		"copy":  {Kind: Copy, Sources: paths, Into: to},
		"move":  {Kind: Move, Sources: paths, Into: to},
		"trash": {Kind: Trash, Sources: paths, Bin: bin},
	} {
		done, err := d.Run(t.Context(), Talk{})
		if err != nil || done.Failed != 0 || !done.Undoable() || there(t, from)+"|"+there(t, to) == before {
			t.Fatalf("%s: %+v, %v", name, done, err)
		}
		if fails := done.Back(bin); fails != nil {
			t.Errorf("%s: %v", name, fails)
		}
		if got := there(t, from) + "|" + there(t, to); got != before {
			t.Errorf("%s: %s; want %s", name, got, before)
		}
	}
	done, err := Rename(paths[0], "c")
	if err != nil || there(t, from) != "b c=a" {
		t.Errorf("%v, %s", err, there(t, from))
	}
	if _, err := Rename(paths[1], "c"); !errors.Is(err, fs.ErrExist) {
		t.Errorf("onto another: %v", err)
	}
	if fails := done.Back(bin); fails != nil || there(t, from) != "a b" {
		t.Errorf("%v, %s", fails, there(t, from))
	}
	for _, name := range []string{"", "a/b", ".."} {
		if _, err := Rename(paths[0], name); err == nil {
			t.Errorf("%q is a name", name)
		}
	}
	for _, want := range []string{"New", "New (2)"} {
		path, done, err := NewFolder(from, "New")
		if err != nil || filepath.Base(path) != want || !done.Undoable() {
			t.Errorf("%s, %v", path, err)
		}
	}
	if _, _, err := NewFolder(filepath.Join(home, "none"), "New"); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	// From the trash, and there again.
	d := Deed{Kind: Trash, Sources: paths[:1], Bin: bin}
	if done, err = d.Run(t.Context(), Talk{}); err != nil {
		t.Fatal(err)
	}
	d = Deed{Kind: Restore, Items: []trash.Item{done.Steps[0].Item}, Bin: bin}
	if done, err := d.Run(t.Context(), Talk{}); err != nil || done.Failed != 0 || !strings.HasSuffix(there(t, from), " a b") {
		t.Errorf("%+v, %v, %s", done, err, there(t, from))
	}
}
