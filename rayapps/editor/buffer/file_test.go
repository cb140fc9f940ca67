package buffer

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

func TestOpen(t *testing.T) {
	for _, c := range []struct {
		in, text  string
		bom, crlf bool
	}{
		{in: ""},
		{in: "a\nb", text: "a\nb"},
		{in: "\xef\xbb\xbfa\r\nb\r\nc\n", text: "a\r\nb\r\nc\n", bom: true, crlf: true},
		{in: "\x00\xff\xfe\r", text: "\x00\xff\xfe\r"},
	} {
		text, about := open(t, []byte(c.in), false)
		if about.BOM != c.bom || about.CRLF != c.crlf {
			t.Errorf("%q: %+v", c.in, about)
		}
		check(t, text, []byte(c.text))
		path := filepath.Join(t.TempDir(), "copy")
		if _, err := Save(context.Background(), path, text, about.BOM); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != c.in {
			t.Errorf("saved %q, %v; want %q", got, err, c.in)
		}
	}
	for _, path := range []string{t.TempDir(), "/dev/null"} {
		if _, _, err := Open(context.Background(), path, nil); !errors.Is(err, ErrKind) {
			t.Errorf("Open(%s): %v; want ErrKind", path, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	path := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Open(ctx, path, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("Open: %v; want that of the context", err)
	}
}

func TestSaveKeepsModeAndLinks(t *testing.T) {
	dir := t.TempDir()
	path, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o741); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("file", link); err != nil {
		t.Fatal(err)
	}
	stamp, err := Save(context.Background(), link, Bytes([]byte("new")), false)
	if err != nil {
		t.Fatal(err)
	}
	if now, err := Look(link); err != nil || now != stamp {
		t.Errorf("Look = %v, %v; want %v", now, err, stamp)
	}
	if st, err := os.Lstat(link); err != nil || st.Mode()&os.ModeSymlink == 0 {
		t.Error("the link was replaced")
	}
	if st, err := os.Stat(path); err != nil || st.Mode().Perm() != 0o741 {
		t.Errorf("mode = %v, %v; want 0741", st.Mode(), err)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != "new" {
		t.Errorf("text = %q, %v", got, err)
	}
	// A link to nothing makes a file there.
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := Save(context.Background(), link, Bytes([]byte("again")), false); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != "again" {
		t.Errorf("text = %q, %v", got, err)
	}
	loop := filepath.Join(dir, "loop")
	if err := os.Symlink("loop", loop); err != nil {
		t.Fatal(err)
	}
	if _, err := Save(context.Background(), loop, Bytes(nil), false); !errors.Is(err, unix.ELOOP) {
		t.Errorf("a loop of links: %v", err)
	}
}

// Nothing that fails leaves anything behind, or takes anything away.
func TestSaveThatFails(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Save(ctx, path, Bytes([]byte("new")), false); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v", err)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != "old" {
		t.Errorf("text = %q, %v", got, err)
	}
	if list, err := os.ReadDir(dir); err != nil || len(list) != 1 {
		t.Errorf("the folder has %v, %v", list, err)
	}
	if _, err := Save(context.Background(), dir, Bytes(nil), false); !errors.Is(err, ErrKind) {
		t.Errorf("a folder: %v", err)
	}
	if _, err := Save(context.Background(), filepath.Join(dir, "no", "file"), Bytes(nil), false); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
}

// A file that is cut off below a text doesn't end the program, and isn't saved.
func TestFileCutShort(t *testing.T) {
	data := bytes.Repeat([]byte("x\n"), block)
	text, about := open(t, data, true)
	if err := os.Truncate(about.Path, 5); err != nil {
		t.Fatal(err)
	}
	if got := text.Slice(0, 7); string(got) != "x\nx\nx\x00\x00" {
		t.Errorf("text = %q", got)
	}
	if text.Err() == nil {
		t.Fatal("no error")
	}
	if _, err := Save(context.Background(), about.Path, text, false); err == nil {
		t.Error("saved")
	}
}
