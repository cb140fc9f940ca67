package apps

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"rayos/internal/desktopentry"
)

// App is an application that is installed.
type App struct {
	desktopentry.Entry
	// ID is that of its file: the path in its folder, with '-' for '/'.
	ID   string
	File string // absolute
	// Menu is false for what people don't choose by name: it opens files, or
	// is for other desktops.
	Menu bool
}

// Index is the applications at one time. It is immutable.
type Index struct {
	apps     []App // by ID
	problems []error
}

// ErrTooMany says that there is more than is looked at.
var ErrTooMany = errors.New("too many files")

// Find returns an application by its ID, nil if there is none.
func (x *Index) Find(id string) *App {
	i, ok := slices.BinarySearchFunc(x.apps, id, func(a App, id string) int { return cmp.Compare(a.ID, id) })
	if !ok {
		return nil
	}
	return &x.apps[i]
}

// Apps returns all applications by ID. The slice is the index's own.
func (x *Index) Apps() []App { return x.apps }

// Menu returns the applications that people choose from, by ID.
func (x *Index) Menu() []*App {
	var list []*App
	for i := range x.apps {
		if x.apps[i].Menu {
			list = append(list, &x.apps[i])
		}
	}
	return list
}

// Problems says which files and folders were left out, and why; the first 100
// of them.
func (x *Index) Problems() []error { return x.problems }

// maxProblems bounds what is said about broken files.
const maxProblems = 100

func (x *Index) problem(path string, err error) {
	if len(x.problems) < maxProblems {
		x.problems = append(x.problems, fmt.Errorf("%s: %w", path, err))
	}
}
