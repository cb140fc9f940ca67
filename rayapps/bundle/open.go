package bundle

import (
	"archive/zip"
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"rayos/internal/atomicfile"
	"rayos/rayapps/manifest"
)

// Bundle is an archive whose signature and list were found to be right. Its
// files are checked while they are read.
type Bundle struct {
	Manifest *manifest.Manifest
	Key      ed25519.PublicKey
	Files    []File
	list     []byte
	sig      []byte
	zip      *zip.Reader
	close    func() error
}

// Open reads a bundle from a file. The caller closes it.
func Open(path string) (*Bundle, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	st, err := f.Stat()
	if err == nil && (!st.Mode().IsRegular() || st.Size() > MaxFile) {
		err = fmt.Errorf("%s is no file, or larger than %d bytes", path, MaxFile)
	}
	var b *Bundle
	if err == nil {
		b, err = Read(f, st.Size())
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", filepath.Base(path), err), f.Close())
	}
	b.close = f.Close
	return b, nil
}

// Read reads a bundle of size bytes. Of r it needs what it has read so far until
// the last Extract or Verify.
func Read(r io.ReaderAt, size int64) (*Bundle, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("no bundle: %w", err)
	}
	if len(z.File) < 3 || len(z.File) > MaxFiles+2 || z.Comment != "" {
		return nil, errors.New("no bundle: too few entries, or too many")
	}
	b := &Bundle{zip: z, close: func() error { return nil }}
	if b.sig, err = entry(z.File[0], "SIGNATURE", signatureSize); err != nil {
		return nil, err
	}
	if b.list, err = entry(z.File[1], "FILES", maxList); err != nil {
		return nil, err
	}
	// Nothing below is believed before this.
	if b.Key, err = checkSignature(b.sig, b.list); err != nil {
		return nil, err
	}
	if b.Files, err = parseList(b.list); err != nil {
		return nil, err
	}
	if len(z.File) != len(b.Files)+2 {
		return nil, errors.New("there are more entries than FILES has, or fewer")
	}
	for i, f := range b.Files {
		e := z.File[i+2]
		if e.Name != f.Path || e.UncompressedSize64 != uint64(f.Size) || !e.Mode().IsRegular() {
			return nil, fmt.Errorf("%.80q isn't what FILES has: %s", e.Name, f.Path)
		}
	}
	var text bytes.Buffer
	if err := b.copyFile(0, &text); err != nil {
		return nil, err
	}
	if b.Manifest, err = manifest.Parse(text.Bytes()); err != nil {
		return nil, fmt.Errorf("%s:%w", manifest.Name, err)
	}
	return b, named(b.Manifest, b.Files)
}

// Close frees the file of Open.
func (b *Bundle) Close() error { return b.close() }

// entry reads a small entry of a name.
func entry(f *zip.File, name string, limit int64) ([]byte, error) {
	if f.Name != name || f.UncompressedSize64 > uint64(limit) || !f.Mode().IsRegular() {
		return nil, fmt.Errorf("no bundle: %s is missing, or not in its place", name)
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil || int64(len(data)) > limit {
		return nil, fmt.Errorf("%s: %w", name, errors.Join(err, errDamaged))
	}
	return data, nil
}

var errDamaged = errors.New("it is not what was signed")

// copyFile writes the i-th file out, whose sum must be right.
func (b *Bundle) copyFile(i int, w io.Writer) error {
	f := &b.Files[i]
	r, err := b.zip.File[i+2].Open()
	if err != nil {
		return fmt.Errorf("%s: %w", f.Path, err)
	}
	defer r.Close()
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, h), io.LimitReader(r, f.Size+1))
	if err == nil && (n != f.Size || [sha256.Size]byte(h.Sum(nil)) != f.Sum) {
		err = errDamaged
	}
	if err != nil {
		return fmt.Errorf("%s: %w", f.Path, err)
	}
	return nil
}

// Verify reads all files.
func (b *Bundle) Verify() error {
	for i := range b.Files {
		if err := b.copyFile(i, io.Discard); err != nil {
			return err
		}
	}
	return nil
}

// Same reports whether two bundles have the same files.
func (b *Bundle) Same(list []byte) bool { return bytes.Equal(b.list, list) }

// Extract writes all files into an empty folder, and FILES and SIGNATURE beside
// them. They are on disk when it returns; after an error some may be there.
func (b *Bundle) Extract(dir string) error {
	for i, f := range b.Files {
		to := filepath.Join(dir, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		mode := os.FileMode(0o644)
		if f.Program {
			mode = 0o755
		}
		if err := b.extract(i, to, mode); err != nil {
			return err
		}
	}
	for name, data := range map[string][]byte{"FILES": b.list, "SIGNATURE": b.sig} {
		if err := atomicfile.Write(filepath.Join(dir, name), data); err != nil {
			return err
		}
	}
	return nil
}

func (b *Bundle) extract(i int, to string, mode os.FileMode) error {
	w, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	err = b.copyFile(i, w)
	if err == nil {
		err = w.Sync()
	}
	return errors.Join(err, w.Close())
}
