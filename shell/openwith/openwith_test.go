package openwith

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestPrograms(t *testing.T) {
	home := t.TempDir()
	said := filepath.Join(home, "said")
	write := func(name, text string, mode os.FileMode) {
		t.Helper()
		path := filepath.Join(home, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
	}
	write("bin/show", "#!/bin/sh\necho \"$0 $@\" >"+said+".part; mv "+said+".part "+said+"\n", 0o755)
	for id, types := range map[string]string{"org.rayos.Own": "text/plain;", "a.first": "text/plain;image/png;", "z.last": "image/png;text/x-go;"} {
		write("data/applications/"+id+".desktop", "[Desktop Entry]\nType=Application\nName="+id+"\nExec="+home+"/bin/show "+id+" %F\nMimeType="+types+"\n", 0o644)
	}
	write("data/mime/globs2", "50:image/png:*.png\n50:text/x-go:*.go\n", 0o644)
	write("config/mimeapps.list", "[Default Applications]\nimage/png=gone.desktop;z.last.desktop;\nbad\n[Removed Associations]\ntext/plain=a.first.desktop\n", 0o644)
	env := map[string]string{"HOME": home, "XDG_DATA_HOME": home + "/data", "XDG_DATA_DIRS": home + "/none", "XDG_CONFIG_HOME": home + "/config", "PATH": "/usr/bin:/bin"}
	o := New(func(k string) string { return env[k] })
	<-o.ready
	for mime, want := range map[string]string{
		"image/png": "z.last.desktop a.first.desktop", "text/plain": "org.rayos.Own.desktop", "text/x-go": "z.last.desktop org.rayos.Own.desktop a.first.desktop", "a/b": "",
	} {
		var got []string
		for _, p := range o.Programs(mime) {
			got = append(got, p.ID)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %s; want %s", mime, got, want)
		}
	}
	write("x y.png", "x", 0o644)
	write("unknown.\xff", "\x00", 0o644)
	if err := o.Open("", []string{filepath.Join(home, "unknown.\xff")}); err == nil {
		t.Error("something opens what nothing knows")
	}
	if err := o.Open("gone.desktop", []string{filepath.Join(home, "x y.png")}); err == nil {
		t.Error("a program that isn't there was started")
	}
	if err := o.Open("", []string{filepath.Join(home, "x y.png")}); err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("%s/bin/show z.last %s/x y.png\n", home, home)
	for end := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		if data, err := os.ReadFile(said); err == nil {
			if string(data) != want {
				t.Errorf("%q; want %q", data, want)
			}
			break
		}
		if time.Now().After(end) {
			t.Fatal("it wasn't started")
		}
	}
}

func FuzzAssociations(f *testing.F) {
	f.Add([]byte("[Default Applications]\nimage/png=a.desktop;b.desktop\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		var a Associations
		a.add(text)
		for _, m := range []map[string][]string{a.Default, a.Added, a.Removed} {
			if len(m) > maxTypes {
				t.Error("too many types")
			}
			for _, ids := range m {
				if len(ids) > maxIDs {
					t.Error("too many programs")
				}
			}
		}
	})
}
