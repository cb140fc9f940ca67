package session

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// joinPath lets programs find what lies beside this one: rayctl, the apps, and
// the files by which launchers know them. What the person has elsewhere comes
// first.
func joinPath() error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("where this program is: %w", err)
	}
	path, data := besideUs(filepath.Dir(self), os.Getenv)
	return errors.Join(os.Setenv("PATH", path), os.Setenv("XDG_DATA_DIRS", data))
}

// besideUs returns PATH and XDG_DATA_DIRS with the folder of our programs and, if
// it has one, its share.
func besideUs(dir string, getenv func(string) string) (path, data string) {
	path, data = getenv("PATH"), getenv("XDG_DATA_DIRS")
	if data == "" {
		data = "/usr/local/share:/usr/share" // the base directory specification's
	}
	share := filepath.Join(dir, "share")
	if st, err := os.Stat(filepath.Join(share, "applications")); err == nil && st.IsDir() {
		data = withFolder(data, share)
	}
	return withFolder(path, dir), data
}

// withFolder returns a list of folders with one more at its end, if it isn't
// there.
func withFolder(list, dir string) string {
	switch {
	case strings.ContainsRune(dir, filepath.ListSeparator) || slices.Contains(filepath.SplitList(list), dir):
		return list
	case list == "":
		return dir
	}
	return list + string(filepath.ListSeparator) + dir
}
