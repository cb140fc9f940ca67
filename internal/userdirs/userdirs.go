// Package userdirs reads which folders the person has for documents, pictures
// and the like (xdg-user-dirs 0.18).
package userdirs

import (
	"bufio"
	"bytes"
	"path/filepath"
	"strings"
)

// Dir is one of the folders.
type Dir struct {
	Key  string // "DOCUMENTS", "DOWNLOAD", ...
	Path string // absolute
}

// maxDirs bounds a file.
const maxDirs = 16

// Parse reads a user-dirs.dirs. A folder that is there twice comes once; one
// that isn't set is the home.
func Parse(text []byte, home string) (dirs []Dir) {
	seen := map[string]bool{}
	for s := bufio.NewScanner(bytes.NewReader(text)); s.Scan() && len(dirs) < maxDirs; {
		key, value, ok := strings.Cut(strings.TrimSpace(s.Text()), "=")
		key, x := strings.CutPrefix(key, "XDG_")
		key, d := strings.CutSuffix(key, "_DIR")
		if !ok || !x || !d {
			continue
		}
		dir := strings.Trim(value, `"`)
		if rest, ok := strings.CutPrefix(dir, "$HOME"); ok && (rest == "" || rest[0] == '/') {
			dir = filepath.Join(home, rest)
		}
		if dir = filepath.Clean(dir); filepath.IsAbs(dir) && !seen[dir] {
			seen[dir] = true
			dirs = append(dirs, Dir{key, dir})
		}
	}
	return dirs
}
