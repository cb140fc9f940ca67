package deed

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"rayos/internal/trash"
	"rayos/rayapps/browser/folder"
)

// Kind is what is done.
type Kind uint8

// Kinds.
const (
	Copy Kind = iota
	Move
	Trash
	Delete // for good
	Restore
)

// Deed is something to do with files. Paths are absolute.
type Deed struct {
	Kind    Kind
	Sources []string
	Into    string       // the folder for Copy and Move
	Items   []trash.Item // for Restore
	Bin     *trash.Bin   // for Trash and Restore
}

// Conflict is a name that is taken.
type Conflict struct {
	From, To string
	// Folders says that both are folders: Replace then puts the one into the
	// other.
	Folders bool
}

// Answer is what is to become of a conflict.
type Answer struct {
	Do  Choice
	All bool // for all that come
}

// Choice is one of the ways.
type Choice uint8

// Choices.
const (
	Skip Choice = iota
	Replace
	KeepBoth // under another name
)

// Progress is how far a deed is.
type Progress struct {
	Name         string // what it is at
	Files, Of    int
	Bytes, Total int64 // done, and all
}

// Part returns how much is done, 0 to 1.
func (p Progress) Part() float64 {
	switch {
	case p.Total > 0:
		return min(float64(p.Bytes)/float64(p.Total), 1)
	case p.Of > 0:
		return min(float64(p.Files)/float64(p.Of), 1)
	}
	return 0
}

// Talk is whom a deed speaks to. Both are called on its goroutine; Ask waits for
// the person and returns an error when there is no answer to come.
type Talk struct {
	Ask      func(Conflict) (Answer, error)
	Progress func(Progress)
}

// Step is a part that can be taken back.
type Step struct {
	From, To string // moved; without From, To was made
	Item     trash.Item
}

// Done is what has come of a deed.
type Done struct {
	Kind     Kind
	Steps    []Step
	Failures []error // at most MaxFailures
	Failed   int     // of all
}

// MaxFailures bounds the failures that are told.
const MaxFailures = 20

// run is a deed that goes on.
type run struct {
	*Deed
	ctx  context.Context
	talk Talk
	done Done
	at   Progress
	all  *Answer // to conflicts that come
	over int     // how much was replaced, or put into what was there
}

// Run does it. The error says that it was given up, by ctx or by an answer that
// didn't come; what was done until then is in Done.
func (d *Deed) Run(ctx context.Context, t Talk) (Done, error) {
	r := &run{Deed: d, ctx: ctx, talk: t, done: Done{Kind: d.Kind}}
	var err error
	switch d.Kind {
	case Copy, Move:
		err = r.bring()
	case Trash:
		err = r.each(func(path string) error {
			item, err := d.Bin.Put(path, time.Now())
			if err == nil {
				r.done.Steps = append(r.done.Steps, Step{From: path, Item: item})
			}
			return err
		})
	case Delete:
		r.count()
		err = r.each(r.remove)
	case Restore:
		for _, i := range d.Items {
			if err = ctx.Err(); err != nil {
				break
			}
			r.say(i.Path)
			if e := d.Bin.Restore(i); e != nil {
				r.fail(e)
			} else {
				r.done.Steps = append(r.done.Steps, Step{From: i.File(), To: i.Path})
			}
		}
	}
	return r.done, err
}

// each does something with each source.
func (r *run) each(do func(path string) error) error {
	if r.Kind == Trash {
		r.at.Of = len(r.Sources)
	}
	for _, path := range r.Sources {
		if err := r.ctx.Err(); err != nil {
			return err
		}
		r.say(path)
		if err := do(path); err != nil {
			if r.ctx.Err() != nil {
				return r.ctx.Err()
			}
			r.fail(err)
		}
		if r.Kind == Trash {
			r.at.Files++
		}
	}
	r.say("")
	return nil
}

func (r *run) fail(err error) {
	r.done.Failed++
	if len(r.done.Failures) < MaxFailures {
		r.done.Failures = append(r.done.Failures, err)
	}
}

func (r *run) say(path string) {
	if path != "" {
		r.at.Name = filepath.Base(path)
	}
	if r.talk.Progress != nil {
		r.talk.Progress(r.at)
	}
}

// maxCounted bounds the files that are counted before anything is done.
const maxCounted = 1 << 20

// count finds out how much there is to do.
func (r *run) count() {
	for _, path := range r.Sources {
		_ = filepath.WalkDir(path, func(_ string, e fs.DirEntry, err error) error {
			if err != nil || r.ctx.Err() != nil || r.at.Of >= maxCounted {
				return fs.SkipAll // the count is a guess then
			}
			r.at.Of++
			if st, err := e.Info(); err == nil && st.Mode().IsRegular() {
				r.at.Total += st.Size()
			}
			return nil
		})
	}
	if r.Kind == Delete {
		r.at.Total = 0
	}
}

// errInside says that a folder would lie in itself.
var errInside = errors.New("a folder can't be put into itself")

// bring copies or moves the sources.
func (r *run) bring() error {
	into, err := os.OpenRoot(r.Into)
	if err != nil {
		return err
	}
	defer into.Close()
	if r.Kind == Copy {
		r.count()
	} else {
		r.at.Of = len(r.Sources)
	}
	for _, path := range r.Sources {
		if err := r.ctx.Err(); err != nil {
			return err
		}
		r.say(path)
		if err := r.bringOne(into, filepath.Clean(path)); err != nil {
			if r.ctx.Err() != nil || errors.Is(err, errGivenUp) {
				return err
			}
			r.fail(err)
		}
	}
	r.say("")
	return nil
}

