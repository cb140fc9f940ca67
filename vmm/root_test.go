package vmm

import (
	"os"
	"strings"
	"testing"
)

func TestDefaultRoot(t *testing.T) {
	for _, tt := range []struct {
		env  map[string]string
		want string
	}{
		{map[string]string{"RAYOS_DATA": "/d", "HOME": "/h"}, "/d"},
		{map[string]string{"XDG_STATE_HOME": "/s", "HOME": "/h"}, "/s/rayos"},
		{map[string]string{"XDG_STATE_HOME": "rel", "HOME": "/h"}, "/h/.local/state/rayos"},
		{map[string]string{"RAYOS_DATA": "rel"}, ""},
		{map[string]string{}, ""},
	} {
		root, err := DefaultRoot(func(k string) string { return tt.env[k] })
		if root.Dir != tt.want || (err == nil) != (tt.want != "") {
			t.Errorf("DefaultRoot(%v) = %q, %v; want %q", tt.env, root.Dir, err, tt.want)
		}
	}
}

func TestSocketsFitTheKernel(t *testing.T) {
	long, run := t.TempDir()+"/"+strings.Repeat("long/", 20), t.TempDir()
	root, err := NewRoot(long, run)
	if err != nil {
		t.Fatal(err)
	}
	d := root.VM(Linux, "linux-desktop-001")
	if err := d.Create(); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(d.Socket("vm"), run) {
		t.Errorf("socket %s; want it below %s", d.Socket("vm"), run)
	}
	if st, err := os.Stat(d.Run()); err != nil || st.Mode().Perm() != 0o700 {
		t.Errorf("run folder: %v, %v; want mode 0700", st, err)
	}
	root, _ = NewRoot(long, "")
	if err := root.VM(Linux, "x").Create(); err == nil {
		t.Error("a folder whose sockets nobody can bind was accepted")
	}
}

func TestCheckPath(t *testing.T) {
	for path, ok := range map[string]bool{
		"a": true, "vm/linux/x/disk/root.ext4": true, "a..b/c": true,
		"": false, "/a": false, "~/a": false, "a//b": false, "a/": false, "./a": false, "a/../b": false, "..": false,
		"a,b": false, "a\nb": false, "a\x00": false, `a\b`: false, strings.Repeat("a", 1025): false,
	} {
		if err := CheckPath(path); (err == nil) != ok {
			t.Errorf("CheckPath(%.30q) = %v; want ok %v", path, err, ok)
		}
	}
}

func TestParseID(t *testing.T) {
	for id, ok := range map[string]bool{
		"linux-desktop-001": true, "a": true, "": false, "1a": false, "-a": false, "A": false, "a/b": false, "a.b": false, strings.Repeat("a", 64): false,
	} {
		if _, err := ParseID(id); (err == nil) != ok {
			t.Errorf("ParseID(%.30q) = %v; want ok %v", id, err, ok)
		}
	}
}
