package legacy

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// Names of a staged folder's files.
const (
	TableFile    = "volume.bin"
	DocsFile     = "embeddings.bin"
	GraphFile    = "index.bin"
	ManifestFile = "manifest.json"
)

// MaxFile is the size that a staged file may have, in bytes.
const MaxFile = 16 << 20

const maxManifest = 4 << 10

// Staged is what a folder holds; what it doesn't is nil. Sizes are in bytes.
type Staged struct {
	Table *Table
	Docs  *Docs
	Graph *Graph
	Sizes map[string]int
}

// Stage reads the files of dir that its manifest.json names: a JSON object of
// file names with the SHA-256 of each, 64 lower-case hexadecimal digits. It gives
// all of them or an error that says which is refused and why; a folder that isn't
// there is empty. It reads up to 48 MiB: call it beside what shouldn't wait.
//
// Files are read, not mapped, so what was checked is what is used.
func Stage(dir string) (*Staged, error) {
	st := &Staged{Sizes: map[string]int{}}
	fd, err := unix.Open(dir, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return st, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	d := os.NewFile(uintptr(fd), dir)
	defer d.Close() // it was only read
	sums, err := manifest(d)
	if err != nil {
		return nil, err
	}
	for _, name := range []string{TableFile, DocsFile, GraphFile} {
		if err := st.load(d, name, sums); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	if st.Graph != nil && (st.Docs == nil || st.Docs.Len() != st.Graph.Len()) {
		return nil, fmt.Errorf("%s: %w", GraphFile, wrong("it isn't of these documents"))
	}
	return st, nil
}

func manifest(d *os.File) (map[string]string, error) {
	b, err := read(d, ManifestFile, maxManifest)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", ManifestFile, err)
	}
	var sums map[string]string
	if err := json.Unmarshal(b, &sums); err != nil {
		return nil, fmt.Errorf("%s: %w: %w", ManifestFile, ErrFormat, err)
	}
	for name := range sums {
		if name != TableFile && name != DocsFile && name != GraphFile {
			return nil, fmt.Errorf("%s: %w", ManifestFile, wrong("it names %q", name))
		}
	}
	return sums, nil
}

// load reads one file, if the manifest names it; a file that it doesn't name
// must not be there.
func (st *Staged) load(d *os.File, name string, sums map[string]string) error {
	sum, named := sums[name]
	b, err := read(d, name, MaxFile)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !named:
		return nil
	case err != nil:
		return err
	case !named:
		return fmt.Errorf("%s has no hash for it", ManifestFile)
	}
	if is := sha256.Sum256(b); hex.EncodeToString(is[:]) != sum {
		return fmt.Errorf("its SHA-256 is %x; %s says %.64q", is, ManifestFile, sum)
	}
	switch name {
	case TableFile:
		st.Table, err = ParseTable(b)
	case DocsFile:
		st.Docs, err = ParseDocs(b)
	case GraphFile:
		st.Graph, err = ParseGraph(b)
	}
	st.Sizes[name] = len(b)
	return err
}

// readPlain reads a plain file of a folder that is named.
func readPlain(dir, name string, limit int64) ([]byte, error) {
	d, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	defer d.Close() // it was only read
	return read(d, name, limit)
}

// read reads a plain file of a folder, which no symbolic link stands for.
func read(d *os.File, name string, limit int64) ([]byte, error) {
	// Opening must not wait for who writes to a FIFO.
	fd, err := unix.Openat(int(d.Fd()), name, unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if errors.Is(err, unix.ELOOP) {
		return nil, errors.New("it is a symbolic link; put the file itself there")
	}
	if err != nil {
		return nil, err
	}
	f := os.NewFile(uintptr(fd), name)
	defer f.Close() // it was only read
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New("it is no plain file")
	case info.Size() > limit:
		return nil, fmt.Errorf("it has %d bytes; the limit is %d", info.Size(), limit)
	}
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(b)) > limit {
		err = fmt.Errorf("it grew beyond %d bytes", limit)
	}
	return b, err
}
