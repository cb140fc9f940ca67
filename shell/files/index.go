package files

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"rayos/shell/find"
)

// Limits of an index.
const (
	maxFiles  = 20_000
	maxDepth  = 6
	maxRecent = 300
	maxFound  = 32
)

// Index is the files at one time. Find belongs to one goroutine.
type Index struct {
	names find.Index
}

// Config says where files are.
type Config struct {
	Home   string   // "" finds nothing
	Folds  []string // the person's folders; without, the usual ones of Home
	Recent string   // recently-used.xbel, "" for none
}

// usual are the folders of a home where nothing else is set.
var usual = []string{"Desktop", "Documents", "Downloads", "Music", "Pictures", "Videos"}

// FromEnv returns the configuration that the environment asks for. It takes
// reading a small file.
func FromEnv(getenv func(string) string) Config {
	c := Config{Home: getenv("HOME")}
	if !filepath.IsAbs(c.Home) {
		return Config{}
	}
	base := func(name, otherwise string) string {
		if d := getenv(name); filepath.IsAbs(d) {
			return d
		}
		return filepath.Join(c.Home, otherwise)
	}
	c.Recent = filepath.Join(base("XDG_DATA_HOME", ".local/share"), "recently-used.xbel")
	c.Folds = userDirs(filepath.Join(base("XDG_CONFIG_HOME", ".config"), "user-dirs.dirs"), c.Home)
	return c
}

// Read makes an index; ctx ends it between two folders, with what there is.
func Read(ctx context.Context, c Config) *Index {
	var items []find.Item
	seen := map[string]bool{}
	add := func(path string, weight int) {
		name := filepath.Base(path)
		if !seen[path] && len(items) < maxFiles && !strings.HasPrefix(name, ".") {
			seen[path] = true
			items = append(items, find.Item{Key: path, Name: name, Weight: weight})
		}
	}
	for _, path := range recent(c.Recent) {
		if st, err := os.Lstat(path); err == nil && st.Mode().IsRegular() {
			add(path, 8)
		}
	}
	folds := c.Folds
	if len(folds) == 0 && c.Home != "" {
		for _, name := range usual {
			folds = append(folds, filepath.Join(c.Home, name))
		}
	}
	for _, dir := range folds {
		if dir == c.Home {
			continue // not all of it: that is what xdg-user-dirs says of a folder that there isn't
		}
		walk(ctx, dir, func(path string) bool {
			add(path, 0)
			return len(items) < maxFiles
		})
	}
	x := &Index{}
	x.names.Set(items)
	return x
}

// walk calls found for files and folders in dir, until it returns false.
func walk(ctx context.Context, dir string, found func(path string) bool) {
	root := strings.Count(filepath.Clean(dir), "/")
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		hidden := path != dir && strings.HasPrefix(nameOf(e), ".")
		switch {
		case ctx.Err() != nil:
			return fs.SkipAll
		case err != nil, hidden, e.IsDir() && strings.Count(path, "/")-root > maxDepth:
			if e != nil && e.IsDir() {
				return fs.SkipDir
			}
			return nil
		case path != dir && (e.Type().IsRegular() || e.IsDir()) && !found(path):
			return fs.SkipAll
		}
		return nil
	})
	_ = err // folders that can't be read are left out
}

func nameOf(e fs.DirEntry) string {
	if e == nil {
		return ""
	}
	return e.Name()
}

// Len is the number of files.
func (x *Index) Len() int { return x.names.Len() }

// Find calls found with the paths of files that fit a line, the best first, until
// it returns false or there are enough.
func (x *Index) Find(line string, found func(path string) bool) {
	if strings.TrimSpace(line) == "" {
		return
	}
	for _, hit := range x.names.Search(line, maxFound, nil, time.Time{}) {
		if !found(hit.Item.Key) {
			return
		}
	}
}
