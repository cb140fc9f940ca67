package session

import (
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"rayos/rayapps/applink"
	"rayos/rayapps/registry"
)

// This file hands files to apps that can't see any: to name a file for an app
// is to choose it.

// handed is an open file for an app.
type handed struct {
	file  *os.File
	name  string // for people
	grant string // by which the app asks for it again; "" if that can't be
}

// opening is what an app is to open: files that were opened for it, and all
// other words as they are.
type opening struct {
	words []string
	files []handed
}

func (o opening) close() {
	for _, h := range o.files {
		_ = h.file.Close() // the app has its own descriptor
	}
}

// maxHanded bounds the files that one start hands over.
const maxHanded = 64

// path returns the file that a word names: an absolute path, an address of one,
// or a path from the person's home.
func (a *installed) path(word string) (string, bool) {
	if rest, ok := strings.CutPrefix(word, "file:"); ok {
		u, err := url.Parse(word)
		if err != nil || u.Host != "" && u.Host != "localhost" || !filepath.IsAbs(u.Path) {
			return rest, false
		}
		word = u.Path
	}
	home := a.s.opt.Installed.Home
	switch {
	case word == "" || len(word) > maxChosen || strings.ContainsRune(word, 0) || strings.HasPrefix(word, "-"):
		return "", false
	case strings.HasPrefix(word, "~/") && home != "":
		return filepath.Join(home, word[2:]), true
	case filepath.IsAbs(word):
		return filepath.Clean(word), true
	case home != "" && !strings.Contains(word, "://"):
		return filepath.Join(home, word), true
	}
	return "", false
}

// open opens the files among an app's arguments, beside the loop, and goes on
// with then. An app that sees files by itself, or may open none, gets words
// alone, and gets them at once.
func (a *installed) open(app *registry.App, held, args []string, then func(opening)) {
	if app.Trusted() {
		then(opening{words: a.absolute(app, args)})
		return
	}
	if !slices.Contains(held, "files") || !slices.ContainsFunc(args, func(w string) bool { _, ok := a.path(w); return ok }) {
		then(opening{words: args})
		return
	}
	go func() {
		var o opening
		for _, word := range args {
			path, ok := a.path(word)
			if !ok || len(o.files) == maxHanded {
				o.words = append(o.words, word)
				continue
			}
			h, err := openGiven(path, true)
			if err != nil {
				if !errors.Is(err, fs.ErrNotExist) {
					a.s.log.Warn("open a file for an app", "app", app.ID, "err", err)
				}
				o.words = append(o.words, word)
				continue
			}
			h.grant = a.give(app.ID, path, true)
			o.files = append(o.files, h)
		}
		a.s.loop.Post(func() {
			if a.ended {
				o.close()
				return
			}
			then(o)
		})
	}()
}

// absolute returns arguments for an app that sees files by itself, wherever it
// starts: of one that opens files, names of those that there are become paths.
func (a *installed) absolute(app *registry.App, args []string) []string {
	if len(app.MIME) == 0 {
		return args
	}
	words := slices.Clone(args)
	for i, word := range words {
		if path, ok := a.path(word); ok {
			if _, err := os.Lstat(path); err == nil {
				words[i] = path
			}
		}
	}
	return words
}

// openGiven opens a file of the person, to write if it may be written.
func openGiven(path string, write bool) (handed, error) {
	flags := os.O_RDONLY
	if write {
		flags = os.O_RDWR
	}
	f, err := os.OpenFile(path, flags|unix.O_NONBLOCK|unix.O_NOCTTY, 0)
	if write && (errors.Is(err, fs.ErrPermission) || errors.Is(err, unix.EROFS)) {
		f, err = os.OpenFile(path, os.O_RDONLY|unix.O_NONBLOCK|unix.O_NOCTTY, 0)
	}
	if err != nil {
		return handed{}, err
	}
	if st, err := f.Stat(); err != nil || !st.Mode().IsRegular() {
		return handed{}, errors.Join(&fs.PathError{Op: "open", Path: path, Err: errNoFile}, err, f.Close())
	}
	return handed{file: f, name: filepath.Base(path)}, nil
}

var errNoFile = errors.New("is no file")

// give writes down that an app was given a file, and returns by what it asks for
// it again. It may be called on any goroutine.
func (a *installed) give(id, path string, write bool) (grant string) {
	grant, err := a.s.opt.Installed.Registry.GiveFile(id, path, write, time.Now())
	if err != nil {
		a.s.log.Warn("an app has a file for this once", "app", id, "err", err)
	}
	return grant
}

// hand gives a run the files that it shall open.
func (a *installed) hand(r *appRun, o opening, token string) {
	for _, h := range o.files {
		if r.link != nil {
			r.link.hand(h, applink.Event{Token: token})
		}
	}
}
