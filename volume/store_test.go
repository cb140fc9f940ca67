package volume_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rayos/volume"
	"rayos/volume/file"
)

// lasting opens the volume of a folder; closed by the test.
func lasting(t testing.TB, dir string) *volume.Volume {
	t.Helper()
	v, err := volume.Open(context.Background(), volume.Options{Dir: dir, Dims: 16})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func shut(t testing.TB, v *volume.Volume) {
	t.Helper()
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
}

func whole(t testing.TB, v *volume.Volume) {
	t.Helper()
	if wrong, err := v.Verify(context.Background()); err != nil || len(wrong) > 0 {
		t.Errorf("verified: %q, %v", wrong, err)
	}
}

// answers are the hits of all queries of a collection.
func answers(t testing.TB, v *volume.Volume, queries []string) []volume.Found {
	var list []volume.Found
	for _, q := range queries {
		list = append(list, search(t, v, volume.Query{Text: q, N: 20}))
	}
	return list
}

func TestRestartKeepsAll(t *testing.T) {
	c := notes(t)
	var queries []string
	for _, q := range c.Queries {
		queries = append(queries, q.Text)
	}
	dir, home := noteFiles(t, c), t.TempDir()
	v := lasting(t, home)
	index(t, v, dir)
	// Later changes are in the log alone: a file that comes, one that changes, one that goes.
	write(t, dir, map[string]string{"new.txt": "a virtqueue came later", "1.txt": "the zebra of a virtqueue"})
	if err := os.Remove(filepath.Join(dir, "2.txt")); err != nil {
		t.Fatal(err)
	}
	index(t, v, dir)
	want, stats := answers(t, v, queries), v.Stats()
	if stats.Log < 100 {
		t.Fatalf("%+v: the log is empty", stats)
	}
	for _, compact := range []bool{false, true} {
		if compact {
			if err := v.Compact(context.Background()); err != nil {
				t.Fatal(err)
			}
			if got := answers(t, v, queries); !equal(got, want) {
				t.Error("after a new base, searches find something else")
			}
		}
		shut(t, v)
		v = lasting(t, home)
		got := v.Stats()
		if got.Docs != stats.Docs || got.Chunks != stats.Chunks || got.Vectors != stats.Vectors || got.Embedder != stats.Embedder || got.Why != stats.Why {
			t.Errorf("opened again: %+v; want %+v", got, stats)
		}
		if got := answers(t, v, queries); !equal(got, want) {
			t.Error("opened again, searches find something else")
		}
		whole(t, v)
		r, err := v.Index(context.Background(), volume.Indexing{Folders: []string{dir}})
		if err != nil || r.Files != 0 {
			t.Errorf("read again: %+v, %v", r, err)
		}
	}
	shut(t, v)
}

func equal(a, b []volume.Found) bool {
	return slices.EqualFunc(a, b, func(a, b volume.Found) bool { return a.Words == b.Words && slices.Equal(a.Hits, b.Hits) })
}

func TestAnotherProcessHasTheVolume(t *testing.T) {
	home := t.TempDir()
	v := lasting(t, home)
	if _, err := volume.Open(context.Background(), volume.Options{Dir: home}); !errors.Is(err, volume.ErrBusy) {
		t.Errorf("opened twice: %v", err)
	}
	shut(t, v)
	if _, err := v.Search(context.Background(), volume.Query{Text: "x"}); !errors.Is(err, volume.ErrClosed) {
		t.Errorf("closed, but searched: %v", err)
	}
}

// TestDamage: what can be made anew is, the rest says what to do.
func TestDamage(t *testing.T) {
	c := notes(t)
	dir, home := noteFiles(t, c), t.TempDir()
	v := lasting(t, home)
	index(t, v, dir)
	want := ndcg(t, v, c)
	shut(t, v)
	path := filepath.Join(home, "base.rayvol")
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []struct {
		part file.Type
		heal bool
	}{{file.Lexical, true}, {file.Model, true}, {file.Levels, true}, {file.Links0, true}, {file.Docs, false}, {file.Codes, false}, {file.Ids, false}, {file.Meta, false}} {
		bad := slices.Clone(good)
		bad[sectionAt(t, good, s.part)+4] ^= 0x10
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		v, err := volume.Open(context.Background(), volume.Options{Dir: home, Dims: 16})
		if !s.heal {
			if !errors.Is(err, volume.ErrDamaged) || !strings.Contains(err.Error(), "rayctl volume rebuild") {
				t.Errorf("%v: opened: %v", s.part, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%v: %v", s.part, err)
			continue
		}
		if v.Stats().Healed == "" {
			t.Errorf("%v: nobody is told", s.part)
		}
		index(t, v, dir)
		if got := ndcg(t, v, c); got < want-0.02 {
			t.Errorf("%v: nDCG is %.4f, was %.4f", s.part, got, want)
		}
		whole(t, v)
		shut(t, v)
	}
	if err := volume.Renew(home); err != nil {
		t.Fatal(err)
	}
	v = lasting(t, home)
	index(t, v, dir)
	if got := ndcg(t, v, c); got < want-0.02 {
		t.Errorf("made anew: nDCG is %.4f, was %.4f", got, want)
	}
	shut(t, v)
	if _, err := os.Stat(path + ".damaged"); err != nil {
		t.Errorf("what was damaged is lost: %v", err)
	}
}

// sectionAt is where a section begins.
func sectionAt(t *testing.T, base []byte, part file.Type) int {
	t.Helper()
	le := func(b []byte, n int) (v int) {
		for i := range n {
			v |= int(b[i]) << (8 * i)
		}
		return v
	}
	for i := range le(base[26:], 2) {
		if row := base[64+32*i:]; file.Type(le(row, 4)) == part {
			return le(row[8:], 8)
		}
	}
	t.Fatalf("there is no section %v", part)
	return 0
}

// TestKilledWhileIndexing: the process is killed in the midst of it. The next one
// goes on, and nothing is there twice.
func TestKilledWhileIndexing(t *testing.T) {
	if home := os.Getenv("VOLUME_TEST_HOME"); home != "" {
		v := lasting(t, home)
		_, err := v.Index(context.Background(), volume.Indexing{Folders: []string{os.Getenv("VOLUME_TEST_FOLDER")}, Progress: func(p volume.Progress) {
			fmt.Println("done", p.Done)
		}})
		fmt.Println("end", err)
		return
	}
	const files = 200
	dir, home := t.TempDir(), t.TempDir()
	for i := range files {
		write(t, dir, map[string]string{fmt.Sprintf("%03d.txt", i): fmt.Sprintf("zebra %d of the virtqueue %d and ring %d", i, i%7, i%3)})
	}
	for _, after := range []int{1, 30, 120} {
		cmd := exec.Command(os.Args[0], "-test.run=^TestKilledWhileIndexing$")
		cmd.Env = append(os.Environ(), "VOLUME_TEST_HOME="+home, "VOLUME_TEST_FOLDER="+dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if lines.Text() == fmt.Sprint("done ", after) {
				break
			}
			if strings.HasPrefix(lines.Text(), "end") {
				t.Error("it ended before it was killed: " + lines.Text())
				break
			}
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // it was killed
	}
	v := lasting(t, home)
	if n := v.Stats().Docs; n < 120 || n > files {
		t.Errorf("%d documents after the crash", n)
	}
	whole(t, v)
	index(t, v, dir)
	if s := v.Stats(); s.Docs != files || s.Chunks != files {
		t.Errorf("%+v; want %d documents", s, files)
	}
	if n := len(search(t, v, volume.Query{Text: "zebra", N: 1000}).Hits); n != files {
		t.Errorf("%d hits; want %d", n, files)
	}
	whole(t, v)
	shut(t, v)
}

func TestTailOutlivesTheProcess(t *testing.T) {
	dir, home := t.TempDir(), t.TempDir()
	write(t, dir, map[string]string{"a.txt": "one", "b.txt": "two"})
	v := lasting(t, home)
	index(t, v, dir)
	shut(t, v)
	v = lasting(t, home)
	if tail := v.Tail(10); len(tail) != 2 || filepath.Base(tail[1].Path) != "b.txt" || tail[1].At.IsZero() {
		t.Errorf("tail %+v", tail)
	}
	if err := v.Empty(context.Background()); err != nil {
		t.Fatal(err)
	}
	shut(t, v)
	v = lasting(t, home)
	if s := v.Stats(); s.Docs != 0 || s.Terms != 0 {
		t.Errorf("emptied, but %+v", s)
	}
	shut(t, v)
}
