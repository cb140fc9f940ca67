package vmm

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Folder is a share where it really is.
type Folder struct {
	Path     string // absolute, without symbolic links
	Tag      string
	Writable bool
}

// maxShares is how many folders one machine can have: each is a device on its
// bus.
const maxShares = 16

// Folders finds the folders of shares. Each has to be one below home, wherever
// symbolic links lead, and apart from keep, where policy and disks are. Of two
// that lie within one another either both can be written or none. What is
// otherwise is a violation of the rule "shares", and no share is found: a guest
// that misses a folder would write where nobody looks for it.
func Folders(shares []Share, home, keep string) ([]Folder, *Violation) {
	if len(shares) == 0 {
		return nil, nil
	}
	refuse := func(path, why string) ([]Folder, *Violation) {
		return nil, &Violation{"shares", fmt.Sprintf("%q %s", path, why)}
	}
	top, err := filepath.EvalSymlinks(home)
	if err != nil || !filepath.IsAbs(top) {
		return refuse(home, "is no home")
	}
	if real, err := filepath.EvalSymlinks(keep); err == nil {
		keep = real
	}
	if len(shares) > maxShares {
		return nil, &Violation{"shares", fmt.Sprintf("%d for one machine: at most %d", len(shares), maxShares)}
	}
	var list []Folder
	for _, s := range shares {
		path, err := filepath.EvalSymlinks(filepath.Join(top, s.Path))
		if err != nil {
			return refuse(s.Path, "is not there")
		}
		st, err := os.Stat(path)
		switch {
		case err != nil:
			return refuse(s.Path, "can't be looked at")
		case path == top || !within(path, top):
			return refuse(s.Path, "leads out of your home")
		case !st.IsDir():
			return refuse(s.Path, "is no folder")
		case within(path, keep) || within(keep, path):
			return refuse(s.Path, "holds data of the machines themselves")
		}
		for _, other := range list {
			if other.Tag == s.Tag {
				return refuse(s.Path, "has the tag of another share")
			}
			if other.Writable != s.Writable && (within(path, other.Path) || within(other.Path, path)) {
				return refuse(s.Path, "is within another share, and only one of them is writable")
			}
		}
		list = append(list, Folder{path, s.Tag, s.Writable})
	}
	return list, nil
}

// within reports whether a path is a folder or lies below it.
func within(path, dir string) bool {
	return path == dir || strings.HasPrefix(path, strings.TrimSuffix(dir, "/")+"/")
}
