package image

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// building begins the name of a folder that isn't whole yet.
const building = ".building-"

// families are the names of folders that are built here, each with what such
// folders replace each other for.
var families = []*regexp.Regexp{
	regexp.MustCompile(`^micro-[0-9a-f]{16}$`),
	regexp.MustCompile(`^desktop-[0-9a-f]{16}$`),
	regexp.MustCompile(`^linux-image-[0-9][a-z0-9.+~-]*-amd64$`),
}

// Prune removes images and kernels that have been replaced by what b has built
// or found, and what builds that were interrupted have left. A folder stays
// that holds one of the files keep, or a file that one of them leads to by a
// link or as a disk's backing file. Nothing but folders with a manifest of ours
// is removed, and nothing of a cache that is a link, as others have it too. It
// is called when nobody builds in the cache.
func (b *Builder) Prune(keep []string) error {
	if err := b.prune(keep); err != nil {
		return fmt.Errorf("remove old images: %w", err)
	}
	return nil
}

func (b *Builder) prune(keep []string) error {
	if st, err := os.Lstat(b.Cache); err != nil || !st.IsDir() {
		return err
	}
	cache, err := filepath.EvalSymlinks(b.Cache)
	if err != nil {
		return err
	}
	held := map[string]bool{} // folders of the cache
	for _, file := range keep {
		chain, err := Chain(file)
		if err != nil {
			return err // what it needs can't be told: all is kept
		}
		for _, f := range chain {
			if rel, err := filepath.Rel(cache, f); err == nil && filepath.IsLocal(rel) {
				first, _, _ := strings.Cut(rel, string(filepath.Separator))
				held[first] = true
			}
		}
	}
	list, err := os.ReadDir(cache)
	if err != nil {
		return err
	}
	var errs []error
	for _, e := range list {
		if e.IsDir() && !held[e.Name()] && b.replaced(e.Name()) {
			b.note("removing %s, which nothing needs any more", e.Name())
			errs = append(errs, os.RemoveAll(filepath.Join(cache, e.Name())))
		}
	}
	return errors.Join(errs...)
}

// replaced reports whether a folder of the cache was left by a build, or b has
// another one in its place.
func (b *Builder) replaced(name string) bool {
	if strings.HasPrefix(name, building) {
		return true
	}
	for _, family := range families {
		if !family.MatchString(name) {
			continue
		}
		other := false
		for _, used := range b.used {
			if used == name {
				return false
			}
			other = other || family.MatchString(used)
		}
		if !other {
			return false
		}
		data, err := os.ReadFile(filepath.Join(b.Cache, name, manifestName))
		var m manifest
		return err == nil && json.Unmarshal(data, &m) == nil && m.Inputs != ""
	}
	return false
}

// use notes a folder that is built or found.
func (b *Builder) use(dir string) { b.used = append(b.used, filepath.Base(dir)) }

// Limits of disks that lie on others.
const (
	maxChain   = 16
	maxBacking = 1023 // bytes of a backing file's name, by the format
)

// Chain returns a disk's file and those that it lies on, the backing files of
// qcow2, with links followed. A file that isn't there needs nothing.
func Chain(file string) ([]string, error) {
	var chain []string
	for len(chain) < maxChain {
		path, err := filepath.EvalSymlinks(file)
		if errors.Is(err, fs.ErrNotExist) {
			return chain, nil
		}
		if err != nil {
			return nil, err
		}
		chain = append(chain, path)
		name, err := backingOf(path)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if name == "" {
			return chain, nil
		}
		if file = name; !filepath.IsAbs(name) {
			file = filepath.Join(filepath.Dir(path), name)
		}
	}
	return nil, fmt.Errorf("%s: more than %d disks lie on each other", file, maxChain)
}

func backingOf(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	return backingName(f)
}
