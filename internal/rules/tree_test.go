package rules

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// module is the path that all packages of the tree begin with.
const module = "rayos/"

// pkg is what go list says of a package.
type pkg struct {
	ImportPath   string
	Name         string
	Dir          string
	Doc          string
	Standard     bool
	GoFiles      []string
	CgoFiles     []string
	EmbedFiles   []string
	Imports      []string
	TestImports  []string
	XTestImports []string
	Module       *struct {
		Path string
		Main bool
	}
}

// room returns the import path inside the tree.
func (p *pkg) room() string { return strings.TrimPrefix(p.ImportPath, module) }

// ours reports whether the package is part of the tree.
func (p *pkg) ours() bool { return p.Module != nil && p.Module.Main }

// root is the folder of the tree, seen from here.
var root = filepath.Join("..", "..")

// list returns the packages that go list finds. cgo is on, so that everything
// that a workstation builds is seen.
func list(t *testing.T, args ...string) []*pkg {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-json"}, args...)...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "CGO_ENABLED=1")
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("go list: %v\n%s", err, exit.Stderr)
		}
		t.Fatal(err)
	}
	var all []*pkg
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		p := new(pkg)
		if err := dec.Decode(p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

var (
	treeOnce sync.Once
	treeList []*pkg
)

// tree returns the packages of the tree.
func tree(t *testing.T) []*pkg {
	t.Helper()
	treeOnce.Do(func() { treeList = list(t, "./...") })
	if len(treeList) == 0 {
		t.Fatal("there are no packages")
	}
	return treeList
}

// under reports whether a room is the folder or lies in it.
func under(room, folder string) bool { return room == folder || strings.HasPrefix(room, folder+"/") }

// tracked returns the files that git knows, seen from the root.
func tracked(t *testing.T) []string {
	t.Helper()
	cmd := exec.Command("git", "ls-files", "-z")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Skipf("not a git checkout: %v", err)
	}
	return strings.FieldsFunc(string(out), func(r rune) bool { return r == 0 })
}
