package bundle

import (
	"archive/zip"
	"bytes"
	"crypto/ed25519"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"rayos/rayapps/manifest"
)

const tally = "api = 1\nid = \"org.example.Tally\"\nname = \"Tally\"\nversion = \"1.2.0\"\nexec = \"bin/tally\"\n"

func app() fstest.MapFS {
	return fstest.MapFS{
		manifest.Name: {Data: []byte(tally), Mode: 0o644},
		"bin/tally":   {Data: []byte("#!/bin/sh\n"), Mode: 0o755},
		"data/a.txt":  {Data: []byte(strings.Repeat("a", 1000)), Mode: 0o644},
		".git/config": {Data: []byte("x"), Mode: 0o644},
	}
}

func testKey(seed byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, ed25519.SeedSize))
}

func pack(t testing.TB, files fstest.MapFS) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := Pack(&b, files, testKey(1)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestThereAndBack(t *testing.T) {
	data := pack(t, app())
	if again := pack(t, app()); !bytes.Equal(data, again) {
		t.Error("the same files make other bytes")
	}
	path := filepath.Join(t.TempDir(), "a.rayapp")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	b, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if b.Manifest.ID != "org.example.Tally" || !b.Key.Equal(testKey(1).Public()) || len(b.Files) != 3 {
		t.Errorf("%+v, %d files", b.Manifest, len(b.Files))
	}
	if err := b.Verify(); err != nil {
		t.Error(err)
	}
	dir := t.TempDir()
	if err := b.Extract(dir); err != nil {
		t.Fatal(err)
	}
	got, err := fs.ReadFile(os.DirFS(dir), "data/a.txt")
	if err != nil || len(got) != 1000 {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	for name, want := range map[string]os.FileMode{"bin/tally": 0o755, "data/a.txt": 0o644} {
		if st, err := os.Stat(filepath.Join(dir, name)); err != nil || st.Mode().Perm() != want {
			t.Errorf("%s: %v, %v; want %v", name, st.Mode(), err, want)
		}
	}
	if list, err := os.ReadFile(filepath.Join(dir, "FILES")); err != nil || !b.Same(list) {
		t.Errorf("FILES: %v", err)
	}
	// A folder that isn't empty.
	if err := b.Extract(dir); err == nil {
		t.Error("files were replaced")
	}
}

// change makes a bundle with entries changed.
func change(t *testing.T, data []byte, edit func(name string, data []byte) (string, []byte, os.FileMode)) []byte {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		name, text, mode := edit(f.Name, text)
		if name == "" {
			continue
		}
		h := zip.FileHeader{Name: name, Method: zip.Deflate}
		h.SetMode(mode)
		out, err := w.CreateHeader(&h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := out.Write(text); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestWhatWasNotSigned: whatever is changed, nothing of the bundle is taken.
func TestWhatWasNotSigned(t *testing.T) {
	good := pack(t, app())
	other := app()
	other["bin/tally"] = &fstest.MapFile{Data: []byte("#!/bin/sx\n"), Mode: 0o755}
	forged := func() []byte { // right sums, somebody else's key under the old one's name
		var b bytes.Buffer
		if _, err := Pack(&b, other, testKey(2)); err != nil {
			t.Fatal(err)
		}
		pub := strings.SplitN(string(sign(nil, testKey(1))), "\n", 2)[0]
		return change(t, b.Bytes(), func(name string, data []byte) (string, []byte, os.FileMode) {
			if name == "SIGNATURE" {
				data = []byte(pub + "\n" + strings.SplitN(string(data), "\n", 2)[1])
			}
			return name, data, 0o644
		})
	}
	replaced := func(entry, from, to string) []byte {
		return change(t, good, func(name string, data []byte) (string, []byte, os.FileMode) {
			if name == entry {
				data = bytes.Replace(data, []byte(from), []byte(to), 1)
			}
			return name, data, 0o644
		})
	}
	renamed := func(entry, to string) []byte {
		return change(t, good, func(name string, data []byte) (string, []byte, os.FileMode) {
			if name == entry {
				name = to
			}
			return name, data, 0o644
		})
	}
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"a file":        {replaced("bin/tally", "sh", "sx"), "bin/tally: it is not what was signed"},
		"its length":    {replaced("data/a.txt", "aa", "a"), "isn't what FILES has"},
		"the manifest":  {replaced(manifest.Name, "1.2.0", "1.3.0"), "rayapp.toml: it is not what was signed"},
		"the list":      {replaced("FILES", " x ", " - "), "the signature is wrong"},
		"the signature": {replaced("SIGNATURE", "=\n", "A\n"), "the signature is wrong"},
		"the key":       {forged(), "the signature is wrong"},
		"a name":        {renamed("data/a.txt", "data/b.txt"), "isn't what FILES has"},
		"a way out":     {renamed("data/a.txt", "../a.txt"), "isn't what FILES has"},
		"one less":      {renamed("data/a.txt", ""), "more entries than FILES has, or fewer"},
		"one more": {change(t, good, func(name string, data []byte) (string, []byte, os.FileMode) {
			return name, data, 0o644
		})[:len(good)-1], "no bundle"},
		"a link": {change(t, good, func(name string, data []byte) (string, []byte, os.FileMode) {
			if name == "data/a.txt" {
				return name, data, 0o777 | os.ModeSymlink
			}
			return name, data, 0o644
		}), "isn't what FILES has"},
		"no signature": {renamed("SIGNATURE", ""), "SIGNATURE is missing"},
		"no archive":   {[]byte("x"), "no bundle"},
	} {
		b, err := Read(bytes.NewReader(c.data), int64(len(c.data)))
		if err == nil {
			err = b.Verify()
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v; want %s", name, err, c.want)
		}
	}
}

func TestListsThatAreRefused(t *testing.T) {
	sum := strings.Repeat("0", 64)
	row := func(path string) string { return sum + " - 1 " + path + "\n" }
	first := header + row(manifest.Name)
	for text, want := range map[string]string{
		"":                             "another form",
		header:                         "the manifest isn't first",
		header + row("a"):              "the manifest isn't first",
		first + row("../a"):            "is no path",
		first + row("/a"):              "is no path",
		first + row("a/../b"):          "is no path",
		first + row("files"):           "is no path",
		first + row("b") + row("a"):    "not in order",
		first + row("a") + row("a"):    "there twice",
		first + row("A") + row("a"):    "there twice",
		first + row("a") + row("a/b"):  "lies in a file",
		first + row("a/b") + row("a"):  "a folder and a file",
		first + sum + " y 1 a\n":       "another way",
		first + sum + " - 01 a\n":      "another way",
		first + sum + " - -1 a\n":      "line 3",
		first + sum + " - 536870913 a": "line 3",
		first + sum + " - 536870912 a": "more than",
		first + row("a")[:70]:          "another way",
		first + strings.ToUpper(strings.Repeat("a", 64)) + " - 1 a\n": "another way",
		header + sum + " - 70000 " + manifest.Name + "\n":             "the manifest isn't first",
	} {
		if _, err := parseList([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("parseList(%q) = %v; want %s", text, err, want)
		}
	}
}

func TestFoldersThatCantBePacked(t *testing.T) {
	for name, c := range map[string]struct {
		edit func(fstest.MapFS)
		want string
	}{
		"no manifest":    {func(f fstest.MapFS) { delete(f, manifest.Name) }, "does not exist"},
		"a bad manifest": {func(f fstest.MapFS) { f[manifest.Name] = &fstest.MapFile{Data: []byte("x = 1"), Mode: 0o644} }, "1:1: x: unknown key"},
		"no program":     {func(f fstest.MapFS) { delete(f, "bin/tally") }, "there is no file bin/tally"},
		"not executable": {func(f fstest.MapFS) { f["bin/tally"].Mode = 0o644 }, "isn't executable"},
		"a link":         {func(f fstest.MapFS) { f["l"] = &fstest.MapFile{Data: []byte("a"), Mode: os.ModeSymlink | 0o777} }, "no links"},
		"a strange name": {func(f fstest.MapFS) { f["a b"] = &fstest.MapFile{Mode: 0o644} }, "is no path"},
		"two names":      {func(f fstest.MapFS) { f["DATA/a.txt"] = &fstest.MapFile{Mode: 0o644} }, "there twice"},
	} {
		files := app()
		c.edit(files)
		if _, err := Pack(io.Discard, files, testKey(1)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v; want %s", name, err, c.want)
		}
	}
}

func TestKeys(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rayos", "key")
	key, made, err := LoadKey(path)
	if err != nil || !made {
		t.Fatal(made, err)
	}
	if st, err := os.Stat(path); err != nil || st.Mode() != 0o600 {
		t.Errorf("mode %v, %v", st.Mode(), err)
	}
	again, made, err := LoadKey(path)
	if err != nil || made || !key.Equal(again) {
		t.Errorf("another key: %v %v", made, err)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, _, err := LoadKey(path); err == nil || !strings.Contains(err.Error(), "others may read") {
		t.Errorf("a key that others read: %v", err)
	}
	if err := os.WriteFile(path, []byte("x"), 0o600); err != nil || os.Chmod(path, 0o600) != nil {
		t.Fatal(err)
	}
	if _, _, err := LoadKey(path); err == nil {
		t.Error("no key was read")
	}
	if f := Fingerprint(testKey(1).Public().(ed25519.PublicKey)); len(f) != 39 || f == Fingerprint(testKey(2).Public().(ed25519.PublicKey)) {
		t.Errorf("fingerprint %q", f)
	}
}

func FuzzRead(f *testing.F) {
	good := pack(f, app())
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := Read(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		// The fuzzer has no key: what it makes is what was packed, in other wrapping.
		if b.Manifest.ID != "org.example.Tally" || len(b.Files) != 3 {
			t.Errorf("took %+v", b.Manifest)
		}
		_ = b.Verify() // must end
	})
}

func FuzzList(f *testing.F) {
	f.Add([]byte(header + strings.Repeat("0", 64) + " - 1 rayapp.toml\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		files, err := parseList(data)
		if err != nil {
			return
		}
		for _, x := range files {
			if !manifest.ValidPath(x.Path) {
				t.Errorf("took %q", x.Path)
			}
		}
	})
}
