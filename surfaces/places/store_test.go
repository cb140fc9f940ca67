package places

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rayos/geom"
)

func at(x, y int32) Place {
	return Place{Output: "DP-1", At: geom.Point{X: x, Y: y}, Size: geom.Size{W: 640, H: 480}, Zone: "left", Workspace: 2}
}

func save(t *testing.T, s *Store) {
	t.Helper()
	if err := s.Save()(); err != nil {
		t.Fatal(err)
	}
}

func TestPlacesLastBetweenRuns(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state", "rayos", "windows.json")
	s := New(path)
	id := s.Create("editor")
	if s.Dirty() {
		t.Error("a session without windows is to be saved")
	}
	want := at(30, 40)
	want.Fullscreen, want.Minimized = true, true
	if !s.Put(id, "main", want) || !s.Dirty() {
		t.Fatal("the place was not taken")
	}
	empty := s.Create("editor")
	save(t, s)
	if s.Dirty() {
		t.Error("saved, and still to be saved")
	}
	s.Put(id, "main", want)
	if s.Dirty() {
		t.Error("the same place again is to be saved")
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file has mode %v, %v; want 0600", info.Mode(), err)
	}
	if list, err := os.ReadDir(filepath.Dir(path)); err != nil || len(list) != 1 {
		t.Errorf("the folder holds %v, %v; want one file", list, err)
	}

	s = New(path)
	if s.Take(empty) || s.Take("nobody's") {
		t.Error("took a session that nobody stored")
	}
	if !s.Take(id) {
		t.Fatal("the session is gone")
	}
	if got, ok := s.Place(id, "main"); !ok || got != want {
		t.Errorf("Place = %+v, %v; want %+v", got, ok, want)
	}
	s.Rename(id, "main", "other")
	s.Rename(id, "nothing", "x")
	if _, ok := s.Place(id, "main"); ok {
		t.Error("the old name is still there")
	}
	if got, _ := s.Place(id, "other"); got != want {
		t.Errorf("renamed: %+v; want %+v", got, want)
	}
	s.Drop(id, "other")
	s.Release(id)
	if s.Take(id) {
		t.Error("a session without windows outlives its use")
	}
	id = s.Create("x")
	s.Put(id, "w", want)
	s.Remove(id)
	s.Remove(id)
	if _, ok := s.Place(id, "w"); ok || s.Put(id, "w", want) {
		t.Error("a removed session remembers")
	}
	s.Release(id)
}

func TestOlderSaveNeverWins(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.json")
	s := New(path)
	id := s.Create("a")
	s.Put(id, "w", at(1, 1))
	older := s.Save()
	s.Put(id, "w", at(2, 2))
	save(t, s)
	if err := older(); err != nil {
		t.Fatal(err)
	}
	s = New(path)
	s.Take(id)
	if got, _ := s.Place(id, "w"); got != at(2, 2) {
		t.Errorf("the file has %+v; want the newer place", got)
	}
}

func TestNobodyPushesOthersOut(t *testing.T) {
	s := New("")
	now := time.Unix(1000, 0)
	s.Now = func() time.Time { now = now.Add(time.Second); return now }
	mine := s.Create("editor")
	s.Put(mine, "w", at(1, 1))
	s.Release(mine)
	held := s.Create("flood")
	s.Put(held, "w", at(1, 1))
	var first string
	for i := range 2 * MaxSessions {
		id := s.Create("flood")
		s.Put(id, "w", at(int32(i), 0))
		s.Release(id)
		if i == 0 {
			first = id
		}
	}
	if len(s.sessions) > MaxSessions {
		t.Errorf("%d sessions; want %d at most", len(s.sessions), MaxSessions)
	}
	if !s.Take(mine) || !s.Take(held) {
		t.Error("another program's session, or one in use, was given up")
	}
	if s.Take(first) {
		t.Error("the oldest of the flood is still there")
	}
	for i := range MaxWindows {
		if !s.Put(mine, fmt.Sprint(i), at(0, 0)) && i < MaxWindows-1 {
			t.Fatalf("window %d was refused", i)
		}
	}
	if s.Put(mine, "one more", at(0, 0)) {
		t.Error("more windows than MaxWindows")
	}
}

func TestFileHasALimit(t *testing.T) {
	s := New(filepath.Join(t.TempDir(), "w.json"))
	var ids []string
	for i := range 10 {
		id := s.Create(fmt.Sprint(i))
		for j := range MaxWindows {
			s.Put(id, fmt.Sprint(j)+strings.Repeat("x", MaxName-8), at(0, 0))
		}
		ids = append(ids, id)
	}
	save(t, s)
	if info, err := os.Stat(s.path); err != nil || info.Size() > maxFile {
		t.Errorf("the file has %d bytes, %v; want %d at most", info.Size(), err, maxFile)
	}
	n := 0
	again := New(s.path)
	for _, id := range ids {
		if again.Take(id) {
			n++
		}
	}
	if n == 0 || n == len(ids) {
		t.Errorf("%d of %d sessions are left; want some", n, len(ids))
	}
}

func TestBadFilesAreSetAside(t *testing.T) {
	id := strings.Repeat("a", 32)
	for _, text := range []string{
		"", "{", `{"version":2}`, `[]`, `{"version":1,"sessions":3}`, strings.Repeat(" ", maxFile+1),
	} {
		path := filepath.Join(t.TempDir(), "w.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s := New(path)
		if s.Take(id) || s.LoadError() == nil || s.LoadError() != nil {
			t.Errorf("%.20q: want an error once and no session", text)
		}
		if b, err := os.ReadFile(path + ".bad"); err != nil || string(b) != text {
			t.Errorf("%.20q was not set aside: %v", text, err)
		}
	}
	// A folder where the file should be.
	path := t.TempDir()
	s := New(path)
	id = s.Create("x")
	s.Put(id, "w", at(1, 1))
	if s.LoadError() == nil {
		t.Error("reading a folder is no error")
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s = New(filepath.Join(file, "w.json"))
	s.Put(s.Create("x"), "w", at(1, 1))
	if err := s.Save()(); err == nil {
		t.Error("saving below a file is no error")
	}
}

func FuzzDecode(f *testing.F) {
	id := strings.Repeat("0f", 16)
	f.Add([]byte(`{"version":1,"sessions":{"` + id + `":{"used":1,"owner":"x","windows":{"w":{"at":{"X":1,"Y":-2147483648},"size":{"W":-5,"H":2147483647},"workspace":9999999}}}}}`))
	f.Add([]byte(`{"version":1,"sessions":{"short":{"windows":{"w":{}}},"` + id + `":null}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		list, err := decode(b)
		if err != nil {
			return
		}
		for id, v := range list {
			if !validID(id) || len(v.Windows) == 0 || len(v.Windows) > MaxWindows {
				t.Fatalf("session %q with %d windows", id, len(v.Windows))
			}
			for name, p := range v.Windows {
				if p != p.sane() || len(name) > MaxName {
					t.Fatalf("window %q at %+v", name, p)
				}
			}
		}
		s := New("")
		s.sessions = list
		again, err := s.encode()
		if err != nil {
			t.Fatal(err)
		}
		if back, err := decode(again); err != nil || len(back) != len(list) {
			t.Fatalf("encoded and decoded: %d sessions, %v; want %d", len(back), err, len(list))
		}
	})
}
