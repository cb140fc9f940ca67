package sandbox

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Spec is a run of an app. Paths are absolute.
type Spec struct {
	Program string   `json:"program"`
	Args    []string `json:"args,omitempty"` // behind the program's name
	// Runner is a program of the machine and its first arguments that run Program
	// instead of the kernel, as for a module; nil is none.
	Runner []string `json:"runner,omitempty"`
	Env    []string `json:"env,omitempty"` // all of it, beside HOME and its like
	// Dir is the app's bundle, which it may read: the folder that Program is
	// in, or Program itself.
	Dir string `json:"dir"`
	// Home is the app's own folder, the only one that it may write to. Start
	// makes it.
	Home string `json:"home"`
	// Network gives it the machine's network; Ports are those that it may
	// connect to by TCP, all without. Lookups lets it ask for names, by UDP.
	Network bool     `json:"network,omitempty"`
	Ports   []uint16 `json:"ports,omitempty"`
	Lookups bool     `json:"lookups,omitempty"`
	// Limits hold as far as the launcher can have a cgroup; memory of its own
	// and, in namespaces, tasks are limited without, too.
	Limits
	Files uint64 `json:"files,omitempty"` // 0 is the session's limit
	// Inherit are the app's descriptors from 3 on. They stay the caller's.
	Inherit []*os.File `json:"-"`
	// Stdout and Stderr are its output; nil is none.
	Stdout, Stderr *os.File `json:"-"`
}

func (s *Spec) check() error {
	for _, p := range append([]string{s.Program, s.Dir, s.Home}, s.Runner[:min(len(s.Runner), 1)]...) {
		if !filepath.IsAbs(p) || filepath.Clean(p) != p || p == "/" {
			return fmt.Errorf("sandbox: %q is no absolute path", p)
		}
	}
	if s.Program != s.Dir && !strings.HasPrefix(s.Program, s.Dir+"/") {
		return fmt.Errorf("sandbox: %s is not in %s", s.Program, s.Dir)
	}
	if s.Home == s.Dir || strings.HasPrefix(s.Home, s.Dir+"/") || strings.HasPrefix(s.Dir, s.Home+"/") {
		return errors.New("sandbox: the home and the bundle lie in each other")
	}
	if len(s.Inherit) > maxInherit {
		return fmt.Errorf("sandbox: %d descriptors: at most %d", len(s.Inherit), maxInherit)
	}
	return nil
}

// maxInherit bounds the descriptors that an app is given.
const maxInherit = 64

// resolved is the spec with paths that go through no links.
func (s *Spec) resolved() (*Spec, error) {
	r := *s
	paths := []*string{&r.Program, &r.Dir, &r.Home}
	if len(s.Runner) > 0 {
		r.Runner = slices.Clone(s.Runner)
		paths = append(paths, &r.Runner[0])
	}
	for _, p := range paths {
		real, err := filepath.EvalSymlinks(*p)
		if err != nil {
			return nil, fmt.Errorf("sandbox: %w", err)
		}
		*p = real
	}
	return &r, r.check()
}

// plan is what the helper is told.
type plan struct {
	Spec
	Namespaces bool     `json:"namespaces"`
	Has        []string `json:"has,omitempty"` // that the launcher knows of
	Lacks      []string `json:"lacks,omitempty"`

	keep []int // the app's descriptors
}

// Status is how far an app is confined.
type Status struct {
	Has   []string `json:"has"`   // layers that hold: "mount namespace", "landlock 7", ...
	Lacks []string `json:"lacks"` // layers that don't, with reasons
	Error string   `json:"error,omitempty"`
}

// Level is a Status in a word.
type Level string

// Levels of confinement.
const (
	Full    Level = "full"
	Partial Level = "partial" // some layer is missing
	None    Level = "none"    // it was not started
)

// Level returns the level.
func (s *Status) Level() Level {
	switch {
	case s.Error != "" || len(s.Has) == 0:
		return None
	case len(s.Lacks) > 0:
		return Partial
	}
	return Full
}

// Detail is what holds, or what doesn't and why.
func (s *Status) Detail() string {
	switch {
	case s.Error != "":
		return s.Error
	case len(s.Lacks) > 0:
		return "without " + strings.Join(s.Lacks, "; ")
	}
	return strings.Join(s.Has, ", ")
}