// errGivenUp is an Ask without an answer.
var errGivenUp = errors.New("given up")

func (r *run) bringOne(into *os.Root, path string) error {
	st, err := os.Lstat(path)
	if err != nil {
		return err
	}
	if st.IsDir() && within(st, r.Into) {
		return fmt.Errorf("%s: %w", filepath.Base(path), errInside)
	}
	name := filepath.Base(path)
	here := filepath.Dir(path) == filepath.Clean(r.Into)
	if here && r.Kind == Move {
		return nil // it is there
	}
	over := r.over
	if r.Kind == Move {
		name, skip, err := r.settle(into, name, path, r.Into, st.IsDir(), false)
		if err != nil || skip {
			return err
		}
		to := filepath.Join(r.Into, name)
		err = unix.Renameat2(unix.AT_FDCWD, path, unix.AT_FDCWD, to, unix.RENAME_NOREPLACE)
		if err == nil {
			r.at.Files++
			if r.over == over {
				r.done.Steps = append(r.done.Steps, Step{From: path, To: to})
			}
			return nil
		}
		if !errors.Is(err, unix.EXDEV) && !errors.Is(err, unix.EEXIST) {
			return &fs.PathError{Op: "move", Path: path, Err: err}
		}
		// Another file system, or two folders that become one.
	}
	from, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer from.Close()
	failed := r.done.Failed
	to, err := r.copy(from, into, filepath.Base(path), path, r.Into, here)
	if err != nil || to == "" {
		return err
	}
	step := Step{To: filepath.Join(r.Into, to)}
	if r.Kind == Move && r.done.Failed == failed {
		if err := from.RemoveAll(filepath.Base(path)); err != nil {
			return err
		}
		step.From = path
	}
	if r.over == over { // else there is no going back
		r.done.Steps = append(r.done.Steps, step)
	}
	return nil
}

// within reports whether a folder is, or lies above, a path.
func within(dir fs.FileInfo, path string) bool {
	for {
		if st, err := os.Stat(path); err == nil && os.SameFile(st, dir) {
			return true
		}
		up := filepath.Dir(path)
		if up == path {
			return false
		}
		path = up
	}
}

// maxNumbers bounds the other names that are tried.
const maxNumbers = 1000

// settle finds the name for something in a folder: its own, another, or none.
// Replacing a file takes it away here; of two folders the name stays. Own says
// that it would be its own copy, which is no question.
func (r *run) settle(into *os.Root, name, from, dir string, isDir, own bool) (_ string, skip bool, err error) {
	st, err := into.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return name, false, nil
	}
	if err != nil {
		return "", false, err
	}
	a := Answer{Do: KeepBoth}
	switch {
	case own:
	case r.all != nil:
		a = *r.all
	default:
		c := Conflict{From: from, To: filepath.Join(dir, name), Folders: isDir && st.IsDir()}
		if r.talk.Ask == nil {
			return "", false, fmt.Errorf("%s: %w", c.To, fs.ErrExist)
		}
		if a, err = r.talk.Ask(c); err != nil {
			return "", false, fmt.Errorf("%w: %w", errGivenUp, err)
		}
		if a.All {
			r.all = &a
		}
	}
	switch a.Do {
	case Skip:
		return "", true, nil
	case Replace:
		r.over++
		if isDir != st.IsDir() {
			return "", false, fmt.Errorf("%s: a folder and a file can't replace each other", folder.Shown(name))
		}
		if isDir {
			return name, false, nil
		}
		if r.Kind == Move {
			return name, false, into.Remove(name)
		}
		return name, false, nil
	}
	for n := 2; n < maxNumbers; n++ {
		other := folder.Numbered(name, n)
		if _, err := into.Lstat(other); errors.Is(err, fs.ErrNotExist) {
			return other, false, nil
		}
	}
	return "", false, fmt.Errorf("%s: %w", folder.Shown(name), fs.ErrExist)
}

// remove deletes a path for good.
func (r *run) remove(path string) error {
	root, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer root.Close()
	name := filepath.Base(path)
	if name == "." || name == ".." || name == "/" || strings.ContainsRune(name, '/') {
		return fmt.Errorf("%s can't be deleted", path)
	}
	return r.clear(root, name)
}

// clear deletes a name in a folder, with what is in it.
func (r *run) clear(root *os.Root, name string) error {
	if err := r.ctx.Err(); err != nil {
		return err
	}
	st, err := root.Lstat(name)
	if err != nil {
		return err
	}
	if st.IsDir() {
		if err := r.clearIn(root, name, st); err != nil {
			return err
		}
	}
	if err := root.Remove(name); err != nil {
		return err
	}
	r.at.Files++
	r.say(name)
	return nil
}

func (r *run) clearIn(root *os.Root, name string, st fs.FileInfo) error {
	sub, err := enter(root, name, st)
	if err != nil {
		return err
	}
	defer sub.Close()
	for {
		names, err := list(sub, 1024)
		if err != nil || len(names) == 0 {
			return err
		}
		for _, n := range names {
			if err := r.clear(sub, n); err != nil {
				return err
			}
		}
	}
}
