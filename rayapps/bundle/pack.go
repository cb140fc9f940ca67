package bundle

import (
	"archive/zip"
	"compress/flate"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"rayos/rayapps/manifest"
)

// Pack writes a bundle of the files in a folder, which has a manifest and the
// files that it names. Hidden files are left out. The same files and key make
// the same bytes. It returns the manifest.
func Pack(w io.Writer, dir fs.FS, key ed25519.PrivateKey) (*manifest.Manifest, error) {
	files, err := listFiles(dir)
	if err != nil {
		return nil, err
	}
	text, err := fs.ReadFile(dir, manifest.Name)
	if err != nil {
		return nil, fmt.Errorf("the app's folder: %w", err)
	}
	m, err := manifest.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s:%w", manifest.Name, err)
	}
	if err := named(m, files); err != nil {
		return nil, err
	}
	list := formatList(files)
	if _, err := parseList(list); err != nil {
		return nil, err
	}
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestCompression) })
	if err := add(z, "SIGNATURE", 0o644, strings.NewReader(string(sign(list, key)))); err != nil {
		return nil, err
	}
	if err := add(z, "FILES", 0o644, strings.NewReader(string(list))); err != nil {
		return nil, err
	}
	for i := range files {
		if err := addFile(z, dir, &files[i]); err != nil {
			return nil, fmt.Errorf("%s: %w", files[i].Path, err)
		}
	}
	return m, z.Close()
}

// named reports what the manifest names and isn't there.
func named(m *manifest.Manifest, files []File) error {
	at := func(name string) *File {
		if i := slices.IndexFunc(files, func(f File) bool { return f.Path == name }); i >= 0 {
			return &files[i]
		}
		return nil
	}
	switch f := at(m.Exec); {
	case f == nil:
		return fmt.Errorf("%s: exec: there is no file %s", manifest.Name, m.Exec)
	case !f.Program && !m.Module():
		return fmt.Errorf("%s: exec: %s isn't executable", manifest.Name, m.Exec)
	case m.Icon != "" && at(m.Icon) == nil:
		return fmt.Errorf("%s: icon: there is no file %s", manifest.Name, m.Icon)
	}
	return nil
}

// listFiles are the files of a folder, the manifest first.
func listFiles(dir fs.FS) (files []File, err error) {
	var total int64
	err = fs.WalkDir(dir, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name != "." && strings.HasPrefix(path.Base(name), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir():
			return nil
		case !d.Type().IsRegular():
			return fmt.Errorf("%s is neither a file nor a folder: a bundle has no links", name)
		case len(files) == MaxFiles:
			return fmt.Errorf("more than %d files", MaxFiles)
		}
		f, err := sum(dir, name)
		if err != nil {
			return err
		}
		if total += f.Size; total > MaxTotal {
			return fmt.Errorf("more than %d bytes", MaxTotal)
		}
		files = append(files, f)
		return nil
	})
	slices.SortFunc(files, func(a, b File) int {
		switch manifest.Name {
		case a.Path:
			return -1
		case b.Path:
			return 1
		}
		return strings.Compare(a.Path, b.Path)
	})
	return files, err
}

func sum(dir fs.FS, name string) (File, error) {
	f, err := dir.Open(name)
	if err != nil {
		return File{}, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return File{}, err
	}
	h := sha256.New()
	n, err := io.Copy(h, io.LimitReader(f, MaxTotal+1))
	if err != nil {
		return File{}, err
	}
	out := File{Path: name, Size: n, Program: st.Mode()&0o100 != 0}
	h.Sum(out.Sum[:0])
	return out, nil
}

func add(z *zip.Writer, name string, mode fs.FileMode, r io.Reader) error {
	h := zip.FileHeader{Name: name, Method: zip.Deflate}
	h.SetMode(mode)
	w, err := z.CreateHeader(&h)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	return err
}

// addFile packs a file, which must be what was summed up.
func addFile(z *zip.Writer, dir fs.FS, f *File) error {
	r, err := dir.Open(f.Path)
	if err != nil {
		return err
	}
	defer r.Close()
	h := sha256.New()
	mode := fs.FileMode(0o644)
	if f.Program {
		mode = 0o755
	}
	if err := add(z, f.Path, mode, io.TeeReader(io.LimitReader(r, f.Size+1), h)); err != nil {
		return err
	}
	if [sha256.Size]byte(h.Sum(nil)) != f.Sum {
		return errors.New("it has changed while it was packed")
	}
	return nil
}
