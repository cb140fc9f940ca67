// Package openwith finds the programs for files and starts them: those of the
// machine's .desktop files, in the order that the person has set (MIME
// Applications Associations 1.0.1). It is what the window of files opens with.
package openwith

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sys/unix"

	"rayos/internal/mimetype"
	"rayos/rayapps/browser"
	"rayos/shell/apps"
)

// Opener knows the programs of the machine. Any goroutine may call it.
type Opener struct {
	config apps.Config
	types  *mimetype.DB
	lists  []string // mimeapps.list files, the most important first
	ready  chan struct{}

	mu    sync.Mutex
	index *apps.Index // nil before it is known
	set   Associations
}

var _ browser.Opener = (*Opener)(nil)

// New returns an opener for an environment, which looks for programs beside its
// caller.
func New(getenv func(string) string) *Opener {
	o := &Opener{config: apps.FromEnv(getenv), types: mimetype.Load(mimetype.Folders(getenv)), ready: make(chan struct{})}
	config := getenv("XDG_CONFIG_HOME")
	if !filepath.IsAbs(config) {
		config = filepath.Join(getenv("HOME"), ".config")
	}
	o.lists = append(o.lists, filepath.Join(config, "mimeapps.list"))
	for _, d := range o.config.Dirs {
		o.lists = append(o.lists, filepath.Join(d, "mimeapps.list"))
	}
	go o.look()
	return o
}

func (o *Opener) look() {
	defer close(o.ready)
	index, err := apps.Scan(context.Background(), o.config)
	if err != nil {
		index = nil
	}
	set := Associations{}
	for _, name := range o.lists {
		set.add(readList(name))
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.index, o.set = index, set
}

// Programs implements browser.Opener.
func (o *Opener) Programs(mime string) (list []browser.Program) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, a := range o.programs(mime) {
		list = append(list, browser.Program{ID: a.ID, Name: a.Name})
	}
	return list
}

// programs are those for a type: what the person has set, then ours, then the
// others by ID. Text is opened by what opens plain text.
func (o *Opener) programs(mime string) (list []*apps.App) {
	if o.index == nil {
		return nil
	}
	seen := map[string]bool{}
	add := func(a *apps.App) {
		if a != nil && !seen[a.ID] && !slices.Contains(o.set.Removed[mime], a.ID) {
			seen[a.ID] = true
			list = append(list, a)
		}
	}
	for _, id := range o.set.Default[mime] {
		add(o.index.Find(id))
	}
	for _, id := range o.set.Added[mime] {
		add(o.index.Find(id))
	}
	types := []string{mime}
	if strings.HasPrefix(mime, "text/") {
		types = append(types, mimetype.Text)
	}
	for _, t := range types {
		for _, ours := range []bool{true, false} {
			all := o.index.Apps()
			for i := range all {
				if slices.Contains(all[i].MimeTypes, t) && strings.HasPrefix(all[i].ID, "org.rayos.") == ours {
					add(&all[i])
				}
			}
		}
	}
	return list
}

// errNone says that nothing opens a file.
var errNone = errors.New("there is no program for such files")

// Open implements browser.Opener. Files that have the same program are opened by
// it together.
func (o *Opener) Open(id string, paths []string) error {
	<-o.ready
	groups := map[string][]string{}
	var order []string
	for _, p := range paths {
		use := id
		if use == "" {
			list := o.Programs(o.types.OfFile(p))
			if len(list) == 0 {
				return errNone
			}
			use = list[0].ID
		}
		if groups[use] == nil {
			order = append(order, use)
		}
		groups[use] = append(groups[use], p)
	}
	for _, use := range order {
		if err := o.launch(use, groups[use]); err != nil {
			return err
		}
	}
	return nil
}

func (o *Opener) launch(id string, paths []string) error {
	o.mu.Lock()
	var a *apps.App
	if o.index != nil {
		a = o.index.Find(id)
	}
	o.mu.Unlock()
	if a == nil {
		return errNone
	}
	plan, err := a.Launch(apps.Request{Files: paths, Terminal: apps.FindTerminal(o.config.Path)})
	if err != nil {
		return err
	}
	if len(plan.Commands) == 0 {
		return fmt.Errorf("%s: %w", a.Name, errNone)
	}
	for _, argv := range plan.Commands {
		cmd := exec.Command(argv[0], argv[1:]...)
		cmd.Dir = plan.Dir
		if cmd.Dir == "" {
			cmd.Dir = filepath.Dir(paths[0])
		}
		// It outlives the window of files.
		cmd.SysProcAttr = &unix.SysProcAttr{Setsid: true}
		cmd.Stderr = os.Stderr
		if err := cmd.Start(); err != nil {
			return err
		}
		go func() { _ = cmd.Wait() }() // how it ends is its own matter
	}
	return nil
}
