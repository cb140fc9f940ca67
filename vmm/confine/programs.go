package confine

import (
	"debug/elf"
	"fmt"
	"path/filepath"
	"strings"
)

// Programs are the files that the kernel executes when a program is run: its
// own and, of one with shared libraries, the loader that it names. Both are
// for [Rules].Run; libraries need only be read.
func Programs(path string) ([]string, error) {
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil, err
	}
	f, err := elf.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%s is no program: %w", path, err)
	}
	defer f.Close()
	for _, p := range f.Progs {
		if p.Type != elf.PT_INTERP {
			continue
		}
		if p.Filesz == 0 || p.Filesz > maxLoader {
			return nil, fmt.Errorf("%s names a loader in %d bytes", path, p.Filesz)
		}
		name := make([]byte, p.Filesz)
		if _, err := p.ReadAt(name, 0); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		return []string{path, strings.TrimRight(string(name), "\x00")}, nil
	}
	return []string{path}, nil
}

// maxLoader is the longest path of a loader, in bytes.
const maxLoader = 4096
