package registry

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"rayos/internal/atomicfile"
)

// FileGrant is a file that the person has given an app. The app knows its Key
// and its name, and nothing of where it is.
type FileGrant struct {
	Key   string    `json:"key"`
	Path  string    `json:"path"` // absolute
	Write bool      `json:"write"`
	When  time.Time `json:"when"` // last given
}

// MaxFiles bounds the files that an app keeps; the one that was given the
// longest ago goes first.
const MaxFiles = 64

// maxFileGrants bounds the file with them, in bytes.
const maxFileGrants = MaxFiles * 16 << 10

// ErrNoGrant says that the person hasn't given the app such a file, or has taken
// it back.
var ErrNoGrant = errors.New("the app wasn't given that file")

func (r *Registry) filesPath(id string) string {
	return filepath.Join(r.Root, "grants", id+".files.json")
}

// Files returns what an app was given, the last first.
func (r *Registry) Files(id string) (list []FileGrant, err error) {
	data, err := os.ReadFile(r.filesPath(id))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil && len(data) > maxFileGrants {
		err = fmt.Errorf("larger than %d bytes", maxFileGrants)
	}
	if err == nil {
		err = json.Unmarshal(data, &list)
	}
	if err != nil {
		return nil, fmt.Errorf("the files of %s: %w", id, err)
	}
	return list[:min(len(list), MaxFiles)], nil
}

// GiveFile writes down that an app was given a file, and returns its key: the
// one that the app has for it already, or a new one.
func (r *Registry) GiveFile(id, path string, write bool, now time.Time) (key string, err error) {
	err = r.editFiles(id, func(list []FileGrant) []FileGrant {
		g := FileGrant{Key: rand.Text(), Path: path, Write: write, When: now}
		if i := slices.IndexFunc(list, func(o FileGrant) bool { return o.Path == path }); i >= 0 {
			g.Key, g.Write = list[i].Key, write || list[i].Write
			list = slices.Delete(list, i, i+1)
		}
		key = g.Key
		list = slices.Insert(list, 0, g)
		return list[:min(len(list), MaxFiles)]
	})
	return key, err
}

// GivenFile returns the file of a key.
func (r *Registry) GivenFile(id, key string) (FileGrant, error) {
	list, err := r.Files(id)
	if err != nil {
		return FileGrant{}, err
	}
	for _, g := range list {
		if g.Key == key && key != "" {
			return g, nil
		}
	}
	return FileGrant{}, ErrNoGrant
}

// TakeFile takes a file back from an app, by its path; "" takes all. What the
// app has open it keeps until it ends.
func (r *Registry) TakeFile(id, path string) error {
	found := path == ""
	err := r.editFiles(id, func(list []FileGrant) []FileGrant {
		return slices.DeleteFunc(list, func(g FileGrant) bool {
			gone := path == "" || g.Path == path
			found = found || gone
			return gone
		})
	})
	if err == nil && !found {
		err = fmt.Errorf("%s: %w", path, ErrNoGrant)
	}
	return err
}

func (r *Registry) editFiles(id string, edit func([]FileGrant) []FileGrant) error {
	unlock, err := r.lock()
	if err != nil {
		return err
	}
	defer unlock()
	list, err := r.Files(id)
	if err != nil {
		return err
	}
	data, err := json.MarshalIndent(edit(list), "", "  ")
	if err != nil {
		return err
	}
	return atomicfile.Write(r.filesPath(id), append(data, '\n'))
}
