package screenshot

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Kind is what a folder is for.
type Kind string

// Kinds, as in user-dirs.dirs (xdg-user-dirs).
const (
	Pictures Kind = "PICTURES"
	Videos   Kind = "VIDEOS"
)

// sub is the folder within.
var sub = map[Kind]string{Pictures: "Screenshots", Videos: "Recordings"}

// maxDirs bounds what is read of user-dirs.dirs.
const maxDirs = 64 << 10

// Folder returns the folder for files of a kind: as user-dirs.dirs, whose
// content is given, says, or else the usual one in the home.
func Folder(kind Kind, home, dirs string) string {
	usual := map[Kind]string{Pictures: "Pictures", Videos: "Videos"}[kind]
	for line := range strings.Lines(dirs) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), "=")
		if !ok || name != "XDG_"+string(kind)+"_DIR" || len(value) < 2 || value[0] != '"' || value[len(value)-1] != '"' {
			continue
		}
		value = value[1 : len(value)-1]
		if rest, in := strings.CutPrefix(value, "$HOME"); in && (rest == "" || rest[0] == '/') {
			value = home + rest
		}
		// A folder that is the home itself means that there is none.
		if filepath.IsAbs(value) && !strings.ContainsRune(value, 0) && filepath.Clean(value) != filepath.Clean(home) {
			return filepath.Join(value, sub[kind])
		}
	}
	return filepath.Join(home, usual, sub[kind])
}

// NewFile returns the path of a file that isn't there yet, named for a time, in
// the folder of a kind, which is made.
func NewFile(kind Kind, name, ext string, at time.Time) (string, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("folder for %s: %w", strings.ToLower(string(kind)), err)
	}
	config := os.Getenv("XDG_CONFIG_HOME")
	if !filepath.IsAbs(config) {
		config = filepath.Join(home, ".config")
	}
	dirs, err := read(filepath.Join(config, "user-dirs.dirs"))
	if err != nil {
		return "", err
	}
	folder := Folder(kind, home, dirs)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", fmt.Errorf("folder for %s: %w", strings.ToLower(string(kind)), err)
	}
	base := filepath.Join(folder, name+" "+at.Format("2006-01-02 15-04-05"))
	for n := 1; n < 1000; n++ {
		file := base + ext
		if n > 1 {
			file = fmt.Sprintf("%s (%d)%s", base, n, ext)
		}
		if _, err := os.Lstat(file); errors.Is(err, os.ErrNotExist) {
			return file, nil
		}
	}
	return "", fmt.Errorf("%s%s and many like it are there already", base, ext)
}

// read returns the beginning of a file, or nothing where there is none.
func read(file string) (string, error) {
	f, err := os.Open(file)
	if errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	b, err := io.ReadAll(io.LimitReader(f, maxDirs))
	return string(b), errors.Join(err, f.Close())
}

// Save writes a picture to a new file of the folder for pictures and returns its
// path. Nobody sees a part of it.
func Save(png []byte, at time.Time) (string, error) {
	file, err := NewFile(Pictures, "Screenshot", ".png", at)
	if err != nil {
		return "", err
	}
	tmp, err := os.CreateTemp(filepath.Dir(file), ".screenshot-")
	if err != nil {
		return "", err
	}
	_, err = tmp.Write(png)
	if err = errors.Join(err, tmp.Close()); err == nil {
		file, err = publish(tmp.Name(), file, at)
	}
	return file, errors.Join(err, os.Remove(tmp.Name()))
}

// publish gives a complete file a name that isn't in use.
func publish(tmp, file string, at time.Time) (string, error) {
	for range 8 {
		err := os.Link(tmp, file)
		if !errors.Is(err, os.ErrExist) {
			return file, err
		}
		// Another was quicker.
		if file, err = NewFile(Pictures, "Screenshot", ".png", at); err != nil {
			return "", err
		}
	}
	return "", fmt.Errorf("save a picture: %w", os.ErrExist)
}
